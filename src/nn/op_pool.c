/* op_pool.c: maxima and averages over windows. Numbers of the form: kernel, stride, pad, whether averages count the padding, and for
   the derivative of averages the sides of x. The derivative of the maximum (max_input: x, dy -> dx) puts each dy where the maximum
   stood, its own derivative (max_take: x, g -> gy) takes g from there. */
#include <math.h>
#include <string.h>

#include "base/clones.h"
#include "nn/op.h"
#include "nn/ops.h"
#include "nn/walk.h"

enum { AT_KERNEL = 0, AT_STRIDE = 2, AT_PAD = 4, AT_COUNTS = 6, AT_SIDES = 7 };

/* Planes of pixels, of `width` channels side by side, and the windows over them. */
typedef struct windows {
    int64_t planes, width, in[2], out[2], kernel[2], stride[2], pad[2];
    bool counts_padding;
} windows;

static int64_t out_side(const nn_form *form, int side, int64_t in)
{
    const int64_t room = in + 2 * form->whole[AT_PAD + side] - form->whole[AT_KERNEL + side];
    return room < 0 ? 0 : room / form->whole[AT_STRIDE + side] + 1;
}

static windows windows_of(const nn_form *form, const nn_shape *x, nn_layout layout)
{
    windows w = {.width = layout == NN_BLOCKED ? nn_block() : 1, .counts_padding = form->whole[AT_COUNTS] != 0};
    w.planes = x->size[0] * ((x->size[1] + w.width - 1) / w.width);
    for (int side = 0; side < 2; side++) {
        w.in[side] = x->size[2 + side];
        w.out[side] = out_side(form, side, w.in[side]);
        w.kernel[side] = form->whole[AT_KERNEL + side];
        w.stride[side] = form->whole[AT_STRIDE + side];
        w.pad[side] = form->whole[AT_PAD + side];
    }
    return w;
}

/* First and one past the last pixel of a window along a side. */
static void window(const windows *w, int side, int64_t at, int64_t *first, int64_t *end)
{
    const int64_t start = at * w->stride[side] - w->pad[side], stop = start + w->kernel[side];
    *first = start > 0 ? start : 0;
    *end = stop < w->in[side] ? stop : w->in[side];
}

static bool pooled(const nn_form *form, const nn_shape *x, nn_shape *out, df_error *err)
{
    if (x->rank != 4)
        return df_fail(err, "rank %d, expected 4", x->rank);
    for (int side = 0; side < 2; side++)
        if (form->whole[AT_KERNEL + side] < 1 || form->whole[AT_STRIDE + side] < 1 || form->whole[AT_PAD + side] < 0 ||
            2 * form->whole[AT_PAD + side] > form->whole[AT_KERNEL + side] || out_side(form, side, x->size[2 + side]) < 1)
            return df_fail(err, "a window that does not fit the picture");
    *out = nn_shape_of(x->size[0], x->size[1], out_side(form, 0, x->size[2]), out_side(form, 1, x->size[3]));
    return true;
}

static bool pool_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    return pooled(&node->form, &node->inputs[0]->shape, out, err);
}

/* Shapes of x, y with y pooled from x. */
static bool pair_fits(const nn_node *node, const nn_shape *x, const nn_shape *y, df_error *err)
{
    nn_shape expected;
    return pooled(&node->form, x, &expected, err) && (nn_shape_equal(&expected, y) || df_fail(err, "shapes that do not fit"));
}

/* ---- maxima ---- */

enum { WIDEST = 16 };
#define INLINE static inline __attribute__((always_inline))

/* Of one channel, as a number of the plane. */
static int64_t place_of_maximum(const windows *w, const float *x, int64_t row, int64_t column)
{
    int64_t top, bottom, left, right;
    window(w, 0, row, &top, &bottom);
    window(w, 1, column, &left, &right);
    int64_t best = (top * w->in[1] + left) * w->width;
    for (int64_t r = top; r < bottom; r++)
        for (int64_t c = left; c < right; c++)
            if (x[(r * w->in[1] + c) * w->width] > x[best])
                best = (r * w->in[1] + c) * w->width;
    return best;
}

/* Row by row of the window, so that the inner loops are long and alike. */
INLINE void maxima(const windows *w, const float *x, float *y, int64_t width)
{
    for (int64_t row = 0; row < w->out[0]; row++, y += w->out[1] * width) {
        int64_t top, bottom, left, right;
        window(w, 0, row, &top, &bottom);
        for (int64_t column = 0; column < w->out[1]; column++) {
            window(w, 1, column, &left, &right);
            const float *first = x + (top * w->in[1] + left) * width;
            float best[WIDEST];
            memcpy(best, first, (size_t)width * sizeof *best);
            for (int64_t r = 0; r < bottom - top; r++)
                for (int64_t c = 0; c < right - left; c++) {
                    const float *at = first + (r * w->in[1] + c) * width;
#pragma omp simd
                    for (int64_t k = 0; k < width; k++)
                        best[k] = at[k] > best[k] ? at[k] : best[k];
                }
            memcpy(y + column * width, best, (size_t)width * sizeof *best);
        }
    }
}

