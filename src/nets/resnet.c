/* resnet.c: ResNet 18, 34 and 50 (He et al., 2016) as torchvision has them: a bottleneck's stride is its 3x3 convolution's. */
#include "nets/resnet.h"

#include <stdio.h>

#include "nn/op.h"

enum { STAGES = 4, FIRST_WIDTH = 64, WIDENING = 4 };
static const float EPS = 1e-5f;

const resnet_body resnet18_body = {.blocks = {2, 2, 2, 2}};
const resnet_body resnet34_body = {.blocks = {3, 4, 6, 3}};
const resnet_body resnet50_body = {.blocks = {3, 4, 6, 3}, .has_bottlenecks = true};

static nn_node *conv_norm(nn_node *x, int number, int64_t out, int kernel, int stride, nn_mode mode)
{
    char conv[16], norm[16];
    snprintf(conv, sizeof conv, "conv%d", number);
    snprintf(norm, sizeof norm, "bn%d", number);
    x = net_conv(x, conv, (net_conv_form){.out = out, .kernel = {kernel, kernel}, .stride = stride, .pad = {kernel / 2, kernel / 2}});
    return net_batch_norm(x, norm, EPS, mode);
}

static nn_node *shortcut(nn_node *x, int64_t out, int stride, nn_mode mode)
{
    if (!x || (stride == 1 && x->shape.size[1] == out))
        return x;
    x = net_conv(x, "downsample.0", (net_conv_form){.out = out, .kernel = {1, 1}, .stride = stride});
    return net_batch_norm(x, "downsample.1", EPS, mode);
}

static nn_node *block(nn_node *x, const resnet_body *body, int64_t width, int stride, nn_mode mode)
{
    nn_node *y = x;
    if (body->has_bottlenecks) {
        y = nn_relu(conv_norm(y, 1, width, 1, 1, mode));
        y = nn_relu(conv_norm(y, 2, width, 3, stride, mode));
        y = conv_norm(y, 3, WIDENING * width, 1, 1, mode);
    } else {
        y = nn_relu(conv_norm(y, 1, width, 3, stride, mode));
        y = conv_norm(y, 2, width, 3, 1, mode);
    }
    return nn_relu(nn_add(y, shortcut(x, body->has_bottlenecks ? WIDENING * width : width, stride, mode)));
}

nn_node *resnet_features(nn_node *x, const resnet_body *body, nn_mode mode)
{
    const int64_t width = body->width ? body->width : FIRST_WIDTH;
    x = nn_relu(conv_norm(x, 1, width, 7, 2, mode));
    x = nn_max_pool(x, (nn_pool_form){.kernel = {3, 3}, .stride = {2, 2}, .pad = {1, 1}});
    for (int stage = 0; stage < STAGES && x; stage++)
        for (int b = 0; b < body->blocks[stage] && x; b++) {
            nn_graph *graph = x->graph;
            nn_enter(graph, "layer%d.%d", stage + 1, b);
            x = block(x, body, width << stage, stage > 0 && b == 0 ? 2 : 1, mode);
            nn_leave(graph);
        }
    return nn_global_mean(x);
}

static void build(nn_graph *graph, const net_row *row, const resnet_body *body, const nn_shape *shapes, const net_options *options,
                  net_ports *out)
{
    resnet_body sized = *body;
    sized.width = options->width;
    nn_node *x = net_input(graph, row, 0, shapes, out);
    net_output(out, "logits", net_linear(resnet_features(x, &sized, options->mode), "fc", options->classes, true));
}

static void build18(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out)
{
    build(graph, &resnet18_row, &resnet18_body, shapes, options, out);
}

static void build34(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out)
{
    build(graph, &resnet34_row, &resnet34_body, shapes, options, out);
}

static void build50(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out)
{
    build(graph, &resnet50_row, &resnet50_body, shapes, options, out);
}

#define ROW(NUMBER)                                                                                                                        \
    const net_row resnet##NUMBER##_row = {.name = "resnet" #NUMBER,                                                                        \
                                          .summary = "ResNet-" #NUMBER ", torchvision's weights",                                          \
                                          .inputs = {"x"},                                                                                 \
                                          .gradients = {"grad_x"},                                                                         \
                                          .usual = {.rank = 4, .size = {1, 3, 224, 224}},                                                  \
                                          .build = build##NUMBER}
ROW(18);
ROW(34);
ROW(50);
