/* gradient.c: from y back to what it was made of; inputs always have smaller numbers. */
#include "nn/gradient.h"

#include "nn/op.h"
#include "nn/ops.h"

typedef struct reverse {
    bool *needed; /* [count] x is among what the node depends on */
    bool *is_end; /* [count] the node is one of x */
    nn_node **dy; /* [count] the derivative so far */
} reverse;

static void mark_needed(const nn_graph *graph, size_t count, bool *needed)
{
    for (size_t i = 0; i < count; i++) {
        const nn_node *node = nn_node_at(graph, i);
        for (int k = 0; k < node->input_count; k++)
            needed[i] = needed[i] || needed[node->inputs[k]->number];
    }
}

/* The node's derivative to its inputs'. */
static bool hand_on(nn_node *node, const reverse *r)
{
    bool wanted[NN_MAX_INPUTS] = {false}, any = false;
    nn_node *dx[NN_MAX_INPUTS] = {NULL};
    for (int k = 0; k < node->input_count; k++)
        any |= wanted[k] = r->needed[node->inputs[k]->number];
    if (!any)
        return true;
    if (!node->op->gradient)
        return nn_spoil(node->graph, "%s has no derivative", node->op->name) != NULL;
    node->op->gradient(node, r->dy[node->number], wanted, dx);
    for (int k = 0; k < node->input_count; k++) {
        nn_node **sum = &r->dy[node->inputs[k]->number];
        if (wanted[k] && dx[k])
            *sum = *sum ? nn_add(*sum, dx[k]) : dx[k];
    }
    return true;
}

/* is_partial: what x[i] is made of is not looked into. */
static void accumulate(nn_node *y, nn_node *dy, bool is_partial, int count, nn_node *const *x, nn_node **dx, df_arena *arena, df_error *err)
{
    const size_t nodes = y->number + 1;
    const reverse r = {.needed = df_alloc(arena, nodes, sizeof(bool), err),
                       .is_end = df_alloc(arena, nodes, sizeof(bool), err),
                       .dy = df_alloc(arena, nodes, sizeof(nn_node *), err)};
    if (!r.needed || !r.is_end || !r.dy) {
        nn_spoil(y->graph, "%s", err->text);
        return;
    }
    for (int i = 0; i < count; i++)
        if (x[i] && x[i]->number < nodes)
            r.needed[x[i]->number] = r.is_end[x[i]->number] = true;
    mark_needed(y->graph, nodes, r.needed);
    r.dy[y->number] = dy ? dy : nn_constant(y->graph, 1, y->shape);
    for (size_t i = nodes; i-- > 0;)
        if (r.needed[i] && r.dy[i] && !(is_partial && r.is_end[i]) && !hand_on(nn_node_at(y->graph, i), &r))
            return;
    for (int i = 0; i < count; i++)
        dx[i] = x[i] && x[i]->number < nodes ? r.dy[x[i]->number] : NULL;
}

static void differentiate(nn_node *y, nn_node *dy, bool is_partial, int count, nn_node *const *x, nn_node **dx)
{
    df_error err;
    for (int i = 0; i < count; i++)
        dx[i] = NULL;
    if (!y)
        return;
    df_arena *arena = df_arena_new(SIZE_MAX, &err);
    if (arena)
        accumulate(y, dy, is_partial, count, x, dx, arena, &err);
    else
        nn_spoil(y->graph, "%s", err.text);
    df_arena_free(arena);
}

void nn_gradients(nn_node *y, nn_node *dy, int count, nn_node *const *x, nn_node **dx)
{
    differentiate(y, dy, false, count, x, dx);
}

void nn_partial_gradients(nn_node *y, nn_node *dy, int count, nn_node *const *x, nn_node **dx)
{
    differentiate(y, dy, true, count, x, dx);
}

void nn_no_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    (void)node;
    (void)dy;
    (void)wanted;
    (void)dx;
}
