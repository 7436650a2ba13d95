/* arcface.c: the additive angular margin loss (Deng et al., 2019) as insightface's arcface_torch computes it: s = 64, m = 0.5; the
   cosine of the angle plus m as it is, and a gradient that takes the margin's derivative as 1. */
#include <math.h>

#include "nets/net.h"
#include "nn/op.h"

static const float SCALE = 64, MARGIN = 0.5f, LEAST_NORM = 1e-12f;

/* Rows divided by the larger of their length and LEAST_NORM. */
static nn_node *unit_rows(nn_node *x)
{
    if (!x || x->shape.rank != 2)
        return x ? nn_spoil(x->graph, "expected rows") : NULL;
    nn_node *length = nn_sqrt(nn_sum_to(nn_mul(x, x), nn_shape_of(x->shape.size[0], 1)));
    return nn_div(x, nn_scale(nn_relu(nn_scale(length, 1, -LEAST_NORM)), 1, LEAST_NORM));
}

/* cos(arccos(c) + m) = c cos m - sqrt(1 - c^2) sin m. */
static nn_node *with_margin(nn_node *cosine)
{
    nn_node *sine = nn_sqrt(nn_scale(nn_mul(cosine, cosine), -1, 1));
    return nn_sub(nn_scale(cosine, cosf(MARGIN), 0), nn_scale(sine, sinf(MARGIN), 0));
}

static void build(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out)
{
    (void)options;
    nn_node *x = unit_rows(net_input(graph, &arcface_row, 0, shapes, out));
    nn_node *weight = unit_rows(net_input(graph, &arcface_row, 1, shapes, out));
    nn_node *labels = net_input(graph, &arcface_row, 2, shapes, out);
    nn_node *cosine = nn_bent(nn_matmul(x, NN_AS_IT_IS, weight, NN_TURNED), (nn_bend){.slope = 1, .gain = 1, .top = 1});
    if (!cosine)
        return;
    nn_node *label = nn_one_hot(labels, shapes[1].size[0]);
    nn_node *value = nn_add(cosine, nn_mul(label, nn_sub(with_margin(cosine), cosine)));
    nn_node *logits = nn_scale(nn_instead(value, cosine), SCALE, 0);
    nn_node *likelihood = nn_sum(nn_mul(label, nn_log_softmax(logits)));
    net_output(out, "loss", nn_scale(likelihood, -1 / (float)shapes[0].size[0], 0));
}

const net_row arcface_row = {.name = "arcface",
                             .summary = "the ArcFace loss of embeddings, class weights and labels",
                             .inputs = {"x", "weight", "labels"},
                             .gradients = {"grad_x", "grad_weight"},
                             .is_loss = true,
                             .usual = {.rank = 2, .size = {32, 512}},
                             .build = build};
