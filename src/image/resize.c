/* resize.c: separable resampling, each axis by the list of input pixels that an output pixel is the weighted mean of: those it
   covers when shrinking (area average), the two around its centre when growing (bilinear). Columns first, then rows. */
#include <math.h>

#include "image/image.h"
#include "image/rows.h"

/* How one axis is resampled. */
typedef struct axis {
    int taps;       /* input pixels at most for an output pixel */
    int *first;     /* [out] */
    float *weights; /* [out][taps], sums of 1, zero where not used */
} axis;

static void cover(axis *to, int i, double scale, int in)
{
    const double from = i * scale, until = (i + 1) * scale;
    const int first = (int)from;
    to->first[i] = first;
    for (int t = 0; t < to->taps; t++) {
        const double low = fmax(from, first + t), high = fmin(until, first + t + 1);
        const bool inside = first + t < in && high > low;
        to->weights[(size_t)i * (size_t)to->taps + (size_t)t] = inside ? (float)((high - low) / scale) : 0.0f;
    }
}

static void interpolate(axis *to, int i, double scale, int in)
{
    const double centre = fmin(fmax((i + 0.5) * scale - 0.5, 0.0), in - 1);
    const int first = (int)centre < in - 2 ? (int)centre : (in > 1 ? in - 2 : 0);
    to->first[i] = first;
    float *weights = to->weights + (size_t)i * (size_t)to->taps;
    weights[0] = (float)(1.0 - (centre - first));
    if (to->taps > 1)
        weights[1] = 1.0f - weights[0];
}

static bool plan_axis(axis *plan, int in, int out, df_arena *arena, df_error *err)
{
    const double scale = (double)in / out;
    plan->taps = out < in ? (int)ceil(scale) + 1 : in > 1 ? 2 : 1;
    plan->first = df_alloc(arena, (size_t)out, sizeof *plan->first, err);
    plan->weights = df_alloc(arena, (size_t)out * (size_t)plan->taps, sizeof *plan->weights, err);
    if (!plan->first || !plan->weights)
        return false;
    for (int i = 0; i < out; i++)
        if (out < in)
            cover(plan, i, scale, in);
        else
            interpolate(plan, i, scale, in);
    return true;
}

/* One row from in[.][channels] to out[width][channels]. */
static void resample_row(const axis *plan, const float *in, int in_width, float *out, int width, int channels)
{
    for (int x = 0; x < width; x++)
        for (int c = 0; c < channels; c++) {
            float sum = 0.0f;
            for (int t = 0; t < plan->taps && plan->first[x] + t < in_width; t++)
                sum += plan->weights[(size_t)x * (size_t)plan->taps + (size_t)t] * in[(plan->first[x] + t) * channels + c];
            out[x * channels + c] = sum;
        }
}

/* sum += weight * row */
static void add_row(float *sum, const float *row, float weight, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sum[i] += weight * row[i];
}

/* Every input row, resampled, weighs into the output rows in turn; the narrowed rows stay in a plane so that none is made twice. */
static bool resample(const image *in, const image *out, df_arena *arena, df_error *err)
{
    axis columns, rows;
    const size_t count = (size_t)out->width * (size_t)out->channels;
    float *row = df_alloc(arena, (size_t)in->width * (size_t)in->channels, sizeof *row, err);
    float *sum = df_alloc(arena, count, sizeof *sum, err);
    float *plane = df_alloc(arena, count * (size_t)in->height, sizeof *plane, err); /* [in->height][out->width][channels] */
    if (!row || !sum || !plane || !plan_axis(&columns, in->width, out->width, arena, err) ||
        !plan_axis(&rows, in->height, out->height, arena, err))
        return false;
    for (int y = 0; y < in->height; y++) {
        image_load_row(in, y, row);
        resample_row(&columns, row, in->width, plane + (size_t)y * count, out->width, out->channels);
    }
    for (int y = 0; y < out->height; y++) {
        for (size_t i = 0; i < count; i++)
            sum[i] = 0.0f;
        for (int t = 0; t < rows.taps && rows.first[y] + t < in->height; t++)
            add_row(sum, plane + (size_t)(rows.first[y] + t) * count, rows.weights[(size_t)y * (size_t)rows.taps + (size_t)t], count);
        image_store_row(out, y, sum);
    }
    return true;
}

bool image_resize(const image *in, int width, int height, image *out, df_arena *arena, df_error *err)
{
    image made;
    if (!image_new(&made, width, height, in->channels, in->type, arena, err))
        return false;
    const df_arena_mark mark = df_arena_save(arena);
    if (!resample(in, &made, arena, err))
        return df_fail_in(err, "resizing to %d x %d pixels", width, height);
    df_arena_restore(arena, mark);
    *out = made;
    return true;
}
