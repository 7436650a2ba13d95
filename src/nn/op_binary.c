/* op_binary.c: sums, differences, products and quotients of two arrays that spread over each other. */
#include "nn/op.h"
#include "nn/ops.h"
#include "nn/walk.h"

static bool binary_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    char a[NN_SHAPE_TEXT], b[NN_SHAPE_TEXT];
    return nn_shape_spread(&node->inputs[0]->shape, &node->inputs[1]->shape, out) ||
           df_fail(err, "%s and %s do not spread over each other", nn_shape_text(&node->inputs[0]->shape, a),
                   nn_shape_text(&node->inputs[1]->shape, b));
}

/* One row of the walk: strides are 0 or 1 where the loop can be a vector's. */
#define BINARY(NAME, EXPRESSION)                                                                                                           \
    static void NAME##_row(float *restrict out, const float *a, int64_t step_a, const float *b, int64_t step_b, int64_t count)             \
    {                                                                                                                                      \
        if (step_a == 1 && step_b == 1)                                                                                                    \
            for (int64_t i = 0; i < count; i++) {                                                                                          \
                const float x = a[i], y = b[i];                                                                                            \
                out[i] = EXPRESSION;                                                                                                       \
            }                                                                                                                              \
        else                                                                                                                               \
            for (int64_t i = 0; i < count; i++) {                                                                                          \
                const float x = a[i * step_a], y = b[i * step_b];                                                                          \
                out[i] = EXPRESSION;                                                                                                       \
            }                                                                                                                              \
    }                                                                                                                                      \
    static void NAME##_run(const nn_step *step)                                                                                            \
    {                                                                                                                                      \
        nn_walk_pair(step, NAME##_row);                                                                                                    \
    }

BINARY(add, x + y)
BINARY(sub, x - y)
BINARY(mul, x *y)
BINARY(div, x / y)

/* One array that spreads over another has no place in blocks. */
static nn_layout both_or_none(const nn_node *node, const nn_layout *have, nn_layout *want)
{
    if (nn_shape_equal(&node->inputs[0]->shape, &node->inputs[1]->shape))
        return nn_follow_layouts(node, have, want);
    want[0] = want[1] = NN_PLAIN;
    return NN_PLAIN;
}

static void add_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    for (int i = 0; i < 2; i++)
        if (wanted[i])
            dx[i] = nn_sum_to(dy, node->inputs[i]->shape);
}

static void sub_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    if (wanted[0])
        dx[0] = nn_sum_to(dy, node->inputs[0]->shape);
    if (wanted[1])
        dx[1] = nn_scale(nn_sum_to(dy, node->inputs[1]->shape), -1, 0);
}

static void mul_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    for (int i = 0; i < 2; i++)
        if (wanted[i])
            dx[i] = nn_sum_to(nn_mul(dy, node->inputs[1 - i]), node->inputs[i]->shape);
}

static void div_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    nn_node *share = nn_div(dy, node->inputs[1]);
    if (wanted[0])
        dx[0] = nn_sum_to(share, node->inputs[0]->shape);
    if (wanted[1])
        dx[1] = nn_scale(nn_sum_to(nn_mul(share, node), node->inputs[1]->shape), -1, 0);
}

/* Quotients make something of zeros in unused lanes, so they stay plain. */
#define ROW(NAME, LAYOUTS)                                                                                                                 \
    {                                                                                                                                      \
        .name = #NAME, .inputs = 2, .shape = binary_shape, .gradient = NAME##_gradient, .layouts = LAYOUTS, .run = NAME##_run              \
    }
const nn_op nn_add_op = ROW(add, both_or_none), nn_mul_op = ROW(mul, both_or_none);
static const nn_op sub_op = ROW(sub, both_or_none), div_op = ROW(div, NULL);

static nn_node *binary(const nn_op *op, nn_node *a, nn_node *b)
{
    nn_node *const inputs[] = {a, b};
    return a ? nn_add_node(a->graph, op, NULL, 2, inputs) : NULL;
}

nn_node *nn_add(nn_node *a, nn_node *b)
{
    return binary(&nn_add_op, a, b);
}

nn_node *nn_sub(nn_node *a, nn_node *b)
{
    return binary(&sub_op, a, b);
}

nn_node *nn_mul(nn_node *a, nn_node *b)
{
    return binary(&nn_mul_op, a, b);
}

nn_node *nn_div(nn_node *a, nn_node *b)
{
    return binary(&div_op, a, b);
}
