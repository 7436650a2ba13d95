/* augment_draw.c: what happens to one image. Each change takes four numbers of the stream whether it happens or not, so that a plan's
   rows do not disturb each other. */
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "feed/augment.h"

enum { NUMBERS = 4 }; /* of a change: whether, and up to three more */

static const float DEGREE = 0.01745329252f;

typedef struct chance {
    bool happens;
    float strength;
    float at[NUMBERS - 1]; /* 0 .. 1 */
} chance;

/* From -strength to strength. */
static float either_way(const chance *c, int number)
{
    return c->happens ? c->strength * (2.0f * c->at[number] - 1.0f) : 0.0f;
}

/* From 1 / (1 + strength) to 1 + strength, as often above 1 as below. */
static float factor(const chance *c)
{
    const float s = either_way(c, 0);
    return s >= 0.0f ? 1.0f + s : 1.0f / (1.0f - s);
}

static void draw_chances(const augment_plan *plan, df_random *random, chance out[AUGMENT_COUNT])
{
    for (int k = 0; k < AUGMENT_COUNT; k++) {
        out[k].happens = df_random_uniform(random) < plan->of[k].probability;
        out[k].strength = plan->of[k].strength;
        for (int i = 0; i < NUMBERS - 1; i++)
            out[k].at[i] = df_random_uniform(random);
    }
}

/* The 2 x 2 part of the map of centred output pixels: flip, then slant, then turn, then size. Rows top down, so that a positive angle
   turns clockwise. */
static void shape_of(const chance c[AUGMENT_COUNT], float out[2][2])
{
    const float angle = either_way(&c[AUGMENT_ROTATE], 0) * DEGREE, size = factor(&c[AUGMENT_SCALE]);
    const float slant = tanf(either_way(&c[AUGMENT_SHEAR], 0) * DEGREE), flip = c[AUGMENT_FLIP].happens ? -1.0f : 1.0f;
    const float cosine = size * cosf(angle), sine = size * sinf(angle);
    out[0][0] = cosine * flip;
    out[0][1] = cosine * slant - sine;
    out[1][0] = sine * flip;
    out[1][1] = sine * slant + cosine;
}

static void invert(const double m[2][3], float out[2][3])
{
    const double determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    const double a = m[1][1] / determinant, b = -m[0][1] / determinant, c = -m[1][0] / determinant, d = m[0][0] / determinant;
    out[0][0] = (float)a;
    out[0][1] = (float)b;
    out[0][2] = (float)-(a * m[0][2] + b * m[1][2]);
    out[1][0] = (float)c;
    out[1][1] = (float)d;
    out[1][2] = (float)-(c * m[0][2] + d * m[1][2]);
}

/* to_output = centre and shift of the output + shape * (output's size / input's size) * (p - centre of the input) */
static void draw_map(const chance c[AUGMENT_COUNT], augment_drawn *d)
{
    const double in[2] = {d->width, d->height}, out[2] = {d->out_width, d->out_height};
    float shape[2][2];
    double map[2][3];
    shape_of(c, shape);
    for (int r = 0; r < 2; r++) {
        const double shift = (double)either_way(&c[AUGMENT_SHIFT], r) * out[r];
        map[r][2] = out[r] / 2.0 + shift;
        for (int k = 0; k < 2; k++) {
            map[r][k] = (double)shape[r][k] * out[k] / in[k];
            map[r][2] -= map[r][k] * in[k] / 2.0;
        }
        for (int k = 0; k < 3; k++)
            d->to_output[r][k] = (float)map[r][k];
    }
    invert((const double(*)[3])map, d->to_input);
    d->is_flipped = c[AUGMENT_FLIP].happens;
    d->is_plain = d->width == d->out_width && d->height == d->out_height && !d->is_flipped;
    for (int k = AUGMENT_ROTATE; k <= AUGMENT_SHEAR; k++)
        d->is_plain &= !c[k].happens;
}

/* A box of at least one pixel, with its centre anywhere; cut at the edges. */
static void draw_box(const chance *c, int width, int height, int out[4])
{
    const int sides[2] = {width, height};
    for (int axis = 0; axis < 2; axis++) {
        const float side = fmaxf(1.0f, c->strength * c->at[2] * (float)sides[axis]);
        const float from = c->at[axis] * (float)sides[axis] - side / 2.0f;
        const int first = from > 0.0f ? (int)from : 0, behind = (int)(from + side + 0.5f);
        out[axis] = first;
        out[axis + 2] = (behind < sides[axis] ? behind : sides[axis]) - first;
    }
    if (out[2] < 1 || out[3] < 1)
        out[2] = out[3] = 0;
}

static void draw_pixels(const chance c[AUGMENT_COUNT], augment_drawn *d)
{
    d->brightness = either_way(&c[AUGMENT_BRIGHTNESS], 0);
    d->contrast = factor(&c[AUGMENT_CONTRAST]);
    d->gamma = factor(&c[AUGMENT_GAMMA]);
    d->saturation = 1.0f + either_way(&c[AUGMENT_SATURATION], 0);
    d->is_grey = c[AUGMENT_GREY].happens;
    if (c[AUGMENT_BLUR].happens)
        d->blur = c[AUGMENT_BLUR].strength * c[AUGMENT_BLUR].at[0];
    if (c[AUGMENT_NOISE].happens)
        d->noise = c[AUGMENT_NOISE].strength * c[AUGMENT_NOISE].at[0];
    if (c[AUGMENT_JPEG].happens) {
        const float least = c[AUGMENT_JPEG].strength;
        d->jpeg = (int)(least + c[AUGMENT_JPEG].at[0] * (augment_row_at(AUGMENT_JPEG)->most - least) + 0.5f);
    }
    if (c[AUGMENT_CUTOUT].happens)
        draw_box(&c[AUGMENT_CUTOUT], d->out_width, d->out_height, d->cutout);
}

augment_drawn augment_draw(const augment_plan *plan, int width, int height, int out_width, int out_height, uint64_t seed, uint64_t step,
                           uint32_t slot)
{
    static const augment_plan nothing;
    augment_drawn d = {
        .width = width, .height = height, .out_width = out_width, .out_height = out_height, .seed = seed, .step = step, .slot = slot};
    chance c[AUGMENT_COUNT];
    df_random random = df_random_at(seed, step, slot, DF_FOR_AUGMENT);
    draw_chances(plan ? plan : &nothing, &random, c);
    draw_map(c, &d);
    draw_pixels(c, &d);
    return d;
}

void augment_point(const augment_drawn *d, const float in[2], float out[2])
{
    const float x = in[0], y = in[1];
    for (int r = 0; r < 2; r++)
        out[r] = d->to_output[r][0] * x + d->to_output[r][1] * y + d->to_output[r][2];
}
