/* op_softmax.c: softmax and its logarithm along the last side, and labels as rows of 0 and 1. */
#include <math.h>
#include <string.h>

#include "nn/op.h"
#include "nn/ops.h"
#include "nn/walk.h"

static bool rows_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    const nn_shape *x = &node->inputs[0]->shape;
    *out = *x;
    return (x->rank > 0 && x->size[x->rank - 1] > 0) || df_fail(err, "expected rows of numbers");
}

static int64_t row_count(const nn_shape *shape)
{
    return nn_elements(shape) / shape->size[shape->rank - 1];
}

/* x - max, its exponentials' sum in double. */
static double exponentials(const float *x, int64_t width, float *most)
{
    double sum = 0;
    *most = x[0];
    for (int64_t i = 1; i < width; i++)
        *most = x[i] > *most ? x[i] : *most;
    for (int64_t i = 0; i < width; i++)
        sum += exp((double)(x[i] - *most));
    return sum;
}

static void softmax_run(const nn_step *step)
{
    const nn_shape *shape = &step->node->shape;
    const int64_t width = shape->size[shape->rank - 1], rows = row_count(shape);
#pragma omp parallel for schedule(static) if (rows * width > NN_ALONE)
    for (int64_t r = 0; r < rows; r++) {
        const float *x = step->in[0] + r * width;
        float most;
        const double sum = exponentials(x, width, &most);
        for (int64_t i = 0; i < width; i++)
            step->out[r * width + i] = (float)(exp((double)(x[i] - most)) / sum);
    }
}

static void log_softmax_run(const nn_step *step)
{
    const nn_shape *shape = &step->node->shape;
    const int64_t width = shape->size[shape->rank - 1], rows = row_count(shape);
#pragma omp parallel for schedule(static) if (rows * width > NN_ALONE)
    for (int64_t r = 0; r < rows; r++) {
        const float *x = step->in[0] + r * width;
        float most;
        const double high = log(exponentials(x, width, &most));
        for (int64_t i = 0; i < width; i++)
            step->out[r * width + i] = (float)((double)(x[i] - most) - high);
    }
}

static nn_node *row_sums(nn_node *x)
{
    if (!x)
        return NULL;
    nn_shape shape = x->shape;
    shape.size[shape.rank - 1] = 1;
    return nn_sum_to(x, shape);
}

static void softmax_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    (void)wanted;
    dx[0] = nn_mul(node, nn_sub(dy, row_sums(nn_mul(dy, node))));
}

static void log_softmax_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    (void)wanted;
    dx[0] = nn_sub(dy, nn_mul(nn_softmax(node->inputs[0]), row_sums(dy)));
}

static const nn_op softmax_op = {.name = "softmax", .inputs = 1, .shape = rows_shape, .gradient = softmax_gradient, .run = softmax_run};
static const nn_op log_softmax_op = {
    .name = "log_softmax", .inputs = 1, .shape = rows_shape, .gradient = log_softmax_gradient, .run = log_softmax_run};

nn_node *nn_softmax(nn_node *x)
{
    return x ? nn_add_node(x->graph, &softmax_op, NULL, 1, &x) : NULL;
}

nn_node *nn_log_softmax(nn_node *x)
{
    return x ? nn_add_node(x->graph, &log_softmax_op, NULL, 1, &x) : NULL;
}

/* ---- labels ---- */

static bool one_hot_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    if (node->inputs[0]->shape.rank != 1 || node->form.whole[0] < 1)
        return df_fail(err, "expected a list of labels and at least one class");
    *out = nn_shape_of(node->inputs[0]->shape.size[0], node->form.whole[0]);
    return true;
}

static void one_hot_run(const nn_step *step)
{
    const int64_t count = step->node->shape.size[0], classes = step->node->shape.size[1];
    memset(step->out, 0, (size_t)(count * classes) * sizeof(float));
    for (int64_t i = 0; i < count; i++) {
        const float label = step->in[0][i];
        if (label >= 0 && label < (float)classes)
            step->out[i * classes + (int64_t)label] = 1;
    }
}

static const nn_op one_hot_op = {.name = "one_hot", .inputs = 1, .shape = one_hot_shape, .gradient = nn_no_gradient, .run = one_hot_run};

nn_node *nn_one_hot(nn_node *labels, int64_t classes)
{
    const nn_form form = {.whole = {classes}};
    return labels ? nn_add_node(labels->graph, &one_hot_op, &form, 1, &labels) : NULL;
}
