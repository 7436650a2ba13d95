/* inception.c: Inception-v3 (Szegedy et al., 2015): torchvision's; that of pytorch-fid, which resizes its input, leaves the padding
   out of its averages and has a maximum in its last block; and Keras' with the head of nsfwjs, whose convolutions are numbered in the
   order in which Keras made them. */
#include <stdio.h>
#include <string.h>

#include "nets/net.h"
#include "nn/op.h"

enum { SIDE = 299 };
static const float EPS = 0.001f;

typedef enum inception_kind { INCEPTION_TORCH, INCEPTION_FID, INCEPTION_KERAS } inception_kind;

typedef struct flavour {
    nn_mode mode;
    inception_kind kind;
    char block; /* of Keras: its kind, and the number of its first convolution */
    int first;
} flavour;

/* The order of a block's convolutions in Keras, by their names in torchvision; the kind of block tells equal names apart. */
static const struct {
    char kind;
    const char *names[10];
} keras_order[] = {
    {'S', {"Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3"}},
    {'A', {"branch1x1", "branch5x5_1", "branch5x5_2", "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3", "branch_pool"}},
    {'B', {"branch3x3", "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"}},
    {'C',
     {"branch1x1", "branch7x7_1", "branch7x7_2", "branch7x7_3", "branch7x7dbl_1", "branch7x7dbl_2", "branch7x7dbl_3", "branch7x7dbl_4",
      "branch7x7dbl_5", "branch_pool"}},
    {'D', {"branch3x3_1", "branch3x3_2", "branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4"}},
    {'E',
     {"branch1x1", "branch3x3_1", "branch3x3_2a", "branch3x3_2b", "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3a", "branch3x3dbl_3b",
      "branch_pool"}},
};

/* How many convolutions a block has, and which of them has the name. */
static int keras_count(char kind, const char *name, int *place)
{
    int count = 0;
    for (size_t b = 0; b < DF_ARRAY_LEN(keras_order); b++)
        for (int i = 0; keras_order[b].kind == kind && i < 10 && keras_order[b].names[i]; i++, count++)
            if (name && strcmp(keras_order[b].names[i], name) == 0)
                *place = i;
    return count;
}

/* Keras' convolution, normalisation without a factor, and ReLU. */
static nn_node *numbered(nn_node *x, int number, net_conv_form form, nn_mode mode)
{
    char name[48];
    nn_graph *graph = nn_graph_of(x);
    snprintf(name, sizeof name, "conv2d_%d/kernel", number);
    nn_node *weight = nn_parameter(graph, name, nn_shape_of(form.out, x->shape.size[1], form.kernel[0], form.kernel[1]));
    x = nn_conv(x, weight, (nn_conv_form){.stride = {form.stride, form.stride}, .pad = {form.pad[0], form.pad[1]}, .groups = 1});
    const nn_shape channels = nn_shape_of(form.out);
    nn_norm norm = {.weight = nn_constant(graph, 1, channels), .eps = EPS, .momentum = 0.01f};
    snprintf(name, sizeof name, "batch_normalization_%d/beta", number);
    norm.bias = nn_parameter(graph, name, channels);
    snprintf(name, sizeof name, "batch_normalization_%d/moving_mean", number);
    norm.mean = nn_buffer(graph, name, channels);
    snprintf(name, sizeof name, "batch_normalization_%d/moving_variance", number);
    norm.variance = nn_buffer(graph, name, channels);
    return nn_relu(nn_batch_norm(x, &norm, mode));
}

/* A convolution without bias, its normalisation, ReLU: NAME.conv, NAME.bn. */
static nn_node *basic(nn_node *x, const char *name, int64_t out, int height, int width, int stride, bool is_padded, flavour f)
{
    if (!x)
        return NULL;
    nn_graph *graph = x->graph;
    const net_conv_form form = {
        .out = out, .kernel = {height, width}, .stride = stride, .pad = {is_padded ? height / 2 : 0, is_padded ? width / 2 : 0}};
    if (f.kind == INCEPTION_KERAS) {
        int place = 0;
        keras_count(f.block, name, &place);
        return numbered(x, f.first + place, form, f.mode);
    }
    nn_enter(graph, "%s", name);
    x = net_conv(x, "conv", form);
    x = nn_relu(net_batch_norm(x, "bn", EPS, f.mode));
    nn_leave(graph);
    return x;
}

/* The usual: stride 1, as large as before. */
static nn_node *same(nn_node *x, const char *name, int64_t out, int height, int width, flavour f)
{
    return basic(x, name, out, height, width, 1, true, f);
}

