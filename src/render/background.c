/* background.c: what is out of focus behind a head. Each kind fills a coarse grid, which is then drawn large by cubic B-splines:
   as smooth as a blur and much cheaper. */
#include "render/background.h"

#include <math.h>
#include <string.h>

#include "base/clones.h"

const char *const background_kind_names[BACKGROUND_KIND_COUNT] = {
    [BACKGROUND_CABIN] = "cabin",
    [BACKGROUND_GRADIENT] = "gradient",
    [BACKGROUND_NOISE] = "noise",
    [BACKGROUND_PLAIN] = "plain",
};

enum { SIDE = 18, CELLS = SIDE * SIDE, STRIP = 54 /* values of a row: a whole number of pixels of 1 or 3 channels */ };

/* Control values [SIDE][SIDE] of one channel; column c stands at (c - 1) / (SIDE - 3) of the width. */
typedef struct grid {
    float value[3][CELLS];
} grid;

static float cell_position(int index)
{
    return ((float)index - 1) / (SIDE - 3);
}

/* Weights of the four controls about a place, and the first of them. */
static int spline(float at, float weight[4])
{
    const float place = at * (SIDE - 3), whole = floorf(place);
    const int first = (int)whole < SIDE - 4 ? (int)whole : SIDE - 4;
    const float t = place - (float)first, s = 1 - t, t2 = t * t;
    weight[0] = s * s * s / 6;
    weight[1] = (3 * t2 * t - 6 * t2 + 4) / 6;
    weight[3] = t2 * t / 6;
    weight[2] = 1 - weight[0] - weight[1] - weight[3];
    return first;
}

/* Some columns of the picture, drawn wide from each row of controls. */
typedef struct strip {
    float value[SIDE][STRIP];
} strip;

static void widen(const grid *from, int start, int pixels, int width, int channels, strip *out)
{
    for (int i = 0; i < pixels; i++) {
        float weight[4];
        const int first = spline(((float)(start + i) + 0.5f) / (float)width, weight);
        for (int c = 0; c < channels; c++)
            for (int row = 0; row < SIDE; row++) {
                const float *control = from->value[c] + row * SIDE + first;
                out->value[row][i * channels + c] =
                    weight[0] * control[0] + weight[1] * control[1] + weight[2] * control[2] + weight[3] * control[3];
            }
    }
}

DF_CLONES static void mix_rows(const float (*restrict row)[STRIP], const float *restrict weight, int count, float *restrict out)
{
    for (int i = 0; i < count; i++)
        out[i] = weight[0] * row[0][i] + weight[1] * row[1][i] + weight[2] * row[2][i] + weight[3] * row[3][i];
}

static void draw_grid(const grid *from, int width, int height, int channels, float *out)
{
    strip columns;
    const int most = STRIP / channels;
    for (int start = 0; start < width; start += most) {
        const int pixels = width - start < most ? width - start : most;
        widen(from, start, pixels, width, channels, &columns);
        for (int y = 0; y < height; y++) {
            float weight[4];
            const int first = spline(((float)y + 0.5f) / (float)height, weight);
            mix_rows((const float(*)[STRIP])columns.value + first, weight, pixels * channels,
                     out + ((size_t)y * (size_t)width + (size_t)start) * (size_t)channels);
        }
    }
}

/* A brightness with a slight colour: channel c of three; the only one of one. */
typedef struct tone {
    float value, warmth;
} tone;

static float tone_of(tone of, int c, int channels)
{
    return channels == 1 ? of.value : of.value * (1 + of.warmth * (float)(1 - c));
}

static tone random_tone(df_random *random, float low, float high, float warmth)
{
    /* Even in the logarithm: dark things differ by factors. */
    const float value = low * powf(high / low, df_random_uniform(random));
    return (tone){.value = value, .warmth = df_random_range(random, -warmth, warmth)};
}

static float soft_step(float low, float high, float at)
{
    const float t = (at - low) / (high - low), inside = t < 0 ? 0 : t > 1 ? 1 : t;
    return inside * inside * (3 - 2 * inside);
}

/* A soft-edged, sheared, rounded rectangle of one tone, and how its brightness falls towards its lower edge. */
typedef struct patch {
    float x, y, half_width, half_height, shear, softness, fall;
    tone tone;
} patch;

static float patch_cover(const patch *p, float x, float y)
{
    const float dy = (y - p->y) / p->half_height, dx = (x - p->x - p->shear * (y - p->y)) / p->half_width;
    const float round = sqrtf(sqrtf(dx * dx * dx * dx + dy * dy * dy * dy)); /* superellipse */
    return 1 - soft_step(1 - p->softness, 1 + p->softness, round);
}

static void lay_patch(const patch *p, int channels, grid *on)
{
    for (int i = 0; i < CELLS; i++) {
        const float x = cell_position(i % SIDE), y = cell_position(i / SIDE), cover = patch_cover(p, x, y);
        const float bright = 1 - p->fall * soft_step(-1, 1, (y - p->y) / p->half_height);
        for (int c = 0; c < channels; c++)
            on->value[c][i] += cover * (bright * tone_of(p->tone, c, channels) - on->value[c][i]);
    }
}

