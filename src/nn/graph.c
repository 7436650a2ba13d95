/* graph.c: nodes in the order of making, which is an order to run them in. */
#include "nn/graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "nn/op.h"

enum { MOST_SCOPES = 16, FIRST_NODES = 256 };
#define MEMORY ((size_t)1 << 30)

typedef struct update {
    const nn_node *buffer;
    nn_node *value;
} update;

struct nn_graph {
    df_arena *arena;
    nn_node **nodes;
    size_t count, room;
    char scope[NN_NAME];
    size_t scope_starts[MOST_SCOPES];
    int scopes;
    update *updates;
    size_t update_count, update_room;
    bool is_bad;
    df_error err; /* the first */
};

nn_graph *nn_graph_new(df_error *err)
{
    df_arena *arena = df_arena_new(MEMORY, err);
    nn_graph *graph = arena ? df_alloc(arena, 1, sizeof *graph, err) : NULL;
    if (graph)
        graph->arena = arena;
    else
        df_arena_free(arena);
    return graph;
}

void nn_graph_free(nn_graph *graph)
{
    if (graph)
        df_arena_free(graph->arena); /* the graph itself lives there */
}

bool nn_graph_ok(const nn_graph *graph, df_error *err)
{
    return !graph->is_bad || df_fail(err, "%s", graph->err.text);
}

nn_node *nn_spoil(nn_graph *graph, const char *format, ...)
{
    char text[sizeof graph->err.text];
    va_list arguments;
    if (graph->is_bad)
        return NULL;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    graph->is_bad = true;
    df_fail(&graph->err, "%s%s%s", graph->scope, graph->scope[0] ? ": " : "", text);
    return NULL;
}

/* ---- scopes and names ---- */

void nn_enter(nn_graph *graph, const char *format, ...)
{
    const size_t before = strlen(graph->scope);
    va_list arguments;
    if (graph->scopes == MOST_SCOPES) {
        nn_spoil(graph, "scopes nested more than %d deep", MOST_SCOPES);
        return;
    }
    graph->scope_starts[graph->scopes++] = before;
    size_t at = before;
    if (before > 0 && before + 1 < sizeof graph->scope)
        graph->scope[at++] = '.';
    va_start(arguments, format);
    vsnprintf(graph->scope + at, sizeof graph->scope - at, format, arguments);
    va_end(arguments);
}

void nn_leave(nn_graph *graph)
{
    if (graph->scopes > 0)
        graph->scope[graph->scope_starts[--graph->scopes]] = '\0';
}

static const char *full_name(nn_graph *graph, const char *name)
{
    char text[2 * NN_NAME];
    snprintf(text, sizeof text, "%s%s%s", graph->scope, graph->scope[0] ? "." : "", name);
    const char *copy = df_copy_string(graph->arena, text, &graph->err);
    graph->is_bad = graph->is_bad || !copy;
    return copy;
}

/* ---- nodes ---- */

/* Twice the room of a list; what was there stays in the arena. */
static bool grow(nn_graph *graph, void **items, size_t used, size_t *room, size_t size)
{
    if (used < *room)
        return true;
    const size_t wanted = *room ? 2 * *room : FIRST_NODES;
    void *larger = df_alloc(graph->arena, wanted, size, &graph->err);
    if (!larger) {
        graph->is_bad = true;
        return false;
    }
    if (used > 0)
        memcpy(larger, *items, used * size);
    *items = larger;
    *room = wanted;
    return true;
}

static nn_node *append(nn_graph *graph, const nn_node *like)
{
    void *nodes = graph->nodes;
    if (graph->is_bad || !grow(graph, &nodes, graph->count, &graph->room, sizeof(nn_node *)))
        return NULL;
    graph->nodes = nodes;
    nn_node *node = df_copy(graph->arena, like, sizeof *like, &graph->err);
    if (!node) {
        graph->is_bad = true;
        return NULL;
    }
    node->graph = graph;
    node->number = graph->count;
    graph->nodes[graph->count++] = node;
    return node;
}

