/* trainer.c: steps, and between them measurements, checkpoints and the question whether to go on. */
#include "train/trainer.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/stop.h"
#include "tensor/safetensors.h"
#include "train/checkpoint.h"
#include "train/learner.h"
#include "train/train_settings.h"

enum { USUAL_KEEP = 2 };

struct trainer {
    trainer_form form;
    df_arena *arena;
    learner l;
    json_t *settings;
    checkpoint_state state;
    bool is_ending;
    char path[CHECKPOINT_PATH]; /* of the newest checkpoint; "": none */
    int64_t saved;              /* its step; -1: none */
    double saved_at;            /* clock */
};

/* ---- making ---- */

static bool check_form(const trainer_form *form, df_error *err)
{
    if (form->steps < 1)
        return df_fail(err, "%lld steps, expected at least 1", (long long)form->steps);
    if (!(form->optimizer.rate >= 0 && isfinite(form->optimizer.rate)))
        return df_fail(err, "a rate of %g, expected a finite one of 0 or more", (double)form->optimizer.rate);
    if (!(form->average >= 0 && form->average < 1))
        return df_fail(err, "a moving average of %g, expected 0 to below 1", form->average);
    if (!(form->clip >= 0))
        return df_fail(err, "derivatives cut to %g, expected 0 or more", (double)form->clip);
    if (form->loss && nn_elements(nn_shape_at(form->loss)) != 1)
        return df_fail(err, "the loss is not one number");
    return schedule_check(&form->rates, err);
}

static bool open_trainer(trainer *t, const trainer_form *form, df_error *err)
{
    t->form = *form;
    if (t->form.rates.kind == SCHEDULE_COSINE && t->form.rates.length == 0)
        t->form.rates.length = form->steps;
    if (!nn_graph_ok(form->graph, err) || !check_form(&t->form, err))
        return false;
    t->form.inputs = df_copy(t->arena, form->inputs, (size_t)form->input_count * sizeof *form->inputs, err);
    if (!t->form.inputs)
        return false;
    t->settings = train_settings_of(&t->form, err);
    if (!t->settings || !learner_open(&t->l, &t->form, t->arena, err))
        return false;
    learner_keep_best(&t->l);
    return true;
}

trainer *trainer_new(const trainer_form *form, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    trainer *t = arena ? df_alloc(arena, 1, sizeof *t, err) : NULL;
    if (!t) {
        df_arena_free(arena);
        return NULL;
    }
    *t = (trainer){.arena = arena, .saved = -1};
    if (open_trainer(t, form, err))
        return t;
    trainer_free(t);
    return NULL;
}

void trainer_free(trainer *t)
{
    if (!t)
        return;
    learner_close(&t->l);
    json_decref(t->settings);
    df_arena_free(t->arena); /* the trainer itself lives there */
}

/* ---- the loop ---- */

static bool leads(const trainer *t)
{
    return !t->form.ranks || t->form.ranks->rank == 0;
}

static bool has_hook(const trainer *t, bool is_given)
{
    return is_given && leads(t);
}

static bool save(trainer *t, df_error *err)
{
    const trainer_hooks *hooks = &t->form.hooks;
    if (!t->form.folder || t->saved == t->state.step)
        return true;
    if (leads(t) &&
        !checkpoint_save(&t->l, t->form.folder, t->settings, &t->state, t->form.keep > 0 ? t->form.keep : USUAL_KEEP, t->path, err))
        return false;
    t->saved = t->state.step;
    t->saved_at = df_clock();
    return !has_hook(t, hooks->saved) || hooks->saved(hooks->user, t, t->saved, t->path, err);
}

static bool save_if_due(trainer *t, df_error *err)
{
    const bool by_steps = t->form.save_steps > 0 && t->state.step % t->form.save_steps == 0;
    const bool by_time = t->form.save_seconds > 0 && df_clock() - t->saved_at >= t->form.save_seconds;
    return !(by_steps || by_time) || save(t, err);
}