static void fill_vertical(tone upper, tone lower, int channels, grid *out)
{
    for (int i = 0; i < CELLS; i++) {
        const float down = soft_step(0, 1, cell_position(i / SIDE));
        for (int c = 0; c < channels; c++)
            out->value[c][i] = (1 - down) * tone_of(upper, c, channels) + down * tone_of(lower, c, channels);
    }
}

/* A car seen from its dashboard: roof above, rear and side windows with the sky in them, pillars between, a seat with its
   headrest behind the head. By day, dusk or night; cars differ, and so does the camera's place. */
static void cabin(int channels, df_random *random, grid *out)
{
    const float day = df_random_uniform(random), sky_low = day < 0.25f ? 0.01f : 0.15f, sky_high = day < 0.25f ? 0.12f : 1.3f;
    const float shift_x = df_random_range(random, -0.18f, 0.18f), shift_y = df_random_range(random, -0.1f, 0.12f),
                soft = df_random_range(random, 0.12f, 0.4f);
    const tone below = random_tone(random, 0.015f, 0.08f, 0.05f),
               above = random_tone(random, 0.04f, 0.35f, 0.05f); /* in this order by any compiler */
    fill_vertical(above, below, channels, out);
    const float sill = 0.52f + shift_y;
    for (int side = -1; side <= 1; side += 2)
        lay_patch(&(patch){.x = 0.5f + shift_x + (float)side * df_random_range(random, 0.5f, 0.62f),
                           .y = sill - 0.2f,
                           .half_width = df_random_range(random, 0.14f, 0.26f),
                           .half_height = df_random_range(random, 0.16f, 0.26f),
                           .shear = (float)side * df_random_range(random, 0.1f, 0.5f),
                           .softness = soft,
                           .fall = df_random_range(random, 0, 0.7f),
                           .tone = random_tone(random, sky_low, sky_high, 0.12f)},
                  channels, out);
    lay_patch(&(patch){.x = 0.5f + shift_x,
                       .y = sill - df_random_range(random, 0.1f, 0.22f),
                       .half_width = df_random_range(random, 0.2f, 0.32f),
                       .half_height = df_random_range(random, 0.08f, 0.16f),
                       .shear = 0,
                       .softness = soft,
                       .fall = df_random_range(random, 0, 0.6f),
                       .tone = random_tone(random, sky_low, sky_high, 0.12f)},
              channels, out);
    const tone cloth = random_tone(random, 0.02f, 0.3f, 0.08f);
    const float seat = 0.5f + df_random_range(random, -0.06f, 0.06f), width = df_random_range(random, 0.24f, 0.34f);
    lay_patch(&(patch){.x = seat,
                       .y = 1.05f,
                       .half_width = width,
                       .half_height = df_random_range(random, 0.36f, 0.5f),
                       .softness = 0.5f * soft,
                       .fall = 0.4f,
                       .tone = cloth},
              channels, out);
    lay_patch(&(patch){.x = seat,
                       .y = df_random_range(random, 0.38f, 0.5f),
                       .half_width = 0.55f * width,
                       .half_height = df_random_range(random, 0.12f, 0.18f),
                       .softness = soft,
                       .fall = 0.3f,
                       .tone = {.value = cloth.value * df_random_range(random, 0.8f, 1.3f), .warmth = cloth.warmth}},
              channels, out);
}

static void gradient(int channels, df_random *random, grid *out)
{
    const tone from = random_tone(random, 0.02f, 0.9f, 0.15f), to = random_tone(random, 0.02f, 0.9f, 0.15f);
    const float turn = df_random_range(random, 0, 6.2831853f), dx = cosf(turn), dy = sinf(turn);
    for (int i = 0; i < CELLS; i++) {
        const float along = soft_step(-0.7f, 0.7f, dx * (cell_position(i % SIDE) - 0.5f) + dy * (cell_position(i / SIDE) - 0.5f));
        for (int c = 0; c < channels; c++)
            out->value[c][i] = (1 - along) * tone_of(from, c, channels) + along * tone_of(to, c, channels);
    }
}

static void noise(int channels, df_random *random, grid *out)
{
    const tone mean = random_tone(random, 0.03f, 0.7f, 0.1f);
    const float contrast = df_random_range(random, 0.2f, 0.9f);
    for (int i = 0; i < CELLS; i++) {
        const tone here = {.value = mean.value * (1 + contrast * df_random_range(random, -1, 1)),
                           .warmth = mean.warmth + df_random_range(random, -0.1f, 0.1f)};
        for (int c = 0; c < channels; c++)
            out->value[c][i] = tone_of(here, c, channels);
    }
}

static void plain(int channels, df_random *random, grid *out)
{
    const tone one = random_tone(random, 0.01f, 1.0f, 0.1f);
    fill_vertical(one, one, channels, out);
}

typedef void (*fill_grid)(int channels, df_random *random, grid *out);
static const fill_grid fills[BACKGROUND_KIND_COUNT] = {
    [BACKGROUND_CABIN] = cabin,
    [BACKGROUND_GRADIENT] = gradient,
    [BACKGROUND_NOISE] = noise,
    [BACKGROUND_PLAIN] = plain,
};

void background_draw(background_kind kind, int width, int height, int channels, df_random *random, float *out)
{
    grid coarse;
    fills[kind](channels, random, &coarse);
    draw_grid(&coarse, width, height, channels, out);
}
