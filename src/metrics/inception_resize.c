/* inception_resize.c: each side by a table of which pixels weigh how much, rows first and then columns, as Pillow does. */
#include "metrics/inception_resize.h"

#include <math.h>
#include <string.h>

enum { CHANNELS = 3, MOST = 255 };
static const double CUBIC_SUPPORT = 2, CUBIC_A = -0.5;

typedef struct side {
    int taps;
    int *first;      /* [INCEPTION_SIDE] */
    double *weights; /* [INCEPTION_SIDE][taps] */
} side;

static double cubic(double x)
{
    x = fabs(x);
    if (x < 1)
        return ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1;
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC_A : 0;
}

/* Pillow's ImagingResample: pixels whose centres lie in the filter's support, weights of sum 1. */
static void bicubic_at(side *to, int i, int in)
{
    const double scale = (double)in / INCEPTION_SIDE, width = scale > 1 ? scale : 1, centre = (i + 0.5) * scale;
    const int from = (int)fmax(centre - CUBIC_SUPPORT * width + 0.5, 0), until = (int)fmin(centre + CUBIC_SUPPORT * width + 0.5, in);
    double *weights = to->weights + (size_t)i * (size_t)to->taps, sum = 0;
    to->first[i] = from;
    for (int t = 0; t < until - from; t++)
        sum += weights[t] = cubic((t + from - centre + 0.5) / width);
    for (int t = 0; t < until - from; t++)
        weights[t] /= sum;
}

/* PyTorch's F.interpolate, align_corners off. */
static void bilinear_at(side *to, int i, int in)
{
    const double place = fmax(0, (i + 0.5) * in / INCEPTION_SIDE - 0.5);
    const int first = (int)place < in - 1 ? (int)place : in - 1;
    double *weights = to->weights + (size_t)i * (size_t)to->taps;
    to->first[i] = first;
    weights[0] = first + 1 < in ? 1 - (place - first) : 1;
    weights[1] = first + 1 < in ? place - first : 0;
}

static bool plan(side *out, inception_filter filter, int in, df_arena *arena, df_error *err)
{
    const double scale = (double)in / INCEPTION_SIDE, support = CUBIC_SUPPORT * (scale > 1 ? scale : 1);
    out->taps = filter == INCEPTION_BICUBIC ? 2 * (int)ceil(support) + 1 : 2;
    out->first = df_alloc(arena, INCEPTION_SIDE, sizeof *out->first, err);
    out->weights = out->first ? df_alloc(arena, INCEPTION_SIDE * (size_t)out->taps, sizeof *out->weights, err) : NULL;
    for (int i = 0; out->weights && i < INCEPTION_SIDE; i++)
        if (filter == INCEPTION_BICUBIC)
            bicubic_at(out, i, in);
        else
            bilinear_at(out, i, in);
    return out->weights != NULL;
}

/* A line of `in` values, `step` apart. */
static void resample(const side *plan, const float *line, int in, size_t step, float *out, size_t out_step)
{
    for (int i = 0; i < INCEPTION_SIDE; i++) {
        const int first = plan->first[i], taps = in - first < plan->taps ? in - first : plan->taps;
        const double *weights = plan->weights + (size_t)i * (size_t)plan->taps;
        double sum = 0;
        for (int t = 0; t < taps; t++)
            sum += weights[t] * (double)line[(size_t)(first + t) * step];
        out[(size_t)i * out_step] = (float)sum;
    }
}

/* One channel, pixels `step` apart; narrow: [height][INCEPTION_SIDE]. */
static void resize_plane(const image *in, const side *columns, const side *rows, int channel, float *narrow, float *out)
{
    const float *pixels = (const float *)in->data + channel;
    for (int y = 0; y < in->height; y++)
        resample(columns, pixels + (size_t)y * (size_t)in->width * CHANNELS, in->width, CHANNELS, narrow + (size_t)y * INCEPTION_SIDE, 1);
    for (int x = 0; x < INCEPTION_SIDE; x++)
        resample(rows, narrow + x, in->height, INCEPTION_SIDE, out + x, INCEPTION_SIDE);
}

bool inception_resize(const image *in, inception_filter filter, df_arena *scratch, float *out, df_error *err)
{
    image colour, real;
    side columns, rows;
    if (!image_to_channels(in, CHANNELS, &colour, scratch, err) || !image_convert(&colour, IMAGE_FLOAT, &real, scratch, err) ||
        !plan(&columns, filter, in->width, scratch, err) || !plan(&rows, filter, in->height, scratch, err))
        return false;
    float *narrow = df_alloc(scratch, (size_t)in->height * INCEPTION_SIDE, sizeof *narrow, err), *pixels = real.data;
    if (!narrow)
        return false;
    for (size_t i = 0; i < image_bytes(&real) / sizeof *pixels; i++)
        pixels[i] *= MOST;
    for (int c = 0; c < CHANNELS; c++)
        resize_plane(&real, &columns, &rows, c, narrow, out + (size_t)c * INCEPTION_SIDE * INCEPTION_SIDE);
    for (size_t i = 0; i < INCEPTION_VALUES; i++)
        out[i] = fminf(fmaxf(out[i], 0), MOST);
    return true;
}
