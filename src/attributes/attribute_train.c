/* attribute_train.c: graph, loader and loop put together; what is measured after each epoch. */
#include "attributes/attribute_train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "attributes/attribute_batches.h"
#include "attributes/attribute_result.h"
#include "attributes/platt.h"
#include "base/file.h"
#include "train/run_log.h"
#include "train/trainer.h"

enum { BATCH_INPUTS = 3, EVALUATE_BATCH = 64, LOG_STEPS = 10, NAME_BYTES = 128, PATH_BYTES = 4096, MEASURES = 3, SAVE_SECONDS = 60 };
static const double AVERAGE = 0.99;                            /* of the moving average of weights, per step */
static const double WARM_UP_SHARE = 0.05;                      /* of all steps */
static const net_scale first_scales[] = {{"*fc.weight", 0.1}}; /* small first logits */

typedef struct session {
    attribute_training *training;
    df_arena *arena, *scratch; /* scratch: of one measurement */
    nn_graph *graph;
    trainer_input inputs[BATCH_INPUTS];
    nn_node *loss;
    sampling *order;
    loader *from;
    attribute_batches weighed;
    batches data;
    net_weights *first; /* weights to begin with */
    trainer *trainer;
    attribute_network network; /* for measuring */
    run_log *log;
    int64_t epoch_steps;
    run_value values[2 + MEASURES * SAMPLE_LABELS];
    char names[MEASURES * SAMPLE_LABELS][NAME_BYTES];
} session;

/* sum of counts * (softplus(z) - z y): binary cross-entropy of logits. */
static bool build_graph(session *s, df_error *err)
{
    const attribute_training *t = s->training;
    nn_node *x, *logits;
    s->graph = nn_graph_new(err);
    if (!s->graph || !classifier_build(&t->form, s->graph, t->batch, NN_TRAIN, &x, &logits, err))
        return false;
    const nn_shape shape = nn_shape_of(t->batch, t->form.count);
    nn_node *y = nn_input(s->graph, "labels", shape), *counts = nn_input(s->graph, "counts", shape);
    s->loss = nn_sum(nn_mul(counts, nn_sub(nn_softplus(logits), nn_mul(logits, y))));
    s->inputs[0].node = x;
    s->inputs[1].node = y;
    s->inputs[2].node = counts;
    return nn_graph_ok(s->graph, err);
}

static bool make_order(session *s, df_error *err)
{
    const attribute_training *t = s->training;
    int columns[SAMPLE_LABELS];
    sampling_rule rule = {.kind = SAMPLING_SHUFFLED, .count = t->train->count, .batch = t->batch, .seed = t->seed};
    if (t->balance == BALANCE_SAMPLE) {
        int32_t *groups = df_alloc(s->arena, t->train->count, sizeof *groups, err);
        for (int c = 0; c < t->form.count; c++)
            columns[c] = c;
        if (!groups || !sampling_groups_of_labels(t->train, columns, t->form.count, groups, &rule.group_count, err))
            return false;
        rule.kind = SAMPLING_GROUPS;
        rule.groups = groups;
    }
    s->order = sampling_new(&rule, s->arena, err);
    return s->order != NULL;
}

static bool make_data(session *s, df_error *err)
{
    static const loader_output outputs[BATCH_INPUTS] = {LOADER_IMAGES, LOADER_LABELS, LOADER_KNOWN};
    const attribute_training *t = s->training;
    const loader_setting setting = {.width = t->form.side,
                                    .height = t->form.side,
                                    .channels = t->form.channels,
                                    .augment = t->augment,
                                    .seed = t->seed,
                                    .cache = t->cache,
                                    .threads = t->readers,
                                    .outputs = outputs,
                                    .output_count = BATCH_INPUTS,
                                    .progress = t->progress};
    if (!make_order(s, err))
        return false;
    s->from = loader_new(t->train, s->order, &setting, err);
    if (!s->from ||
        !attribute_batches_init(&s->weighed, t->train, loader_batches(s->from), t->batch, t->balance == BALANCE_WEIGHT, s->arena, err))
        return false;
    s->data = attribute_batches_of(&s->weighed);
    s->epoch_steps = sampling_epoch_steps(s->order);
    return true;
}