/* Where to go on: a checkpoint, or the start. */
static bool begin(trainer *t, df_error *err)
{
    const trainer_hooks *hooks = &t->form.hooks;
    const char *folder = t->form.folder;
    bool any = false;
    t->saved_at = df_clock();
    if (folder && t->form.is_resumed) {
        if (leads(t))
            checkpoint_clean(folder);
        if (!checkpoint_load(&t->l, folder, t->settings, &t->state, t->form.progress, t->path, err))
            return false;
        t->saved = t->path[0] ? t->state.step : -1;
    } else if (folder && !checkpoint_any(folder, &any, err))
        return false;
    if (any)
        return df_fail(err, "%s: holds the checkpoints of a training already: resume it, or take another folder", folder);
    return !has_hook(t, hooks->begun) || hooks->begun(hooks->user, t, t->state.step, t->path[0] ? t->path : NULL, err);
}

/* Rank 0 measures, all learn what follows of it. */
static bool share(const trainer *t, float *values, size_t count, df_error *err)
{
    const reducer *r = t->form.ranks;
    return !r || r->size < 2 || (r->begin(r->self, values, count, err) && r->finish(r->self, err));
}

static bool measure(trainer *t, df_error *err)
{
    const trainer_hooks *hooks = &t->form.hooks;
    float found[2] = {0, 0}; /* it is the best; patience is over */
    if (leads(t)) {
        double metric = (double)NAN;
        if (!hooks->evaluate(hooks->user, t, t->state.step, &metric, err))
            return false;
        found[0] = patience_take(&t->form.patience, &t->state.patience, t->state.step, metric);
        found[1] = patience_is_over(&t->form.patience, &t->state.patience);
    }
    if (!share(t, found, DF_ARRAY_LEN(found), err))
        return false;
    if (found[0] > 0)
        learner_keep_best(&t->l);
    t->is_ending |= found[1] > 0;
    t->state.measured = t->state.step;
    return true;
}

static bool measure_if_due(trainer *t, df_error *err)
{
    const int64_t step = t->state.step, every = t->form.evaluate_steps;
    const bool is_due = step >= t->form.steps || t->is_ending || (every > 0 && step % every == 0);
    return !t->form.hooks.evaluate || step == 0 || !is_due || t->state.measured == step || measure(t, err);
}

static bool take_step(trainer *t, trainer_report *report, df_error *err)
{
    const trainer_hooks *hooks = &t->form.hooks;
    const int64_t step = t->state.step + 1;
    const double rate = (double)t->form.optimizer.rate * schedule_at(&t->form.rates, step);
    trainer_step made;
    if (df_stop_signal())
        return df_fail(err, "stopped by a signal");
    if (!learner_step(&t->l, step, rate, &made, err))
        return false;
    t->state.step = step;
    t->is_ending = t->l.ranks > 1 && t->l.wishes_end;
    report->loss = made.loss;
    report->waited += made.waited;
    df_progress_step(t->form.progress, step - report->first);
    if (has_hook(t, hooks->stepped) && !hooks->stepped(hooks->user, t, &made, err))
        return false;
    t->is_ending |= t->l.ranks == 1 && t->l.wishes_end;
    return true;
}

/* A signal: what is done is kept. Anything else: the last checkpoint is named, for what is done now may be what failed. */
static bool fail_at(trainer *t, df_error *err)
{
    const long long step = (long long)t->state.step, steps = (long long)t->form.steps;
    if (!df_stop_signal()) {
        const df_error cause = *err;
        return df_fail(err, "after step %lld of %lld: %.300s%s%s%s", step, steps, cause.text, t->path[0] ? " (the last checkpoint is " : "",
                       t->path, t->path[0] ? ")" : "");
    }
    if (!t->form.folder || step == 0)
        return df_fail(err, "stopped by a signal after step %lld of %lld; %s", step, steps,
                       t->form.folder ? "there is nothing to keep yet" : "no folder for checkpoints was given, so nothing is kept");
    if (!save(t, err))
        return df_fail_in(err, "stopped by a signal after step %lld of %lld", step, steps);
    return df_fail(err, "stopped by a signal after step %lld of %lld, which is kept in %s: --resume goes on from there", step, steps,
                   t->form.folder);
}

static bool loop(trainer *t, trainer_report *report, df_error *err)
{
    t->is_ending = patience_is_over(&t->form.patience, &t->state.patience);
    if (!measure_if_due(t, err)) /* of a step whose measurement a signal cut off */
        return false;
    while (t->state.step < t->form.steps && !t->is_ending)
        if (!take_step(t, report, err) || !measure_if_due(t, err) || !save_if_due(t, err))
            return false;
    return save(t, err);
}

