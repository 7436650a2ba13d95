/* shard_render.c: rounds. In each, all threads take what comes next: people of the next window to be prepared, then images of
   this one; at its end, and every half second, the lines of what is done go into the journal, in order. */
#include "dataset/shard_render.h"

#include <omp.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/stop.h"
#include "dataset/appender.h"
#include "dataset/window.h"

typedef struct run_state {
    const shard_plan *plan;
    image_maker **makers; /* [threads] */
    window_source source;
    window windows[2];
    appender appender;
    df_arena *arena;
} run_state;

/* ---- the work of a round ---- */

static void prepare_person(const shard_plan *plan, window_person *place, double *seconds, df_error *err)
{
    const double start = df_clock();
    if (image_maker_folders(plan->setting, place->who.id, err))
        place->identity = head_identity_new(plan->setting->model, &place->who, plan->setting->job->band, place->arena, err);
    *seconds += df_clock() - start;
}

/* Large images take long: their lines do not wait for the end of the window. */
static void make_image(run_state *state, image_maker *maker, window *now, window_item *item)
{
    manifest_file labels[LABEL_KIND_COUNT] = {0};
    const bool is_good = image_maker_make(maker, item->person->identity, &item->person->who, item->index, labels, &item->line, &item->err);
#pragma omp critical(journal)
    {
        item->is_done = is_good;
        appender_put_sometimes(&state->appender, now);
    }
}

/* Item k of the round: first the newcomers of the next window, then the images of this one. */
static void do_item(run_state *state, window *now, const window *next, int k)
{
    image_maker *maker = state->makers[omp_get_thread_num()];
    if (df_stop_signal() || state->appender.is_broken)
        return;
    if (k < next->newcomer_count)
        prepare_person(state->plan, next->newcomers[k], &image_maker_seconds(maker)[STAGE_IDENTITY], &next->newcomer_errors[k]);
    else
        make_image(state, maker, now, &now->items[k - next->newcomer_count]);
}

static void work(run_state *state, window *now, const window *next)
{
    const int count = next->newcomer_count + now->count;
#pragma omp parallel for schedule(dynamic, 1) num_threads(state->plan->threads)
    for (int k = 0; k < count; k++)
        do_item(state, now, next, k);
}

/* ---- what went wrong ---- */

static bool fail_image(const char *id, int64_t index, df_error *err)
{
    return df_fail_in(err, "identity %s, image %lld (rerun: diffuse render ... --only %s/%lld)", id, (long long)index, id,
                      (long long)index);
}

static int64_t first_index(const window *w, const window_person *who)
{
    for (int i = 0; i < w->count; i++)
        if (w->items[i].person == who)
            return w->items[i].index;
    return 0;
}

/* All newcomers of a window are prepared; else the first error. */
static bool check_newcomers(const window *w, df_error *err)
{
    for (int i = 0; i < w->newcomer_count; i++) {
        if (w->newcomers[i]->identity)
            continue;
        *err = w->newcomer_errors[i];
        return fail_image(w->newcomers[i]->who.id, first_index(w, w->newcomers[i]), err);
    }
    return true;
}

/* What kept the window from being whole: an image's error, the lowest first, the journal's, or a signal. */
static bool check_images(const run_state *state, const window *w, df_error *err)
{
    const int64_t lines = state->appender.journal->lines, images = state->plan->images;
    for (int i = 0; i < w->count; i++) {
        const window_item *item = &w->items[i];
        if (item->is_done || item->err.text[0] == '\0')
            continue;
        *err = item->err;
        return fail_image(item->person->who.id, item->index, err);
    }
    if (state->appender.is_broken) {
        *err = state->appender.err;
        return false;
    }
    if (df_stop_signal() && lines < images)
        return df_fail(err, "stopped after %lld of %lld images in %s: --resume goes on", (long long)lines, (long long)images,
                       state->plan->setting->folder);
    return true;
}

/* ---- all rounds ---- */

