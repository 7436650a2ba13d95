/* plan.c: from a graph to a list of steps and one block of memory. */
#include "nn/plan.h"

#include <string.h>

#include "nn/device.h"
#include "nn/op.h"

enum { ALIGNMENT = 64 };
#define NOWHERE SIZE_MAX

typedef struct value { /* the result of a node */
    bool is_needed, is_output;
    size_t bytes, place; /* in the block; NOWHERE: a leaf's */
    size_t last_use;     /* number of the last node that reads it */
    const float *data;
} value;

struct nn_plan {
    const nn_graph *graph;
    df_arena *arena;
    nn_device device;
    size_t nodes;  /* of the graph when the plan was made */
    value *values; /* [nodes] */
    nn_step *steps;
    size_t count;
    char *block;
    size_t block_bytes, scratch_bytes;
};

/* ---- what is needed, and how long ---- */

static void mark(nn_plan *plan, size_t count, nn_node *const *outputs)
{
    for (size_t i = 0; i < count; i++) {
        value *v = &plan->values[outputs[i]->number];
        v->is_needed = v->is_output = true;
        v->last_use = SIZE_MAX;
    }
    for (size_t i = plan->nodes; i-- > 0;) {
        const nn_node *node = nn_node_at(plan->graph, i);
        if (!plan->values[i].is_needed)
            continue;
        for (int k = 0; k < node->input_count; k++) {
            value *v = &plan->values[node->inputs[k]->number];
            v->is_needed = true;
            if (v->last_use < i)
                v->last_use = i;
        }
    }
}

/* ---- the block: each result takes the lowest gap among those that are alive ---- */

typedef struct span {
    size_t begin, end, until; /* until: number of the last node that reads it */
} span;

typedef struct packing {
    span *alive; /* sorted by begin */
    size_t count, end;
} packing;

static void drop_dead(packing *p, size_t now)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->count; i++)
        if (p->alive[i].until >= now)
            p->alive[kept++] = p->alive[i];
    p->count = kept;
}

static size_t take(packing *p, size_t bytes, size_t until)
{
    size_t at = 0, i = 0;
    for (; i < p->count && p->alive[i].begin - at < bytes; i++)
        at = p->alive[i].end > at ? p->alive[i].end : at;
    for (size_t k = p->count++; k > i; k--)
        p->alive[k] = p->alive[k - 1];
    p->alive[i] = (span){.begin = at, .end = at + bytes, .until = until};
    p->end = at + bytes > p->end ? at + bytes : p->end;
    return at;
}

/* The result may stand where input 0 stood, if nobody reads that later. */
static bool take_over(packing *p, const nn_plan *plan, const nn_node *node, value *v)
{
    if (!node->op->in_place)
        return false;
    const value *input = &plan->values[node->inputs[0]->number];
    for (int k = 1; k < node->input_count; k++)
        if (node->inputs[k] == node->inputs[0])
            return false;
    if (input->place == NOWHERE || input->is_output || input->last_use != node->number || input->bytes != v->bytes)
        return false;
    for (size_t i = 0; i < p->count; i++)
        if (p->alive[i].begin == input->place && p->alive[i].until == node->number) {
            p->alive[i].until = v->last_use;
            v->place = input->place;
            return true;
        }
    return false;
}

