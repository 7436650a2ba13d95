/* checkpoint.c: one list of what is kept serves writing and reading. */
#include "train/checkpoint.h"

#include <float.h>
#include <inttypes.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tensor/safetensors.h"
#include "train/checkpoint_list.h"
#include "train/train_settings.h"

enum { KINDS = 5, LONGEST_NAME = 512, CRC_TEXT = 16 };
static const char STATE_KEY[] = "training", CRC_KEY[] = "crc32";

/* An array of the learner, and its name in the file. */
typedef struct kept {
    const char *name;
    const nn_shape *shape;
    float *data;
    size_t count;
} kept;

typedef struct kept_list {
    kept *items;
    size_t count;
} kept_list;

static bool add_kept(kept_list *list, const learner_part *part, const char *kind, float *data, df_arena *arena, df_error *err)
{
    char name[LONGEST_NAME];
    if (!data)
        return true;
    snprintf(name, sizeof name, "%s/%s", kind, nn_name(part->leaf));
    kept *item = &list->items[list->count];
    *item = (kept){.name = df_copy_string(arena, name, err), .shape = nn_shape_at(part->leaf), .count = part->count};
    item->data = data;
    list->count += item->name != NULL;
    return item->name != NULL;
}

static bool list_kept(const learner *l, df_arena *arena, kept_list *out, df_error *err)
{
    learner_part *const lists[] = {l->parameters, l->buffers};
    const size_t counts[] = {l->parameter_count, l->buffer_count};
    *out = (kept_list){.items = df_alloc(arena, KINDS * (l->parameter_count + l->buffer_count), sizeof(kept), err)};
    if (!out->items)
        return false;
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < counts[k]; i++) {
            const learner_part *part = &lists[k][i];
            if (!add_kept(out, part, "now", part->values, arena, err) || !add_kept(out, part, "first", part->slot.first, arena, err) ||
                !add_kept(out, part, "second", part->slot.second, arena, err) ||
                !add_kept(out, part, "average", part->average, arena, err) || !add_kept(out, part, "best", part->best, arena, err))
                return false;
        }
    return true;
}

static tensor tensor_of(const kept *item)
{
    tensor t = {.name = item->name, .type = TENSOR_F32, .rank = item->shape->rank, .data = item->data};
    memcpy(t.shape, item->shape->size, (size_t)t.rank * sizeof t.shape[0]);
    return t;
}

static void put_crc(const char *state, const tensor_list *list, char out[CRC_TEXT])
{
    uint32_t crc = libdeflate_crc32(0, state, strlen(state));
    for (size_t i = 0; i < list->count; i++) {
        const tensor *t = &list->tensors[i];
        const size_t bytes = (size_t)tensor_elements(t) * tensor_type_bytes(t->type);
        crc = libdeflate_crc32(crc, t->name, strlen(t->name));
        if (bytes > 0)
            crc = libdeflate_crc32(crc, t->data, bytes);
    }
    snprintf(out, CRC_TEXT, "%08" PRIx32, crc);
}

/* ---- writing ---- */

static char *state_text(const json_t *settings, const checkpoint_state *state, df_error *err)
{
    json_t *root = json_object(), *patience = json_object();
    json_object_set_new(root, "step", json_integer(state->step));
    json_object_set_new(root, "measured", json_integer(state->measured));
    json_object_set_new(root, "settings", json_deep_copy(settings));
    if (state->patience.has_best) {
        json_object_set_new(patience, "best", json_real(state->patience.best));
        json_object_set_new(patience, "best_step", json_integer(state->patience.best_step));
    }
    json_object_set_new(patience, "since", json_integer(state->patience.since));
    json_object_set_new(root, "patience", patience);
    char *text = df_json_is_complete(err) ? train_settings_text(root, err) : NULL;
    json_decref(root);
    return text;
}

static bool write_file(const char *path, const kept_list *all, const char *state, df_arena *arena, df_error *err)
{
    char crc[CRC_TEXT];
    const char *metadata[][2] = {{STATE_KEY, state}, {CRC_KEY, crc}};
    tensor *tensors = df_alloc(arena, all->count, sizeof *tensors, err);
    if (!tensors)
        return false;
    for (size_t i = 0; i < all->count; i++)
        tensors[i] = tensor_of(&all->items[i]);
    const tensor_list list = {.tensors = tensors, .count = all->count, .metadata = metadata, .metadata_count = DF_ARRAY_LEN(metadata)};
    put_crc(state, &list, crc);
    return safetensors_write(path, &list, err);
}

bool checkpoint_save(const learner *l, const char *folder, const json_t *settings, const checkpoint_state *state, int keep,
                     char path[CHECKPOINT_PATH], df_error *err)
{
    char name[CHECKPOINT_PATH];
    kept_list all;
    df_arena *arena = learner_is_finite(l, err) ? df_arena_new(SIZE_MAX, err) : NULL;
    char *text = arena ? state_text(settings, state, err) : NULL;
    const bool ok = text && list_kept(l, arena, &all, err) && df_make_folders(folder, err) &&
                    checkpoint_path(folder, state->step, name, err) && write_file(name, &all, text, arena, err) &&
                    checkpoint_prune(folder, state->step, keep, err);
    free(text);
    df_arena_free(arena);
    if (ok)
        memcpy(path, name, CHECKPOINT_PATH);
    return ok;
}

