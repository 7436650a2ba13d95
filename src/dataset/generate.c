/* generate.c: a run from its checks to the finished manifest. The order that keeps every promise: image and label files, then the
   lines in the journal, then (all shards done) the manifest, then the journal goes. */
#include "dataset/generate.h"

#include <omp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "dataset/card.h"
#include "dataset/background_set.h"
#include "dataset/label_files.h"
#include "dataset/origin.h"
#include "dataset/roster.h"
#include "dataset/set_remove.h"
#include "dataset/shard_render.h"
#include "render/engine.h"

typedef struct run_state {
    const render_job *job;
    const generate_run *run;
    maker_setting setting;
    set_folder folder;
    journal journal;
    shard_plan plan;
    df_arena *arena;
} run_state;

static int64_t images_of_shard(const render_job *job, const roster *known, int shard, int shards)
{
    return job->only_identity[0] ? 1 : (known->count + shards - 1 - shard) / shards * job->per_identity;
}

static bool finish(const run_state *state, const set_state *set, bool *is_complete, df_error *err)
{
    const generate_run *run = state->run;
    const journal_plan plan = {.folder = state->folder.path,
                               .shards = run->shards,
                               .identities = set->identities,
                               .per_identity = set->per_identity,
                               .sync = run->sync == SYNC_IDENTITY};
    if (state->journal.lines != state->plan.images)
        return df_fail(err, "%s: %lld lines, expected %lld; was the identities file changed meanwhile?", state->journal.path,
                       (long long)state->journal.lines, (long long)state->plan.images);
    if (!journal_finish(state->folder.path, run->shard, run->shards, err))
        return false;
    const int lock = set_folder_lock_state(state->folder.path, err);
    if (lock < 0)
        return false;
    const bool is_good = journal_merge(&plan, is_complete, err);
    close(lock);
    return is_good;
}

/* What the set is. Under the lock, so that what a killed run left of its files can go. */
static bool tell(const run_state *state, df_error *err)
{
    card_result told;
    const int lock = set_folder_lock_state(state->folder.path, err);
    if (lock < 0)
        return false;
    set_remove_leftovers(state->folder.path);
    const bool is_good = card_write(state->folder.path, NULL, CARD_README_KEEP, state->run->progress, &told, err);
    close(lock);
    return is_good;
}

static bool run_in_folder(run_state *state, const set_state *set, generate_result *out, df_error *err)
{
    const generate_run *run = state->run;
    out->images = state->plan.images;
    if (state->folder.is_complete) {
        out->is_complete = true;
        return card_is_written(state->folder.path) || tell(state, err); /* a run may be killed before it tells */
    }
    if (!origin_write(state->folder.path, &state->setting.stamp, state->job, run->model, set->identities, err))
        return false;
    const journal_start start = run->start == SET_RESUME ? JOURNAL_CONTINUE : JOURNAL_CREATE;
    if (!journal_open(state->folder.path, run->shard, run->shards, start, &state->journal, err))
        return false;
    const bool is_good = (state->journal.lines >= state->plan.images || shard_render(&state->plan, &state->journal, out, err)) &&
                         finish(state, set, &out->is_complete, err);
    journal_close(&state->journal);
    return is_good && (!out->is_complete || tell(state, err));
}

static bool is_procedural(const char *background)
{
    for (int kind = 0; kind < BACKGROUND_KIND_COUNT; kind++)
        if (strcmp(background, background_kind_names[kind]) == 0)
            return true;
    return strcmp(background, "mixed") == 0;
}

static bool open_backgrounds(render_job *job, run_state *state, df_error *err)
{
    job->background_sha256[0] = '\0';
    if (is_procedural(job->background))
        return true;
    state->setting.backgrounds = background_set_open(job->background, job->background_sha256, state->arena, err);
    return state->setting.backgrounds != NULL;
}

static bool check(const render_job *job, const generate_run *run, df_error *err)
{
    if (run->shards > 1 && job->only_identity[0])
        return df_fail(err, "--only and --shard: one image has no shards");
    if (run->shards > 1 && run->start == SET_REPLACE)
        return df_fail(err, "--force and --shard: a shard cannot replace what others may be writing; remove the set first");
    if (!engine_find(job->engine))
        return df_fail(err, "engine '%s': none of that name", job->engine);
    return job_check(job, err) && draw_check(job, run->model, err) && label_check(job, run->model, err);
}