static nn_node *shrink(nn_node *x, const char *name, int64_t out, flavour f)
{
    return basic(x, name, out, 3, 3, 2, false, f);
}

static nn_node *average(nn_node *x, flavour f)
{
    return nn_average_pool(x,
                           (nn_pool_form){.kernel = {3, 3}, .stride = {1, 1}, .pad = {1, 1}, .counts_padding = f.kind == INCEPTION_TORCH});
}

static nn_node *halve(nn_node *x)
{
    return nn_max_pool(x, (nn_pool_form){.kernel = {3, 3}, .stride = {2, 2}});
}

static nn_node *block_a(nn_node *x, int64_t pool_out, flavour f)
{
    nn_node *five = same(same(x, "branch5x5_1", 48, 1, 1, f), "branch5x5_2", 64, 5, 5, f);
    nn_node *three = same(same(same(x, "branch3x3dbl_1", 64, 1, 1, f), "branch3x3dbl_2", 96, 3, 3, f), "branch3x3dbl_3", 96, 3, 3, f);
    nn_node *const parts[] = {same(x, "branch1x1", 64, 1, 1, f), five, three, same(average(x, f), "branch_pool", pool_out, 1, 1, f)};
    return nn_join(x->graph, 1, 4, parts);
}

static nn_node *block_b(nn_node *x, flavour f)
{
    nn_node *three = shrink(same(same(x, "branch3x3dbl_1", 64, 1, 1, f), "branch3x3dbl_2", 96, 3, 3, f), "branch3x3dbl_3", 96, f);
    nn_node *const parts[] = {shrink(x, "branch3x3", 384, f), three, halve(x)};
    return nn_join(x->graph, 1, 3, parts);
}

static nn_node *block_c(nn_node *x, int64_t c, flavour f)
{
    nn_node *seven = same(same(same(x, "branch7x7_1", c, 1, 1, f), "branch7x7_2", c, 1, 7, f), "branch7x7_3", 192, 7, 1, f);
    nn_node *twice = same(same(x, "branch7x7dbl_1", c, 1, 1, f), "branch7x7dbl_2", c, 7, 1, f);
    twice = same(same(same(twice, "branch7x7dbl_3", c, 1, 7, f), "branch7x7dbl_4", c, 7, 1, f), "branch7x7dbl_5", 192, 1, 7, f);
    nn_node *const parts[] = {same(x, "branch1x1", 192, 1, 1, f), seven, twice, same(average(x, f), "branch_pool", 192, 1, 1, f)};
    return nn_join(x->graph, 1, 4, parts);
}

static nn_node *block_d(nn_node *x, flavour f)
{
    nn_node *three = shrink(same(x, "branch3x3_1", 192, 1, 1, f), "branch3x3_2", 320, f);
    nn_node *seven = same(same(same(x, "branch7x7x3_1", 192, 1, 1, f), "branch7x7x3_2", 192, 1, 7, f), "branch7x7x3_3", 192, 7, 1, f);
    nn_node *const parts[] = {three, shrink(seven, "branch7x7x3_4", 192, f), halve(x)};
    return nn_join(x->graph, 1, 3, parts);
}

static nn_node *block_e(nn_node *x, bool is_last, flavour f)
{
    nn_node *three = same(x, "branch3x3_1", 384, 1, 1, f);
    nn_node *twice = same(same(x, "branch3x3dbl_1", 448, 1, 1, f), "branch3x3dbl_2", 384, 3, 3, f);
    nn_node *pooled = is_last && f.kind == INCEPTION_FID ? nn_max_pool(x, (nn_pool_form){.kernel = {3, 3}, .stride = {1, 1}, .pad = {1, 1}})
                                                         : average(x, f);
    nn_node *const parts[] = {same(x, "branch1x1", 320, 1, 1, f),           same(three, "branch3x3_2a", 384, 1, 3, f),
                              same(three, "branch3x3_2b", 384, 3, 1, f),    same(twice, "branch3x3dbl_3a", 384, 1, 3, f),
                              same(twice, "branch3x3dbl_3b", 384, 3, 1, f), same(pooled, "branch_pool", 192, 1, 1, f)};
    return nn_join(x->graph, 1, 6, parts);
}

/* One block of the table below. */
static nn_node *block(nn_node *x, char kind, int64_t width, bool is_last, flavour f)
{
    switch (kind) {
    case 'A':
        return block_a(x, width, f);
    case 'B':
        return block_b(x, f);
    case 'C':
        return block_c(x, width, f);
    case 'D':
        return block_d(x, f);
    case 'E':
        return block_e(x, is_last, f);
    }
    return NULL;
}

