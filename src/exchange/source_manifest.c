/* source_manifest.c: our own sets, rendered or imported. Their lines are kept as they stand. */
#include <stdio.h>
#include <string.h>

#include "dataset/set_folder.h"
#include "exchange/source_rows.h"

typedef struct manifest_source {
    const char *folder;
    manifest_reader *reader;
    manifest_entry entry;
    char identity[PERSON_ID]; /* of the line before */
    int64_t index;
} manifest_source;

static bool recognises(const char *path)
{
    return source_has(path, "manifest.jsonl") || source_has(path, ".diffuse/job.json");
}

static void *open_set(const source_setting *setting, source_log *log, df_arena *arena, df_error *err)
{
    char path[SOURCE_PATH];
    manifest_source *s = df_alloc(arena, 1, sizeof *s, err);
    (void)log;
    if (!s || !set_folder_check_whole(setting->path, err) || !df_path_join(path, sizeof path, setting->path, "manifest.jsonl", err))
        return NULL;
    s->folder = setting->path;
    s->reader = manifest_open(path, err);
    return s->reader ? s : NULL;
}

/* Lines of an identity ascend by index, and their files are where they belong: nothing can be there twice. */
static bool check_order(manifest_source *s, df_error *err)
{
    const manifest_entry *e = &s->entry;
    if (!manifest_is_in_place(e))
        return df_fail(err, "%s/manifest.jsonl, line %zu: image '%s', expected the file of index %lld of '%s'", s->folder,
                       manifest_line(s->reader), e->image, (long long)e->index, e->identity);
    if (strcmp(s->identity, e->identity) == 0 && e->index <= s->index)
        return df_fail(err, "%s/manifest.jsonl, line %zu: index %lld after %lld: a line is doubled or out of order", s->folder,
                       manifest_line(s->reader), (long long)e->index, (long long)s->index);
    memcpy(s->identity, e->identity, sizeof s->identity);
    s->index = e->index;
    return true;
}

static bool next_image(void *state, source_image *out, bool *found, df_error *err)
{
    manifest_source *s = state;
    if (!manifest_next(s->reader, &s->entry, found, err))
        return false;
    if (!*found)
        return true;
    if (!check_order(s, err))
        return false;
    out->entry = &s->entry;
    out->line = manifest_text(s->reader, &out->line_length);
    out->fields = (json_t *)(uintptr_t)manifest_json(s->reader);
    snprintf(out->original, sizeof out->original, "%s", s->entry.image);
    snprintf(out->identity, sizeof out->identity, "%s", s->entry.identity);
    snprintf(out->split, sizeof out->split, "%s", s->entry.split);
    return df_path_join(out->path, sizeof out->path, s->folder, s->entry.image, err);
}

static void close_set(void *state)
{
    manifest_source *s = state;
    manifest_close(s->reader);
}

const source_row source_manifest = {.name = "diffuse",
                                    .summary = "a data set of this program: lines and labels are kept",
                                    .recognises = recognises,
                                    .open = open_set,
                                    .next = next_image,
                                    .close = close_set};
