/* learner.c: the plan gives loss, derivatives and new running values at once; they are summed where a step has several parts, measured,
   and only then anything is changed. */
#include "train/learner.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/stop.h"
#include "nn/gradient.h"
#include "train/labels.h"
#include "train/sums.h"

enum { ENDS = 2 };                   /* what follows the sums of the parts: the loss, and how many ranks wish to end */
static const double CLIP_EPS = 1e-6; /* as clip_grad_norm_ */

/* ---- making ---- */

static float *new_array(learner *l, size_t count, df_error *err)
{
    l->bytes += count * sizeof(float);
    return df_alloc(l->arena, count, sizeof(float), err);
}

static bool list_leaves(learner *l, nn_leaf kind, learner_part **out, size_t *count, df_error *err)
{
    *count = 0;
    while (nn_leaf_at(l->form->graph, kind, *count))
        ++*count;
    *out = df_alloc(l->arena, *count, sizeof **out, err);
    for (size_t i = 0; *out && i < *count; i++) {
        learner_part *part = &(*out)[i];
        part->leaf = nn_leaf_at(l->form->graph, kind, i);
        part->count = (size_t)nn_elements(nn_shape_at(part->leaf));
    }
    return *out != NULL;
}

static bool differentiate(learner *l, df_error *err)
{
    nn_node **x = df_alloc(l->arena, l->parameter_count, sizeof(nn_node *), err);
    nn_node **dx = x ? df_alloc(l->arena, l->parameter_count, sizeof(nn_node *), err) : NULL;
    bool any = false;
    if (!dx)
        return false;
    for (size_t i = 0; i < l->parameter_count; i++)
        x[i] = l->parameters[i].leaf;
    nn_gradients(l->form->loss, NULL, (int)l->parameter_count, x, dx);
    for (size_t i = 0; i < l->parameter_count; i++) {
        l->parameters[i].change = dx[i];
        any |= dx[i] != NULL;
    }
    for (size_t i = 0; i < l->buffer_count; i++)
        l->buffers[i].change = nn_updated(l->form->graph, l->buffers[i].leaf);
    return nn_graph_ok(l->form->graph, err) && (any || df_fail(err, "the loss depends on no parameter"));
}

static bool has_running_values(const learner *l)
{
    for (size_t i = 0; i < l->buffer_count; i++)
        if (l->buffers[i].change)
            return true;
    return false;
}

static bool make_parameter(learner *l, learner_part *part, df_error *err)
{
    const trainer_form *form = l->form;
    part->is_shrunk = form->decays == TRAINER_DECAY_ALL || nn_shape_at(part->leaf)->rank >= 2;
    if (!part->change)
        return true;
    l->bytes += part->count * sizeof(float) * (form->optimizer.kind == OPTIMIZER_SGD ? 1 : 2);
    if (!optimizer_slot_init(&part->slot, &form->optimizer, part->count, l->arena, err))
        return false;
    if (form->average > 0) {
        part->average = new_array(l, part->count, err);
        if (!part->average)
            return false;
        memcpy(part->average, part->values, part->count * sizeof(float));
    }
    return true;
}

static bool make_part(learner *l, learner_part *part, const float *start, bool is_buffer, df_error *err)
{
    part->values = new_array(l, part->count, err);
    if (!part->values)
        return false;
    memcpy(part->values, start, part->count * sizeof(float));
    nn_plan_bind(l->plan, part->leaf, part->values);
    if (!is_buffer && !make_parameter(l, part, err))
        return false;
    if (is_buffer && part->change && (l->accumulate > 1 || l->ranks > 1)) {
        part->before = new_array(l, part->count, err);
        if (!part->before)
            return false;
    }
    if (l->form->hooks.evaluate && part->change)
        part->best = new_array(l, part->count, err);
    return !(l->form->hooks.evaluate && part->change) || part->best;
}

