/* layers.c: layers as PyTorch's modules have them. */
#include <stdio.h>

#include "nets/net.h"
#include "nn/op.h"

static const float MOMENTUM = 0.1f;

static nn_node *parameter(nn_graph *graph, const char *name, const char *part, nn_shape shape)
{
    char full[NN_NAME];
    snprintf(full, sizeof full, "%s.%s", name, part);
    return nn_parameter(graph, full, shape);
}

static nn_node *buffer(nn_graph *graph, const char *name, const char *part, nn_shape shape)
{
    char full[NN_NAME];
    snprintf(full, sizeof full, "%s.%s", name, part);
    return nn_buffer(graph, full, shape);
}

nn_node *net_conv(nn_node *x, const char *name, net_conv_form form)
{
    if (!x)
        return NULL;
    const int groups = form.groups > 0 ? form.groups : 1, stride = form.stride > 0 ? form.stride : 1;
    if (x->shape.rank != 4)
        return nn_spoil(x->graph, "%s: expected [n][c][h][w]", name);
    nn_node *weight = parameter(x->graph, name, "weight", nn_shape_of(form.out, x->shape.size[1] / groups, form.kernel[0], form.kernel[1]));
    nn_node *y = nn_conv(x, weight, (nn_conv_form){.stride = {stride, stride}, .pad = {form.pad[0], form.pad[1]}, .groups = groups});
    return form.has_bias ? nn_bias(y, parameter(x->graph, name, "bias", nn_shape_of(form.out))) : y;
}

nn_node *net_batch_norm(nn_node *x, const char *name, float eps, nn_mode mode)
{
    if (!x)
        return NULL;
    const nn_shape channels = nn_shape_of(x->shape.size[1]);
    const nn_norm norm = {.weight = parameter(x->graph, name, "weight", channels),
                          .bias = parameter(x->graph, name, "bias", channels),
                          .mean = buffer(x->graph, name, "running_mean", channels),
                          .variance = buffer(x->graph, name, "running_var", channels),
                          .eps = eps,
                          .momentum = MOMENTUM};
    return nn_batch_norm(x, &norm, mode);
}

nn_node *net_linear(nn_node *x, const char *name, int64_t out, bool has_bias)
{
    if (!x)
        return NULL;
    nn_node *weight = parameter(x->graph, name, "weight", nn_shape_of(out, x->shape.size[x->shape.rank - 1]));
    return nn_linear(x, weight, has_bias ? parameter(x->graph, name, "bias", nn_shape_of(out)) : NULL);
}
