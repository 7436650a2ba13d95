/* mobilenet.c: MobileNetV2 (Sandler et al., 2018) as torchvision has it, and its form for face recognition on 112 x 112: the first
   stride is 1, and 512 values with a batch normalisation in the place of the classifier. */
#include <stdio.h>

#include "nets/net.h"
#include "nn/op.h"

enum { FACE_VALUES = 512, LAST = 1280, FIRST = 32 };
static const float EPS = 1e-5f;

/* expansion, channels, blocks, stride of the first */
static const struct {
    int expansion, out, blocks, stride;
} stages[] = {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};

/* A convolution, its normalisation and ReLU6, called NAME.0 and NAME.1. */
static nn_node *conv_norm_relu(nn_node *x, const char *name, net_conv_form form, nn_mode mode)
{
    if (!x)
        return NULL;
    nn_graph *graph = x->graph;
    nn_enter(graph, "%s", name);
    x = nn_relu6(net_batch_norm(net_conv(x, "0", form), "1", EPS, mode));
    nn_leave(graph);
    return x;
}

static nn_node *inverted_residual(nn_node *x, int expansion, int64_t out, int stride, nn_mode mode)
{
    const int64_t in = x->shape.size[1], wide = in * expansion;
    const net_conv_form depthwise = {.out = wide, .kernel = {3, 3}, .stride = stride, .pad = {1, 1}, .groups = (int)wide};
    nn_graph *graph = x->graph;
    nn_node *y = x;
    int next = 0;
    char name[8];
    nn_enter(graph, "conv");
    if (expansion != 1) {
        snprintf(name, sizeof name, "%d", next++);
        y = conv_norm_relu(y, name, (net_conv_form){.out = wide, .kernel = {1, 1}}, mode);
    }
    snprintf(name, sizeof name, "%d", next++);
    y = conv_norm_relu(y, name, depthwise, mode);
    snprintf(name, sizeof name, "%d", next++);
    y = net_conv(y, name, (net_conv_form){.out = out, .kernel = {1, 1}});
    snprintf(name, sizeof name, "%d", next);
    y = net_batch_norm(y, name, EPS, mode);
    nn_leave(graph);
    return stride == 1 && in == out ? nn_add(y, x) : y;
}

static nn_node *features(nn_node *x, int first_stride, nn_mode mode)
{
    if (!x)
        return NULL;
    nn_graph *graph = x->graph;
    int index = 1;
    nn_enter(graph, "features");
    x = conv_norm_relu(x, "0", (net_conv_form){.out = FIRST, .kernel = {3, 3}, .stride = first_stride, .pad = {1, 1}}, mode);
    for (size_t s = 0; s < DF_ARRAY_LEN(stages); s++)
        for (int b = 0; b < stages[s].blocks && x; b++) {
            nn_enter(graph, "%d", index++);
            x = inverted_residual(x, stages[s].expansion, stages[s].out, b == 0 ? stages[s].stride : 1, mode);
            nn_leave(graph);
        }
    char name[16];
    snprintf(name, sizeof name, "%d", index);
    x = conv_norm_relu(x, name, (net_conv_form){.out = LAST, .kernel = {1, 1}}, mode);
    nn_leave(graph);
    return nn_global_mean(x);
}

static void build(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out)
{
    nn_node *x = features(net_input(graph, &mobilenet_v2_row, 0, shapes, out), 2, options->mode);
    net_output(out, "logits", net_linear(x, "classifier.1", options->classes, true));
}

static void build_face(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out)
{
    nn_node *x = features(net_input(graph, &mobilenet_v2_face_row, 0, shapes, out), 1, options->mode);
    x = net_linear(x, "embedding.0", FACE_VALUES, false);
    net_output(out, "logits", net_batch_norm(x, "embedding.1", EPS, options->mode));
}

const net_row mobilenet_v2_row = {.name = "mobilenet_v2",
                                  .summary = "MobileNetV2, torchvision's weights",
                                  .inputs = {"x"},
                                  .gradients = {"grad_x"},
                                  .usual = {.rank = 4, .size = {1, 3, 224, 224}},
                                  .build = build};
const net_row mobilenet_v2_face_row = {.name = "mobilenet_v2_face",
                                       .summary = "MobileNetV2 for face recognition: 512 values of 112 x 112",
                                       .inputs = {"x"},
                                       .gradients = {"grad_x"},
                                       .usual = {.rank = 4, .size = {1, 3, 112, 112}},
                                       .build = build_face};
