/* net_run.c: builds, differentiates, runs once. */
#include "nets/net_run.h"

#include <stdio.h>
#include <string.h>

#include "nn/gradient.h"
#include "nn/op.h"

typedef struct wanted { /* a node whose numbers come out, and under what name */
    const char *name;
    nn_node *node;
} wanted;

typedef struct running {
    const net_task *task;
    const tensor_list *given;
    nn_graph *graph;
    net_ports ports;
    nn_node *cotangent; /* NULL: none */
    wanted *wanted;
    size_t count, room;
    df_arena *arena;
    df_error *err;
} running;

bool net_shape_of(const tensor *t, nn_shape *out, df_error *err)
{
    if (t->rank > NN_MAX_RANK)
        return df_fail(err, "array '%s': %d dimensions, expected at most %d", t->name, t->rank, NN_MAX_RANK);
    nn_shape shape = {.rank = t->rank};
    memcpy(shape.size, t->shape, (size_t)t->rank * sizeof *t->shape);
    *out = shape;
    return true;
}

static bool find_input(const running *r, const char *name, const tensor **out, df_error *err)
{
    *out = tensor_find(r->given, name);
    return *out != NULL || df_fail(err, "no array '%s'", name);
}

static bool add_wanted(running *r, const char *before, const char *name, nn_node *node)
{
    char full[2 * NN_NAME];
    if (!node)
        return true;
    if (r->count == r->room) {
        const size_t room = r->room ? 2 * r->room : 64;
        wanted *larger = df_alloc(r->arena, room, sizeof *larger, r->err);
        if (!larger)
            return false;
        if (r->count > 0)
            memcpy(larger, r->wanted, r->count * sizeof *larger);
        r->wanted = larger;
        r->room = room;
    }
    snprintf(full, sizeof full, "%s%s", before, name);
    r->wanted[r->count] = (wanted){.name = df_copy_string(r->arena, full, r->err), .node = node};
    return r->wanted[r->count++].name != NULL;
}

static bool build(running *r)
{
    const net_row *row = r->task->row;
    nn_shape shapes[NET_MAX_PORTS] = {{0}};
    const tensor *t;
    for (int i = 0; i < NET_MAX_PORTS && row->inputs[i]; i++)
        if (!find_input(r, row->inputs[i], &t, r->err) || !net_shape_of(t, &shapes[i], r->err))
            return false;
    if (!net_build(row, r->graph, shapes, &r->task->options, &r->ports, r->err))
        return false;
    for (int i = 0; i < r->ports.output_count; i++)
        if (!add_wanted(r, "", r->ports.outputs[i].name, r->ports.outputs[i].node))
            return false;
    return true;
}

/* The derivatives of the main output, to inputs first and then to parameters. */
static bool differentiate(running *r)
{
    const net_row *row = r->task->row;
    nn_node *y = r->ports.outputs[0].node, *leaf;
    size_t parameters = 0, count = 0;
    while (nn_leaf_at(r->graph, NN_PARAMETER, parameters))
        parameters++;
    nn_node **x = df_alloc(r->arena, parameters + NET_MAX_PORTS, sizeof(nn_node *), r->err);
    nn_node **dx = x ? df_alloc(r->arena, parameters + NET_MAX_PORTS, sizeof(nn_node *), r->err) : NULL;
    if (!dx)
        return false;
    for (int i = 0; i < r->ports.input_count; i++)
        x[count++] = row->gradients[i] ? r->ports.inputs[i].node : NULL;
    for (size_t i = 0; (leaf = nn_leaf_at(r->graph, NN_PARAMETER, i)) != NULL; i++)
        x[count++] = leaf;
    if (!row->is_loss)
        r->cotangent = nn_input(r->graph, "r", y->shape);
    nn_gradients(y, r->cotangent, (int)count, x, dx);
    for (size_t i = 0; i < count; i++) {
        const bool is_input = i < (size_t)r->ports.input_count;
        if (x[i] && !add_wanted(r, is_input ? "" : "grad/", is_input ? row->gradients[i] : x[i]->name, dx[i]))
            return false;
    }
    return nn_graph_ok(r->graph, r->err);
}

