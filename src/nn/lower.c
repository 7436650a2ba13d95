/* lower.c: one pass in the order of making, so that what a node needs is there. */
#include "nn/lower.h"

#include "nn/conv_kernel.h"
#include "nn/fuse.h"
#include "nn/ops.h"

typedef struct lowering {
    const nn_graph *from;
    size_t nodes;
    nn_graph *to;
    nn_node **map; /* [nodes] */
    bool is_plain;
} lowering;

/* ---- the copy between layouts ---- */

static bool relayout_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    *out = node->inputs[0]->shape;
    return out->rank == 4 || df_fail(err, "rank %d, expected 4", out->rank);
}

static void relayout_run(const nn_step *step)
{
    (step->node->layout == NN_BLOCKED ? nn_block_up : nn_unblock)(&step->node->shape, step->in[0], step->out);
}

static const nn_op relayout_op = {.name = "relayout", .inputs = 1, .shape = relayout_shape, .run = relayout_run};

static nn_node *in_layout(const lowering *low, nn_node *node, nn_layout wanted)
{
    if (!node || node->layout == wanted)
        return node;
    if (!node->copy && (node->copy = nn_add_node(low->to, &relayout_op, NULL, 1, &node)) != NULL) {
        node->copy->layout = wanted;
        node->copy->name = node->name;
    }
    return node->copy;
}

/* ---- nodes ---- */

nn_layout nn_follow_layouts(const nn_node *node, const nn_layout *have, nn_layout *want)
{
    nn_layout result = NN_PLAIN;
    for (int k = 0; k < node->input_count; k++)
        if (have[k] == NN_BLOCKED && nn_shape_equal(&node->inputs[k]->shape, &node->shape))
            result = NN_BLOCKED;
    for (int k = 0; k < node->input_count; k++)
        want[k] = nn_shape_equal(&node->inputs[k]->shape, &node->shape) ? result : NN_PLAIN;
    return result;
}

int64_t nn_memory_elements(const nn_node *node)
{
    return nn_layout_elements(&node->shape, node->layout);
}

static nn_node *add(lowering *low, const nn_node *like, const nn_op *op, const nn_form *form, int count, nn_node *const *inputs)
{
    nn_node trial = {.op = op, .form = *form, .input_count = count, .shape = like->shape};
    nn_layout have[NN_MAX_INPUTS], want[NN_MAX_INPUTS] = {NN_PLAIN};
    for (int k = 0; k < count; k++) {
        if (!inputs[k])
            return NULL;
        trial.inputs[k] = inputs[k];
        have[k] = inputs[k]->layout;
    }
    const nn_layout result = op->layouts && !low->is_plain ? op->layouts(&trial, have, want) : NN_PLAIN;
    for (int k = 0; k < count; k++)
        trial.inputs[k] = in_layout(low, inputs[k], want[k]);
    nn_node *node = nn_add_node(low->to, op, form, count, trial.inputs);
    if (node) {
        node->layout = result;
        node->name = like->name;
    }
    return node;
}

static nn_node *mapped(const lowering *low, const nn_node *node)
{
    return low->map[node->number];
}

static nn_node *copy_leaf(const lowering *low, const nn_node *leaf)
{
    nn_node *node = leaf->leaf == NN_INPUT       ? nn_input(low->to, "", leaf->shape)
                    : leaf->leaf == NN_PARAMETER ? nn_parameter(low->to, "", leaf->shape)
                    : leaf->leaf == NN_BUFFER    ? nn_buffer(low->to, "", leaf->shape)
                                                 : nn_constant(low->to, leaf->form.real[0], leaf->shape);
    if (node)
        node->name = leaf->name;
    return node;
}

static void set_bend(nn_form *form, const nn_node *bend)
{
    for (int i = 0; bend && i < 3; i++)
        form->real[NN_BEND_AT + i] = bend->form.real[i];
    form->whole[NN_BENDS] = bend != NULL;
}

static nn_node *conv_chain(lowering *low, const nn_node *root, const nn_fusion *fusion)
{
    nn_node *inputs[4], *weight = mapped(low, fusion->head->inputs[1]);
    nn_form form = fusion->head->form;
    int count = 0;
    if (fusion->factor)
        weight = nn_mul(weight, nn_reshape(mapped(low, fusion->factor), nn_shape_of(root->shape.size[1], 1, 1, 1)));
    if (fusion->other)
        inputs[count++] = mapped(low, fusion->other);
    inputs[count++] = mapped(low, fusion->head->inputs[0]);
    inputs[count++] = weight;
    if (fusion->offset)
        inputs[count++] = mapped(low, fusion->offset);
    form.whole[NN_CONV_OFFSETS] = fusion->offset != NULL;
    set_bend(&form, fusion->bend);
    return add(low, root, fusion->other ? &nn_conv_sum_op : &nn_conv_chain_op, &form, count, inputs);
}