static bool make_first_weights(session *s, df_error *err)
{
    char rule[64];
    snprintf(rule, sizeof rule, "rule:attributes/%llu/", (unsigned long long)s->training->seed);
    s->first =
        net_weights_load(s->graph, &(net_source){.from = rule, .scales = first_scales, .scale_count = DF_ARRAY_LEN(first_scales)}, err);
    return s->first != NULL;
}

/* ---- what the loop calls ---- */

static bool write_settings(const attribute_training *t, df_error *err)
{
    char path[PATH_BYTES];
    return df_path_join(path, sizeof path, t->folder, "run.json", err) && df_file_write(path, t->settings, strlen(t->settings), err);
}

/* The trainer has accepted the folder and what it goes on from. */
static bool begun(void *user, trainer *t, int64_t done, const char *path, df_error *err)
{
    session *s = user;
    (void)t;
    (void)path;
    if (df_make_folders(s->training->folder, err))
        s->log = run_log_open(s->training->folder, done > 0 ? done : -1, err);
    return s->log && write_settings(s->training, err);
}

static bool stepped(void *user, trainer *t, const trainer_step *step, df_error *err)
{
    const session *s = user;
    (void)t;
    if (step->step % LOG_STEPS != 0 && step->step % s->epoch_steps != 0)
        return true;
    const run_value values[] = {{"train/loss", step->loss},
                                {"epoch", (double)step->step / (double)s->epoch_steps},
                                {"rate", step->rate},
                                {"gradient_norm", step->gradient_norm},
                                {"seconds_per_step", step->seconds},
                                {"waited_per_step", step->waited}};
    return run_log_add(s->log, step->step, values, DF_ARRAY_LEN(values), err);
}

static bool measure_valid(session *s, trainer_weights which, attribute_logits *logits, attribute_result *result, df_error *err)
{
    const attribute_training *t = s->training;
    const attribute_reading how = {.threads = t->readers, .title = "measuring"};
    return trainer_bind(s->trainer, which, s->network.graph, s->network.plan, err) &&
           attribute_network_run(&s->network, t->valid, &how, s->scratch, logits, err) &&
           attribute_measure(&t->form, t->valid, logits, s->scratch, result, err);
}

/* Mean binary cross-entropy of the images that are known. */
static double loss_of(const attribute_result *r)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < r->list->count; i++)
        for (size_t c = 0; c < (size_t)r->form->count; c++) {
            const size_t at = i * (size_t)r->form->count + c;
            if (!r->logits->is_read[i] || isnan(r->list->labels[at]))
                continue;
            const double z = (double)r->logits->values[at], y = (double)r->list->labels[at] > 0.5;
            sum += (z > 0 ? z + log1p(exp(-z)) : log1p(exp(z))) - z * y;
            count++;
        }
    return count ? sum / (double)count : (double)NAN;
}

static size_t name_values(session *s, const attribute_result *r)
{
    static const char *const kinds[MEASURES] = {"accuracy", "balanced", "auc"};
    size_t count = 0;
    s->values[count++] = (run_value){"valid/loss", loss_of(r)};
    s->values[count++] = (run_value){"valid/mean_balanced", attribute_mean_balanced(r)};
    for (int c = 0; c < r->form->count; c++) {
        const binary_measures *m = &r->of[c].as_trained;
        const double numbers[MEASURES] = {m->accuracy, m->balanced, m->auc};
        for (int k = 0; k < MEASURES; k++) {
            char *name = s->names[c * MEASURES + k];
            snprintf(name, NAME_BYTES, "%s/%s", kinds[k], r->form->attributes[c].name);
            s->values[count++] = (run_value){name, r->of[c].known > 0 ? numbers[k] : (double)NAN};
        }
    }
    return count;
}

static bool evaluate(void *user, trainer *t, int64_t step, double *metric, df_error *err)
{
    session *s = user;
    attribute_logits logits;
    attribute_result result;
    const df_arena_mark mark = df_arena_save(s->scratch);
    (void)t;
    if (!measure_valid(s, TRAINER_EVALUATED, &logits, &result, err))
        return false;
    *metric = attribute_mean_balanced(&result);
    const bool ok = run_log_add(s->log, step, s->values, name_values(s, &result), err);
    df_arena_restore(s->scratch, mark);
    return ok;
}

/* ---- the whole ---- */

