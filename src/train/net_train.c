/* net_train.c: forward, loss, backward, update. */
#include "train/net_train.h"

#include <math.h>
#include <string.h>

#include "base/stop.h"
#include "nn/gradient.h"
#include "nn/op.h"

typedef struct trained {    /* a parameter, or a buffer with its new value */
    nn_node *leaf, *change; /* derivative or new value; NULL: it stays */
    float *values;
    optimizer_slot slot;
} trained;

typedef struct loop {
    const net_training *training;
    df_arena *arena;
    nn_graph *graph;
    nn_plan *plan;
    nn_node *x, *y, *loss;
    const float *xs, *ys; /* all batches */
    int64_t batches;
    trained *parameters, *buffers;
    size_t parameter_count, buffer_count;
    df_error *err;
} loop;

/* The shape of one batch of an array. */
static bool batch_shape(const tensor_list *given, const char *name, int64_t *batches, nn_shape *out, df_error *err)
{
    const tensor *t = tensor_find(given, name);
    nn_shape all;
    if (!t)
        return df_fail(err, "no array '%s'", name);
    if (!net_shape_of(t, &all, err))
        return false;
    if (all.rank < 2 || nn_elements(&all) == 0)
        return df_fail(err, "array '%s': expected [batches][n]... that is not empty", name);
    *batches = all.size[0];
    *out = (nn_shape){.rank = all.rank - 1};
    memcpy(out->size, all.size + 1, (size_t)out->rank * sizeof *out->size);
    return true;
}

/* Labels: -mean log softmax at the label. Numbers: mean of softplus(z) - z y. */
static nn_node *loss_of(nn_node *logits, nn_node *y)
{
    if (!logits || !y)
        return NULL;
    if (y->shape.rank == 1) {
        nn_node *likelihood = nn_sum(nn_mul(nn_one_hot(y, logits->shape.size[1]), nn_log_softmax(logits)));
        return nn_scale(likelihood, -1 / (float)logits->shape.size[0], 0);
    }
    return nn_mean(nn_sub(nn_softplus(logits), nn_mul(logits, y)));
}

static bool build(loop *l, const tensor_list *given)
{
    const net_task *task = l->training->task;
    net_options options = task->options;
    net_ports ports;
    nn_shape x, y;
    int64_t y_batches;
    if (!batch_shape(given, "x", &l->batches, &x, l->err) || !batch_shape(given, "y", &y_batches, &y, l->err))
        return false;
    if (y_batches != l->batches || y.size[0] != x.size[0])
        return df_fail(l->err, "arrays 'x' and 'y' have not as many batches, or images in them");
    options.mode = NN_TRAIN;
    if (!net_build(task->row, l->graph, &x, &options, &ports, l->err))
        return false;
    nn_node *logits = ports.outputs[0].node;
    if (y.rank == 2 && !nn_shape_equal(&y, &logits->shape))
        return df_fail(l->err, "array 'y': as many numbers expected as the network gives");
    l->x = ports.inputs[0].node;
    l->y = nn_input(l->graph, "y", y);
    l->loss = loss_of(logits, l->y);
    l->xs = tensor_floats(tensor_find(given, "x"), l->arena, l->err);
    l->ys = tensor_floats(tensor_find(given, "y"), l->arena, l->err);
    return l->xs && l->ys && nn_graph_ok(l->graph, l->err);
}

static bool list_leaves(loop *l, nn_leaf kind, trained **out, size_t *count)
{
    while (nn_leaf_at(l->graph, kind, *count))
        ++*count;
    *out = df_alloc(l->arena, *count, sizeof **out, l->err);
    for (size_t i = 0; *out && i < *count; i++)
        (*out)[i].leaf = nn_leaf_at(l->graph, kind, i);
    return *out != NULL;
}

static bool differentiate(loop *l)
{
    if (!list_leaves(l, NN_PARAMETER, &l->parameters, &l->parameter_count) || !list_leaves(l, NN_BUFFER, &l->buffers, &l->buffer_count))
        return false;
    nn_node **x = df_alloc(l->arena, l->parameter_count, sizeof(nn_node *), l->err);
    nn_node **dx = x ? df_alloc(l->arena, l->parameter_count, sizeof(nn_node *), l->err) : NULL;
    if (!dx)
        return false;
    for (size_t i = 0; i < l->parameter_count; i++)
        x[i] = l->parameters[i].leaf;
    nn_gradients(l->loss, NULL, (int)l->parameter_count, x, dx);
    for (size_t i = 0; i < l->parameter_count; i++)
        l->parameters[i].change = dx[i];
    for (size_t i = 0; i < l->buffer_count; i++)
        l->buffers[i].change = nn_updated(l->graph, l->buffers[i].leaf);
    return nn_graph_ok(l->graph, l->err);
}