/* ---- reading ---- */

static bool read_patience(const json_t *root, patience_state *out, df_error *err)
{
    const json_t *patience = json_object_get(root, "patience");
    *out = (patience_state){.has_best = json_object_get(patience, "best") != NULL};
    if (!df_json_get_integer(patience, "since", 0, INT64_MAX, &out->since, err))
        return df_fail_in(err, "patience");
    return !out->has_best || (df_json_get_number(patience, "best", -DBL_MAX, DBL_MAX, &out->best, err) &&
                              df_json_get_integer(patience, "best_step", 1, INT64_MAX, &out->best_step, err));
}

static bool read_state(const json_t *root, checkpoint_state *out, df_error *err)
{
    return df_json_get_integer(root, "step", 0, INT64_MAX, &out->step, err) &&
           df_json_get_integer(root, "measured", 0, INT64_MAX, &out->measured, err) && read_patience(root, &out->patience, err) &&
           (json_is_object(json_object_get(root, "settings")) || df_fail(err, "settings: missing"));
}

static bool check_sum(const tensor_list *list, const char *text, df_error *err)
{
    char crc[CRC_TEXT];
    const char *expected = tensor_metadata(list, CRC_KEY);
    if (!text || !expected)
        return df_fail(err, "no checkpoint: metadata '%s' is missing", text ? CRC_KEY : STATE_KEY);
    put_crc(text, list, crc);
    return strcmp(crc, expected) == 0 || df_fail(err, "checksum %s, expected %.16s", crc, expected);
}

json_t *checkpoint_parse(df_bytes bytes, df_arena *arena, tensor_list *list, checkpoint_state *state, df_error *err)
{
    if (!safetensors_parse(bytes, arena, list, err))
        return NULL;
    const char *text = tensor_metadata(list, STATE_KEY);
    if (!check_sum(list, text, err))
        return NULL;
    json_t *root = df_json_parse(text, strlen(text), err);
    if (root && read_state(root, state, err))
        return root;
    df_fail_in(err, "metadata '%s'", STATE_KEY);
    json_decref(root);
    return NULL;
}

/* All tensors are looked at before the first is taken. */
static bool take_tensors(const learner *l, const tensor_list *list, df_arena *arena, df_error *err)
{
    kept_list all;
    if (!list_kept(l, arena, &all, err))
        return false;
    if (list->count != all.count)
        return df_fail(err, "%zu arrays, expected %zu", list->count, all.count);
    for (size_t i = 0; i < all.count; i++) {
        const tensor expected = tensor_of(&all.items[i]);
        if (!tensor_expect(list, expected.name, TENSOR_F32, expected.rank, expected.shape, err))
            return false;
    }
    for (size_t i = 0; i < all.count; i++)
        memcpy(all.items[i].data, tensor_find(list, all.items[i].name)->data, all.items[i].count * sizeof(float));
    return true;
}

typedef enum outcome { TAKEN, DAMAGED, REFUSED } outcome;

static outcome load_file(const learner *l, const char *path, const json_t *settings, checkpoint_state *state, df_error *err)
{
    df_bytes bytes;
    tensor_list list;
    outcome result = DAMAGED;
    checkpoint_state read;
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    if (arena && df_file_map(path, &bytes, err)) {
        json_t *root = checkpoint_parse(bytes, arena, &list, &read, err);
        if (!root)
            df_fail_in(err, "%s", path);
        else if (!train_settings_same(json_object_get(root, "settings"), settings, err) || !take_tensors(l, &list, arena, err)) {
            df_fail_in(err, "%s: belongs to another training", path);
            result = REFUSED;
        } else {
            *state = read;
            result = TAKEN;
        }
        json_decref(root);
        df_file_unmap(&bytes);
    }
    df_arena_free(arena);
    return result;
}

static bool load_newest(const learner *l, const char *folder, const json_t *settings, checkpoint_state *state, const df_progress *progress,
                        char path[CHECKPOINT_PATH], df_arena *arena, df_error *err)
{
    int64_t *steps;
    size_t count;
    path[0] = '\0';
    if (!checkpoint_list(folder, arena, &steps, &count, err))
        return false;
    for (size_t i = count; i-- > 0;) {
        char name[CHECKPOINT_PATH];
        if (!checkpoint_path(folder, steps[i], name, err))
            return false;
        const outcome result = load_file(l, name, settings, state, err);
        if (result == TAKEN)
            memcpy(path, name, CHECKPOINT_PATH);
        if (result != DAMAGED || i == 0)
            return result == TAKEN;
        df_progress_note(progress, "%s: the checkpoint before is used", err->text);
    }
    return true;
}

bool checkpoint_load(learner *l, const char *folder, const json_t *settings, checkpoint_state *state, const df_progress *progress,
                     char path[CHECKPOINT_PATH], df_error *err)
{
    df_error own; /* what damaged files say is needed for notes, whoever asked */
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    const bool ok = arena && load_newest(l, folder, settings, state, progress, path, arena, &own);
    if (arena && !ok)
        df_fail(err, "%s", own.text);
    df_arena_free(arena);
    return ok;
}
