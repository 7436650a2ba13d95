/* source_import.c: a window of images at a time. Their files are decoded and hashed side by side; then, in the source's order, each good
   one gets its identity, index and line; then the files are copied side by side. All happens in a hidden folder that becomes
   the set by one rename. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stop.h"
#include "dataset/set_place.h"
#include "dataset/verify_files.h"
#include "exchange/source_id.h"
#include "exchange/source_line.h"
#include "exchange/source_rows.h"

enum { IMAGES_PER_THREAD = 64 }; /* few pauses where threads wait for each other */
static const size_t SCRATCH_MEMORY = (size_t)2 << 30, SOURCE_MEMORY = (size_t)4 << 30;

typedef struct import_slot {
    source_image from;
    manifest_entry entry; /* of our own sets */
    df_text line;         /* the same */
    df_error problem;     /* of the image, or of its copy */
    bool is_kept;
    source_placed placed;
} import_slot;

typedef struct import_work {
    const source_row *row;
    const source_setting *source;
    const import_setting *how;
    void *state; /* of the source */
    const char *place;
    import_slot *window;        /* [threads * IMAGES_PER_THREAD] */
    df_arena *arena, **scratch; /* [threads] */
    int threads;
    df_writer *manifest;
    df_text lines;
    source_log log;
    source_ids ids;
    char original[SOURCE_PATH], id[PERSON_ID];   /* the current identity */
    bool has_identity, has_folder[VERIFY_FILES]; /* of its images and labels */
    int64_t index;                               /* the next of its images */
    import_result result;
} import_work;

/* ---- the place of an image ---- */

/* The folder of file k of a kept image, unless the identity has it. */
static bool make_folder(import_work *w, int k, const char *file, df_error *err)
{
    char path[SOURCE_PATH];
    if (file[0] == '\0' || w->has_folder[k])
        return true;
    if (!df_path_join(path, sizeof path, w->place, file, err))
        return false;
    *strrchr(path, '/') = '\0';
    w->has_folder[k] = true;
    return df_make_folders(path, err);
}

static bool make_folders(import_work *w, const import_slot *slot, df_error *err)
{
    if (!make_folder(w, 0, slot->placed.image, err))
        return false;
    for (int kind = 0; slot->from.entry && kind < LABEL_KIND_COUNT; kind++)
        if (!make_folder(w, 1 + kind, slot->entry.labels[kind].path, err))
            return false;
    return true;
}

static void count_split(import_result *result, const char *name)
{
    int k = 0;
    while (k < result->split_count && strcmp(result->splits[k].name, name) != 0)
        k++;
    if (k == SOURCE_SPLITS)
        return;
    if (k == result->split_count) {
        snprintf(result->splits[k].name, sizeof result->splits[k].name, "%s", name);
        result->split_count++;
    }
    result->splits[k].images++;
}

/* The identity's id; each comes once. */
static bool enter_identity(import_work *w, const source_image *from, df_error *err)
{
    if (w->has_identity && strcmp(w->original, from->identity) == 0)
        return true;
    if (from->line) /* has its id */
        w->id[0] = '\0';
    else if (!source_ids_next(&w->ids, from->identity, w->id, err))
        return false;
    memcpy(w->original, from->identity, sizeof w->original);
    memset(w->has_folder, 0, sizeof w->has_folder);
    w->has_identity = true;
    w->index = 0;
    return true;
}

static bool place_new(import_work *w, import_slot *slot, df_error *err)
{
    char path[MANIFEST_PATH];
    source_placed *placed = &slot->placed;
    if (w->index == JOB_MAX_PER_IDENTITY)
        return df_fail(err, "identity '%s': more than %d images", w->id, JOB_MAX_PER_IDENTITY);
    manifest_image_path(path, w->id, (uint32_t)w->index);
    snprintf(placed->image, sizeof placed->image, "%.*s%s", (int)(strlen(path) - strlen(".png")), path, placed->form.ending);
    snprintf(placed->identity, sizeof placed->identity, "%s", w->id);
    placed->format = w->row->name;
    placed->index = w->index;
    return source_line(&slot->from, placed, &w->lines, err);
}

static bool place_own(import_work *w, import_slot *slot, df_error *err)
{
    memcpy(slot->placed.image, slot->entry.image, sizeof slot->placed.image);
    df_text_add_bytes(&w->lines, slot->line.data, slot->line.size);
    df_text_add(&w->lines, "\n");
    return df_text_ok(&w->lines, err);
}

