/* plan.c: from a graph to a list of steps and one block of memory. */
#include "nn/plan.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "nn/device.h"
#include "nn/lower.h"
#include "nn/op.h"

enum { ALIGNMENT = 64, HUGE_PAGE = 1 << 21 };
#define NOWHERE SIZE_MAX

typedef struct value { /* the result of a node */
    bool is_output;
    bool is_fixed;       /* in a frozen plan: depends on no input */
    size_t bytes, place; /* in the block; NOWHERE: a leaf's */
    size_t last_use;     /* number of the last node that reads it */
    const float *data;
} value;

struct nn_plan {
    size_t given;    /* nodes of the caller's graph */
    nn_node **map;   /* [given] what each became, NULL: nothing */
    nn_graph *graph; /* lowered: all its nodes are needed */
    df_arena *arena;
    nn_device device;
    bool is_frozen, is_stale; /* is_stale: what is fixed must be computed */
    size_t nodes;
    value *values; /* [nodes] */
    nn_step *steps;
    size_t count;
    char *block;
    size_t block_bytes, scratch_bytes;
};

/* ---- how long results live, once it is known what the kernels keep ---- */

/* What a step computes once and others read in every run stays for good. */
static void note_lifetimes(nn_plan *plan)
{
    for (size_t s = 0; s < plan->count; s++) {
        const nn_step *step = &plan->steps[s];
        const size_t number = step->node->number;
        for (int k = 0; k < step->node->input_count; k++) {
            value *v = &plan->values[step->node->inputs[k]->number];
            const bool is_for_good = v->is_fixed && !plan->values[number].is_fixed && (step->kept & 1U << k) == 0;
            if (is_for_good)
                v->last_use = SIZE_MAX;
            else if (v->last_use < number)
                v->last_use = number;
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

/* Memory that lies on large pages where the system has them to give. */
static char *large_block(df_arena *arena, size_t bytes, df_error *err)
{
    const size_t pages = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    if (pages < HUGE_PAGE)
        return df_alloc(arena, bytes, 1, err);
    char *memory = df_alloc(arena, pages + HUGE_PAGE, 1, err);
    if (!memory)
        return NULL;
    char *aligned = memory + (HUGE_PAGE - (uintptr_t)memory % HUGE_PAGE) % HUGE_PAGE;
    (void)madvise(aligned, pages, MADV_HUGEPAGE); /* without them it is slower, not wrong */
    return aligned;
}

/* Results that later runs read as they are come first, so that no step before theirs writes there. */
static void pack_fixed(nn_plan *plan, packing *p)
{
    for (size_t i = 0; i < plan->nodes; i++) {
        const nn_node *node = nn_node_at(plan->graph, i);
        value *v = &plan->values[i];
        v->place = NOWHERE;
        v->bytes = ((size_t)nn_memory_elements(node) * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (node->op != &nn_leaf_op && v->is_fixed && v->last_use == SIZE_MAX)
            v->place = take(p, v->bytes, SIZE_MAX);
    }
}

static bool pack(nn_plan *plan, df_error *err)
{
    packing p = {.alive = df_alloc(plan->arena, plan->nodes + 1, sizeof(span), err)};
    if (!p.alive)
        return false;
    pack_fixed(plan, &p);
    for (size_t i = 0; i < plan->nodes; i++) {
        const nn_node *node = nn_node_at(plan->graph, i);
        value *v = &plan->values[i];
        if (node->op == &nn_leaf_op || v->place != NOWHERE)
            continue;
        drop_dead(&p, i);
        if (!take_over(&p, plan, node, v))
            v->place = take(&p, v->bytes, v->last_use);
    }
    plan->block_bytes = p.end;
    plan->block = large_block(plan->arena, p.end, err);
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

static bool is_fixed(const nn_plan *plan, const nn_node *node)
{
    bool fixed = plan->is_frozen && (node->op != &nn_leaf_op || node->leaf != NN_INPUT);
    for (int k = 0; k < node->input_count; k++)
        fixed = fixed && plan->values[node->inputs[k]->number].is_fixed;
    return fixed;
}

static bool prepare_step(nn_plan *plan, const nn_node *node, df_error *err)
{
    nn_step *step = &plan->steps[plan->count++]; /* counted at once, for release */
    *step = (nn_step){.node = node, .device = &plan->device};
    for (int k = 0; k < node->input_count; k++)
        if (plan->values[node->inputs[k]->number].is_fixed)
            step->fixed |= 1U << k;
    if (node->op->prepare && !node->op->prepare(step, plan->arena, err))
        return df_fail_in(err, "%s", node->name);
    if (step->scratch_size > plan->scratch_bytes)
        plan->scratch_bytes = step->scratch_size;
    return true;
}

static bool prepare(nn_plan *plan, df_error *err)
{
    plan->steps = df_alloc(plan->arena, plan->nodes, sizeof *plan->steps, err);
    if (!plan->steps)
        return false;
    for (size_t i = 0; i < plan->nodes; i++) {
        const nn_node *node = nn_node_at(plan->graph, i);
        plan->values[i].is_fixed = is_fixed(plan, node);
        if (node->op == &nn_leaf_op ? node->leaf == NN_CONSTANT && !fill_constant(plan, node, err) : !prepare_step(plan, node, err))
            return false;
    }
    return true;
}

/* Results and scratch memory, now that the kernels have said what they want. */
static bool place(nn_plan *plan, df_error *err)
{
    note_lifetimes(plan);
    if (!pack(plan, err))
        return false;
    char *scratch = large_block(plan->arena, plan->scratch_bytes, err);
    for (size_t s = 0; scratch && s < plan->count; s++) {
        value *v = &plan->values[plan->steps[s].node->number];
        plan->steps[s].scratch = scratch;
        plan->steps[s].out = (float *)(void *)(plan->block + v->place);
        v->data = plan->steps[s].out;
    }
    return scratch != NULL;
}

static bool lower(nn_plan *plan, const nn_graph *graph, size_t count, nn_node *const *outputs, bool is_plain, df_error *err)
{
    plan->map = df_alloc(plan->arena, plan->given, sizeof(nn_node *), err);
    plan->graph = plan->map ? nn_lower(graph, count, outputs, is_plain, plan->map, err) : NULL;
    if (!plan->graph)
        return false;
    plan->nodes = nn_node_count(plan->graph);
    plan->values = df_alloc(plan->arena, plan->nodes, sizeof *plan->values, err);
    for (size_t i = 0; plan->values && i < count; i++) {
        value *v = &plan->values[plan->map[outputs[i]->number]->number];
        v->is_output = true;
        v->last_use = SIZE_MAX;
    }
    return plan->values != NULL;
}

nn_plan *nn_plan_new_as(const nn_graph *graph, size_t count, nn_node *const *outputs, const nn_plan_form *form, df_error *err)
{
    static const nn_plan_form usual = {0};
    if (!nn_graph_ok(graph, err))
        return NULL;
    form = form ? form : &usual;
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    nn_plan *plan = arena ? df_alloc(arena, 1, sizeof *plan, err) : NULL;
    if (!plan) {
        df_arena_free(arena);
        return NULL;
    }
    *plan = (nn_plan){.arena = arena, .given = nn_node_count(graph), .is_frozen = form->is_frozen, .is_stale = true};
    if (nn_device_open(&plan->device, form->bfloat16, err) && lower(plan, graph, count, outputs, form->is_as_written, err) &&
        prepare(plan, err) && place(plan, err))
        return plan;
    nn_plan_free(plan);
    return NULL;
}

nn_plan *nn_plan_new(const nn_graph *graph, size_t count, nn_node *const *outputs, df_error *err)
{
    return nn_plan_new_as(graph, count, outputs, NULL, err);
}

void nn_plan_free(nn_plan *plan)
{
    if (!plan)
        return;
    for (size_t s = 0; plan->steps && s < plan->count; s++)
        if (plan->steps[s].node->op->release)
            plan->steps[s].node->op->release(&plan->steps[s]);
    nn_device_close(&plan->device);
    nn_graph_free(plan->graph);
    df_arena_free(plan->arena); /* the plan itself lives there */
}

void nn_plan_bind(nn_plan *plan, const nn_node *leaf, const float *data)
{
    const nn_node *node = leaf->number < plan->given ? plan->map[leaf->number] : NULL;
    if (!node)
        return;
    plan->values[node->number].data = data;
    plan->is_stale = plan->is_stale || leaf->leaf != NN_INPUT;
}

static void run_step(nn_plan *plan, nn_step *step)
{
    for (int k = 0; k < step->node->input_count; k++)
        step->in[k] = plan->values[step->node->inputs[k]->number].data;
    step->is_fresh = plan->is_stale;
    step->node->op->run(step);
}

bool nn_plan_time(nn_plan *plan, double *seconds, df_error *err)
{
    for (size_t i = 0; i < plan->nodes; i++)
        if (!plan->values[i].data)
            return df_fail(err, "%s: not bound", nn_node_at(plan->graph, i)->name);
    for (size_t s = 0; s < plan->count; s++) {
        nn_step *step = &plan->steps[s];
        const bool is_due = plan->is_stale || !plan->values[step->node->number].is_fixed;
        const double start = seconds && is_due ? df_clock() : 0;
        if (is_due)
            run_step(plan, step);
        if (seconds)
            seconds[s] = is_due ? df_clock() - start : 0;
    }
    plan->is_stale = false;
    return true;
}

bool nn_plan_run(nn_plan *plan, df_error *err)
{
    return nn_plan_time(plan, NULL, err);
}

const float *nn_plan_value(const nn_plan *plan, const nn_node *output)
{
    return plan->values[plan->map[output->number]->number].data;
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

int64_t nn_plan_step_products(const nn_plan *plan, size_t step)
{
    const nn_node *node = plan->steps[step].node;
    return node->op->products ? node->op->products(node) : 0;
}
