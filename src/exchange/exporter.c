/* exporter.c: the table of formats, and the way of every export: a pass over the manifest that checks and counts, a second one that
   hands image after image to the format, and a rename at the end. */
#include "exchange/exporter.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/stop.h"
#include "dataset/set_folder.h"
#include "exchange/export_people.h"
#include "exchange/export_place.h"
#include "exchange/export_rows.h"
#include "exchange/export_sample.h"

static const size_t SCRATCH_LIMIT = (size_t)2 << 30, FORMAT_LIMIT = (size_t)1 << 30;
enum { STEP = 16 }; /* images between two reports */

#define EXPORT_FORMAT_POINTER(id, name) &export_##id##_row,
static const export_row *const rows[] = {EXPORT_FORMATS(EXPORT_FORMAT_POINTER)};
#undef EXPORT_FORMAT_POINTER

const export_row *export_row_at(int index)
{
    return index >= 0 && (size_t)index < DF_ARRAY_LEN(rows) ? rows[index] : NULL;
}

const export_row *export_find(const char *name)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        if (strcmp(rows[i]->name, name) == 0)
            return rows[i];
    return NULL;
}

/* ---- what is exported ---- */

/* A manifest as exports read it: the lines of one split, each with the number of its identity. */
typedef struct export_lines {
    manifest_reader *reader;
    const char *split; /* NULL: all */
    export_people people;
    int64_t images, others; /* of the split, of other splits so far */
} export_lines;

static void close_lines(export_lines *lines)
{
    manifest_close(lines->reader);
    export_people_free(&lines->people);
}

static bool open_lines(const char *manifest, const char *split, export_lines *out, df_error *err)
{
    *out = (export_lines){.reader = manifest_open(manifest, err), .split = split};
    return out->reader != NULL;
}

/* Imported sets may have any letters in their ids. */
static bool is_file_name(const char *id)
{
    for (const char *at = id; *at; at++)
        if (*at == '/' || (unsigned char)*at < ' ' || *at == 0x7F)
            return false;
    return id[0] != '\0' && id[0] != '.';
}

static bool check_order(const manifest_entry *entry, export_person *who, df_error *err)
{
    if (!is_file_name(entry->identity))
        return df_fail(err, "%s: the identity is no name that a folder could have", entry->image);
    if (entry->index <= who->last_index)
        return df_fail(err, "%s: image %lld of '%s' comes after image %lld: a line is doubled or out of order", entry->image,
                       (long long)entry->index, entry->identity, (long long)who->last_index);
    who->last_index = entry->index;
    return true;
}

/* The next line of the split, and its identity's number. */
static bool next_line(export_lines *lines, manifest_entry *entry, int64_t *number, bool *found, df_error *err)
{
    for (;;) {
        if (df_stop_signal())
            return df_fail(err, "stopped");
        if (!manifest_next(lines->reader, entry, found, err))
            return false;
        if (!*found)
            return true;
        if (!lines->split || strcmp(entry->split, lines->split) == 0)
            break;
        lines->others++;
    }
    export_person *who = export_people_find(&lines->people, entry->identity, err);
    if (!who || !check_order(entry, who, err))
        return false;
    *number = who->number;
    lines->images++;
    return true;
}

static bool survey_lines(export_lines *lines, const df_progress *progress, export_set *set, df_error *err)
{
    manifest_entry entry;
    int64_t number;
    bool found = true;
    set->is_uniform = true;
    while (next_line(lines, &entry, &number, &found, err)) {
        if (!found)
            return true;
        if (lines->images == 1) {
            set->width = entry.width;
            set->height = entry.height;
            set->channels = entry.channels;
        }
        set->is_uniform &= entry.width == set->width && entry.height == set->height && entry.channels == set->channels;
        if (lines->images % STEP == 0)
            df_progress_step(progress, lines->images);
    }
    return false;
}

