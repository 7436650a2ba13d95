/* fuse.c: chains are looked for from their last node backwards, so that the longest is found; what is inside one may have no other
   user. */
#include "nn/fuse.h"

#include <math.h>

typedef struct finder {
    const nn_graph *graph;
    const int *users;
    nn_fusion *found;
} finder;

/* Input k, where the chain can go on through it. */
static const nn_node *through(const finder *f, const nn_node *node, int k)
{
    const nn_node *input = node->inputs[k];
    return f->users[input->number] == 1 && f->found[input->number].part == NN_ALONE_PART ? input : NULL;
}

/* The list [c] that is spread over all but the channels of an image `of`, or NULL. */
static const nn_node *channel_list(const nn_node *node, const nn_shape *of)
{
    const int place = node->shape.rank - (of->rank - 1);
    if (node->op != &nn_reshape_op || node->inputs[0]->shape.rank != 1 || of->rank != 4 || place < 0)
        return NULL;
    const bool fits = node->shape.size[place] == of->size[1] && nn_elements(&node->shape) == of->size[1];
    return fits ? node->inputs[0] : NULL;
}

/* Where `node` is `op` of an image and a list: the list, and the image. */
static const nn_node *with_list(const nn_node *node, const nn_op *op, int *image)
{
    if (node->op != op)
        return NULL;
    for (int k = 1; k >= 0; k--) {
        const nn_node *list = channel_list(node->inputs[k], &node->shape);
        *image = 1 - k;
        if (list && nn_shape_equal(&node->inputs[1 - k]->shape, &node->shape))
            return list;
    }
    return NULL;
}

/* [+ offset] [* factor] convolution. */
static bool conv_tail(const finder *f, const nn_node *node, nn_fusion *out)
{
    int image;
    const nn_node *list = with_list(node, &nn_add_op, &image), *next;
    if (list) {
        out->offset = list;
        if (!(node = through(f, node, image)))
            return false;
    }
    if ((list = with_list(node, &nn_mul_op, &image)) && (next = through(f, node, image)) != NULL) {
        out->factor = list;
        node = next;
    }
    out->head = node;
    return node->op == &nn_conv_op;
}

static bool norm_tail(const finder *f, const nn_node *node, nn_fusion *out)
{
    (void)f;
    out->head = node;
    return node->op == &nn_norm_op && node->shape.rank == 4;
}

typedef bool tail(const finder *f, const nn_node *node, nn_fusion *out);

/* `node` itself as the tail, or as the sum of one with something else. */
static bool sum_of_tail(const finder *f, const nn_node *node, tail *match, nn_fusion *out)
{
    const nn_fusion before = *out;
    if (match(f, node, out))
        return true;
    if (node->op != &nn_add_op || !nn_shape_equal(&node->inputs[0]->shape, &node->inputs[1]->shape))
        return false;
    for (int k = 0; k < 2; k++) {
        const nn_node *side = through(f, node, k);
        *out = before;
        out->other = node->inputs[1 - k];
        if (side && match(f, side, out))
            return true;
    }
    return false;
}

/* What kernels can do behind a convolution. */
static bool is_simple_bend(const nn_node *node)
{
    const float slope = node->form.real[0], gain = node->form.real[1], top = node->form.real[2];
    return gain > 0 && slope >= 0 && (isinf(top) || (slope == 0 && gain == 1));
}

/* Marks what is between the root and the head. */
static void mark_inside(const finder *f, const nn_node *node, const nn_fusion *fusion)
{
    while (node != fusion->head) {
        int image = 0;
        if (node->op == &nn_add_op && !with_list(node, &nn_add_op, &image))
            image = node->inputs[0] == fusion->other ? 1 : 0;
        else if (node->op == &nn_mul_op)
            with_list(node, &nn_mul_op, &image);
        node = node->inputs[image];
        f->found[node->number].part = NN_INSIDE;
    }
}

static bool find_chain(const finder *f, const nn_node *root, nn_part part, tail *match)
{
    nn_fusion fusion = {.part = part};
    const nn_node *node = root;
    if (node->op == &nn_bent_op && is_simple_bend(node)) {
        fusion.bend = node;
        node = through(f, node, 0);
    }
    if (!node || !sum_of_tail(f, node, match, &fusion) || fusion.head == root)
        return false;
    mark_inside(f, root, &fusion);
    f->found[root->number] = fusion;
    return true;
}

/* The derivative of ReLU that `node`, a derivative of a normalisation, reads; NULL where it is not that of the same normalisation. */
static const nn_node *slope_before(const finder *f, const nn_node *node)
{
    const bool is_sums = node->op == &nn_norm_sums_op;
    if (!is_sums && node->op != &nn_norm_input_op)
        return NULL;
    const nn_node *slope = node->inputs[is_sums ? 2 : 3];
    if (slope->op != &nn_slope_op)
        return NULL;
    const nn_fusion *forward = &f->found[slope->inputs[0]->number];
    const bool is_same = forward->part == NN_NORM_CHAIN && !forward->other && forward->bend &&
                         forward->head->inputs[0] == node->inputs[0] && forward->head->inputs[1] == node->inputs[1];
    return is_same ? slope : NULL;
}

/* Where all that reads a derivative of ReLU can compute it by the way. */
static void find_backs(const finder *f, size_t nodes, int *readers)
{
    for (size_t i = 0; i < nodes; i++) {
        const nn_node *slope = f->users[i] > 0 ? slope_before(f, nn_node_at(f->graph, i)) : NULL;
        if (slope)
            readers[slope->number]++;
    }
    for (size_t i = 0; i < nodes; i++) {
        const nn_node *slope = f->users[i] > 0 ? slope_before(f, nn_node_at(f->graph, i)) : NULL;
        if (!slope || readers[slope->number] != f->users[slope->number])
            continue;
        const nn_fusion *forward = &f->found[slope->inputs[0]->number];
        f->found[i] = (nn_fusion){.part = NN_NORM_BACK, .head = forward->head, .bend = forward->bend, .dy = slope->inputs[1]};
        f->found[slope->number].part = NN_INSIDE;
    }
}

nn_fusion *nn_find_fusions(const nn_graph *graph, size_t nodes, const int *users, df_arena *arena, df_error *err)
{
    const finder f = {.graph = graph, .users = users, .found = df_alloc(arena, nodes, sizeof(nn_fusion), err)};
    int *readers = f.found ? df_alloc(arena, nodes, sizeof *readers, err) : NULL;
    if (!readers)
        return NULL;
    for (size_t i = nodes; i-- > 0;) {
        const nn_node *node = nn_node_at(graph, i);
        if (users[i] > 0 && f.found[i].part == NN_ALONE_PART && !find_chain(&f, node, NN_CONV_CHAIN, conv_tail))
            find_chain(&f, node, NN_NORM_CHAIN, norm_tail);
    }
    find_backs(&f, nodes, readers);
    return f.found;
}
