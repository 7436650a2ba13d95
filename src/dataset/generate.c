/* generate.c: a run from its checks to the finished manifest. The order that keeps every promise: image and label files, then the
   lines in the journal, then (all shards done) the manifest, then the journal goes. */
#include "dataset/generate.h"

#include <errno.h>
#include <fcntl.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stop.h"
#include "dataset/window.h"
#include "render/engine.h"

typedef struct run_state {
    const render_job *job;
    const generate_run *run;
    int threads;
    maker_setting setting;
    set_folder folder;
    journal journal;
    image_maker **makers; /* [threads] */
    window_source source;
    window windows[2];
    df_text lines;  /* what is appended at once */
    int64_t images; /* of this shard */
    int64_t made;
    df_arena *arena;
} run_state;

/* ---- one window ---- */

static void prepare_person(run_state *state, window_person *place, double *seconds, df_error *err)
{
    const double start = image_maker_clock();
    if (image_maker_folders(&state->setting, place->who.id, err))
        place->identity = head_identity_new(state->run->model, &place->who, state->job->band, place->arena, err);
    *seconds += image_maker_clock() - start;
}

/* Item k of the round: first the newcomers of the next window, then the images of this one. */
static void do_item(run_state *state, const window *now, const window *next, int k)
{
    image_maker *maker = state->makers[omp_get_thread_num()];
    if (df_stop_signal())
        return;
    if (k < next->newcomer_count) {
        prepare_person(state, next->newcomers[k], &image_maker_seconds(maker)[STAGE_IDENTITY], &next->newcomer_errors[k]);
        return;
    }
    window_item *item = &now->items[k - next->newcomer_count];
    item->is_done = image_maker_make(maker, item->person->identity, &item->person->who, item->index, &item->line, &item->err);
}

static void work(run_state *state, const window *now, const window *next)
{
    const int count = next->newcomer_count + now->count;
#pragma omp parallel for schedule(dynamic, 1) num_threads(state->threads)
    for (int k = 0; k < count; k++)
        do_item(state, now, next, k);
}

static bool fail_image(const char *id, int64_t index, df_error *err)
{
    return df_fail_in(err, "identity %s, image %lld (rerun: diffuse render ... --only %s/%lld)", id, (long long)index, id,
                      (long long)index);
}

/* All newcomers of a window are prepared; else the first error. */
static bool check_newcomers(const window *w, int64_t first_index, df_error *err)
{
    for (int i = 0; i < w->newcomer_count; i++) {
        if (w->newcomers[i]->identity)
            continue;
        *err = w->newcomer_errors[i];
        return fail_image(w->newcomers[i]->who.id, first_index, err);
    }
    return true;
}

/* ---- appending ---- */

static bool sync_path(const run_state *state, const char *name, df_error *err)
{
    char path[DATASET_PATH];
    if (!df_path_join(path, sizeof path, state->folder.path, name, err))
        return false;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const bool is_good = file >= 0 && fsync(file) == 0;
    if (!is_good)
        df_fail(err, "%s: %s", path, strerror(errno));
    if (file >= 0)
        close(file);
    return is_good;
}

/* The folder of a path like "ID/0000.png". */
static bool sync_folder_of(const run_state *state, const char *name, df_error *err)
{
    char folder[MANIFEST_PATH];
    snprintf(folder, sizeof folder, "%s", name);
    *strrchr(folder, '/') = '\0';
    return sync_path(state, folder, err);
}

/* The files of the first `count` images reach the disk, then the folders that name them. */
static bool sync_images(const run_state *state, const window *w, int count, df_error *err)
{
    for (int i = 0; i < count; i++) {
        const window_item *item = &w->items[i];
        const bool is_last = i + 1 == count || w->items[i + 1].person != item->person;
        for (int kind = -1; kind < LABEL_KIND_COUNT; kind++) {
            char name[MANIFEST_PATH];
            if (kind >= 0 && !state->job->labels[kind])
                continue;
            if (kind < 0)
                manifest_image_path(name, item->person->who.id, item->index);
            else
                manifest_label_path(name, (label_kind)kind, item->person->who.id, item->index);
            if (!sync_path(state, name, err) || (is_last && !sync_folder_of(state, name, err)))
                return false;
        }
    }
    return count == 0 || sync_path(state, ".", err);
}

/* Appends the lines of the images that are done, up to the first that is not. */
static bool append_done(run_state *state, const window *w, df_error *err)
{
    int count = 0;
    df_text_clear(&state->lines);
    for (; count < w->count && w->items[count].is_done; count++)
        df_text_add_bytes(&state->lines, w->items[count].line.data, w->items[count].line.size);
    if (count == 0)
        return true;
    const bool sync = state->run->sync == SYNC_IDENTITY;
    if (!df_text_ok(&state->lines, err) || (sync && !sync_images(state, w, count, err)) ||
        !journal_append(&state->journal, state->lines.data, state->lines.size, count, err) || (sync && !journal_sync(&state->journal, err)))
        return false;
    state->made += count;
    df_progress_step(state->run->progress, state->journal.lines);
    return true;
}