static bool make_parts(learner *l, df_error *err)
{
    size_t next = 0;
    for (size_t i = 0; i < l->parameter_count; i++, next++)
        if (!make_part(l, &l->parameters[i], net_weights_data(l->form->weights, next), false, err))
            return false;
    for (size_t i = 0; i < l->buffer_count; i++, next++)
        if (!make_part(l, &l->buffers[i], net_weights_data(l->form->weights, next), true, err))
            return false;
    return true;
}

/* One array for all sums, so that few messages go between ranks. */
static bool make_sums(learner *l, df_error *err)
{
    size_t count = ENDS;
    if (l->accumulate == 1 && l->ranks == 1)
        return true;
    for (size_t i = 0; i < l->parameter_count; i++)
        count += l->parameters[i].change ? l->parameters[i].count : 0;
    for (size_t i = 0; l->ranks > 1 && i < l->buffer_count; i++)
        count += l->buffers[i].change ? l->buffers[i].count : 0;
    l->sum_count = count;
    l->sums = new_array(l, count, err);
    if (!l->sums)
        return false;
    float *next = l->sums;
    for (size_t i = 0; i < l->parameter_count; i++)
        if (l->parameters[i].change) {
            l->parameters[i].sum = next;
            next += l->parameters[i].count;
        }
    for (size_t i = 0; l->ranks > 1 && i < l->buffer_count; i++)
        if (l->buffers[i].change) {
            l->buffers[i].sum = next;
            next += l->buffers[i].count;
        }
    return true;
}

static bool make_plan(learner *l, df_error *err)
{
    nn_node **outputs = df_alloc(l->arena, 1 + l->parameter_count + l->buffer_count, sizeof(nn_node *), err);
    size_t count = 0;
    if (!outputs)
        return false;
    outputs[count++] = l->form->loss;
    for (size_t i = 0; i < l->parameter_count; i++)
        if (l->parameters[i].change)
            outputs[count++] = l->parameters[i].change;
    for (size_t i = 0; i < l->buffer_count; i++)
        if (l->buffers[i].change)
            outputs[count++] = l->buffers[i].change;
    l->plan = nn_plan_new(l->form->graph, count, outputs, err);
    l->bytes += l->plan ? nn_plan_bytes(l->plan) : 0;
    return l->plan != NULL;
}

bool learner_open(learner *l, const trainer_form *form, df_arena *arena, df_error *err)
{
    *l = (learner){.form = form, .arena = arena, .accumulate = form->accumulate > 0 ? form->accumulate : 1};
    l->ranks = form->ranks ? form->ranks->size : 1;
    if (!nn_graph_ok(form->graph, err))
        return false;
    if (!list_leaves(l, NN_PARAMETER, &l->parameters, &l->parameter_count, err) ||
        !list_leaves(l, NN_BUFFER, &l->buffers, &l->buffer_count, err) || !differentiate(l, err))
        return false;
    if (l->ranks > 1 && form->norm == TRAINER_NORM_REFUSED && has_running_values(l))
        return df_fail(err, "the network normalises by its batch, which %d ranks would each do by their own part of it", l->ranks);
    l->arrays = df_alloc(arena, (size_t)form->input_count, sizeof(float *), err);
    return l->arrays && make_plan(l, err) && make_parts(l, err) && make_sums(l, err);
}

void learner_close(learner *l)
{
    nn_plan_free(l->plan);
    l->plan = NULL;
}

/* ---- a step ---- */

static bool take_batch(learner *l, int64_t micro, df_error *err)
{
    const trainer_form *form = l->form;
    if (!form->data->get(form->data->self, micro, l->arrays, err))
        return false;
    for (int i = 0; i < form->input_count; i++) {
        const trainer_input *input = &form->inputs[i];
        const size_t count = (size_t)nn_elements(nn_shape_at(input->node));
        if (input->classes > 0 && !labels_check_range(l->arrays[i], count, input->classes, err))
            return df_fail_in(err, "input '%s'", nn_name(input->node));
        nn_plan_bind(l->plan, input->node, l->arrays[i]);
    }
    return true;
}