static bool pack(nn_plan *plan, df_error *err)
{
    packing p = {.alive = df_alloc(plan->arena, plan->nodes + 1, sizeof(span), err)};
    if (!p.alive)
        return false;
    for (size_t i = 0; i < plan->nodes; i++) {
        const nn_node *node = nn_node_at(plan->graph, i);
        value *v = &plan->values[i];
        v->place = NOWHERE;
        if (!v->is_needed || node->op == &nn_leaf_op)
            continue;
        v->bytes = ((size_t)nn_elements(&node->shape) * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        drop_dead(&p, i);
        if (!take_over(&p, plan, node, v))
            v->place = take(&p, v->bytes, v->last_use);
        plan->count++;
    }
    plan->block_bytes = p.end;
    plan->block = df_alloc(plan->arena, p.end, 1, err);
    return plan->block != NULL;
}

/* ---- steps ---- */

static bool fill_constant(nn_plan *plan, const nn_node *node, df_error *err)
{
    const size_t count = (size_t)nn_elements(&node->shape);
    float *data = df_alloc(plan->arena, count, sizeof *data, err);
    for (size_t i = 0; data && i < count; i++)
        data[i] = node->form.real[0];
    plan->values[node->number].data = data;
    return data != NULL;
}

static bool prepare(nn_plan *plan, df_error *err)
{
    plan->steps = df_alloc(plan->arena, plan->count, sizeof *plan->steps, err);
    if (!plan->steps)
        return false;
    plan->count = 0; /* of those that are prepared, for release */
    for (size_t i = 0; i < plan->nodes; i++) {
        const nn_node *node = nn_node_at(plan->graph, i);
        if (!plan->values[i].is_needed)
            continue;
        if (node->op == &nn_leaf_op) {
            if (node->leaf == NN_CONSTANT && !fill_constant(plan, node, err))
                return false;
            continue;
        }
        nn_step *step = &plan->steps[plan->count++];
        *step = (nn_step){.node = node, .device = &plan->device, .out = (float *)(void *)(plan->block + plan->values[i].place)};
        plan->values[i].data = step->out;
        if (node->op->prepare && !node->op->prepare(step, plan->arena, err))
            return df_fail_in(err, "%s", node->name);
        if (step->scratch_size > plan->scratch_bytes)
            plan->scratch_bytes = step->scratch_size;
    }
    void *scratch = df_alloc(plan->arena, plan->scratch_bytes, 1, err);
    for (size_t s = 0; scratch && s < plan->count; s++)
        plan->steps[s].scratch = scratch;
    return scratch != NULL;
}

nn_plan *nn_plan_new(const nn_graph *graph, size_t count, nn_node *const *outputs, df_error *err)
{
    if (!nn_graph_ok(graph, err))
        return NULL;
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    nn_plan *plan = arena ? df_alloc(arena, 1, sizeof *plan, err) : NULL;
    if (!plan) {
        df_arena_free(arena);
        return NULL;
    }
    *plan = (nn_plan){.graph = graph, .arena = arena, .nodes = nn_node_count(graph)};
    plan->values = df_alloc(arena, plan->nodes, sizeof *plan->values, err);
    if (plan->values)
        mark(plan, count, outputs);
    if (plan->values && nn_device_open(&plan->device, err) && pack(plan, err) && prepare(plan, err))
        return plan;
    nn_plan_free(plan);
    return NULL;
}

void nn_plan_free(nn_plan *plan)
{
    if (!plan)
        return;
    for (size_t s = 0; plan->steps && s < plan->count; s++)
        if (plan->steps[s].node->op->release)
            plan->steps[s].node->op->release(&plan->steps[s]);
    nn_device_close(&plan->device);
    df_arena_free(plan->arena); /* the plan itself lives there */
}

void nn_plan_bind(nn_plan *plan, const nn_node *leaf, const float *data)
{
    if (leaf->number < plan->nodes)
        plan->values[leaf->number].data = data;
}

static void run_step(const nn_plan *plan, size_t number)
{
    nn_step *step = &plan->steps[number];
    for (int k = 0; k < step->node->input_count; k++)
        step->in[k] = plan->values[step->node->inputs[k]->number].data;
    step->node->op->run(step);
}

bool nn_plan_run(nn_plan *plan, df_error *err)
{
    for (size_t i = 0; i < plan->nodes; i++)
        if (plan->values[i].is_needed && !plan->values[i].data)
            return df_fail(err, "%s: not bound", nn_node_at(plan->graph, i)->name);
    for (size_t s = 0; s < plan->count; s++)
        run_step(plan, s);
    return true;
}

const float *nn_plan_value(const nn_plan *plan, const nn_node *output)
{
    return plan->values[output->number].data;
}

size_t nn_plan_bytes(const nn_plan *plan)
{
    return plan->block_bytes + plan->scratch_bytes;
}

size_t nn_plan_steps(const nn_plan *plan)
{
    return plan->count;
}

const nn_node *nn_plan_step_node(const nn_plan *plan, size_t step)
{
    return plan->steps[step].node;
}