/* Index, path, line and folders of a good image. */
static bool place(import_work *w, import_slot *slot, df_error *err)
{
    if (!(slot->from.entry ? place_own(w, slot, err) : place_new(w, slot, err)) || !make_folders(w, slot, err))
        return false;
    w->result.identities += w->index == 0;
    w->result.images++;
    w->result.unknown += slot->from.identity[0] == '\0';
    w->index++;
    count_split(&w->result, slot->from.split);
    return true;
}

static bool copy_one(const import_work *w, const char *from, const char *to, df_error *err)
{
    char path[SOURCE_PATH];
    return df_path_join(path, sizeof path, w->place, to, err) &&
           (w->how->link ? df_file_link(from, path, err) : df_file_copy(from, path, err));
}

static bool copy_files(const import_work *w, const import_slot *slot, df_error *err)
{
    char label[SOURCE_PATH];
    if (!copy_one(w, slot->from.path, slot->placed.image, err))
        return false;
    for (int kind = 0; slot->from.entry && kind < LABEL_KIND_COUNT; kind++) {
        const char *name = slot->entry.labels[kind].path;
        if (name[0] && (!df_path_join(label, sizeof label, w->source->path, name, err) || !copy_one(w, label, name, err)))
            return false;
    }
    return true;
}

/* ---- windows ---- */

static void examine(const import_work *w, import_slot *slot, df_arena *scratch)
{
    slot->problem.text[0] = '\0';
    slot->is_kept = slot->from.entry ? source_examine_own(w->source->path, &slot->entry, scratch, &slot->problem)
                                     : source_examine(slot->from.path, &slot->placed.form, scratch, &slot->problem);
}

static void examine_window(import_work *w, int count)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(w->threads)
    for (int i = 0; i < count; i++) {
        df_arena *scratch = w->scratch[omp_get_thread_num()];
        df_arena_reset(scratch);
        if (!df_stop_signal())
            examine(w, &w->window[i], scratch);
    }
}

static bool place_window(import_work *w, int count, df_error *err)
{
    for (int i = 0; i < count; i++) {
        import_slot *slot = &w->window[i];
        if (!enter_identity(w, &slot->from, err))
            return false;
        if (!slot->is_kept && source_is_shortage(&slot->problem))
            return df_fail(err, "%s", slot->problem.text);
        if (!slot->is_kept)
            source_say(&w->log, &w->log.skipped, "%s", slot->problem.text);
        else if (!place(w, slot, err))
            return false;
    }
    return true;
}

/* The first slot's failure is the one that is told, whatever the threads did. */
static bool copy_window(import_work *w, int count, df_error *err)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(w->threads)
    for (int i = 0; i < count; i++)
        if (w->window[i].is_kept && !df_stop_signal() && copy_files(w, &w->window[i], &w->window[i].problem))
            w->window[i].problem.text[0] = '\0';
    for (int i = 0; i < count; i++)
        if (w->window[i].is_kept && w->window[i].problem.text[0])
            return df_fail(err, "%s", w->window[i].problem.text);
    return true;
}

static bool flush(import_work *w, int count, df_error *err)
{
    df_text_clear(&w->lines);
    examine_window(w, count);
    if (df_stop_signal())
        return df_fail(err, "stopped by a signal");
    if (!place_window(w, count, err) || !copy_window(w, count, err))
        return false;
    if (df_stop_signal())
        return df_fail(err, "stopped by a signal");
    return w->lines.size == 0 || df_writer_put(w->manifest, w->lines.data, w->lines.size, err);
}

/* The source's next image that is asked for, with all that lives only until the next call copied. */
static bool fill(import_work *w, import_slot *slot, bool *found, df_error *err)
{
    json_decref(slot->from.fields);
    slot->from.fields = NULL;
    do {
        if (!w->row->next(w->state, &slot->from, found, err)) {
            slot->from.fields = NULL;
            return false;
        }
    } while (*found && w->how->split && strcmp(w->how->split, slot->from.split) != 0);
    slot->from.fields = *found ? json_incref(slot->from.fields) : NULL;
    if (!*found || !slot->from.entry)
        return true;
    slot->entry = *slot->from.entry;
    df_text_clear(&slot->line);
    df_text_add_bytes(&slot->line, slot->from.line, slot->from.line_length);
    return df_text_ok(&slot->line, err);
}

