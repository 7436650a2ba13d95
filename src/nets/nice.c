/* nice.c: NICE (Dinh et al., 2014): additive couplings of two halves of a vector, exactly invertible. Layer l has its own halves A and
   B, lists of elements: z_A += f1(z_B), then z_B += f2(z_A). The input `split` is [layers][2][half]. */
#include <math.h>

#include "nets/net.h"
#include "nn/op.h"

static const float SLOPE = 0.2f;

/* Linear, leaky ReLU, linear: NAME.0, NAME.2; the same weights wherever the name is the same. */
typedef struct coupling {
    nn_node *weight0, *bias0, *weight2, *bias2;
} coupling;

static coupling coupling_new(nn_graph *graph, const char *name, int64_t half, int64_t hidden)
{
    nn_enter(graph, "%s", name);
    const coupling f = {.weight0 = nn_parameter(graph, "0.weight", nn_shape_of(hidden, half)),
                        .bias0 = nn_parameter(graph, "0.bias", nn_shape_of(hidden)),
                        .weight2 = nn_parameter(graph, "2.weight", nn_shape_of(half, hidden)),
                        .bias2 = nn_parameter(graph, "2.bias", nn_shape_of(half))};
    nn_leave(graph);
    return f;
}

static nn_node *apply(const coupling *f, nn_node *x)
{
    x = nn_bent(nn_linear(x, f->weight0, f->bias0), (nn_bend){.slope = SLOPE, .gain = 1, .top = HUGE_VALF});
    return nn_linear(x, f->weight2, f->bias2);
}

typedef struct nice_layer {
    coupling f1, f2;
    nn_node *a, *b; /* the elements of the halves */
} nice_layer;

/* z with sign * f(z_from) added to the elements `to`. */
static nn_node *couple(nn_node *z, const coupling *f, nn_node *from, nn_node *to, float sign)
{
    return z ? nn_add(z, nn_scatter(nn_scale(apply(f, nn_gather(z, from)), sign, 0), to, z->shape.size[1])) : NULL;
}

static nn_node *half_of(nn_node *split, int64_t layer, int64_t which, int64_t half)
{
    return nn_reshape(nn_slice(nn_slice(split, 0, layer, 1), 1, which, 1), nn_shape_of(half));
}

static void build(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out)
{
    enum { MOST_LAYERS = 64 };
    nice_layer layers[MOST_LAYERS];
    nn_node *w = net_input(graph, &nice_row, 0, shapes, out), *split = net_input(graph, &nice_row, 1, shapes, out);
    const nn_shape *form = &shapes[1];
    const int count = options->layers;
    const int64_t values = nn_elements(&shapes[0]) / (shapes[0].size[0] > 0 ? shapes[0].size[0] : 1);
    if (count < 1 || count > MOST_LAYERS || form->rank != 3 || form->size[0] != count || form->size[1] != 2 ||
        2 * form->size[2] != values) {
        nn_spoil(graph, "expected 1 to %d layers, and a split of [layers][2][half of %lld]", MOST_LAYERS, (long long)values);
        return;
    }
    nn_node *z = nn_reshape(w, nn_shape_of(shapes[0].size[0], values));
    for (int l = 0; l < count; l++) {
        nn_enter(graph, "layers.%d", l);
        layers[l].f1 = coupling_new(graph, "f1", values / 2, options->hidden);
        layers[l].f2 = coupling_new(graph, "f2", values / 2, options->hidden);
        nn_leave(graph);
        layers[l].a = half_of(split, l, 0, values / 2);
        layers[l].b = half_of(split, l, 1, values / 2);
        z = couple(z, &layers[l].f1, layers[l].b, layers[l].a, 1);
        z = couple(z, &layers[l].f2, layers[l].a, layers[l].b, 1);
    }
    net_output(out, "w_hat", nn_reshape(z, shapes[0]));
    for (int l = count - 1; l >= 0; l--) {
        z = couple(z, &layers[l].f2, layers[l].a, layers[l].b, -1);
        z = couple(z, &layers[l].f1, layers[l].b, layers[l].a, -1);
    }
    net_output(out, "w_back", nn_reshape(z, shapes[0]));
}

const net_row nice_row = {.name = "nice",
                          .summary = "NICE, the invertible translator of w+",
                          .inputs = {"w", "split"},
                          .gradients = {"grad_w"},
                          .usual = {.rank = 3, .size = {1, 16, 512}},
                          .build = build};