static trainer_form form_of(session *s)
{
    const attribute_training *t = s->training;
    const int64_t wanted = (int64_t)ceil(t->epochs * (double)s->epoch_steps), steps = wanted > 0 ? wanted : 1;
    const int64_t warm_up = (int64_t)(WARM_UP_SHARE * (double)steps);
    return (trainer_form){.graph = s->graph,
                          .loss = s->loss,
                          .inputs = s->inputs,
                          .input_count = BATCH_INPUTS,
                          .data = &s->data,
                          .weights = s->first,
                          .optimizer = {.kind = OPTIMIZER_ADAMW, .rate = t->rate, .decay = t->decay},
                          .decays = TRAINER_DECAY_MATRICES,
                          .rates = {.kind = SCHEDULE_COSINE, .warm_up = warm_up, .length = steps > warm_up ? steps : warm_up + 1},
                          .average = AVERAGE,
                          .steps = steps,
                          .evaluate_steps = s->epoch_steps,
                          .patience = {.goal = PATIENCE_LARGER, .patience = t->patience},
                          .folder = t->folder,
                          .save_steps = s->epoch_steps,
                          .save_seconds = SAVE_SECONDS,
                          .is_resumed = t->is_resumed,
                          .settings = t->settings,
                          .hooks = {.user = s, .begun = begun, .stepped = stepped, .evaluate = evaluate},
                          .progress = t->progress};
}

/* Slopes and offsets of the best weights' probabilities, by the images that they were chosen by. */
static bool calibrate(session *s, df_error *err)
{
    attribute_logits logits;
    attribute_result result;
    if (!measure_valid(s, TRAINER_BEST, &logits, &result, err))
        return false;
    for (int c = 0; c < s->training->form.count; c++) {
        classifier_attribute *a = &s->training->form.attributes[c];
        float *z;
        bool *truths;
        size_t count;
        if (!attribute_column(&result, c, s->scratch, &z, &truths, &count, err))
            return false;
        if (!platt_fit(z, truths, count, &a->slope, &a->offset))
            df_progress_note(s->training->progress, "attribute '%s': too few images to correct its probabilities by", a->name);
    }
    return true;
}

static bool save_classifier(session *s, df_error *err)
{
    char path[PATH_BYTES];
    tensor_list weights;
    return calibrate(s, err) && df_path_join(path, sizeof path, s->training->folder, ATTRIBUTE_FILE, err) &&
           trainer_tensors(s->trainer, TRAINER_BEST, s->arena, &weights, err) &&
           classifier_save(path, &s->training->form, &weights, s->training->is_half, err);
}

static bool run_training(session *s, attribute_trained *out, df_error *err)
{
    trainer_report report;
    const trainer_form form = form_of(s);
    s->trainer = trainer_new(&form, err);
    if (!s->trainer || !attribute_network_init(&s->network, &s->training->form, EVALUATE_BATCH, err) ||
        !trainer_run(s->trainer, &report, err))
        return false;
    *out = (attribute_trained){.steps = report.steps,
                               .epoch_steps = s->epoch_steps,
                               .best_step = report.patience.best_step,
                               .best = report.patience.best,
                               .loss = report.loss,
                               .seconds = report.seconds,
                               .waited = report.waited,
                               .unreadable = loader_count(s->from).unreadable,
                               .is_early = report.end == TRAINER_PATIENCE};
    return save_classifier(s, err);
}

static void close_session(session *s)
{
    run_log_close(s->log);
    attribute_network_free(&s->network);
    trainer_free(s->trainer);
    net_weights_close(s->first);
    loader_free(s->from);
    nn_graph_free(s->graph);
    df_arena_free(s->scratch);
}

bool attribute_train(attribute_training *training, attribute_trained *out, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    session *s = arena ? df_alloc(arena, 1, sizeof *s, err) : NULL;
    bool ok = s != NULL;
    if (s) {
        s->training = training;
        s->arena = arena;
        s->scratch = df_arena_new(SIZE_MAX, err);
        ok = s->scratch && attribute_check_classes(training->train, "train with", err) &&
             attribute_check_classes(training->valid, "choose by", err) && build_graph(s, err) && make_data(s, err) &&
             make_first_weights(s, err) && run_training(s, out, err);
        close_session(s);
    }
    df_arena_free(arena);
    return ok;
}