static bool render_all(run_state *state, df_error *err)
{
    window *now = &state->windows[0], *next = &state->windows[1];
    window nothing = {0};
    if (!window_fill(&state->source, now, err))
        return false;
    work(state, &nothing, now);
    while (now->count > 0 && !df_stop_signal()) {
        if (!check_newcomers(now, err) || !window_fill(&state->source, next, err))
            return false;
        work(state, now, next);
        appender_put(&state->appender, now);
        if (!check_images(state, now, err))
            return false;
        window_clear(now);
        window *swapped = now;
        now = next;
        next = swapped;
    }
    return check_images(state, now, err);
}

static bool make_makers(run_state *state, df_error *err)
{
    state->makers = df_alloc(state->arena, (size_t)state->plan->threads, sizeof *state->makers, err);
    if (!state->makers)
        return false;
    for (int t = 0; t < state->plan->threads; t++)
        if (!(state->makers[t] = image_maker_new(state->plan->setting, err)))
            return false;
    return true;
}

static bool make_label_folders(const maker_setting *setting, df_error *err)
{
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        char name[MANIFEST_PATH], path[DATASET_PATH];
        snprintf(name, sizeof name, "labels/%s", label_kind_names[kind]);
        if (setting->job->labels[kind] && (!df_path_join(path, sizeof path, setting->folder, name, err) || !df_make_folders(path, err)))
            return false;
    }
    return true;
}

/* The stream of people begins where the journal ends. */
static bool open_source(run_state *state, const shard_plan *plan, int64_t done, df_error *err)
{
    const bool is_one = plan->only_position >= 0;
    const int64_t shards = is_one ? INT64_MAX : plan->run->shards, shard = is_one ? plan->only_position : plan->run->shard;
    state->source.per_identity = plan->setting->job->per_identity;
    state->source.only_index = is_one ? plan->setting->job->only_index : JOB_ALL_IMAGES;
    state->source.skip = done;
    return window_source_init(&state->source, state->windows, plan->threads, state->arena, err) &&
           roster_open(plan->run->identities, plan->setting->model, shard, shards, &state->source.stream, err);
}

static void note_time(const run_state *state, double seconds, generate_result *out)
{
    double busy = 0;
    out->seconds = seconds;
    out->threads = state->plan->threads;
    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        for (int t = 0; t < out->threads; t++)
            out->stages[stage] += image_maker_seconds(state->makers[t])[stage];
        busy += out->stages[stage];
    }
    out->waiting = seconds * out->threads - busy;
}

static bool render_timed(run_state *state, generate_result *out, df_error *err)
{
    const df_progress *progress = state->plan->run->progress;
    const double start = df_clock();
    df_progress_start(progress, "images", state->plan->images);
    const bool is_good = render_all(state, err);
    df_progress_finish(progress);
    out->made = state->appender.made;
    if (is_good)
        note_time(state, df_clock() - start, out);
    return is_good;
}

bool shard_render(const shard_plan *plan, journal *journal_of, generate_result *out, df_error *err)
{
    df_arena *arena = df_arena_new((size_t)1 << 30, err);
    run_state *state = arena ? df_alloc(arena, 1, sizeof *state, err) : NULL;
    if (!state) {
        df_arena_free(arena);
        return false;
    }
    state->plan = plan;
    state->arena = arena;
    state->appender = (appender){.setting = plan->setting, .journal = journal_of, .sync = plan->run->sync, .progress = plan->run->progress};
    state->appender.last = df_clock();
    const bool is_good = make_label_folders(plan->setting, err) && open_source(state, plan, journal_of->lines, err) &&
                         make_makers(state, err) && render_timed(state, out, err);
    for (int t = 0; state->makers && t < plan->threads; t++)
        image_maker_free(state->makers[t]);
    window_source_free(&state->source, state->windows);
    appender_free(&state->appender);
    df_arena_free(arena);
    return is_good;
}
