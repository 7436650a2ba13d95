/* op_resize.c: bilinear resizing of planes, and its transpose, each the other's derivative. Numbers of the form: the sides of the
   result (resize) or of x (resize_input). Weights are the same for all planes and are made once. */
#include <math.h>
#include <string.h>

#include "nn/op.h"
#include "nn/ops.h"
#include "nn/walk.h"

/* Each pixel of a larger or smaller line is a mix of two of the other. */
typedef struct mix {
    int64_t first, second;
    float share; /* of the second */
} mix;

typedef struct resize_state {
    mix *rows, *columns; /* for each row and column of the result */
} resize_state;

static void fill_mixes(mix *out, int64_t in_side, int64_t out_side)
{
    for (int64_t i = 0; i < out_side; i++) {
        const double place = fmax(0, ((double)i + 0.5) * (double)in_side / (double)out_side - 0.5);
        const int64_t first = (int64_t)place;
        out[i] = (mix){.first = first < in_side - 1 ? first : in_side - 1,
                       .second = first + 1 < in_side ? first + 1 : in_side - 1,
                       .share = (float)(place - (double)first)};
    }
}

static bool prepare(nn_step *step, const nn_shape *small, const nn_shape *result, df_arena *arena, df_error *err)
{
    resize_state *state = df_alloc(arena, 1, sizeof *state, err);
    if (!state)
        return false;
    state->rows = df_alloc(arena, (size_t)result->size[2], sizeof(mix), err);
    state->columns = state->rows ? df_alloc(arena, (size_t)result->size[3], sizeof(mix), err) : NULL;
    if (!state->columns)
        return false;
    fill_mixes(state->rows, small->size[2], result->size[2]);
    fill_mixes(state->columns, small->size[3], result->size[3]);
    step->state = state;
    return true;
}

static bool resize_prepare(nn_step *step, df_arena *arena, df_error *err)
{
    return prepare(step, &step->node->inputs[0]->shape, &step->node->shape, arena, err);
}

static bool resize_input_prepare(nn_step *step, df_arena *arena, df_error *err)
{
    return prepare(step, &step->node->shape, &step->node->inputs[0]->shape, arena, err);
}

static void resize_run(const nn_step *step)
{
    const resize_state *state = step->state;
    const nn_shape *in = &step->node->inputs[0]->shape, *out = &step->node->shape;
    const int64_t planes = out->size[0] * out->size[1], width = in->size[3];
#pragma omp parallel for schedule(static)
    for (int64_t p = 0; p < planes; p++) {
        const float *x = step->in[0] + p * in->size[2] * width;
        float *y = step->out + p * out->size[2] * out->size[3];
        for (int64_t r = 0; r < out->size[2]; r++) {
            const mix *row = &state->rows[r];
            const float *top = x + row->first * width, *bottom = x + row->second * width;
            for (int64_t c = 0; c < out->size[3]; c++) {
                const mix *column = &state->columns[c];
                const float above = top[column->first] * (1 - column->share) + top[column->second] * column->share;
                const float below = bottom[column->first] * (1 - column->share) + bottom[column->second] * column->share;
                y[r * out->size[3] + c] = above * (1 - row->share) + below * row->share;
            }
        }
    }
}

static void resize_input_run(const nn_step *step)
{
    const resize_state *state = step->state;
    const nn_shape *from = &step->node->inputs[0]->shape, *to = &step->node->shape;
    const int64_t planes = to->size[0] * to->size[1], width = to->size[3];
#pragma omp parallel for schedule(static)
    for (int64_t p = 0; p < planes; p++) {
        const float *dy = step->in[0] + p * from->size[2] * from->size[3];
        float *dx = step->out + p * to->size[2] * width;
        memset(dx, 0, (size_t)(to->size[2] * width) * sizeof *dx);
        for (int64_t r = 0; r < from->size[2]; r++) {
            const mix *row = &state->rows[r];
            for (int64_t c = 0; c < from->size[3]; c++) {
                const mix *column = &state->columns[c];
                const float g = dy[r * from->size[3] + c], above = g * (1 - row->share), below = g * row->share;
                dx[row->first * width + column->first] += above * (1 - column->share);
                dx[row->first * width + column->second] += above * column->share;
                dx[row->second * width + column->first] += below * (1 - column->share);
                dx[row->second * width + column->second] += below * column->share;
            }
        }
    }
}

static bool resize_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    const nn_shape *x = &node->inputs[0]->shape;
    if (x->rank != 4 || x->size[2] < 1 || x->size[3] < 1 || node->form.whole[0] < 1 || node->form.whole[1] < 1)
        return df_fail(err, "expected planes of at least one pixel");
    *out = nn_shape_of(x->size[0], x->size[1], node->form.whole[0], node->form.whole[1]);
    return true;
}

static const nn_op resize_op, resize_input_op;

static nn_node *resized(const nn_op *op, nn_node *x, int64_t height, int64_t width)
{
    const nn_form form = {.whole = {height, width}};
    return x ? nn_add_node(x->graph, op, &form, 1, &x) : NULL;
}

static void resize_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    const nn_shape *x = &node->inputs[0]->shape;
    (void)wanted;
    dx[0] = resized(&resize_input_op, dy, x->size[2], x->size[3]);
}

static void resize_input_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    const nn_shape *y = &node->inputs[0]->shape;
    (void)wanted;
    dx[0] = resized(&resize_op, dy, y->size[2], y->size[3]);
}

static const nn_op resize_op = {
    .name = "resize", .inputs = 1, .shape = resize_shape, .gradient = resize_gradient, .prepare = resize_prepare, .run = resize_run};
static const nn_op resize_input_op = {.name = "resize_input",
                                      .inputs = 1,
                                      .shape = resize_shape,
                                      .gradient = resize_input_gradient,
                                      .prepare = resize_input_prepare,
                                      .run = resize_input_run};

nn_node *nn_resize(nn_node *x, int64_t height, int64_t width)
{
    return resized(&resize_op, x, height, width);
}
