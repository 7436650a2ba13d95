/* remake.c: opens a set, and compares lines. */
#include "dataset/remake.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "dataset/label_files.h"
#include "dataset/remake_internal.h"
#include "dataset/set_folder.h"
#include "render/engine.h"

static bool copy_folder(const char *path, char out[DATASET_PATH], df_error *err)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0 || length >= DATASET_PATH)
        return df_fail(err, "folder of a data set: expected a path of 1 to %d bytes", DATASET_PATH - 1);
    memcpy(out, path, length);
    out[length] = '\0';
    return true;
}

static bool open_parts(remake *set, const remake_source *source, df_error *err)
{
    if (!copy_folder(source->folder, set->folder, err) || !set_folder_check_whole(set->folder, err) ||
        !df_path_join(set->manifest, sizeof set->manifest, set->folder, "manifest.jsonl", err) || !remake_find_job(set, err))
        return false;
    if (!engine_find(set->job.engine))
        return df_fail(err, "%s: engine '%s': none of that name", set->folder, set->job.engine);
    return remake_find_identities(set, source, err) && remake_find_model(set, source, err) && remake_find_backgrounds(set, source, err) &&
           draw_check(&set->job, face_model_of(set->model), err);
}

remake *remake_open(const remake_source *source, df_error *err)
{
    df_arena *arena = df_arena_new((size_t)256 << 20, err);
    remake *set = arena ? df_alloc(arena, 1, sizeof *set, err) : NULL;
    if (!set) {
        df_arena_free(arena);
        return NULL;
    }
    set->arena = arena;
    if (open_parts(set, source, err))
        return set;
    remake_close(set);
    return NULL;
}

void remake_close(remake *set)
{
    if (!set)
        return;
    face_model_close(set->model);
    df_arena_free(set->arena); /* the set itself lives there */
}

const render_job *remake_job(const remake *set)
{
    return &set->job;
}

const set_state *remake_state(const remake *set)
{
    return set->has_state ? &set->state : NULL;
}

const char *remake_identities(const remake *set)
{
    return set->identities;
}

const face_model *remake_model(const remake *set)
{
    return face_model_of(set->model);
}

const char *remake_model_path(const remake *set)
{
    return set->model_path;
}

/* ---- lines ---- */

/* Where the labels begin: the same key cannot stand in a text, whose quotes are escaped. */
static size_t length_without_labels(const df_text *line)
{
    const char *labels = line->data ? strstr(line->data, ",\"labels\":{") : NULL;
    return labels ? (size_t)(labels - line->data) : line->size;
}

static bool name_difference(const remade *one, df_error *err)
{
    df_error unused;
    json_t *before = df_json_parse(one->recorded.data, one->recorded.size, &unused),
           *after = df_json_parse(one->line.data, one->line.size, &unused);
    const char *key, *found = NULL;
    json_t *value;
    json_object_foreach(after, key, value) {
        const bool is_label = strcmp(key, "labels") == 0 || strcmp(key, "label_sha256") == 0;
        if (!found && !is_label && !json_equal(json_object_get(before, key), value))
            found = key;
    }
    df_fail(err, "%s: made again it has another %s than the manifest says", one->entry.image, found ? found : "line");
    json_decref(before);
    json_decref(after);
    return false;
}

bool remake_check_line(const remade *one, df_error *err)
{
    const size_t length = length_without_labels(&one->recorded);
    if (length == length_without_labels(&one->line) && memcmp(one->recorded.data, one->line.data, length) == 0)
        return true;
    return name_difference(one, err);
}