nn_node *nn_add_node(nn_graph *graph, const nn_op *op, const nn_form *form, int count, nn_node *const *inputs)
{
    df_error err;
    if (graph->is_bad)
        return NULL;
    if (op->inputs >= 0 ? count != op->inputs : count < 1 || count > NN_MAX_INPUTS)
        return nn_spoil(graph, "%s: %d inputs", op->name, count);
    nn_node node = {.op = op, .input_count = count, .form = form ? *form : (nn_form){.real = {0}}};
    for (int i = 0; i < count; i++) {
        if (!inputs[i])
            return nn_spoil(graph, "%s: input %d is missing", op->name, i);
        node.inputs[i] = inputs[i];
    }
    if (!op->shape(&node, &node.shape, &err))
        return nn_spoil(graph, "%s: %s", op->name, err.text);
    node.name = full_name(graph, op->name);
    return append(graph, &node);
}

static nn_node *add_leaf(nn_graph *graph, nn_leaf kind, const char *name, nn_shape shape, float value)
{
    if (graph->is_bad)
        return NULL;
    for (int d = 0; d < shape.rank; d++)
        if (shape.size[d] < 0)
            return nn_spoil(graph, "%s: a side of %lld", name, (long long)shape.size[d]);
    const nn_node node = {.op = &nn_leaf_op, .name = full_name(graph, name), .shape = shape, .leaf = kind, .form = {.real = {value}}};
    return append(graph, &node);
}

nn_node *nn_input(nn_graph *graph, const char *name, nn_shape shape)
{
    return add_leaf(graph, NN_INPUT, name, shape, 0);
}

nn_node *nn_parameter(nn_graph *graph, const char *name, nn_shape shape)
{
    return add_leaf(graph, NN_PARAMETER, name, shape, 0);
}

nn_node *nn_buffer(nn_graph *graph, const char *name, nn_shape shape)
{
    return add_leaf(graph, NN_BUFFER, name, shape, 0);
}

nn_node *nn_constant(nn_graph *graph, float value, nn_shape shape)
{
    return add_leaf(graph, NN_CONSTANT, "constant", shape, value);
}

nn_node *nn_leaf_at(const nn_graph *graph, nn_leaf kind, size_t index)
{
    for (size_t i = 0; i < graph->count; i++)
        if (graph->nodes[i]->op == &nn_leaf_op && graph->nodes[i]->leaf == kind && index-- == 0)
            return graph->nodes[i];
    return NULL;
}

const char *nn_name(const nn_node *node)
{
    return node->name;
}

const nn_shape *nn_shape_at(const nn_node *node)
{
    return &node->shape;
}

nn_graph *nn_graph_of(const nn_node *node)
{
    return node->graph;
}

void nn_update(nn_graph *graph, nn_node *buffer, nn_node *value)
{
    void *updates = graph->updates;
    if (graph->is_bad || !buffer || !value || !grow(graph, &updates, graph->update_count, &graph->update_room, sizeof(update)))
        return;
    graph->updates = updates;
    graph->updates[graph->update_count++] = (update){.buffer = buffer, .value = value};
}

nn_node *nn_updated(const nn_graph *graph, const nn_node *buffer)
{
    for (size_t i = 0; i < graph->update_count; i++)
        if (graph->updates[i].buffer == buffer)
            return graph->updates[i].value;
    return NULL;
}

size_t nn_node_count(const nn_graph *graph)
{
    return graph->count;
}

nn_node *nn_node_at(const nn_graph *graph, size_t number)
{
    return graph->nodes[number];
}

/* ---- the operation of leaves ---- */

static bool leaf_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    (void)err;
    *out = node->shape;
    return true;
}

const nn_op nn_leaf_op = {.name = "leaf", .inputs = 0, .shape = leaf_shape};
