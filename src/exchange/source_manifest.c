/* source_manifest.c: our own sets, rendered or imported. Their lines are kept as they stand; set_lines.h checks that none is doubled or
   out of order. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "dataset/set_lines.h"
#include "exchange/source_id.h"
#include "exchange/source_rows.h"

typedef struct manifest_source {
    const char *folder;
    set_lines *lines;
    manifest_entry entry;
} manifest_source;

static bool recognises(const char *path)
{
    char manifest[SOURCE_PATH];
    return source_has(path, ".diffuse/job.json") ||
           (source_has(path, "manifest.jsonl") && df_path_join(manifest, sizeof manifest, path, "manifest.jsonl", NULL) &&
            !df_path_is_folder(manifest)); /* people may be called anything */
}

static void *open_set(const source_setting *setting, source_log *log, df_arena *arena, df_error *err)
{
    manifest_source *s = df_alloc(arena, 1, sizeof *s, err);
    (void)log;
    if (!s)
        return NULL;
    s->folder = setting->path;
    s->lines = set_lines_open(setting->path, err);
    return s->lines ? s : NULL;
}

static bool next_line(manifest_source *s, bool *found, df_error *err)
{
    const manifest_entry *e = &s->entry;
    if (!set_lines_next(s->lines, &s->entry, found, NULL, err))
        return false;
    if (!*found || manifest_is_in_place(e))
        return true;
    df_fail(err, "image '%s', expected the file of index %lld of '%s'", e->image, (long long)e->index, e->identity);
    return set_lines_fail(s->lines, err);
}

static bool next_image(void *state, source_image *out, bool *found, df_error *err)
{
    manifest_source *s = state;
    if (!next_line(s, found, err))
        return false;
    if (!*found)
        return true;
    const bool is_known = !s->entry.imported[0] || strcmp(s->entry.identity, SOURCE_UNKNOWN) != 0;
    out->entry = &s->entry;
    out->line = set_lines_text(s->lines, &out->line_length);
    out->fields = (json_t *)(uintptr_t)set_lines_json(s->lines);
    snprintf(out->original, sizeof out->original, "%s", s->entry.image);
    snprintf(out->identity, sizeof out->identity, "%s", is_known ? s->entry.identity : "");
    snprintf(out->split, sizeof out->split, "%s", s->entry.split);
    return df_path_join(out->path, sizeof out->path, s->folder, s->entry.image, err);
}

static void close_set(void *state)
{
    manifest_source *s = state;
    set_lines_close(s->lines);
}

const source_row source_manifest = {.name = "diffuse",
                                    .summary = "a data set of this program: lines and labels are kept",
                                    .recognises = recognises,
                                    .open = open_set,
                                    .next = next_image,
                                    .close = close_set};
