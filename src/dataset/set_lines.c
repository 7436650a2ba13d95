/* set_lines.c: manifest_read with a memory of what was there. */
#include "dataset/set_lines.h"

#include <string.h>

#include "base/file.h"
#include "base/stop.h"
#include "dataset/set_folder.h"
#include "face/id_set.h"

enum { REPORT_EVERY = 1000 };

struct set_lines {
    df_arena *arena; /* of this struct */
    char manifest[DATASET_PATH];
    manifest_reader *reader;
    id_set identities;
    char identity[PERSON_ID]; /* of the last line; "": none yet */
    int64_t index, count;
    bool is_new;
};

set_lines *set_lines_open(const char *folder, df_error *err)
{
    return set_folder_check_whole(folder, err) ? set_lines_open_alone(folder, err) : NULL;
}

set_lines *set_lines_open_alone(const char *folder, df_error *err)
{
    df_arena *arena = df_arena_new(sizeof(set_lines) + 4096, err);
    set_lines *lines = arena ? df_alloc(arena, 1, sizeof *lines, err) : NULL;
    if (!lines) {
        df_arena_free(arena);
        return NULL;
    }
    lines->arena = arena;
    if (df_path_join(lines->manifest, sizeof lines->manifest, folder, "manifest.jsonl", err) &&
        (lines->reader = manifest_open(lines->manifest, err)))
        return lines;
    set_lines_close(lines);
    return NULL;
}

bool set_lines_fail(const set_lines *lines, df_error *err)
{
    return df_fail_in(err, "%s, line %zu", lines->manifest, manifest_line(lines->reader));
}

static bool check_order(set_lines *lines, const manifest_entry *e, df_error *err)
{
    const bool is_same = strcmp(e->identity, lines->identity) == 0;
    lines->is_new = !is_same;
    if (is_same && e->index <= lines->index)
        return df_fail(err, "index %lld of identity '%s' after %lld: the line is there twice or out of order", (long long)e->index,
                       e->identity, (long long)lines->index);
    bool is_new = true;
    if (!is_same && !id_set_add(&lines->identities, e->identity, &is_new, err))
        return false;
    if (!is_new)
        return df_fail(err, "identity '%s' had lines before, expected them side by side", e->identity);
    memcpy(lines->identity, e->identity, sizeof lines->identity);
    lines->index = e->index;
    return true;
}

bool set_lines_next(set_lines *lines, manifest_entry *out, bool *found, const df_progress *progress, df_error *err)
{
    if (df_stop_signal())
        return df_fail(err, "stopped by a signal");
    if (!manifest_next(lines->reader, out, found, err))
        return false;
    if (!*found)
        return true;
    if (!check_order(lines, out, err))
        return set_lines_fail(lines, err);
    if (++lines->count % REPORT_EVERY == 0)
        df_progress_step(progress, lines->count);
    return true;
}

const char *set_lines_text(const set_lines *lines, size_t *length)
{
    return manifest_text(lines->reader, length);
}

const json_t *set_lines_json(const set_lines *lines)
{
    return manifest_json(lines->reader);
}

int64_t set_lines_count(const set_lines *lines)
{
    return lines->count;
}

int64_t set_lines_identities(const set_lines *lines)
{
    return (int64_t)lines->identities.count;
}

bool set_lines_is_new(const set_lines *lines)
{
    return lines->is_new;
}

void set_lines_close(set_lines *lines)
{
    if (!lines)
        return;
    manifest_close(lines->reader);
    id_set_free(&lines->identities);
    df_arena_free(lines->arena);
}
