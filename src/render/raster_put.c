/* raster_put.c: covered samples into the visibility buffer. The larger key wins, whatever the order. */
#include "base/clones.h"
#include "render/raster_internal.h"

enum { LANES = 4 };

/* Places of the lanes in the tile, pixels: of group g, its own offset and that of each lane. */
typedef struct lane_places {
    float x[LANES], y[LANES];
} lane_places;
static const lane_places FOUR_SAMPLES = {{0.375f, 0.875f, 0.125f, 0.625f}, {0.125f, 0.375f, 0.625f, 0.875f}};

static inline raster_key *keys_of(const raster_target *target, const raster_tiles *tiles, int t)
{
    const size_t pixel = (size_t)tiles->top[t] * (size_t)target->stride + (size_t)tiles->left[t];
    return target->seen + pixel * (size_t)target->samples;
}

/* Samples of the lanes of `mask` of a group that stands at (x, y) in tile t. */
static inline void put_lanes(const raster_tiles *restrict tiles, int t, const lane_places *restrict at, float x, float y, uint32_t mask,
                             raster_key *restrict seen)
{
#pragma GCC unroll 1
    for (int k = 0; k < LANES; k++) { /* one step of vector code, if it is not unrolled before */
        const raster_key key = raster_tile_key(tiles, t, x + at->x[k], y + at->y[k]), put = mask >> k & 1u ? key : 0;
        seen[k] = put > seen[k] ? put : seen[k];
    }
}

/* Tiles of which something is covered; without a branch, because which ones are is random. */
static int list_covered(const raster_tiles *restrict tiles, int rows, uint8_t list[RASTER_BLOCK])
{
    int n = 0;
    for (int t = 0; t < tiles->count; t++) {
        uint32_t any = tiles->cover[0][t];
        for (int row = 1; row < rows; row++)
            any |= tiles->cover[row][t];
        list[n] = (uint8_t)t;
        n += any != 0;
    }
    return n;
}

/* One covered pixel of each tile, taken from `left`: where its key belongs and what it is. */
typedef struct next_pixels {
    uint32_t left[RASTER_BLOCK]; /* bits not yet taken */
    int32_t pixel[RASTER_BLOCK]; /* in the planes */
    raster_key key[RASTER_BLOCK];
} next_pixels;

/* The lowest bit's number is the exponent of its value; a tile with no bit left gives any pixel of its own. */
DF_CLONES static void take_pixels(const raster_tiles *restrict t, int32_t stride, next_pixels *restrict next)
{
    const int count = t->count;
    for (int i = 0; i < count; i++) {
        const uint32_t left = next->left[i], lowest = left & (0u - left);
        const float value = (float)(int32_t)(left ? lowest : 1);
        int32_t exponent;
        memcpy(&exponent, &value, sizeof exponent);
        const int32_t k = (exponent >> 23) - 127, row = k >> 2 & 3, column = k & 3;
        next->left[i] = left ^ lowest;
        next->pixel[i] = (t->top[i] + row) * stride + t->left[i] + column;
        next->key[i] = raster_tile_key(t, i, (float)column + 0.5f, (float)row + 0.5f);
    }
}

/* Pixel after pixel of all tiles that have any left, the arithmetic side by side. */
static void put_one(const raster_target *target, const raster_tiles *tiles, uint8_t *list, int count)
{
    raster_key *restrict seen = target->seen;
    next_pixels next;
    memcpy(next.left, tiles->cover[0], sizeof next.left);
    while (count > 0) {
        int n = 0;
        take_pixels(tiles, target->stride, &next);
        for (int i = 0; i < count; i++) {
            const int t = list[i];
            raster_key *at = seen + next.pixel[t];
            *at = next.key[t] > *at ? next.key[t] : *at;
            list[n] = (uint8_t)t;
            n += next.left[t] != 0;
        }
        count = n;
    }
}

/* Groups are the pixels of a tile. */
DF_CLONES static void put_four(const raster_target *target, const raster_tiles *tiles, const uint8_t *list, int count)
{
    const size_t stride = (size_t)target->stride;
    for (int i = 0; i < count; i++) {
        const int t = list[i];
        raster_key *seen = keys_of(target, tiles, t);
        uint64_t bits = tiles->cover[0][t] | (uint64_t)tiles->cover[1][t] << 16 | (uint64_t)tiles->cover[2][t] << 32 |
                        (uint64_t)tiles->cover[3][t] << 48;
        do {
            const int pixel = __builtin_ctzll(bits) / LANES, row = pixel / RASTER_TILE, column = pixel % RASTER_TILE;
            put_lanes(tiles, t, &FOUR_SAMPLES, (float)column, (float)row, (uint32_t)(bits >> (LANES * pixel)) & 15u,
                      seen + ((size_t)row * stride + (size_t)column) * LANES);
            bits &= ~(15ull << (LANES * pixel));
        } while (bits);
    }
}

void raster_put_tile(const raster_target *target, const raster_tiles *tiles, int t, int row, int column, uint32_t mask)
{
    const int32_t(*at)[2] = target->samples == 1 ? RASTER_ONE : RASTER_FOUR;
    const size_t pixel = (size_t)row * (size_t)target->stride + (size_t)column;
    raster_key *seen = keys_of(target, tiles, t) + pixel * (size_t)target->samples;
    for (int s = 0; s < target->samples; s++) {
        const raster_key key = raster_tile_key(tiles, t, (float)column + (float)at[s][0] / 256.0f, (float)row + (float)at[s][1] / 256.0f);
        if (mask >> s & 1u && key > seen[s])
            seen[s] = key;
    }
}

void raster_put_tiles(const raster_target *target, const raster_tiles *tiles)
{
    uint8_t list[RASTER_BLOCK];
    if (target->samples == 1)
        put_one(target, tiles, list, list_covered(tiles, 1, list));
    else
        put_four(target, tiles, list, list_covered(tiles, RASTER_TILE, list));
}