DF_CLONES static void maxima_1(const windows *w, const float *x, float *y)
{
    maxima(w, x, y, 1);
}

DF_CLONES static void maxima_8(const windows *w, const float *x, float *y)
{
    maxima(w, x, y, 8);
}

DF_CLONES static void maxima_16(const windows *w, const float *x, float *y)
{
    maxima(w, x, y, 16);
}

typedef void pool_plane(const windows *w, const float *x, float *y);

static void each_plane(const windows *w, pool_plane *pool, const float *x, float *y)
{
    const int64_t pixels = w->in[0] * w->in[1] * w->width, results = w->out[0] * w->out[1] * w->width;
#pragma omp parallel for schedule(static)
    for (int64_t p = 0; p < w->planes; p++)
        pool(w, x + p * pixels, y + p * results);
}

static void max_run(const nn_step *step)
{
    const windows w = windows_of(&step->node->form, &step->node->inputs[0]->shape, step->node->layout);
    each_plane(&w, w.width == 1 ? maxima_1 : w.width == 8 ? maxima_8 : maxima_16, step->in[0], step->out);
}

static void max_take_run(const nn_step *step)
{
    const windows w = windows_of(&step->node->form, &step->node->inputs[0]->shape, step->node->layout);
    const int64_t pixels = w.in[0] * w.in[1] * w.width, results = w.out[0] * w.out[1];
#pragma omp parallel for schedule(static)
    for (int64_t p = 0; p < w.planes; p++)
        for (int64_t i = 0; i < results; i++)
            for (int64_t k = 0; k < w.width; k++) {
                const int64_t at = p * pixels + k;
                step->out[(p * results + i) * w.width + k] =
                    step->in[1][at + place_of_maximum(&w, step->in[0] + at, i / w.out[1], i % w.out[1])];
            }
}

static void max_input_run(const nn_step *step)
{
    const windows w = windows_of(&step->node->form, &step->node->shape, step->node->layout);
    const int64_t pixels = w.in[0] * w.in[1] * w.width, results = w.out[0] * w.out[1];
#pragma omp parallel for schedule(static)
    for (int64_t p = 0; p < w.planes; p++) {
        float *dx = step->out + p * pixels;
        memset(dx, 0, (size_t)pixels * sizeof *dx);
        for (int64_t i = 0; i < results; i++)
            for (int64_t k = 0; k < w.width; k++)
                dx[k + place_of_maximum(&w, step->in[0] + p * pixels + k, i / w.out[1], i % w.out[1])] +=
                    step->in[1][(p * results + i) * w.width + k];
    }
}

/* All arrays of a pool are images of the same channels. */
static nn_layout pool_layouts(const nn_node *node, const nn_layout *have, nn_layout *want)
{
    nn_layout result = NN_PLAIN;
    for (int k = 0; k < node->input_count; k++)
        if (have[k] == NN_BLOCKED)
            result = NN_BLOCKED;
    for (int k = 0; k < node->input_count; k++)
        want[k] = result;
    return result;
}

static bool max_input_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    *out = node->inputs[0]->shape;
    return pair_fits(node, &node->inputs[0]->shape, &node->inputs[1]->shape, err);
}

static bool max_take_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    return nn_shape_equal(&node->inputs[0]->shape, &node->inputs[1]->shape) ? pool_shape(node, out, err) : df_fail(err, "two shapes");
}

static const nn_op max_input_op, max_take_op;

static nn_node *with_x(const nn_op *op, const nn_node *like, nn_node *other)
{
    nn_node *const inputs[] = {like->inputs[0], other};
    return nn_add_node(like->graph, op, &like->form, 2, inputs);
}

static void max_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    (void)wanted;
    dx[0] = with_x(&max_input_op, node, dy);
}

static void max_input_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    if (wanted[1])
        dx[1] = with_x(&max_take_op, node, dy);
}

static void max_take_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    if (wanted[1])
        dx[1] = with_x(&max_input_op, node, dy);
}

static const nn_op max_pool_op = {
    .name = "max_pool", .inputs = 1, .shape = pool_shape, .gradient = max_gradient, .layouts = pool_layouts, .run = max_run};
static const nn_op max_input_op = {.name = "max_input",
                                   .inputs = 2,
                                   .shape = max_input_shape,
                                   .gradient = max_input_gradient,
                                   .layouts = pool_layouts,
                                   .run = max_input_run};
static const nn_op max_take_op = {
    .name = "max_take", .inputs = 2, .shape = max_take_shape, .gradient = max_take_gradient, .layouts = pool_layouts, .run = max_take_run};