static bool import_images(import_work *w, df_error *err)
{
    const int room = w->threads * IMAGES_PER_THREAD;
    int64_t done = 0;
    bool found = true;
    while (found) {
        int count = 0;
        while (count < room && found) {
            if (!fill(w, &w->window[count], &found, err))
                return false;
            count += found;
        }
        if (!flush(w, count, err))
            return false;
        done += count;
        df_progress_step(w->log.progress, done);
    }
    if (w->result.images > 0)
        return true;
    if (done > 0)
        return df_fail(err, "%s: none of %lld images can be read", w->source->path, (long long)done);
    return df_fail(err, "%s: no images%s%s", w->source->path, w->how->split ? " of split " : "", w->how->split ? w->how->split : "");
}

/* ---- the folder ---- */

static void close_work(import_work *w)
{
    if (w->state && w->row->close)
        w->row->close(w->state);
    df_writer_abandon(w->manifest);
    for (int i = 0; w->window && i < w->threads * IMAGES_PER_THREAD; i++) {
        json_decref(w->window[i].from.fields);
        df_text_free(&w->window[i].line);
    }
    for (int t = 0; w->scratch && t < w->threads; t++)
        df_arena_free(w->scratch[t]);
    df_text_free(&w->lines);
    source_ids_free(&w->ids);
}

static bool open_work(import_work *w, df_error *err)
{
    char manifest[SOURCE_PATH];
    const size_t threads = (size_t)w->threads;
    w->window = df_alloc(w->arena, threads * IMAGES_PER_THREAD, sizeof *w->window, err);
    w->scratch = w->window ? df_alloc(w->arena, threads, sizeof *w->scratch, err) : NULL;
    if (!w->scratch)
        return false;
    for (size_t t = 0; t < threads; t++)
        if (!(w->scratch[t] = df_arena_new(SCRATCH_MEMORY, err)))
            return false;
    return (w->state = w->row->open(w->source, &w->log, w->arena, err)) != NULL &&
           df_path_join(manifest, sizeof manifest, w->place, "manifest.jsonl", err) &&
           (w->manifest = df_writer_open(manifest, err)) != NULL;
}

/* All images into w->place. */
static bool import_into(import_work *w, df_error *err)
{
    bool is_good = open_work(w, err);
    if (is_good) {
        df_progress_start(w->log.progress, "images", w->log.expected);
        is_good = import_images(w, err);
        df_progress_finish(w->log.progress);
    }
    if (is_good) {
        df_writer *manifest = w->manifest;
        w->manifest = NULL;
        is_good = df_writer_commit(manifest, err);
    }
    close_work(w);
    w->result.skipped = w->log.skipped;
    w->result.missing = w->log.missing;
    w->result.unlisted = w->log.unlisted;
    return is_good;
}

/* To the disk, so that the new name never stands for less than all. */
static bool sync_place(const char *place, df_error *err)
{
    const int folder = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_good = folder >= 0 && syncfs(folder) == 0;
    const int reason = errno;
    if (folder >= 0)
        close(folder);
    return is_good || df_fail(err, "%s: cannot write to the disk: %s", place, strerror(reason));
}

/* A set that grows in what it is made of would never end. */
static bool check_outside(const char *source, const char *out, const char *place, df_error *err)
{
    char real[PATH_MAX], real_place[PATH_MAX];
    if (!df_path_is_folder(source) || !realpath(source, real) || !realpath(place, real_place))
        return true;
    const size_t length = strlen(real);
    if (strncmp(real, real_place, length) != 0 || (real_place[length] != '/' && length > 1))
        return true;
    return df_fail(err, "%s: lies inside of %s, expected a folder elsewhere", out, source);
}

static bool make_set(import_work *w, const char *out, df_error *err)
{
    set_place place = {0};
    if (!set_place_open(out, &place, err))
        return false;
    w->place = place.path;
    const bool is_good = check_outside(w->source->path, out, place.path, err) && import_into(w, err) && sync_place(place.path, err) &&
                         set_place_keep(&place, err);
    set_place_drop(&place);
    return is_good;
}

bool source_import(const source_row *row, const source_setting *source, const import_setting *how, const char *out,
                   const df_progress *progress, import_result *result, df_error *err)
{
    df_arena *arena = df_arena_new(SOURCE_MEMORY, err);
    import_work *w = arena ? df_alloc(arena, 1, sizeof *w, err) : NULL;
    bool is_good = w != NULL;
    if (is_good) {
        *w = (import_work){.row = row,
                           .source = source,
                           .how = how,
                           .arena = arena,
                           .threads = how->threads > 0 ? how->threads : omp_get_max_threads(),
                           .log = {.progress = progress}};
        is_good = make_set(w, out, err);
        if (is_good)
            *result = w->result;
    }
    df_arena_free(arena);
    return is_good;
}
