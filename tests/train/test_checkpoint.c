/* A training that stopped anywhere goes on to the same bits; damaged checkpoints are told from whole ones; another training's are refused. */
#include "small_training.h"

#include <stdio.h>

#include "scratch.h"

enum { ROOM = 512, STEPS = 30 };

typedef struct notes {
    int count;
    char last[600];
} notes;

static void take_note(void *user, const char *sentence)
{
    notes *n = user;
    n->count++;
    snprintf(n->last, sizeof n->last, "%s", sentence);
}

/* Classes that are right on the training's own next samples would need a plan; any number that depends on the weights alone will do. */
static bool judge(void *user, trainer *t, int64_t step, double *metric, df_error *err)
{
    float weights[ROOM];
    const size_t count = small_weights(t, TRAINER_EVALUATED, weights, ROOM);
    (void)user, (void)step, (void)err;
    *metric = 0;
    for (size_t i = 0; i < count; i++)
        *metric += (double)fabsf(weights[i]) * (i % 3 == 0 ? -1 : 1);
    return true;
}

static bool stop_there(void *user, trainer *t, const trainer_step *step, df_error *err)
{
    const int64_t *last = user;
    (void)err;
    if (step->step == *last)
        trainer_end_early(t);
    return true;
}

/* All that a checkpoint must bring back: running values, Adam's two moments, the average, the best weights. */
static trainer_form rich_form(small *s, const char *folder)
{
    *s = (small){.batch = 8, .bad_step = -1, .has_norm = true};
    trainer_form form = small_open(s);
    form.optimizer = (optimizer_form){.kind = OPTIMIZER_ADAMW, .rate = 0.01f, .decay = 0.01f};
    form.rates = (schedule){.kind = SCHEDULE_COSINE, .warm_up = 5, .length = STEPS};
    form.average = 0.99;
    form.accumulate = 2;
    form.clip = 1;
    form.steps = STEPS;
    form.evaluate_steps = 4;
    form.hooks = (trainer_hooks){.evaluate = judge};
    form.folder = folder;
    form.save_steps = 7;
    form.is_resumed = true;
    form.settings = "{\"data\":{\"size\":64}}";
    return form;
}

typedef struct result {
    float latest[ROOM], average[ROOM], best[ROOM];
    trainer_report report;
} result;

/* Trains up to `last`, or to the end. */
static void train_part(const char *folder, int64_t last, const df_progress *progress, result *out)
{
    df_error err = {0};
    small s;
    trainer_form form = rich_form(&s, folder);
    form.hooks.user = &last;
    form.hooks.stepped = stop_there;
    form.progress = progress;
    memset(out, 0, sizeof *out);
    trainer *t = trainer_new(&form, &err);
    must(t != NULL, &err);
    must(trainer_run(t, &out->report, &err), &err);
    small_weights(t, TRAINER_LATEST, out->latest, ROOM);
    small_weights(t, TRAINER_EVALUATED, out->average, ROOM);
    small_weights(t, TRAINER_BEST, out->best, ROOM);
    trainer_free(t);
    small_close(&s);
}

static void must_equal(const result *a, const result *b)
{
    assert_memory_equal(a->latest, b->latest, sizeof a->latest);
    assert_memory_equal(a->average, b->average, sizeof a->average);
    assert_memory_equal(a->best, b->best, sizeof a->best);
}

/* Whoever ends early measures once more than who does not: stops are at steps that are measured anyway. */
static void stopped_and_resumed_is_never_stopped_bit_for_bit(void **state)
{
    (void)state;
    static const int64_t stops[] = {4, 8, 12, 28};
    scratch all = scratch_new(), parts = scratch_new();
    result whole, part;
    train_part(all.folder, 0, NULL, &whole);
    assert_int_equal(whole.report.steps, STEPS);
    assert_true(memcmp(whole.best, whole.latest, sizeof whole.best) != 0); /* else the test says less */
    for (size_t i = 0; i < DF_ARRAY_LEN(stops); i++) {
        train_part(parts.folder, stops[i], NULL, &part);
        assert_int_equal(part.report.steps, stops[i]);
        assert_int_equal(part.report.first, i > 0 ? stops[i - 1] : 0);
    }
    train_part(parts.folder, 0, NULL, &part);
    must_equal(&whole, &part);
    assert_int_equal(whole.report.patience.best_step, part.report.patience.best_step);
    train_part(parts.folder, 0, NULL, &part); /* nothing is left to do */
    assert_int_equal(part.report.first, STEPS);
    must_equal(&whole, &part);
    scratch_free(&all);
    scratch_free(&parts);
}

static size_t checkpoints(const scratch *s, char names[8][64])
{
    df_error err = {0};
    df_arena *arena = df_arena_new(1 << 20, &err);
    char **found;
    size_t count;
    must(df_folder_list(s->folder, arena, &found, &count, &err), &err);
    for (size_t i = 0; i < count && i < 8; i++)
        snprintf(names[i], 64, "%.63s", found[i]);
    df_arena_free(arena);
    return count;
}

static void the_last_two_are_kept(void **state)
{
    (void)state;
    scratch s = scratch_new();
    char names[8][64];
    result r;
    scratch_file(&s, ".checkpoint-000000007.safetensors.99.tmp", "x", 1); /* of a killed run */
    train_part(s.folder, 0, NULL, &r);
    assert_int_equal(checkpoints(&s, names), 2);
    assert_string_equal(names[0], "checkpoint-000000028.safetensors");
    assert_string_equal(names[1], "checkpoint-000000030.safetensors");
    assert_int_equal(scratch_entries(&s), 2);
    scratch_free(&s);
}