/* What kept the window from being whole: an image's error, the lowest first, or a signal. */
static bool check_images(const run_state *state, const window *w, df_error *err)
{
    for (int i = 0; i < w->count; i++) {
        const window_item *item = &w->items[i];
        if (item->is_done || item->err.text[0] == '\0')
            continue;
        *err = item->err;
        return fail_image(item->person->who.id, item->index, err);
    }
    if (df_stop_signal() && state->journal.lines < state->images)
        return df_fail(err, "stopped after %lld of %lld images in %s: --resume goes on", (long long)state->journal.lines,
                       (long long)state->images, state->folder.path);
    return true;
}

/* ---- the whole ---- */

static int64_t first_index(const window *w)
{
    return w->count > 0 ? w->items[0].index : 0;
}

static bool render_all(run_state *state, df_error *err)
{
    window *now = &state->windows[0], *next = &state->windows[1];
    const window nothing = {0};
    if (!window_fill(&state->source, now, err))
        return false;
    work(state, &nothing, now);
    while (now->count > 0 && !df_stop_signal()) {
        if (!check_newcomers(now, first_index(now), err) || !window_fill(&state->source, next, err))
            return false;
        work(state, now, next);
        df_error append_error = {0};
        const bool is_appended = append_done(state, now, &append_error);
        if (!check_images(state, now, err))
            return false;
        if (!is_appended) {
            if (err)
                *err = append_error;
            return false;
        }
        window_clear(now);
        window *swapped = now;
        now = next;
        next = swapped;
    }
    return check_images(state, now, err);
}

static bool make_makers(run_state *state, df_error *err)
{
    state->makers = df_alloc(state->arena, (size_t)state->threads, sizeof *state->makers, err);
    if (!state->makers)
        return false;
    for (int t = 0; t < state->threads; t++)
        if (!(state->makers[t] = image_maker_new(&state->setting, err)))
            return false;
    return true;
}

static bool make_label_folders(const run_state *state, df_error *err)
{
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        char name[MANIFEST_PATH], path[DATASET_PATH];
        snprintf(name, sizeof name, "labels/%s", label_kind_names[kind]);
        if (state->job->labels[kind] && (!df_path_join(path, sizeof path, state->folder.path, name, err) || !df_make_folders(path, err)))
            return false;
    }
    return true;
}

static int64_t images_of_shard(const render_job *job, const roster *people_known, int shard, int shards)
{
    return job->only_identity[0] ? 1 : (people_known->count + shards - 1 - shard) / shards * job->per_identity;
}

static bool prepare_run(run_state *state, df_error *err)
{
    state->lines = (df_text){0};
    return make_label_folders(state, err) && window_source_init(&state->source, state->windows, state->threads, state->arena, err) &&
           make_makers(state, err);
}

static void note_time(const run_state *state, double seconds, generate_result *out)
{
    double busy = 0;
    out->seconds = seconds;
    out->threads = state->threads;
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        for (int t = 0; t < state->threads; t++)
            out->stages[stage] += image_maker_seconds(state->makers[t])[stage];
        busy += out->stages[stage];
    }
    out->waiting = seconds * state->threads - busy;
}

static bool render_shard(run_state *state, const char *identities, int64_t only_position, generate_result *out, df_error *err)
{
    const generate_run *run = state->run;
    const bool is_one = only_position >= 0;
    window_source *source = &state->source;
    source->per_identity = state->job->per_identity;
    source->only_index = is_one ? state->job->only_index : JOB_ALL_IMAGES;
    source->skip = state->journal.lines;
    /* With --only the stream is a shard of one person. */
    const int64_t shards = is_one ? INT64_MAX : run->shards, shard = is_one ? only_position : run->shard;
    bool is_good = prepare_run(state, err) && roster_open(identities, run->model, shard, shards, &source->stream, err);
    const double start = image_maker_clock();
    df_progress_start(run->progress, "images", state->images);
    is_good = is_good && render_all(state, err);
    df_progress_finish(run->progress);
    if (is_good)
        note_time(state, image_maker_clock() - start, out);
    for (int t = 0; state->makers && t < state->threads; t++)
        image_maker_free(state->makers[t]);
    window_source_free(source, state->windows);
    df_text_free(&state->lines);
    return is_good;
}

static bool finish(const run_state *state, const set_state *set, bool *is_complete, df_error *err)
{
    const generate_run *run = state->run;
    const journal_plan plan = {.folder = state->folder.path,
                               .shards = run->shards,
                               .identities = set->identities,
                               .per_identity = set->per_identity,
                               .sync = run->sync == SYNC_IDENTITY};
    if (state->journal.lines != state->images)
        return df_fail(err, "%s: %lld lines, expected %lld; was the identities file changed meanwhile?", state->journal.path,
                       (long long)state->journal.lines, (long long)state->images);
    if (!journal_finish(state->folder.path, run->shard, run->shards, err))
        return false;
    const int lock = set_folder_lock_state(state->folder.path, err);
    if (lock < 0)
        return false;
    const bool is_good = journal_merge(&plan, is_complete, err);
    close(lock);
    return is_good;
}