/* Why a loss is no number: an input, or the weights. */
static bool fail_not_finite(learner *l, const char *what, df_error *err)
{
    l->is_lost = true;
    for (int i = 0; i < l->form->input_count; i++) {
        const nn_node *node = l->form->inputs[i].node;
        const nn_shape *shape = nn_shape_at(node);
        const size_t count = (size_t)nn_elements(shape), samples = shape->rank > 0 ? (size_t)shape->size[0] : 1;
        const size_t bad = sums_first_not_finite(l->arrays[i], count);
        if (bad < count)
            return df_fail(err, "%s is no number any more: input '%s' has a value that is not finite, the first in sample %zu", what,
                           nn_name(node), bad / (count / samples));
    }
    return df_fail(err, "%s is no number any more, though the inputs are finite; a smaller rate may help", what);
}

static void gather(learner_part *to, const float *gradient, int part)
{
    if (part == 0)
        memcpy(to->sum, gradient, to->count * sizeof(float));
    else
        sums_add(to->sum, gradient, to->count);
}

/* One micro batch: its loss, its derivatives into the sums, its running values. */
static bool run_micro(learner *l, int64_t micro, int part, double *loss, df_error *err)
{
    if (!take_batch(l, micro, err) || !nn_plan_run(l->plan, err))
        return false;
    if (df_stop_signal())
        return df_fail(err, "stopped by a signal");
    const float value = *nn_plan_value(l->plan, l->form->loss);
    if (!isfinite(value))
        return fail_not_finite(l, "the loss", err);
    *loss += (double)value;
    for (size_t i = 0; l->sums && i < l->parameter_count; i++)
        if (l->parameters[i].change)
            gather(&l->parameters[i], nn_plan_value(l->plan, l->parameters[i].change), part);
    for (size_t i = 0; l->sums && i < l->buffer_count; i++)
        if (l->buffers[i].change)
            memcpy(l->buffers[i].values, nn_plan_value(l->plan, l->buffers[i].change), l->buffers[i].count * sizeof(float));
    return true;
}

/* Sums over ranks, in pieces that travel at the same time. */
static bool sum_over_ranks(learner *l, double *loss, df_error *err)
{
    enum { PIECE = 1 << 20 };
    const reducer *r = l->form->ranks;
    size_t begun = 0, ended = 0;
    const size_t pieces = (l->sum_count + PIECE - 1) / PIECE;
    float *ends = l->sums + l->sum_count - ENDS;
    ends[0] = (float)*loss;
    ends[1] = l->wishes_end ? 1 : 0;
    for (size_t i = 0; i < l->buffer_count; i++)
        if (l->buffers[i].change)
            memcpy(l->buffers[i].sum, l->buffers[i].values, l->buffers[i].count * sizeof(float));
    while (ended < pieces) {
        const size_t at = begun * PIECE, left = l->sum_count - at;
        const bool is_room = begun < pieces && begun - ended < REDUCER_MOST;
        if (is_room ? !r->begin(r->self, l->sums + at, left < PIECE ? left : PIECE, err) : !r->finish(r->self, err))
            return false;
        begun += is_room;
        ended += !is_room;
    }
    *loss = (double)ends[0];
    l->wishes_end = ends[1] > 0;
    return true;
}

static const float *gradient_of(const learner *l, const learner_part *part)
{
    return part->sum ? part->sum : nn_plan_value(l->plan, part->change);
}

static double norm_of(const learner *l)
{
    double sum = 0;
    for (size_t i = 0; i < l->parameter_count; i++)
        if (l->parameters[i].change)
            sum += sums_square(gradient_of(l, &l->parameters[i]), l->parameters[i].count);
    return sqrt(sum);
}

static bool run_parts(learner *l, int64_t step, double *loss, df_error *err)
{
    for (int part = 0; part < l->accumulate; part++)
        if (!run_micro(l, (step - 1) * l->accumulate + part, part, loss, err))
            return false;
    return l->ranks == 1 || sum_over_ranks(l, loss, err);
}