/* ---- damage ---- */

static df_bytes read_file(const char *path, df_arena *arena)
{
    df_error err = {0};
    df_bytes bytes;
    must(df_file_read(path, 1 << 20, arena, &bytes, &err), &err);
    return bytes;
}

static void a_damaged_one_is_told_and_the_one_before_taken(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new(1 << 24, &err);
    scratch s = scratch_new();
    result whole, part;
    notes told = {.count = 0};
    const df_progress progress = {.note = take_note, .user = &told};
    train_part(s.folder, 0, NULL, &whole);
    const df_bytes good = read_file(scratch_path(&s, "checkpoint-000000030.safetensors"), arena);
    unsigned char *bad = df_copy(arena, good.data, good.size, &err);
    must(bad != NULL, &err);
    for (size_t i = 0; i < 40; i++) { /* every other time a byte is changed, or the end cut off */
        const size_t at = i * (good.size - 1) / 39;
        const bool is_cut = i % 2 == 0;
        bad[at] ^= is_cut ? 0 : 0x10;
        scratch_file(&s, "checkpoint-000000030.safetensors", bad, is_cut ? at : good.size);
        bad[at] = good.data[at];
        told.count = 0;
        train_part(s.folder, 0, &progress, &part);
        assert_int_equal(part.report.first, 28);
        assert_int_equal(told.count, 1);
        assert_non_null(strstr(told.last, "checkpoint-000000030.safetensors"));
        assert_non_null(strstr(told.last, "the checkpoint before is used"));
        must_equal(&whole, &part);
        const df_bytes again = read_file(scratch_path(&s, "checkpoint-000000030.safetensors"), arena);
        assert_int_equal(again.size, good.size);
        assert_memory_equal(again.data, good.data, good.size);
    }
    df_arena_free(arena);
    scratch_free(&s);
}

static void must_refuse(const trainer_form *form, const char *part)
{
    df_error err = {0};
    trainer_report report;
    trainer *t = trainer_new(form, &err);
    must(t != NULL, &err);
    must_say(trainer_run(t, &report, &err), &err, part);
    trainer_free(t);
}

static void where_all_are_damaged_it_does_not_start_over(void **state)
{
    (void)state;
    scratch s = scratch_new();
    small net;
    scratch_file(&s, "checkpoint-000000030.safetensors", "x", 1);
    const trainer_form form = rich_form(&net, s.folder);
    must_refuse(&form, "checkpoint-000000030.safetensors");
    small_close(&net);
    scratch_free(&s);
}

/* ---- another training ---- */

static void another_trainings_checkpoints_are_refused_by_the_setting(void **state)
{
    (void)state;
    scratch s = scratch_new();
    small net;
    result r;
    train_part(s.folder, 8, NULL, &r);
    trainer_form form = rich_form(&net, s.folder);
    form.optimizer.rate = 0.02f;
    must_refuse(&form, "rate was 0.01, and is 0.02 now");
    form = (trainer_form){0};
    small_close(&net);
    form = rich_form(&net, s.folder);
    form.settings = "{\"data\":{\"size\":32}}";
    must_refuse(&form, "job.data.size was 64, and is 32 now");
    form.settings = "{\"data\":{\"size\":64,\"crop\":true}}";
    must_refuse(&form, "job.data.crop was nothing, and is true now");
    form.settings = NULL;
    must_refuse(&form, "job was {\"data\":{\"size\":64}}, and is nothing now");
    form = (trainer_form){0};
    small_close(&net);
    form = rich_form(&net, s.folder);
    form.is_resumed = false;
    must_refuse(&form, "holds the checkpoints of a training already");
    small_close(&net);
    scratch_free(&s);
}

static void another_network_is_refused(void **state)
{
    (void)state;
    scratch s = scratch_new();
    result r;
    train_part(s.folder, 8, NULL, &r);
    small net;
    trainer_form form = rich_form(&net, s.folder);
    small_close(&net);
    net = (small){.batch = 8, .bad_step = -1, .has_norm = false};
    const trainer_form plain = small_open(&net);
    form.graph = plain.graph;
    form.loss = plain.loss;
    form.weights = plain.weights;
    must_refuse(&form, "belongs to another training");
    form = (trainer_form){0};
    small_close(&net);
    scratch_free(&s);
}

/* ---- a loss that is lost ---- */

static void a_lost_loss_leaves_the_last_checkpoint(void **state)
{
    (void)state;
    df_error err = {0};
    scratch s = scratch_new();
    char names[8][64];
    small net = {.batch = 4, .bad_step = 9};
    trainer_form form = small_open(&net);
    trainer_report report;
    form.folder = s.folder;
    form.save_steps = 4;
    trainer *t = trainer_new(&form, &err);
    must(t != NULL, &err);
    must_say(trainer_run(t, &report, &err), &err, "after step 9 of 40");
    must_say(false, &err, "the last checkpoint is ");
    assert_int_equal(checkpoints(&s, names), 2);
    assert_string_equal(names[1], "checkpoint-000000008.safetensors");
    trainer_free(t);
    small_close(&net);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stopped_and_resumed_is_never_stopped_bit_for_bit),
        cmocka_unit_test(the_last_two_are_kept),
        cmocka_unit_test(a_damaged_one_is_told_and_the_one_before_taken),
        cmocka_unit_test(where_all_are_damaged_it_does_not_start_over),
        cmocka_unit_test(another_trainings_checkpoints_are_refused_by_the_setting),
        cmocka_unit_test(another_network_is_refused),
        cmocka_unit_test(a_lost_loss_leaves_the_last_checkpoint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