static bool want_buffers(running *r)
{
    nn_node *leaf;
    for (size_t i = 0; (leaf = nn_leaf_at(r->graph, NN_BUFFER, i)) != NULL; i++)
        if (!add_wanted(r, "buffer/", leaf->name, nn_updated(r->graph, leaf)))
            return false;
    return nn_graph_ok(r->graph, r->err);
}

static bool bind_input(const running *r, nn_plan *plan, const char *name, const nn_node *node)
{
    const tensor *t;
    nn_shape shape;
    char found[NN_SHAPE_TEXT], expected[NN_SHAPE_TEXT];
    if (!find_input(r, name, &t, r->err) || !net_shape_of(t, &shape, r->err))
        return false;
    if (!nn_shape_equal(&shape, &node->shape))
        return df_fail(r->err, "array '%s': %s, expected %s", name, nn_shape_text(&shape, found), nn_shape_text(&node->shape, expected));
    const float *data = tensor_floats(t, r->arena, r->err);
    if (data)
        nn_plan_bind(plan, node, data);
    return data != NULL;
}

static bool take_results(const running *r, const nn_plan *plan, tensor_list *out)
{
    tensor *tensors = df_alloc(r->arena, r->count, sizeof *tensors, r->err);
    if (!tensors)
        return false;
    for (size_t i = 0; i < r->count; i++) {
        const nn_shape *shape = &r->wanted[i].node->shape;
        tensors[i] = (tensor){.name = r->wanted[i].name, .type = TENSOR_F32, .rank = shape->rank};
        memcpy(tensors[i].shape, shape->size, (size_t)shape->rank * sizeof *shape->size);
        tensors[i].data = df_copy(r->arena, nn_plan_value(plan, r->wanted[i].node), (size_t)nn_elements(shape) * sizeof(float), r->err);
        if (!tensors[i].data)
            return false;
    }
    *out = (tensor_list){.tensors = tensors, .count = r->count};
    return true;
}

static bool run_plan(const running *r, nn_plan *plan, tensor_list *out)
{
    for (int i = 0; i < r->ports.input_count; i++)
        if (!bind_input(r, plan, r->ports.inputs[i].name, r->ports.inputs[i].node))
            return false;
    if (r->cotangent && !bind_input(r, plan, "r", r->cotangent))
        return false;
    return nn_plan_run(plan, r->err) && take_results(r, plan, out);
}

static bool plan_and_run(const running *r, tensor_list *out)
{
    if (!r->task->weights.from && nn_leaf_at(r->graph, NN_PARAMETER, 0))
        return df_fail(r->err, "%s: takes weights, and none are given", r->task->row->name);
    nn_node **nodes = df_alloc(r->arena, r->count, sizeof(nn_node *), r->err);
    for (size_t i = 0; nodes && i < r->count; i++)
        nodes[i] = r->wanted[i].node;
    net_weights *weights = nodes && r->task->weights.from ? net_weights_load(r->graph, &r->task->weights, r->err) : NULL;
    const nn_plan_form form = {.bfloat16 = r->task->bfloat16};
    nn_plan *plan = nodes && (weights || !r->task->weights.from) ? nn_plan_new_as(r->graph, r->count, nodes, &form, r->err) : NULL;
    if (plan && weights)
        net_weights_bind(weights, plan);
    const bool ok = plan && run_plan(r, plan, out);
    nn_plan_free(plan);
    net_weights_close(weights);
    return ok;
}

bool net_run(const net_task *task, const tensor_list *given, df_arena *arena, tensor_list *out, df_error *err)
{
    running r = {.task = task, .given = given, .arena = arena, .err = err, .graph = nn_graph_new(err)};
    const bool ok = r.graph && build(&r) && (!task->gradients || differentiate(&r)) && want_buffers(&r) && plan_and_run(&r, out);
    nn_graph_free(r.graph);
    return ok;
}