/* A copy of the weights that training may change, bound to the plan. */
static bool own_weights(loop *l, const net_weights *weights)
{
    trained *const lists[] = {l->parameters, l->buffers};
    const size_t counts[] = {l->parameter_count, l->buffer_count};
    size_t next = 0;
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < counts[k]; i++, next++) {
            trained *t = &lists[k][i];
            const size_t count = (size_t)nn_elements(&t->leaf->shape);
            t->values = df_copy(l->arena, net_weights_data(weights, next), count * sizeof(float), l->err);
            if (!t->values || (k == 0 && !optimizer_slot_init(&t->slot, &l->training->optimizer, count, l->arena, l->err)))
                return false;
            nn_plan_bind(l->plan, t->leaf, t->values);
        }
    return true;
}

static bool make_plan(loop *l)
{
    nn_node **outputs = df_alloc(l->arena, 1 + l->parameter_count + l->buffer_count, sizeof(nn_node *), l->err);
    size_t count = 0;
    if (!outputs)
        return false;
    outputs[count++] = l->loss;
    for (size_t i = 0; i < l->parameter_count; i++)
        if (l->parameters[i].change)
            outputs[count++] = l->parameters[i].change;
    for (size_t i = 0; i < l->buffer_count; i++)
        if (l->buffers[i].change)
            outputs[count++] = l->buffers[i].change;
    net_weights *weights = net_weights_load(l->graph, &l->training->task->weights, l->err);
    l->plan = weights ? nn_plan_new(l->graph, count, outputs, l->err) : NULL;
    const bool ok = l->plan && own_weights(l, weights);
    net_weights_close(weights);
    return ok;
}

static bool step(loop *l, int64_t number, float *loss)
{
    const int64_t batch = (number - 1) % l->batches;
    nn_plan_bind(l->plan, l->x, l->xs + batch * nn_elements(&l->x->shape));
    nn_plan_bind(l->plan, l->y, l->ys + batch * nn_elements(&l->y->shape));
    if (!nn_plan_run(l->plan, l->err))
        return false;
    *loss = *nn_plan_value(l->plan, l->loss);
    if (!isfinite(*loss))
        return df_fail(l->err, "step %lld: the loss is no number any more; a smaller rate may help", (long long)number);
    for (size_t i = 0; i < l->parameter_count; i++)
        if (l->parameters[i].change)
            optimizer_step(&l->training->optimizer, &l->parameters[i].slot, number, nn_plan_value(l->plan, l->parameters[i].change),
                           l->parameters[i].values);
    for (size_t i = 0; i < l->buffer_count; i++)
        if (l->buffers[i].change)
            memcpy(l->buffers[i].values, nn_plan_value(l->plan, l->buffers[i].change),
                   (size_t)nn_elements(&l->buffers[i].leaf->shape) * sizeof(float));
    return true;
}

static bool run(loop *l, float *losses)
{
    const df_progress *progress = l->training->progress;
    bool ok = true;
    df_progress_start(progress, "training", l->training->steps);
    for (int64_t s = 1; ok && s <= l->training->steps; s++) {
        ok = df_stop_signal() == 0 ? step(l, s, &losses[s - 1]) : df_fail(l->err, "stopped at step %lld", (long long)s);
        df_progress_step(progress, s);
    }
    df_progress_finish(progress);
    return ok;
}

bool net_train(const net_training *training, const tensor_list *given, float *losses, df_error *err)
{
    loop l = {.training = training, .arena = df_arena_new(SIZE_MAX, err), .err = err};
    l.graph = l.arena ? nn_graph_new(err) : NULL;
    const bool ok = l.graph && build(&l, given) && differentiate(&l) && make_plan(&l) && run(&l, losses);
    nn_plan_free(l.plan);
    nn_graph_free(l.graph);
    df_arena_free(l.arena);
    return ok;
}