/* ---- averages ---- */

static float share(const windows *w, int64_t rows, int64_t columns)
{
    return 1 / (float)(w->counts_padding ? w->kernel[0] * w->kernel[1] : rows * columns);
}

INLINE void averages(const windows *w, const float *x, float *y, int64_t width)
{
    for (int64_t row = 0; row < w->out[0]; row++, y += w->out[1] * width) {
        int64_t top, bottom, left, right;
        window(w, 0, row, &top, &bottom);
        for (int64_t column = 0; column < w->out[1]; column++) {
            window(w, 1, column, &left, &right);
            const float *first = x + (top * w->in[1] + left) * width, part = share(w, bottom - top, right - left);
            float sum[WIDEST] = {0};
            for (int64_t r = 0; r < bottom - top; r++)
                for (int64_t c = 0; c < right - left; c++) {
                    const float *at = first + (r * w->in[1] + c) * width;
#pragma omp simd
                    for (int64_t k = 0; k < width; k++)
                        sum[k] += at[k];
                }
#pragma omp simd
            for (int64_t k = 0; k < width; k++)
                y[column * width + k] = sum[k] * part;
        }
    }
}

DF_CLONES static void averages_1(const windows *w, const float *x, float *y)
{
    averages(w, x, y, 1);
}

DF_CLONES static void averages_8(const windows *w, const float *x, float *y)
{
    averages(w, x, y, 8);
}

DF_CLONES static void averages_16(const windows *w, const float *x, float *y)
{
    averages(w, x, y, 16);
}

static void average_run(const nn_step *step)
{
    const windows w = windows_of(&step->node->form, &step->node->inputs[0]->shape, step->node->layout);
    each_plane(&w, w.width == 1 ? averages_1 : w.width == 8 ? averages_8 : averages_16, step->in[0], step->out);
}

static void average_input_run(const nn_step *step)
{
    const windows w = windows_of(&step->node->form, &step->node->shape, step->node->layout);
    const int64_t pixels = w.in[0] * w.in[1] * w.width, results = w.out[0] * w.out[1];
#pragma omp parallel for schedule(static)
    for (int64_t p = 0; p < w.planes; p++) {
        const float *dy = step->in[0] + p * results * w.width;
        float *dx = step->out + p * pixels;
        memset(dx, 0, (size_t)pixels * sizeof *dx);
        for (int64_t i = 0; i < results; i++) {
            int64_t top, bottom, left, right;
            window(&w, 0, i / w.out[1], &top, &bottom);
            window(&w, 1, i % w.out[1], &left, &right);
            const float part = share(&w, bottom - top, right - left);
            for (int64_t r = top; r < bottom; r++)
                for (int64_t c = left; c < right; c++)
                    for (int64_t k = 0; k < w.width; k++)
                        dx[(r * w.in[1] + c) * w.width + k] += dy[i * w.width + k] * part;
        }
    }
}

static bool average_input_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    const nn_shape *y = &node->inputs[0]->shape;
    if (y->rank != 4)
        return df_fail(err, "rank %d, expected 4", y->rank);
    *out = nn_shape_of(y->size[0], y->size[1], node->form.whole[AT_SIDES], node->form.whole[AT_SIDES + 1]);
    return pair_fits(node, out, y, err);
}

static const nn_op average_op, average_input_op;

static void average_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    nn_form form = node->form;
    (void)wanted;
    form.whole[AT_SIDES] = node->inputs[0]->shape.size[2];
    form.whole[AT_SIDES + 1] = node->inputs[0]->shape.size[3];
    dx[0] = nn_add_node(node->graph, &average_input_op, &form, 1, &dy);
}

static void average_input_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    (void)wanted;
    dx[0] = nn_add_node(node->graph, &average_op, &node->form, 1, &dy);
}

static const nn_op average_op = {
    .name = "average_pool", .inputs = 1, .shape = pool_shape, .gradient = average_gradient, .layouts = pool_layouts, .run = average_run};
static const nn_op average_input_op = {.name = "average_input",
                                       .inputs = 1,
                                       .shape = average_input_shape,
                                       .gradient = average_input_gradient,
                                       .layouts = pool_layouts,
                                       .run = average_input_run};

static nn_node *pool(const nn_op *op, nn_node *x, nn_pool_form f)
{
    const nn_form form = {.whole = {f.kernel[0], f.kernel[1], f.stride[0], f.stride[1], f.pad[0], f.pad[1], f.counts_padding}};
    return x ? nn_add_node(x->graph, op, &form, 1, &x) : NULL;
}

nn_node *nn_max_pool(nn_node *x, nn_pool_form form)
{
    return pool(&max_pool_op, x, form);
}

nn_node *nn_average_pool(nn_node *x, nn_pool_form form)
{
    return pool(&average_op, x, form);
}