bool trainer_run(trainer *t, trainer_report *report, df_error *err)
{
    const double began = df_clock();
    df_error own; /* a sentence is needed to put others around it */
    *report = (trainer_report){.loss = (double)NAN};
    if (!begin(t, err))
        return false;
    report->first = t->state.step;
    df_progress_start(t->form.progress, report->first > 0 ? "training on" : "training", t->form.steps - report->first);
    const bool ok = loop(t, report, &own) || fail_at(t, &own);
    df_progress_finish(t->form.progress);
    report->steps = t->state.step;
    report->patience = t->state.patience;
    report->end = t->state.step < t->form.steps ? TRAINER_PATIENCE : TRAINER_ALL_STEPS;
    report->seconds = df_clock() - began;
    return ok || df_fail(err, "%s", own.text);
}

/* ---- the weights ---- */

static const float *data_of(const learner_part *part, trainer_weights which)
{
    if (which == TRAINER_LATEST)
        return part->values;
    return which == TRAINER_BEST && part->best ? part->best : learner_evaluated(part);
}

static const learner_part *part_at(const learner *l, size_t index)
{
    return index < l->parameter_count ? &l->parameters[index] : &l->buffers[index - l->parameter_count];
}

static size_t part_count(const learner *l)
{
    return l->parameter_count + l->buffer_count;
}

static bool bind_leaf(const trainer *t, trainer_weights which, nn_node *leaf, nn_plan *plan, df_error *err)
{
    for (size_t i = 0; i < part_count(&t->l); i++) {
        const learner_part *part = part_at(&t->l, i);
        char first[NN_SHAPE_TEXT], second[NN_SHAPE_TEXT];
        if (strcmp(nn_name(part->leaf), nn_name(leaf)) != 0)
            continue;
        if (!nn_shape_equal(nn_shape_at(part->leaf), nn_shape_at(leaf)))
            return df_fail(err, "'%s' is %s, and %s where it was trained", nn_name(leaf), nn_shape_text(nn_shape_at(leaf), first),
                           nn_shape_text(nn_shape_at(part->leaf), second));
        nn_plan_bind(plan, leaf, data_of(part, which));
    }
    return true;
}

bool trainer_bind(const trainer *t, trainer_weights which, const nn_graph *graph, nn_plan *plan, df_error *err)
{
    static const nn_leaf kinds[] = {NN_PARAMETER, NN_BUFFER};
    for (size_t k = 0; k < DF_ARRAY_LEN(kinds); k++) {
        nn_node *leaf;
        for (size_t i = 0; (leaf = nn_leaf_at(graph, kinds[k], i)) != NULL; i++)
            if (!bind_leaf(t, which, leaf, plan, err))
                return false;
    }
    return true;
}

bool trainer_tensors(const trainer *t, trainer_weights which, df_arena *arena, tensor_list *out, df_error *err)
{
    tensor *tensors = df_alloc(arena, part_count(&t->l), sizeof *tensors, err);
    if (!tensors)
        return false;
    for (size_t i = 0; i < part_count(&t->l); i++) {
        const learner_part *part = part_at(&t->l, i);
        const nn_shape *shape = nn_shape_at(part->leaf);
        tensors[i] = (tensor){.name = nn_name(part->leaf), .type = TENSOR_F32, .rank = shape->rank, .data = data_of(part, which)};
        memcpy(tensors[i].shape, shape->size, (size_t)shape->rank * sizeof shape->size[0]);
    }
    *out = (tensor_list){.tensors = tensors, .count = part_count(&t->l)};
    return true;
}

bool trainer_save(const trainer *t, trainer_weights which, const char *path, const tensor_list *notes, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    tensor_list list;
    bool ok = arena && trainer_tensors(t, which, arena, &list, err);
    if (ok && notes) {
        list.metadata = notes->metadata;
        list.metadata_count = notes->metadata_count;
    }
    ok = ok && safetensors_write(path, &list, err);
    df_arena_free(arena);
    return ok;
}

int64_t trainer_steps_done(const trainer *t)
{
    return t->state.step;
}

void trainer_end_early(trainer *t)
{
    t->l.wishes_end = true;
}

size_t trainer_bytes(const trainer *t)
{
    return t->l.bytes;
}