static void change_parameter(const learner *l, learner_part *part, int64_t step, double rate, float scale)
{
    const double own = fmin(l->form->average, (1.0 + (double)step) / (10.0 + (double)step));
    optimizer_form form = l->form->optimizer;
    form.rate = (float)rate;
    form.decay = part->is_shrunk ? form.decay : 0;
    optimizer_step(&form, &part->slot, step, scale, gradient_of(l, part), part->values);
    if (part->average)
        sums_move(part->average, part->values, part->count, (float)(1 - own));
}

static void change_buffer(const learner *l, learner_part *part)
{
    if (part->sum)
        sums_scale(part->values, part->sum, part->count, 1 / (float)l->ranks);
    else if (!l->sums)
        memcpy(part->values, nn_plan_value(l->plan, part->change), part->count * sizeof(float));
}

static void change_all(learner *l, int64_t step, double rate, double scale)
{
    for (size_t i = 0; i < l->parameter_count; i++)
        if (l->parameters[i].change)
            change_parameter(l, &l->parameters[i], step, rate, (float)scale);
    for (size_t i = 0; i < l->buffer_count; i++)
        if (l->buffers[i].change)
            change_buffer(l, &l->buffers[i]);
}

typedef enum keeping { TO_BEFORE, FROM_BEFORE } keeping;

static void keep_buffers(learner *l, keeping way)
{
    for (size_t i = 0; i < l->buffer_count; i++) {
        learner_part *part = &l->buffers[i];
        if (part->before)
            memcpy(way == TO_BEFORE ? part->before : part->values, way == TO_BEFORE ? part->values : part->before,
                   part->count * sizeof(float));
    }
}

bool learner_step(learner *l, int64_t step, double rate, trainer_step *out, df_error *err)
{
    const batches *data = l->form->data;
    const double began = df_clock(), waited = data->waited ? data->waited(data->self) : 0;
    const double count = (double)l->accumulate * l->ranks, clip = (double)l->form->clip;
    double loss = 0;
    l->is_lost = false;
    keep_buffers(l, TO_BEFORE);
    if (!run_parts(l, step, &loss, err)) {
        keep_buffers(l, FROM_BEFORE);
        return false;
    }
    const double norm = norm_of(l) / count;
    if (!isfinite(norm)) {
        keep_buffers(l, FROM_BEFORE);
        return fail_not_finite(l, "the derivative", err);
    }
    const double cut = clip > 0 ? fmin(1, clip / (norm + CLIP_EPS)) : 1;
    change_all(l, step, rate, cut / count);
    *out = (trainer_step){.step = step, .loss = loss / count, .rate = rate, .gradient_norm = norm, .is_clipped = cut < 1};
    out->waited = data->waited ? data->waited(data->self) - waited : 0;
    out->seconds = df_clock() - began;
    return true;
}

/* ---- what the weights are ---- */

const float *learner_evaluated(const learner_part *part)
{
    return part->average ? part->average : part->values;
}

void learner_keep_best(learner *l)
{
    learner_part *const lists[] = {l->parameters, l->buffers};
    const size_t counts[] = {l->parameter_count, l->buffer_count};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < counts[k]; i++)
            if (lists[k][i].best)
                memcpy(lists[k][i].best, learner_evaluated(&lists[k][i]), lists[k][i].count * sizeof(float));
}

bool learner_is_finite(const learner *l, df_error *err)
{
    learner_part *const lists[] = {l->parameters, l->buffers};
    const size_t counts[] = {l->parameter_count, l->buffer_count};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < counts[k]; i++)
            if (sums_first_not_finite(lists[k][i].values, lists[k][i].count) < lists[k][i].count)
                return df_fail(err, "'%s' has a value that is no finite number; a smaller rate may help", nn_name(lists[k][i].leaf));
    return true;
}