static const struct {
    const char *name;
    char kind;
    int64_t width;
} blocks[] = {{"Mixed_5b", 'A', 32},  {"Mixed_5c", 'A', 64},  {"Mixed_5d", 'A', 64},  {"Mixed_6a", 'B', 0},
              {"Mixed_6b", 'C', 128}, {"Mixed_6c", 'C', 160}, {"Mixed_6d", 'C', 160}, {"Mixed_6e", 'C', 192},
              {"Mixed_7a", 'D', 0},   {"Mixed_7b", 'E', 0},   {"Mixed_7c", 'E', 0}};

/* Keras joins twice where torchvision joins once: the order of channels is the same. */
static nn_node *maps(nn_node *x, flavour f)
{
    f.block = 'S';
    f.first = 1;
    x = shrink(x, "Conv2d_1a_3x3", 32, f);
    x = basic(x, "Conv2d_2a_3x3", 32, 3, 3, 1, false, f);
    x = halve(same(x, "Conv2d_2b_3x3", 64, 3, 3, f));
    x = same(x, "Conv2d_3b_1x1", 80, 1, 1, f);
    x = halve(basic(x, "Conv2d_4a_3x3", 192, 3, 3, 1, false, f));
    for (size_t i = 0; i < DF_ARRAY_LEN(blocks) && x; i++) {
        nn_graph *graph = x->graph;
        f.first += keras_count(f.block, NULL, NULL);
        f.block = blocks[i].kind;
        if (f.kind != INCEPTION_KERAS)
            nn_enter(graph, "%s", blocks[i].name);
        x = block(x, blocks[i].kind, blocks[i].width, i + 1 == DF_ARRAY_LEN(blocks), f);
        if (f.kind != INCEPTION_KERAS)
            nn_leave(graph);
    }
    return x;
}

static void build(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out)
{
    nn_node *x = net_input(graph, &inception_v3_row, 0, shapes, out);
    net_output(out, "logits", net_linear(nn_global_mean(maps(x, (flavour){.mode = options->mode})), "fc", options->classes, true));
}

/* Takes 0 .. 1 of any size. */
static void build_fid(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out)
{
    nn_node *x = net_input(graph, &inception_fid_row, 0, shapes, out);
    x = nn_scale(nn_resize(x, SIDE, SIDE), 2, -1);
    net_output(out, "features", nn_global_mean(maps(x, (flavour){.mode = options->mode, .kind = INCEPTION_FID})));
}

/* Takes 0 .. 1, 299 x 299. */
static void build_keras(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out)
{
    static const int dense[] = {256, 128, 5};
    nn_node *x = net_input(graph, &inception_keras_row, 0, shapes, out);
    x = nn_average_pool(maps(x, (flavour){.mode = options->mode, .kind = INCEPTION_KERAS}),
                        (nn_pool_form){.kernel = {8, 8}, .stride = {8, 8}});
    if (!x)
        return;
    x = nn_reshape(x, nn_shape_of(x->shape.size[0], x->shape.size[1] * x->shape.size[2] * x->shape.size[3]));
    net_output(out, "features", x);
    for (size_t i = 0; i < DF_ARRAY_LEN(dense) && x; i++) {
        char kernel[32], bias[32];
        snprintf(kernel, sizeof kernel, "dense_%zu/kernel", i + 1);
        snprintf(bias, sizeof bias, "dense_%zu/bias", i + 1);
        nn_node *weight = nn_parameter(graph, kernel, nn_shape_of(dense[i], x->shape.size[1]));
        x = nn_linear(i > 0 ? nn_relu(x) : x, weight, nn_parameter(graph, bias, nn_shape_of(dense[i])));
    }
    net_output(out, "logits", x);
}

const net_row inception_v3_row = {.name = "inception_v3",
                                  .summary = "Inception-v3, torchvision's weights",
                                  .inputs = {"x"},
                                  .gradients = {"grad_x"},
                                  .usual = {.rank = 4, .size = {1, 3, 299, 299}},
                                  .build = build};
const net_row inception_fid_row = {.name = "inception_fid",
                                   .summary = "the 2048 features of Inception-v3 as pytorch-fid takes them",
                                   .inputs = {"x"},
                                   .gradients = {"grad_x"},
                                   .usual = {.rank = 4, .size = {1, 3, 299, 299}},
                                   .build = build_fid};
const net_row inception_keras_row = {.name = "inception_keras",
                                     .summary = "Keras' Inception-v3 with the head of nsfwjs: 2048 features, 5 classes",
                                     .inputs = {"x"},
                                     .gradients = {"grad_x"},
                                     .usual = {.rank = 4, .size = {1, 3, 299, 299}},
                                     .build = build_keras};
