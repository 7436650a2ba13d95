/* op_unary.c: functions of one number. */
#include <math.h>

#include "nn/op.h"
#include "nn/ops.h"
#include "nn/walk.h"

static bool same_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    (void)err;
    *out = node->inputs[0]->shape;
    return true;
}

/* Unused lanes of blocks must stay zeros. */
static nn_layout without_offset(const nn_node *node, const nn_layout *have, nn_layout *want)
{
    return node->form.real[1] == 0 ? nn_follow_layouts(node, have, want) : NN_PLAIN;
}

#define UNARY(NAME, LAYOUTS, EXPRESSION)                                                                                                   \
    static void NAME##_run(const nn_step *step)                                                                                            \
    {                                                                                                                                      \
        const int64_t count = nn_memory_elements(step->node);                                                                              \
        const float *in = step->in[0];                                                                                                     \
        const float *const real = step->node->form.real;                                                                                   \
        float *out = step->out;                                                                                                            \
        (void)real;                                                                                                                        \
        _Pragma("omp parallel for simd schedule(static) if (count > NN_ALONE)") for (int64_t i = 0; i < count; i++)                        \
        {                                                                                                                                  \
            const float x = in[i];                                                                                                         \
            out[i] = EXPRESSION;                                                                                                           \
        }                                                                                                                                  \
    }                                                                                                                                      \
    static void NAME##_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx);                                             \
    static const nn_op NAME##_op = {.name = #NAME,                                                                                         \
                                    .inputs = 1,                                                                                           \
                                    .shape = same_shape,                                                                                   \
                                    .gradient = NAME##_gradient,                                                                           \
                                    .layouts = LAYOUTS,                                                                                    \
                                    .run = NAME##_run,                                                                                     \
                                    .in_place = true};                                                                                     \
    static void NAME##_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)

static nn_node *unary(const nn_op *op, nn_node *x, const nn_form *form)
{
    return x ? nn_add_node(x->graph, op, form, 1, &x) : NULL;
}

UNARY(scale, without_offset, real[0] * x + real[1])
{
    (void)wanted;
    dx[0] = nn_scale(dy, node->form.real[0], 0);
}

UNARY(exp, NULL, expf(x))
{
    (void)wanted;
    dx[0] = nn_mul(dy, node);
}

UNARY(log, NULL, logf(x))
{
    (void)wanted;
    dx[0] = nn_div(dy, node->inputs[0]);
}

UNARY(sqrt, NULL, sqrtf(x))
{
    (void)wanted;
    dx[0] = nn_div(nn_scale(dy, 0.5f, 0), node);
}

UNARY(sigmoid, NULL, 1 / (1 + expf(-x)))
{
    (void)wanted;
    dx[0] = nn_mul(dy, nn_mul(node, nn_scale(node, -1, 1)));
}

UNARY(tanh, NULL, tanhf(x))
{
    (void)wanted;
    dx[0] = nn_mul(dy, nn_scale(nn_mul(node, node), -1, 1));
}

UNARY(softplus, NULL, (x > 0 ? x : 0) + log1pf(expf(-fabsf(x))))
{
    (void)wanted;
    dx[0] = nn_mul(dy, nn_sigmoid(node->inputs[0]));
}

nn_node *nn_scale(nn_node *x, float factor, float offset)
{
    const nn_form form = {.real = {factor, offset}};
    return unary(&scale_op, x, &form);
}

nn_node *nn_exp(nn_node *x)
{
    return unary(&exp_op, x, NULL);
}

nn_node *nn_log(nn_node *x)
{
    return unary(&log_op, x, NULL);
}

nn_node *nn_sqrt(nn_node *x)
{
    return unary(&sqrt_op, x, NULL);
}

nn_node *nn_sigmoid(nn_node *x)
{
    return unary(&sigmoid_op, x, NULL);
}

nn_node *nn_tanh(nn_node *x)
{
    return unary(&tanh_op, x, NULL);
}

nn_node *nn_softplus(nn_node *x)
{
    return unary(&softplus_op, x, NULL);
}