/* Checks and counts. */
static bool survey(const char *manifest, const char *split, const df_progress *progress, export_set *set, df_error *err)
{
    export_lines lines;
    if (!open_lines(manifest, split, &lines, err))
        return false;
    df_progress_start(progress, "reading the manifest", 0);
    bool is_good = survey_lines(&lines, progress, set, err);
    df_progress_finish(progress);
    set->images = lines.images;
    set->identities = lines.people.count;
    if (is_good && lines.images == 0)
        is_good = split && lines.others > 0 ? df_fail(err, "%s: no image is of the split '%s'", manifest, split)
                                            : df_fail(err, "%s: has no image", manifest);
    close_lines(&lines);
    return is_good;
}

/* ---- the export ---- */

typedef struct exporting {
    const export_row *row;
    const export_context *context;
    export_lines lines;
    export_sample sample;
    void *state;
    int64_t left_out;
} exporting;

static bool put_all(exporting *e, df_error *err)
{
    export_sample *sample = &e->sample;
    const export_set *set = e->context->set;
    bool found;
    for (;;) {
        if (!next_line(&e->lines, &sample->entry, &sample->person, &found, err))
            return df_fail_in(err, "after %lld images", (long long)sample->number);
        if (!found)
            break;
        export_sample_clear(sample);
        if (!e->row->put(e->state, sample, err))
            return false;
        e->left_out += sample->is_left_out;
        if (++sample->number % STEP == 0)
            df_progress_step(e->context->progress, sample->number);
    }
    return (sample->number == set->images && e->lines.people.count == set->identities) ||
           df_fail(err, "%s: the manifest changed while it was exported", set->folder);
}

/* The second pass, with a format that is open. */
static bool put_and_finish(exporting *e, const char *manifest, df_error *err)
{
    if (!open_lines(manifest, e->context->setting->split, &e->lines, err))
        return false;
    e->sample.reader = e->lines.reader;
    df_progress_start(e->context->progress, "exporting", e->context->set->images);
    const bool is_good = put_all(e, err);
    df_progress_step(e->context->progress, e->sample.number);
    df_progress_finish(e->context->progress);
    e->lines.others = is_good ? e->lines.others : 0;
    close_lines(&e->lines);
    if (is_good && e->left_out == e->context->set->images)
        return df_fail(err, "%s: none of its %lld images is of use to this format", e->context->set->folder, (long long)e->left_out);
    return is_good && e->row->finish(e->state, err);
}

static bool run_format(const export_row *row, const export_context *context, const char *manifest, export_result *out, df_error *err)
{
    exporting e = {.row = row, .context = context, .sample = {.folder = context->set->folder}};
    e.sample.scratch = df_arena_new(SCRATCH_LIMIT, err);
    e.state = e.sample.scratch ? row->open(context, err) : NULL;
    const bool is_good = e.state && put_and_finish(&e, manifest, err);
    if (e.state)
        row->close(e.state);
    png_writer_free(e.sample.png);
    df_arena_free(e.sample.scratch);
    *out = (export_result){
        .images = context->set->images - e.left_out, .identities = context->set->identities, .left_out = e.left_out + e.lines.others};
    return is_good;
}

static bool export_to_place(const export_row *row, export_context *context, const char *manifest, export_result *out, df_error *err)
{
    export_place place;
    if (!export_place_open(row, context->set->folder, context->setting->out, &place, err))
        return false;
    context->place = place.place;
    context->arena = df_arena_new(FORMAT_LIMIT, err);
    const bool is_good = context->arena && run_format(row, context, manifest, out, err) && export_place_commit(&place, err);
    df_arena_free(context->arena);
    export_place_abandon(&place);
    return is_good;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

bool export_dataset(const export_row *row, const char *folder, const export_setting *setting, const df_progress *progress,
                    export_result *out, df_error *err)
{
    char manifest[DATASET_PATH];
    const double start = now();
    export_set set = {.folder = folder};
    export_context context = {.set = &set, .setting = setting, .progress = progress};
    export_result result = {0};
    if (!set_folder_check_whole(folder, err) || !df_path_join(manifest, sizeof manifest, folder, "manifest.jsonl", err) ||
        !survey(manifest, setting->split, progress, &set, err) || !export_to_place(row, &context, manifest, &result, err))
        return false;
    result.seconds = now() - start;
    *out = result;
    return true;
}
