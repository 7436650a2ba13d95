/* model_npz.c: only the container changes; that the content is a model is checked by the reader of models. */
#include "face/model_npz.h"

#include <string.h>

#include "face/model_file.h"
#include "tensor/npz.h"
#include "tensor/safetensors.h"

static const char prefix[] = "metadata.";
enum { PREFIX = sizeof prefix - 1, ARENA_BASE = 1 << 24 };

static bool is_archive(df_bytes bytes)
{
    return bytes.size >= 4 && memcmp(bytes.data, "PK\x03\x04", 4) == 0;
}

/* Tensors of both lists one after the other: the metadata as arrays of bytes. */
static bool metadata_to_tensors(tensor_list *list, df_arena *arena, df_error *err)
{
    tensor *tensors = df_alloc(arena, list->count + list->metadata_count, sizeof *tensors, err);
    if (!tensors)
        return false;
    memcpy(tensors, list->tensors, list->count * sizeof *tensors);
    for (size_t i = 0; i < list->metadata_count; i++) {
        const char *key = list->metadata[i][0], *value = list->metadata[i][1];
        const size_t length = strlen(key) + 1;
        char *name = df_alloc(arena, PREFIX + length, 1, err);
        if (!name)
            return false;
        memcpy(name, prefix, PREFIX);
        memcpy(name + PREFIX, key, length);
        tensors[list->count + i] = (tensor){.name = name, .type = TENSOR_U8, .rank = 1, .shape = {(int64_t)strlen(value)}, .data = value};
    }
    *list = (tensor_list){.tensors = tensors, .count = list->count + list->metadata_count};
    return true;
}

static const char *text_of(const tensor *t, df_arena *arena, df_error *err)
{
    if (t->type != TENSOR_U8 || t->rank != 1 || memchr(t->data, '\0', (size_t)t->shape[0])) {
        df_fail(err, "array '%s': expected the bytes of a text", t->name);
        return NULL;
    }
    char *text = df_alloc(arena, (size_t)t->shape[0] + 1, 1, err);
    if (text)
        memcpy(text, t->data, (size_t)t->shape[0]);
    return text;
}

static bool tensors_to_metadata(tensor_list *list, df_arena *arena, df_error *err)
{
    list->metadata = df_alloc(arena, list->count, sizeof *list->metadata, err);
    if (!list->metadata)
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        const tensor *t = &list->tensors[i];
        if (strncmp(t->name, prefix, PREFIX) != 0) {
            list->tensors[kept++] = *t;
            continue;
        }
        const char **row = list->metadata[list->metadata_count++];
        row[0] = t->name + PREFIX;
        row[1] = text_of(t, arena, err);
        if (!row[1])
            return false;
    }
    list->count = kept;
    return true;
}

static bool read_list(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err)
{
    face_model model = {0};
    if (!is_archive(bytes))
        return safetensors_parse(bytes, arena, out, err) && face_model_take(out, arena, &model, err);
    return npz_parse(bytes, arena, out, err) && tensors_to_metadata(out, arena, err) && face_model_take(out, arena, &model, err);
}

static bool ends_in(const char *path, const char *ending)
{
    const size_t length = strlen(path), end = strlen(ending);
    return length > end && strcmp(path + length - end, ending) == 0;
}

static bool write_list(const char *out, tensor_list *list, df_arena *arena, df_error *err)
{
    if (ends_in(out, ".npz"))
        return metadata_to_tensors(list, arena, err) && npz_write(out, list, err);
    if (ends_in(out, ".safetensors"))
        return safetensors_write(out, list, err);
    return df_fail(err, "%s: expected a name that ends in .safetensors or .npz", out);
}

bool face_model_convert(const char *in, const char *out, df_error *err)
{
    df_bytes bytes = {0};
    tensor_list list = {0};
    if (!df_file_map(in, &bytes, err))
        return false;
    df_arena *arena = df_arena_new(100 * bytes.size + ARENA_BASE, err); /* an archive may be packed */
    const bool is_read = arena && (read_list(bytes, arena, &list, err) || df_fail_in(err, "%s", in));
    const bool is_done = is_read && write_list(out, &list, arena, err);
    df_arena_free(arena);
    df_file_unmap(&bytes);
    return is_done;
}
