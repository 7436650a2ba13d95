/* op_sum.c: sums over sides, and the repetition that undoes their shapes; each is the other's derivative. */
#include <string.h>

#include "nn/op.h"
#include "nn/ops.h"
#include "nn/walk.h"

static nn_shape form_shape(const nn_node *node)
{
    nn_shape shape = {.rank = (int)node->form.whole[0]};
    memcpy(shape.size, node->form.whole + 1, sizeof shape.size);
    return shape;
}

static nn_form shape_form(nn_shape shape)
{
    nn_form form = {.whole = {shape.rank}};
    memcpy(form.whole + 1, shape.size, sizeof shape.size);
    return form;
}

/* Whether `small` spreads to exactly `large`. */
static bool spreads_to(const nn_shape *small, const nn_shape *large)
{
    nn_shape both;
    return nn_shape_spread(small, large, &both) && nn_shape_equal(&both, large);
}

static bool sum_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    char from[NN_SHAPE_TEXT], to[NN_SHAPE_TEXT];
    const nn_shape shape = form_shape(node);
    if (!spreads_to(&shape, &node->inputs[0]->shape))
        return df_fail(err, "%s does not sum to %s", nn_shape_text(&node->inputs[0]->shape, from), nn_shape_text(&shape, to));
    *out = shape;
    return true;
}

static bool spread_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    char from[NN_SHAPE_TEXT], to[NN_SHAPE_TEXT];
    const nn_shape shape = form_shape(node);
    if (!spreads_to(&node->inputs[0]->shape, &shape))
        return df_fail(err, "%s does not spread to %s", nn_shape_text(&node->inputs[0]->shape, from), nn_shape_text(&shape, to));
    *out = shape;
    return true;
}

static void sum_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    (void)wanted;
    dx[0] = nn_spread_to(dy, node->inputs[0]->shape);
}

static void spread_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    (void)wanted;
    dx[0] = nn_sum_to(dy, node->inputs[0]->shape);
}

static void copy_row(float *restrict out, const float *a, int64_t step_a, const float *b, int64_t step_b, int64_t count)
{
    (void)b;
    (void)step_b;
    for (int64_t i = 0; i < count; i++)
        out[i] = a[i * step_a];
}

static void spread_run(const nn_step *step)
{
    nn_node pair = *step->node; /* as a pair of the input with itself */
    pair.inputs[1] = pair.inputs[0];
    const nn_step twice = {.node = &pair, .in = {step->in[0], step->in[0]}, .out = step->out};
    nn_walk_pair(&twice, copy_row);
}

static const nn_op sum_op = {.name = "sum", .inputs = 1, .shape = sum_shape, .gradient = sum_gradient, .run = nn_walk_sum};
static const nn_op spread_op = {.name = "spread", .inputs = 1, .shape = spread_shape, .gradient = spread_gradient, .run = spread_run};

nn_node *nn_sum_to(nn_node *x, nn_shape shape)
{
    if (!x || nn_shape_equal(&x->shape, &shape))
        return x;
    const nn_form form = shape_form(shape);
    return nn_add_node(x->graph, &sum_op, &form, 1, &x);
}

nn_node *nn_spread_to(nn_node *x, nn_shape shape)
{
    if (!x || nn_shape_equal(&x->shape, &shape))
        return x;
    const nn_form form = shape_form(shape);
    return nn_add_node(x->graph, &spread_op, &form, 1, &x);
}

nn_node *nn_sum(nn_node *x)
{
    return nn_sum_to(x, (nn_shape){0});
}

nn_node *nn_mean(nn_node *x)
{
    return x ? nn_scale(nn_sum(x), 1 / (float)nn_elements(&x->shape), 0) : NULL;
}

nn_node *nn_global_mean(nn_node *x)
{
    if (!x)
        return NULL;
    if (x->shape.rank != 4)
        return nn_spoil(x->graph, "mean: expected [n][c][h][w]");
    const int64_t n = x->shape.size[0], c = x->shape.size[1], pixels = x->shape.size[2] * x->shape.size[3];
    return nn_reshape(nn_scale(nn_sum_to(x, nn_shape_of(n, c, 1, 1)), 1 / (float)pixels, 0), nn_shape_of(n, c));
}

nn_node *nn_bias(nn_node *x, nn_node *bias)
{
    if (!x || !bias)
        return NULL;
    nn_shape shape = {.rank = x->shape.rank > 1 ? x->shape.rank - 1 : 1, .size = {bias->shape.size[0], 1, 1, 1, 1}};
    return nn_add(x, nn_reshape(bias, shape));
}