static nn_node *norm_chain(lowering *low, const nn_node *root, const nn_fusion *fusion)
{
    nn_node *inputs[NN_MAX_INPUTS];
    nn_form form = fusion->head->form;
    int count = 0;
    for (; count < fusion->head->input_count; count++)
        inputs[count] = mapped(low, fusion->head->inputs[count]);
    if (fusion->other)
        inputs[count++] = mapped(low, fusion->other);
    set_bend(&form, fusion->bend);
    return add(low, root, &nn_norm_chain_op, &form, count, inputs);
}

/* norm_sums: x, moments, dy, weight, bias; norm_input: x, moments, weight, dy, sums, bias. */
static nn_node *norm_back(lowering *low, const nn_node *node, const nn_fusion *fusion)
{
    nn_node *inputs[NN_MAX_INPUTS], *dy = mapped(low, fusion->dy);
    nn_form form = node->form;
    int count = 0;
    const bool is_sums = node->op == &nn_norm_sums_op;
    for (; count < node->input_count; count++)
        inputs[count] = count == (is_sums ? 2 : 3) ? dy : mapped(low, node->inputs[count]);
    if (is_sums)
        inputs[count++] = mapped(low, fusion->head->inputs[2]);
    inputs[count++] = mapped(low, fusion->head->inputs[3]);
    set_bend(&form, fusion->bend);
    return add(low, node, is_sums ? &nn_bent_norm_sums_op : &nn_bent_norm_input_op, &form, count, inputs);
}

static nn_node *as_written(lowering *low, const nn_node *node)
{
    nn_node *inputs[NN_MAX_INPUTS];
    for (int k = 0; k < node->input_count; k++)
        inputs[k] = mapped(low, node->inputs[k]);
    return add(low, node, node->op, &node->form, node->input_count, inputs);
}

static void lower_node(lowering *low, const nn_node *node, const nn_fusion *fusion)
{
    nn_node **made = &low->map[node->number];
    switch (fusion->part) {
    case NN_INSIDE:
        break;
    case NN_CONV_CHAIN:
        *made = conv_chain(low, node, fusion);
        break;
    case NN_NORM_CHAIN:
        *made = norm_chain(low, node, fusion);
        break;
    case NN_NORM_BACK:
        *made = norm_back(low, node, fusion);
        break;
    case NN_ALONE_PART:
        *made = node->op == &nn_leaf_op ? copy_leaf(low, node) : as_written(low, node);
        break;
    }
}

/* ---- what is needed ---- */

static int *count_users(const lowering *low, size_t count, nn_node *const *outputs, df_arena *arena, df_error *err)
{
    int *users = df_alloc(arena, low->nodes, sizeof *users, err);
    for (size_t i = 0; users && i < count; i++)
        users[outputs[i]->number] += 2; /* never inside of a chain */
    for (size_t i = low->nodes; users && i-- > 0;) {
        const nn_node *node = nn_node_at(low->from, i);
        for (int k = 0; users[i] > 0 && k < node->input_count; k++)
            users[node->inputs[k]->number]++;
    }
    return users;
}

static bool lower_all(lowering *low, size_t count, nn_node *const *outputs, df_arena *arena, df_error *err)
{
    const int *users = count_users(low, count, outputs, arena, err);
    const nn_fusion *fusions = !users          ? NULL
                               : low->is_plain ? df_alloc(arena, low->nodes, sizeof *fusions, err)
                                               : nn_find_fusions(low->from, low->nodes, users, arena, err);
    if (!fusions)
        return false;
    for (size_t i = 0; i < low->nodes; i++)
        if (users[i] > 0)
            lower_node(low, nn_node_at(low->from, i), &fusions[i]);
    for (size_t i = 0; i < count; i++)
        low->map[outputs[i]->number] = in_layout(low, low->map[outputs[i]->number], NN_PLAIN);
    return nn_graph_ok(low->to, err);
}

nn_graph *nn_lower(const nn_graph *graph, size_t count, nn_node *const *outputs, bool is_plain, nn_node **map, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    lowering low = {.from = graph, .nodes = nn_node_count(graph), .map = map, .is_plain = is_plain};
    low.to = arena ? nn_graph_new(err) : NULL;
    const bool is_good = low.to && lower_all(&low, count, outputs, arena, err);
    df_arena_free(arena);
    if (!is_good) {
        nn_graph_free(low.to);
        return NULL;
    }
    return low.to;
}
