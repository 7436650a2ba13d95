/* op_bend.c: ReLU and its kin. Numbers of the form: real[0] slope, real[1] gain, real[2] top. The derivative is an operation of its own
   (bend_slope: y, dy -> dy times the slope where the result is y), linear in dy, so that it has one too; it reads y and not x, so that
   x need not be kept. */
#include <math.h>
#include <string.h>

#include "nn/op.h"
#include "nn/ops.h"
#include "nn/walk.h"

static bool bend_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    if (node->input_count == 2 && !nn_shape_equal(&node->inputs[0]->shape, &node->inputs[1]->shape))
        return df_fail(err, "two shapes");
    *out = node->inputs[0]->shape;
    return true;
}

static void bent_run(const nn_step *step)
{
    const float slope = step->node->form.real[0], gain = step->node->form.real[1], top = step->node->form.real[2];
    const int64_t count = nn_memory_elements(step->node);
    const float *in = step->in[0];
    float *out = step->out;
#pragma omp parallel for simd schedule(static) if (count > NN_ALONE)
    for (int64_t i = 0; i < count; i++) {
        const float x = in[i];
        const float y = gain * (x > 0 ? x : slope * x);
        const float low = y > top ? top : y; /* NaN stays */
        out[i] = low < -top ? -top : low;
    }
}

static void slope_run(const nn_step *step)
{
    const float slope = step->node->form.real[0], gain = step->node->form.real[1], top = step->node->form.real[2];
    const int64_t count = nn_memory_elements(step->node);
    const float *in = step->in[0], *dy = step->in[1];
    float *out = step->out;
#pragma omp parallel for simd schedule(static) if (count > NN_ALONE)
    for (int64_t i = 0; i < count; i++) {
        const float y = in[i], at = y > 0 ? gain : gain * slope;
        out[i] = fabsf(y) < top ? at * dy[i] : 0;
    }
}

static nn_node *bend_slope(nn_node *y, nn_node *dy, const nn_form *form)
{
    nn_node *const inputs[] = {y, dy};
    return nn_add_node(y->graph, &nn_slope_op, form, 2, inputs);
}

/* In y it is a step function: no derivative. */
static void slope_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    if (wanted[1])
        dx[1] = bend_slope(node->inputs[0], dy, &node->form);
}

static void bent_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    (void)wanted;
    dx[0] = bend_slope(node, dy, &node->form);
}

const nn_op nn_bent_op = {.name = "bent",
                          .inputs = 1,
                          .shape = bend_shape,
                          .gradient = bent_gradient,
                          .layouts = nn_follow_layouts,
                          .run = bent_run,
                          .in_place = true};
const nn_op nn_slope_op = {.name = "bend_slope",
                           .inputs = 2,
                           .shape = bend_shape,
                           .gradient = slope_gradient,
                           .layouts = nn_follow_layouts,
                           .run = slope_run,
                           .in_place = true};

nn_node *nn_bent(nn_node *x, nn_bend bend)
{
    const nn_form form = {.real = {bend.slope, bend.gain, bend.top}};
    if (x && !(bend.slope >= 0 && bend.gain > 0 && bend.top > 0))
        return nn_spoil(x->graph, "bent: expected a slope of 0 or more, gain and top above 0"); /* y would not tell x's side */
    return x ? nn_add_node(x->graph, &nn_bent_op, &form, 1, &x) : NULL;
}

nn_node *nn_relu(nn_node *x)
{
    return nn_bent(x, (nn_bend){.slope = 0, .gain = 1, .top = INFINITY});
}

nn_node *nn_relu6(nn_node *x)
{
    return nn_bent(x, (nn_bend){.slope = 0, .gain = 1, .top = 6});
}

/* ---- one value, another's derivative ---- */

static void instead_run(const nn_step *step)
{
    memcpy(step->out, step->in[0], (size_t)nn_elements(&step->node->shape) * sizeof(float));
}

static void instead_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    (void)node;
    if (wanted[1])
        dx[1] = dy;
}

static const nn_op instead_op = {.name = "instead", .inputs = 2, .shape = bend_shape, .gradient = instead_gradient, .run = instead_run};

nn_node *nn_instead(nn_node *value, nn_node *like)
{
    nn_node *const inputs[] = {value, like};
    return value ? nn_add_node(value->graph, &instead_op, NULL, 2, inputs) : NULL;
}
