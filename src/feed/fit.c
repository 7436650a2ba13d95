/* fit.c: a part of an image in another size, rows before columns. */
#include "feed/fit.h"

#include <math.h>
#include <string.h>

#include "base/clones.h"

/* How one axis is resampled: output i is the sum of weights[i][t] * input[first[i] + t]. */
typedef struct resampling {
    int taps;
    int *first;     /* [out] */
    float *weights; /* [out][taps], sums of 1; 0 where not used */
} resampling;

static int at_least_one(double value)
{
    return value < 1.0 ? 1 : (int)(value + 0.5);
}

fit_box fit_middle(int width, int height, const int *wanted, float zoom)
{
    double w = width, h = height;
    if (wanted) {
        const double scale = fmin(w / wanted[0], h / wanted[1]);
        w = scale * wanted[0];
        h = scale * wanted[1];
    }
    fit_box box = {.width = at_least_one(w * (double)zoom), .height = at_least_one(h * (double)zoom)};
    box.x = (width - box.width) / 2;
    box.y = (height - box.height) / 2;
    return box;
}

static void cover(const resampling *r, int i, double scale, int in)
{
    const double from = i * scale, until = (i + 1) * scale;
    int first = (int)from;
    if (first > in - r->taps)
        first = in - r->taps;
    r->first[i] = first;
    for (int t = 0; t < r->taps; t++) {
        const double low = fmax(from, first + t), high = fmin(until, first + t + 1);
        r->weights[i * r->taps + t] = high > low ? (float)((high - low) / scale) : 0.0f;
    }
}

static void interpolate(const resampling *r, int i, double scale, int in)
{
    const double centre = fmin(fmax((i + 0.5) * scale - 0.5, 0.0), in - 1);
    const int first = (int)centre < in - r->taps ? (int)centre : in - r->taps;
    r->first[i] = first;
    r->weights[i * r->taps] = r->taps > 1 ? (float)(1.0 - (centre - first)) : 1.0f;
    if (r->taps > 1)
        r->weights[i * r->taps + 1] = (float)(centre - first);
}

static bool plan_axis(resampling *r, int in, int out, df_arena *arena, df_error *err)
{
    const double scale = (double)in / out;
    const int taps = out < in ? (int)ceil(scale) + 1 : 2;
    r->taps = taps < in ? taps : in;
    r->first = df_alloc(arena, (size_t)out, sizeof *r->first, err);
    r->weights = df_alloc(arena, (size_t)out * (size_t)r->taps, sizeof *r->weights, err);
    if (!r->first || !r->weights)
        return false;
    for (int i = 0; i < out; i++)
        if (out < in)
            cover(r, i, scale, in);
        else
            interpolate(r, i, scale, in);
    return true;
}

DF_CLONES static void add_row(float *restrict sum, const unsigned char *restrict row, float weight, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sum[i] += weight * (float)row[i];
}

static unsigned char rounded(float value)
{
    return (unsigned char)(value + 0.5f); /* a mean of 0 .. 255, so never far outside */
}

/* One row of sums [.][channels] to an output row of as many channels. */
static inline __attribute__((always_inline)) void narrow(const resampling *r, const float *row, int width, int channels, unsigned char *out)
{
    for (int x = 0; x < width; x++) {
        const float *from = row + r->first[x] * channels, *weights = r->weights + x * r->taps;
        float sum[4] = {0};
        for (int t = 0; t < r->taps; t++)
            for (int c = 0; c < channels; c++)
                sum[c] += weights[t] * from[t * channels + c];
        for (int c = 0; c < channels; c++)
            *out++ = rounded(sum[c]);
    }
}

static void narrow_row(const resampling *r, const float *row, int width, int channels, unsigned char *out)
{
    switch (channels) {
    case 1:
        narrow(r, row, width, 1, out);
        break;
    case 3:
        narrow(r, row, width, 3, out);
        break;
    default: /* with alpha, which is rare */
        narrow(r, row, width, channels, out);
        break;
    }
}

static const unsigned char *row_of(const image *in, const fit_box *box, int y)
{
    return (const unsigned char *)in->data + ((size_t)(box->y + y) * (size_t)in->width + (size_t)box->x) * (size_t)in->channels;
}

static bool resample(const image *in, const fit_box *box, const image *out, df_arena *arena, df_error *err)
{
    resampling rows, columns;
    const size_t count = (size_t)box->width * (size_t)in->channels;
    float *sum = df_alloc(arena, count, sizeof *sum, err);
    if (!sum || !plan_axis(&rows, box->height, out->height, arena, err) || !plan_axis(&columns, box->width, out->width, arena, err))
        return false;
    for (int y = 0; y < out->height; y++) {
        const float *weights = rows.weights + y * rows.taps;
        memset(sum, 0, count * sizeof *sum);
        for (int t = 0; t < rows.taps; t++)
            if (weights[t] != 0.0f)
                add_row(sum, row_of(in, box, rows.first[y] + t), weights[t], count);
        narrow_row(&columns, sum, out->width, in->channels,
                   (unsigned char *)out->data + (size_t)y * (size_t)out->width * (size_t)in->channels);
    }
    return true;
}

static void copy_part(const image *in, const fit_box *box, const image *out)
{
    const size_t row = (size_t)out->width * (size_t)in->channels;
    for (int y = 0; y < out->height; y++)
        memcpy((unsigned char *)out->data + (size_t)y * row, row_of(in, box, y), row);
}

bool fit_image(const image *in, const fit_box *box, const image *out, df_arena *arena, df_error *err)
{
    image bytes = *in, sized = *out, final;
    if (in->type != IMAGE_U8 && !image_convert(in, IMAGE_U8, &bytes, arena, err))
        return false;
    if (in->channels != out->channels && !image_new(&sized, out->width, out->height, in->channels, IMAGE_U8, arena, err))
        return false;
    if (box->width == out->width && box->height == out->height)
        copy_part(&bytes, box, &sized);
    else if (!resample(&bytes, box, &sized, arena, err))
        return false;
    if (in->channels == out->channels)
        return true;
    if (!image_to_channels(&sized, out->channels, &final, arena, err))
        return false;
    memcpy(out->data, final.data, image_bytes(out));
    return true;
}