static bool run_in_folder(run_state *state, const set_state *set, int64_t only_position, generate_result *out, df_error *err)
{
    const generate_run *run = state->run;
    out->images = state->images;
    if (state->folder.is_complete) {
        out->is_complete = true;
        return true;
    }
    const journal_start start = run->start == SET_RESUME ? JOURNAL_CONTINUE : JOURNAL_CREATE;
    if (!journal_open(state->folder.path, run->shard, run->shards, start, &state->journal, err))
        return false;
    const bool is_good = (state->journal.lines >= state->images || render_shard(state, run->identities, only_position, out, err)) &&
                         finish(state, set, &out->is_complete, err);
    journal_close(&state->journal);
    out->made = state->made;
    return is_good;
}

/* Hash of names and sizes: whoever changes an image without either is not noticed. */
static bool hash_backgrounds(const background_folder *backgrounds, const char *folder, char out[DF_SHA256_TEXT], df_error *err)
{
    df_text list = {0};
    bool is_good = true;
    for (int i = 0; is_good && i < background_folder_count(backgrounds); i++) {
        char path[DATASET_PATH];
        struct stat status;
        const char *name = background_folder_name(backgrounds, i);
        is_good = df_path_join(path, sizeof path, folder, name, err) &&
                  (stat(path, &status) == 0 || df_fail(err, "%s: %s", path, strerror(errno)));
        if (is_good)
            df_text_addf(&list, "%s %lld\n", name, (long long)status.st_size);
    }
    is_good = is_good && df_text_ok(&list, err);
    if (is_good)
        df_sha256_of(list.data, list.size, out);
    df_text_free(&list);
    return is_good;
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
    background_folder *backgrounds = background_folder_open(job->background, state->arena, err);
    if (!backgrounds || !hash_backgrounds(backgrounds, job->background, job->background_sha256, err))
        return false;
    state->setting.backgrounds = backgrounds;
    return true;
}

static bool check(const render_job *job, const generate_run *run, df_error *err)
{
    if (run->shards > 1 && job->only_identity[0])
        return df_fail(err, "--only and --shard: one image has no shards");
    if (run->shards > 1 && run->start == SET_REPLACE)
        return df_fail(err, "--force and --shard: a shard cannot replace what others may be writing; remove the set first");
    if (!engine_find(job->engine))
        return df_fail(err, "engine '%s': none of that name", job->engine);
    return job_check(job, err) && draw_check(job, run->model, err);
}

/* Everything that is checked before the folder is touched. */
static bool read_inputs(render_job *job, const generate_run *run, run_state *state, roster *known, int64_t *only_position, df_error *err)
{
    if (!check(job, run, err) || !roster_read(run->identities, run->model, job->only_identity, only_position, known, err))
        return false;
    memcpy(job->identities_sha256, known->file_sha256, DF_SHA256_TEXT);
    memcpy(job->model_sha256, run->model->sha256, DF_SHA256_TEXT);
    return open_backgrounds(job, state, err);
}

static bool generate_in(render_job *job, const generate_run *run, run_state *state, generate_result *out, df_error *err)
{
    roster known;
    int64_t only_position;
    if (!read_inputs(job, run, state, &known, &only_position, err))
        return false;
    const bool is_one = job->only_identity[0] != '\0';
    set_state set = {.shards = run->shards, .identities = is_one ? 1 : known.count, .per_identity = is_one ? 1 : job->per_identity};
    memcpy(set.order_sha256, known.order_sha256, DF_SHA256_TEXT);
    if (is_one) {
        char line[PERSON_ID + 1];
        snprintf(line, sizeof line, "%s\n", job->only_identity);
        df_sha256_of(line, strlen(line), set.order_sha256);
    }
    state->images = images_of_shard(job, &known, run->shard, run->shards);
    if (!set_folder_open(run->out, run->start, job, &set, &state->folder, err))
        return false;
    state->setting.folder = state->folder.path;
    const bool is_good = run_in_folder(state, &set, only_position, out, err);
    set_folder_close(&state->folder);
    return is_good;
}

bool generate(render_job *job, const generate_run *given, generate_result *out, df_error *err)
{
    df_error ignored;
    generate_run run = *given;
    run.shards = run.shards > 0 ? run.shards : 1;
    generate_result result = {0};
    df_error *sentence = err ? err : &ignored;
    df_arena *arena = df_arena_new((size_t)256 << 20, sentence);
    run_state *state = arena ? df_alloc(arena, 1, sizeof *state, sentence) : NULL;
    bool is_good = state != NULL;
    if (is_good) {
        *state = (run_state){.job = job,
                             .run = &run,
                             .threads = run.threads > 0 ? run.threads : omp_get_max_threads(),
                             .setting = {.job = job, .model = run.model},
                             .arena = arena};
        state->journal.file = -1;
        is_good = generate_in(job, &run, state, &result, sentence);
    }
    df_arena_free(arena);
    if (is_good)
        *out = result;
    return is_good;
}
