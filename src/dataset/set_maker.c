/* set_maker.c: links or copies file by file; a folder is made when the first file goes there. */
#include "dataset/set_maker.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "dataset/line_edit.h"
#include "dataset/journal.h"

enum { ARENA = 64 << 10, FILES = 1 + LABEL_KIND_COUNT };

struct set_maker {
    df_arena *arena; /* of this struct */
    char out[DATASET_PATH], place[DATASET_PATH];
    set_maker_files files;
    df_writer *manifest;
    df_text line;                    /* edited */
    char made[FILES][MANIFEST_PATH]; /* the folders made last, by kind of file */
    int64_t images;
};

/* DIR/NAME of "DIR/NAME/" too. */
static bool trim(const char *path, char out[DATASET_PATH], df_error *err)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0 || length >= DATASET_PATH - MANIFEST_PATH)
        return df_fail(err, "%.100s: expected a path of 1 to %d bytes", path, DATASET_PATH - MANIFEST_PATH - 1);
    memcpy(out, path, length);
    out[length] = '\0';
    return true;
}

/* The hidden folder beside `out`, made anew. */
static bool make_place(set_maker *maker, df_error *err)
{
    char parent[DATASET_PATH];
    const char *slash = strrchr(maker->out, '/'), *name = slash ? slash + 1 : maker->out;
    const int before = (int)(name - maker->out);
    const int length = snprintf(maker->place, sizeof maker->place, "%.*s.%s.%ld.tmp", before, maker->out, name, (long)getpid());
    if (length < 0 || length >= (int)sizeof maker->place)
        return df_fail(err, "%s: too long a path", maker->out);
    snprintf(parent, sizeof parent, "%.*s", before, maker->out);
    if (before > 0 && !df_make_folders(parent, err))
        return false;
    return df_remove_tree(maker->place, err) && (mkdir(maker->place, 0777) == 0 || df_fail(err, "%s: %s", maker->place, strerror(errno)));
}

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
    if (trim(out, maker->out, err) && (!df_path_exists(maker->out) || df_fail(err, "%s: is there already, expected a new folder", out)) &&
        make_place(maker, err) && df_path_join(manifest, sizeof manifest, maker->place, "manifest.jsonl", err) &&
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
    return df_path_join(folder, sizeof folder, maker->place, made, err) && df_make_folders(folder, err);
}

static bool put_file(set_maker *maker, int kind, const char *folder, const char *from, const char *to, df_error *err)
{
    char source[DATASET_PATH], target[DATASET_PATH];
    struct stat status;
    if (!df_path_join(source, sizeof source, folder, from, err) || !df_path_join(target, sizeof target, maker->place, to, err))
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
        return df_fail(err, "%s: there would be no image in it", maker->out);
    df_writer *manifest = maker->manifest;
    maker->manifest = NULL;
    if (!df_writer_commit(manifest, err) || !derivation_write(from, made_by, how, maker->place, err))
        return false;
    if (df_path_exists(maker->out)) /* rename would replace an empty folder */
        return df_fail(err, "%s: is there by now, expected a new folder", maker->out);
    return rename(maker->place, maker->out) == 0 || df_fail(err, "%s: %s", maker->out, strerror(errno));
}

bool set_maker_finish(set_maker *maker, const derivation *from, const char *made_by, const char *how, df_error *err)
{
    const bool is_good = finish(maker, from, made_by, how, err);
    if (is_good)
        maker->place[0] = '\0';
    set_maker_abandon(maker);
    return is_good;
}

void set_maker_abandon(set_maker *maker)
{
    if (!maker)
        return;
    df_writer_abandon(maker->manifest);
    if (maker->place[0])
        (void)!df_remove_tree(maker->place, NULL);
    df_text_free(&maker->line);
    df_arena_free(maker->arena);
}
