/* net_meter.c: whole runs and runs by steps in turn, then medians. Training's are those of its learner. */
#include "train/net_meter.h"

#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/stop.h"
#include "train/learner.h"
#include "train/losses.h"

/* Small, so that random images and labels do not drive the weights away. */
static const double RATE = 1e-5;
static const float MOMENTUM = 0.9f;

typedef struct meter {
    const net_meter_task *task;
    df_arena *arena;
    net_meter_times *out;
    nn_plan *plan;
    learner *learner; /* NULL: outputs alone */
    double *whole;    /* [repeats] */
    double *steps;    /* [repeats][step_count] */
} meter;

static bool run_whole(const meter *m, int64_t number, double *seconds, df_error *err)
{
    trainer_step done;
    const double begin = df_clock();
    if (!(m->learner ? learner_step(m->learner, number, RATE, &done, err) : nn_plan_run(m->plan, err)))
        return false;
    *seconds = df_clock() - begin;
    return true;
}

static bool repeat(const meter *m, df_error *err)
{
    const df_progress *progress = m->task->progress;
    double unused;
    bool ok = run_whole(m, 1, &unused, err);
    df_progress_start(progress, "timing", m->task->repeats);
    for (int64_t i = 0; ok && i < m->task->repeats; i++) {
        ok = df_stop_signal() == 0
                 ? run_whole(m, 2 + i, &m->whole[i], err) && nn_plan_time(m->plan, m->steps + i * (int64_t)m->out->info.step_count, err)
                 : df_fail(err, "stopped");
        df_progress_step(progress, i + 1);
    }
    df_progress_finish(progress);
    return ok;
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, df_by_double);
    return 0.5 * (values[(count - 1) / 2] + values[count / 2]);
}

static bool take_medians(meter *m, df_error *err)
{
    const size_t repeats = (size_t)m->task->repeats, count = m->out->info.step_count;
    double *steps = df_alloc(m->arena, count, sizeof *steps, err), *one = df_alloc(m->arena, repeats, sizeof *one, err);
    if (!steps || !one)
        return false;
    for (size_t s = 0; s < count; s++) {
        for (size_t r = 0; r < repeats; r++)
            one[r] = m->steps[r * count + s];
        steps[s] = median(one, repeats);
    }
    m->out->steps = steps;
    m->out->whole = median(m->whole, repeats);
    m->out->least = m->whole[0];
    m->out->most = m->whole[repeats - 1];
    return true;
}

/* Looks at the plan, and times it. */
static bool measure(meter *m, const nn_graph *graph, df_error *err)
{
    if (!net_info_of_plan(graph, m->plan, m->arena, &m->out->info, err))
        return false;
    m->whole = df_alloc(m->arena, (size_t)m->task->repeats, sizeof *m->whole, err);
    m->steps = df_alloc(m->arena, (size_t)m->task->repeats * m->out->info.step_count, sizeof *m->steps, err);
    return m->whole && m->steps && repeat(m, err) && take_medians(m, err);
}

static const float *make_images(const nn_shape *shape, df_arena *arena, df_error *err)
{
    const int64_t count = nn_elements(shape);
    float *images = df_alloc(arena, (size_t)count, sizeof *images, err);
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int64_t i = 0; images && i < count; i++)
        images[i] = df_random_range(&random, -1, 1);
    return images;
}

/* ---- outputs alone ---- */

static bool time_outputs(meter *m, const nn_graph *graph, const net_ports *ports, const net_weights *weights, df_error *err)
{
    const float *images = make_images(&m->task->shape, m->arena, err);
    m->plan = images ? nn_plan_new_as(graph, 1, &ports->outputs[0].node, &(nn_plan_form){.is_frozen = true}, err) : NULL;
    if (!m->plan)
        return false;
    net_weights_bind(weights, m->plan);
    nn_plan_bind(m->plan, ports->inputs[0].node, images);
    const bool ok = measure(m, graph, err);
    nn_plan_free(m->plan);
    return ok;
}

/* ---- training ---- */

/* As batches->get: always the same ones. */
static bool get(void *self, int64_t step, const float **arrays, df_error *err)
{
    const float *const *all = self;
    (void)step;
    (void)err;
    arrays[0] = all[0];
    arrays[1] = all[1];
    return true;
}

/* Labels 0 and 1 in turn, or 0 alone where there is one class. */
static const float *make_labels(int64_t count, int64_t classes, df_arena *arena, df_error *err)
{
    float *labels = df_alloc(arena, (size_t)count, sizeof *labels, err);
    for (int64_t i = 0; labels && i < count; i++)
        labels[i] = classes > 1 ? (float)(i % 2) : 0;
    return labels;
}

static bool time_training(meter *m, nn_graph *graph, const net_ports *ports, const net_weights *weights, df_error *err)
{
    const nn_shape *logits = nn_shape_at(ports->outputs[0].node);
    nn_node *y = nn_input(graph, "y", nn_shape_of(logits->size[0]));
    const trainer_input inputs[2] = {{.node = ports->inputs[0].node}, {.node = y, .classes = logits->size[1]}};
    const float *arrays[2] = {make_images(&m->task->shape, m->arena, err), NULL};
    arrays[1] = arrays[0] ? make_labels(logits->size[0], logits->size[1], m->arena, err) : NULL;
    const batches data = {.self = arrays, .get = get};
    const trainer_form form = {.graph = graph,
                               .loss = loss_cross_entropy(ports->outputs[0].node, y),
                               .inputs = inputs,
                               .input_count = 2,
                               .data = &data,
                               .weights = weights,
                               .optimizer = {.kind = OPTIMIZER_SGD, .rate = (float)RATE, .momentum = MOMENTUM},
                               .steps = 1 + m->task->repeats};
    m->learner = df_alloc(m->arena, 1, sizeof *m->learner, err);
    if (!m->learner)
        return false;
    bool ok = arrays[1] && nn_graph_ok(graph, err) && learner_open(m->learner, &form, m->arena, err);
    if (ok) {
        m->plan = m->learner->plan;
        ok = measure(m, graph, err);
    }
    learner_close(m->learner);
    return ok;
}

bool net_meter_run(const net_meter_task *task, df_arena *arena, net_meter_times *out, df_error *err)
{
    net_meter_times times = {.steps = NULL};
    meter m = {.task = task, .arena = arena, .out = &times};
    net_options options = task->task->options;
    net_ports ports;
    options.mode = task->trains ? NN_TRAIN : NN_EVALUATE;
    nn_graph *graph = nn_graph_new(err);
    const bool is_built = graph && net_build(task->task->row, graph, &task->shape, &options, &ports, err);
    net_weights *weights = is_built ? net_weights_load(graph, &task->task->weights, err) : NULL;
    const bool ok =
        weights && (task->trains ? time_training(&m, graph, &ports, weights, err) : time_outputs(&m, graph, &ports, weights, err));
    net_weights_close(weights);
    nn_graph_free(graph);
    if (ok)
        *out = times;
    return ok;
}
