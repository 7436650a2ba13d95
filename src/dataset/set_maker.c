/* set_maker.c: links or copies file by file; a folder is made when the first file goes there. */
#include "dataset/set_maker.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "dataset/line_edit.h"
#include "dataset/set_place.h"

enum { ARENA = 64 << 10, FILES = 1 + LABEL_KIND_COUNT };

struct set_maker {
    df_arena *arena; /* of this struct */
    set_place place;
    set_maker_files files;
    df_writer *manifest;
    df_text line;                    /* edited */
    char made[FILES][MANIFEST_PATH]; /* the folders made last, by kind of file */
    int64_t images;
};

set_maker *set_maker_open(const char *out, set_maker_files files, df_error *err)
{
    char manifest[DATASET_PATH];
    df_arena *arena = df_arena_new(ARENA, err);
    set_maker *maker = arena ? df_alloc(arena, 1, sizeof *maker, err) : NULL;
    if (!maker) {
        df_arena_free(arena);
        return NULL;
    }
    maker->arena = arena;
    maker->files = files;
    if (set_place_open(out, &maker->place, err) && df_path_join(manifest, sizeof manifest, maker->place.path, "manifest.jsonl", err) &&
        (maker->manifest = df_writer_open(manifest, err)))
        return maker;
    set_maker_abandon(maker);
    return NULL;
}

/* The folders above a file, unless they are those of the file before it. */
static bool make_folders_of(set_maker *maker, int kind, const char *path, df_error *err)
{
    char *made = maker->made[kind], folder[DATASET_PATH];
    const char *slash = strrchr(path, '/');
    const size_t length = slash ? (size_t)(slash - path) : 0;
    if (length == 0 || (strncmp(made, path, length) == 0 && made[length] == '\0'))
        return true;
    memcpy(made, path, length);
    made[length] = '\0';
    return df_path_join(folder, sizeof folder, maker->place.path, made, err) && df_make_folders(folder, err);
}

static bool put_file(set_maker *maker, int kind, const char *folder, const char *from, const char *to, df_error *err)
{
    char source[DATASET_PATH], target[DATASET_PATH];
    struct stat status;
    if (!df_path_join(source, sizeof source, folder, from, err) || !df_path_join(target, sizeof target, maker->place.path, to, err))
        return false;
    if (stat(source, &status) != 0)
        return df_fail(err, "%s: %s", source, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return df_fail(err, "%s: expected a file", source);
    if (!make_folders_of(maker, kind, to, err))
        return false;
    return maker->files == SET_LINKED ? df_file_link(source, target, err) : df_file_copy(source, target, err);
}

/* "ID/0001.png" and "labels/depth/ID/0001.png" with another ID; other paths fail. */
static bool move_path(const char *path, const char *before, const char *after, char out[MANIFEST_PATH], df_error *err)
{
    const char *file = strrchr(path, '/');
    const size_t length = strlen(before);
    const char *id = file && (size_t)(file - path) >= length ? file - length : NULL;
    if (!id || memcmp(id, before, length) != 0 || (id > path && id[-1] != '/'))
        return df_fail(err, "%s: does not lie in the folder of its identity '%s', which has to be renamed", path, before);
    const int size = snprintf(out, MANIFEST_PATH, "%.*s%s%s", (int)(id - path), path, after, file);
    return size < MANIFEST_PATH || df_fail(err, "%s: too long a path as '%s'", path, after);
}

static const char *path_of(const manifest_entry *entry, int kind)
{
    return kind == 0 ? entry->image : entry->labels[kind - 1].path;
}

static bool put_line(set_maker *maker, const char *line, size_t length, df_error *err)
{
    maker->images++;
    return df_writer_put(maker->manifest, line, length, err) && df_writer_put(maker->manifest, "\n", 1, err);
}

static bool add_renamed(set_maker *maker, const char *folder, const manifest_entry *entry, const char *identity, const char *line,
                        size_t length, df_error *err)
{
    char paths[FILES][MANIFEST_PATH];
    line_edit edits[LINE_EDITS] = {{.key = "identity", .text = identity}, {.key = "image", .text = paths[0]}};
    size_t count = 2;
    for (int kind = 0; kind < FILES; kind++) {
        const char *path = path_of(entry, kind);
        if (path[0] == '\0')
            continue;
        if (!move_path(path, entry->identity, identity, paths[kind], err) || !put_file(maker, kind, folder, path, paths[kind], err))
            return false;
        if (kind > 0)
            edits[count++] = (line_edit){.key = "labels", .inner = label_kind_names[kind - 1], .text = paths[kind]};
    }
    edits[count++] = (line_edit){.key = "renamed_from", .text = entry->identity, .keeps = true};
    df_text_clear(&maker->line);
    return line_edit_apply(line, length, edits, count, &maker->line, err) && put_line(maker, maker->line.data, maker->line.size, err);
}

bool set_maker_add(set_maker *maker, const char *folder, const manifest_entry *entry, const char *identity, const char *line, size_t length,
                   df_error *err)
{
    if (identity)
        return add_renamed(maker, folder, entry, identity, line, length, err);
    for (int kind = 0; kind < FILES; kind++) {
        const char *path = path_of(entry, kind);
        if (path[0] && !put_file(maker, kind, folder, path, path, err))
            return false;
    }
    return put_line(maker, line, length, err);
}

int64_t set_maker_images(const set_maker *maker)
{
    return maker->images;
}

static bool finish(set_maker *maker, const derivation *from, const char *made_by, const char *how, df_error *err)
{
    if (maker->images == 0)
        return df_fail(err, "%s: there would be no image in it", maker->place.out);
    df_writer *manifest = maker->manifest;
    maker->manifest = NULL;
    return df_writer_commit(manifest, err) && derivation_write(from, made_by, how, maker->place.path, err) &&
           set_place_keep(&maker->place, err);
}

bool set_maker_finish(set_maker *maker, const derivation *from, const char *made_by, const char *how, df_error *err)
{
    const bool is_good = finish(maker, from, made_by, how, err);
    set_maker_abandon(maker);
    return is_good;
}

void set_maker_abandon(set_maker *maker)
{
    if (!maker)
        return;
    df_writer_abandon(maker->manifest);
    set_place_drop(&maker->place);
    df_text_free(&maker->line);
    df_arena_free(maker->arena);
}
