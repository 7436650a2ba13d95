/* exporter.c: the table of formats, and the way of every export: a pass over the manifest that checks and counts, a second one that
   hands image after image to the format, and a rename at the end. */
#include "exchange/exporter.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/stop.h"
#include "dataset/set_folder.h"
#include "exchange/export_lines.h"
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

/* ---- the survey ---- */

static bool survey_lines(export_lines *lines, const df_progress *progress, export_set *set, df_error *err)
{
    manifest_entry entry;
    int64_t number;
    bool found = true;
    set->is_uniform = true;
    while (export_lines_next(lines, &entry, &number, &found, err)) {
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

/* Checks order and names, and counts. */
static bool survey(const char *manifest, const char *split, const df_progress *progress, export_set *set, df_error *err)
{
    export_lines lines;
    if (!export_lines_open(manifest, split, EXPORT_GLANCED, &lines, err))
        return false;
    df_progress_start(progress, "reading the manifest", 0);
    bool is_good = survey_lines(&lines, progress, set, err);
    df_progress_finish(progress);
    set->images = lines.images;
    set->identities = lines.people.count;
    if (is_good && lines.images == 0)
        is_good = split && lines.others > 0 ? df_fail(err, "%s: no image is of the split '%s'", manifest, split)
                                            : df_fail(err, "%s: has no image", manifest);
    export_lines_close(&lines);
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
        if (!export_lines_next(&e->lines, &sample->entry, &sample->person, &found, err))
            return df_stop_signal() ? df_fail(err, "stopped after %lld images", (long long)sample->number) : false;
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
    if (!export_lines_open(manifest, e->context->setting->split, EXPORT_PARSED, &e->lines, err))
        return false;
    e->sample.reader = e->lines.reader;
    df_progress_start(e->context->progress, "exporting", e->context->set->images);
    const bool is_good = put_all(e, err);
    df_progress_step(e->context->progress, e->sample.number);
    df_progress_finish(e->context->progress);
    export_lines_close(&e->lines);
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

bool export_dataset(const export_row *row, const char *folder, const export_setting *setting, const df_progress *progress,
                    export_result *out, df_error *err)
{
    char manifest[DATASET_PATH];
    const double start = df_clock();
    export_set set = {.folder = folder};
    export_context context = {.set = &set, .setting = setting, .progress = progress};
    export_result result = {0};
    if (!set_folder_check_whole(folder, err) || !df_path_join(manifest, sizeof manifest, folder, "manifest.jsonl", err) ||
        !survey(manifest, setting->split, progress, &set, err) || !export_to_place(row, &context, manifest, &result, err))
        return false;
    result.seconds = df_clock() - start;
    *out = result;
    return true;
}
