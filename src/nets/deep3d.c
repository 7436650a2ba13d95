/* deep3d.c: Deep3DFaceRecon_pytorch's coefficient network (Deng et al., 2019): ResNet-50 and seven heads, whose results stand one after
   the other: 80 identity, 64 expression, 80 texture, 3 angles, 27 light, 2 and 1 translation. */
#include <stdio.h>

#include "nets/resnet.h"
#include "nn/op.h"

static const int heads[] = {80, 64, 80, 3, 27, 2, 1};

static void build(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out)
{
    nn_node *parts[DF_ARRAY_LEN(heads)];
    nn_node *x = net_input(graph, &deep3d_row, 0, shapes, out);
    nn_enter(graph, "backbone");
    x = resnet_features(x, &resnet50_body, options->mode);
    nn_leave(graph);
    if (!x)
        return;
    nn_node *pixel = nn_reshape(x, nn_shape_of(x->shape.size[0], x->shape.size[1], 1, 1));
    for (size_t i = 0; i < DF_ARRAY_LEN(heads); i++) {
        char name[32];
        snprintf(name, sizeof name, "final_layers.%zu", i);
        nn_node *y = net_conv(pixel, name, (net_conv_form){.out = heads[i], .kernel = {1, 1}, .has_bias = true});
        parts[i] = nn_reshape(y, nn_shape_of(x->shape.size[0], heads[i]));
    }
    net_output(out, "coefficients", nn_join(graph, 1, (int)DF_ARRAY_LEN(heads), parts));
}

const net_row deep3d_row = {.name = "deep3d",
                            .summary = "Deep3DFaceRecon's 257 coefficients of a face",
                            .inputs = {"x"},
                            .gradients = {"grad_x"},
                            .usual = {.rank = 4, .size = {1, 3, 224, 224}},
                            .build = build};