/* Everything that is checked before the folder is touched. */
static bool read_inputs(render_job *job, const generate_run *run, run_state *state, roster *known, int64_t *only_position, df_error *err)
{
    if (!check(job, run, err) || !roster_read(run->identities, run->model, job->only_identity, only_position, known, err))
        return false;
    memcpy(job->identities_sha256, known->file_sha256, DF_SHA256_TEXT);
    memcpy(job->model_sha256, run->model->sha256, DF_SHA256_TEXT);
    return open_backgrounds(job, state, err) && stamp_init(&state->setting.stamp, job, err);
}

/* Before the first image, by whichever shard comes first. */
static bool keep_identities(const run_state *state, df_error *err)
{
    if (state->folder.is_complete)
        return true;
    const int lock = set_folder_lock_state(state->folder.path, err);
    if (lock < 0)
        return false;
    const bool is_good = set_identities_keep(state->folder.path, state->run->identities, state->job->identities_sha256, err);
    close(lock);
    return is_good;
}

/* A set that an earlier release began is ended as it began. */
static bool adopt_format(render_job *job, const generate_run *run, df_error *err)
{
    set_state there;
    json_t *other = NULL;
    bool found;
    if (run->start == SET_REPLACE)
        return true;
    if (!set_state_read(run->out, &there, &other, &found, err))
        return false;
    if (json_integer_value(json_object_get(other, "format")) == JOB_FORMAT_PLAIN)
        job->format = JOB_FORMAT_PLAIN;
    json_decref(other);
    return true;
}

static bool generate_in(render_job *job, const generate_run *run, run_state *state, generate_result *out, df_error *err)
{
    roster known;
    int64_t only_position;
    if (!adopt_format(job, run, err) || !read_inputs(job, run, state, &known, &only_position, err))
        return false;
    const bool is_one = job->only_identity[0] != '\0';
    set_state set = {.shards = run->shards, .identities = is_one ? 1 : known.count, .per_identity = is_one ? 1 : job->per_identity};
    memcpy(set.order_sha256, known.order_sha256, DF_SHA256_TEXT);
    if (is_one) {
        char line[PERSON_ID + 1];
        snprintf(line, sizeof line, "%s\n", job->only_identity);
        df_sha256_of(line, strlen(line), set.order_sha256);
    }
    state->plan = (shard_plan){.run = run,
                               .setting = &state->setting,
                               .threads = run->threads > 0 ? run->threads : omp_get_max_threads(),
                               .images = images_of_shard(job, &known, run->shard, run->shards),
                               .only_position = only_position};
    set_state_hint(run->model_path ? run->model_path : "", set.model_path);
    set_state_hint(job->background_sha256[0] ? job->background : "", set.background_path);
    if (!set_folder_open(run->out, run->start, job, &set, &state->folder, err))
        return false;
    state->setting.folder = state->folder.path;
    const bool is_good = keep_identities(state, err) && run_in_folder(state, &set, out, err);
    set_folder_close(&state->folder);
    return is_good;
}

bool generate(render_job *job, const generate_run *given, generate_result *out, df_error *err)
{
    df_error ignored;
    generate_run run = *given;
    run.shards = run.shards > 0 ? run.shards : 1;
    job_settle(job);
    generate_result result = {0};
    df_error *sentence = err ? err : &ignored;
    df_arena *arena = df_arena_new((size_t)256 << 20, sentence);
    run_state *state = arena ? df_alloc(arena, 1, sizeof *state, sentence) : NULL;
    bool is_good = state != NULL;
    if (is_good) {
        *state = (run_state){.job = job, .run = &run, .setting = {.job = job, .model = run.model}, .arena = arena};
        state->journal.file = -1;
        is_good = generate_in(job, &run, state, &result, sentence);
    }
    df_arena_free(arena);
    if (is_good)
        *out = result;
    return is_good;
}
