/* skin_detail.c: periodic noise and pores. */
#include "face/skin_detail.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "image/colour.h"

enum { SIDE = 256, MOST_CELLS = 64, PORES = 1600 };

/* One row an octave: cells across a tile of 65 mm and the amplitude (share of the albedo). Chosen by eye on faces of 512 pixels. */
static const struct octave {
    int cells;
    float amplitude;
} octaves[] = {{6, 0.030f}, {13, 0.024f}, {27, 0.022f}, {MOST_CELLS, 0.030f}};

static const float PORE_RADIUS = 1.6f, PORE_DEPTH = 0.11f; /* texels of a quarter millimetre; share of the albedo */

static float smooth(float t)
{
    return t * t * (3 - 2 * t);
}

/* Adds value noise of `cells` x `cells` random knots that repeats at the tile's edges. */
static void add_noise(float *tile, int cells, float amplitude, df_random *random)
{
    float knots[MOST_CELLS][MOST_CELLS];
    for (int y = 0; y < cells; y++)
        for (int x = 0; x < cells; x++)
            knots[y][x] = df_random_range(random, -1, 1);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            const float u = (float)(x * cells) / SIDE, v = (float)(y * cells) / SIDE;
            const int x0 = (int)u, y0 = (int)v, x1 = (x0 + 1) % cells, y1 = (y0 + 1) % cells;
            const float right = smooth(u - (float)x0), down = smooth(v - (float)y0);
            const float upper = knots[y0][x0] + right * (knots[y0][x1] - knots[y0][x0]),
                        lower = knots[y1][x0] + right * (knots[y1][x1] - knots[y1][x0]);
            tile[y * SIDE + x] += amplitude * (upper + down * (lower - upper));
        }
}

static void add_pore(float *tile, df_random *random)
{
    const float cx = df_random_range(random, 0, SIDE), cy = df_random_range(random, 0, SIDE),
                depth = PORE_DEPTH * df_random_uniform(random);
    const int reach = (int)PORE_RADIUS + 1;
    for (int dy = -reach; dy <= reach; dy++)
        for (int dx = -reach; dx <= reach; dx++) {
            const int x = (int)cx + dx, y = (int)cy + dy;
            const float ox = (float)x + 0.5f - cx, oy = (float)y + 0.5f - cy, distance = sqrtf(ox * ox + oy * oy) / PORE_RADIUS;
            if (distance < 1)
                tile[(y + SIDE) % SIDE * SIDE + (x + SIDE) % SIDE] -= depth * (1 - smooth(distance));
        }
}

/* Grey and alpha bytes of the tile, scaled to the promised mean. */
static void encode(const float *tile, uint8_t *texels)
{
    double sum = 0;
    for (int i = 0; i < SIDE * SIDE; i++)
        sum += 1 + (double)tile[i];
    const float scale = SKIN_DETAIL_MEAN * SIDE * SIDE / (float)sum;
    for (int i = 0; i < SIDE * SIDE; i++) {
        texels[2 * i] = (uint8_t)(linear_to_srgb(scale * (1 + tile[i])) * 255 + 0.5f);
        texels[2 * i + 1] = 255;
    }
}

bool skin_detail_make(df_arena *arena, face_texture *out, df_error *err)
{
    float *tile = df_alloc(arena, (size_t)SIDE * SIDE, sizeof *tile, err);
    uint8_t *texels = tile ? df_alloc(arena, (size_t)SIDE * SIDE, 2, err) : NULL;
    if (!texels)
        return false;
    df_random random = df_random_at(0, 0, 0, DF_FOR_MODEL_ALBEDO);
    for (size_t i = 0; i < DF_ARRAY_LEN(octaves); i++)
        add_noise(tile, octaves[i].cells, octaves[i].amplitude, &random);
    for (int i = 0; i < PORES; i++)
        add_pore(tile, &random);
    encode(tile, texels);
    *out = (face_texture){.name = SKIN_DETAIL_NAME, .width = SIDE, .height = SIDE, .channels = 2, .levels = 1, .level = {texels}};
    return true;
}
