/* tfjs.c: groups of weights, one after the other in the bytes of the group's shards. */
#include "tensor/tfjs.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/size.h"
#include "tensor/layout.h"

enum { LONGEST_PATH = 4096, MOST_RANK = TENSOR_MAX_RANK };

/* How a weight stands in its shard. */
typedef struct stored {
    tensor_type type; /* U8, U16 or F16 where it is quantised */
    bool is_quantised;
    double scale, min;
} stored;

typedef struct reading {
    const tfjs_shards *shards;
    df_arena *arena;
    tensor *tensors;
    size_t count;
} reading;

static bool find_type(const json_t *object, const char *key, const char *const *names, const tensor_type *types, size_t count,
                      tensor_type *out, df_error *err)
{
    const char *name;
    if (!df_json_get_string(object, key, &name, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = types[i];
            return true;
        }
    return df_fail(err, "%s: '%.40s' is none that is known", key, name);
}

static bool read_quantisation(const json_t *weight, tensor_type type, stored *out, df_error *err)
{
    static const char *const names[] = {"uint8", "uint16", "float16"};
    static const tensor_type types[] = {TENSOR_U8, TENSOR_U16, TENSOR_F16};
    const json_t *how = json_object_get(weight, "quantization");
    *out = (stored){.type = type};
    if (!how)
        return true;
    if (!find_type(how, "dtype", names, types, DF_ARRAY_LEN(types), &out->type, err))
        return df_fail_in(err, "quantization");
    out->is_quantised = true;
    if (out->type == TENSOR_F16)
        return type == TENSOR_F32 || df_fail(err, "quantization: float16 of what is no float32");
    if (type == TENSOR_BOOL)
        return df_fail(err, "quantization: of truth values");
    return (df_json_get_number(how, "scale", -HUGE_VAL, HUGE_VAL, &out->scale, err) &&
            df_json_get_number(how, "min", -HUGE_VAL, HUGE_VAL, &out->min, err)) ||
           df_fail_in(err, "quantization");
}

static bool read_shape(const json_t *weight, tensor *out, df_error *err)
{
    const json_t *shape = json_object_get(weight, "shape");
    if (!json_is_array(shape) || json_array_size(shape) > MOST_RANK)
        return df_fail(err, "shape: expected a list of at most %d numbers", MOST_RANK);
    out->rank = (int)json_array_size(shape);
    for (int d = 0; d < out->rank; d++) {
        const json_t *side = json_array_get(shape, (size_t)d);
        if (!json_is_integer(side) || json_integer_value(side) < 0)
            return df_fail(err, "shape: expected whole numbers from 0");
        out->shape[d] = json_integer_value(side);
    }
    return true;
}

static bool dequantise(const tensor *t, const stored *how, const unsigned char *data, void *out, df_error *err)
{
    const size_t count = (size_t)tensor_elements(t), bytes = tensor_type_bytes(how->type);
    for (size_t i = 0; i < count; i++) {
        const unsigned code = (unsigned)layout_get(data + i * bytes, bytes);
        const double value = how->type == TENSOR_F16 ? (double)half_to_float((uint16_t)code) : code * how->scale + how->min;
        if (t->type == TENSOR_F32)
            ((float *)out)[i] = (float)value;
        else if (fabs(value) < INT32_MAX)
            ((int32_t *)out)[i] = (int32_t)floor(value + 0.5); /* halves upwards, as JavaScript rounds */
        else
            return df_fail(err, "element %zu does not fit into 32 bits", i);
    }
    return true;
}

/* Takes the weight's bytes off `left`. */
static bool read_data(tensor *t, const stored *how, df_bytes *left, df_arena *arena, df_error *err)
{
    size_t size, stored_size;
    if (!layout_bytes(t->type, t->rank, t->shape, &size, err) || !layout_bytes(how->type, t->rank, t->shape, &stored_size, err))
        return false;
    if (stored_size > left->size)
        return df_fail(err, "%zu bytes, the shards have %zu left", stored_size, left->size);
    void *data = df_alloc(arena, size, 1, err);
    if (!data)
        return false;
    if (!how->is_quantised && size > 0)
        memcpy(data, left->data, size);
    else if (how->is_quantised && !dequantise(t, how, left->data, data, err))
        return false;
    t->data = data;
    *left = (df_bytes){.data = left->data + stored_size, .size = left->size - stored_size};
    return true;
}

static bool read_weight(const json_t *weight, df_bytes *left, df_arena *arena, tensor *out, df_error *err)
{
    static const char *const names[] = {"float32", "int32", "bool"};
    static const tensor_type types[] = {TENSOR_F32, TENSOR_I32, TENSOR_BOOL};
    const char *name;
    stored how;
    tensor t = {0};
    if (!json_is_object(weight) || !df_json_get_string(weight, "name", &name, err))
        return df_fail(err, "a weight without a name");
    if (!find_type(weight, "dtype", names, types, DF_ARRAY_LEN(types), &t.type, err) || !read_shape(weight, &t, err) ||
        !read_quantisation(weight, t.type, &how, err) || !read_data(&t, &how, left, arena, err))
        return df_fail_in(err, "weight '%.200s'", name);
    t.name = df_copy_string(arena, name, err);
    *out = t;
    return t.name != NULL;
}

/* The shards of a group as one. */
static bool join_shards(const reading *r, const json_t *paths, df_bytes *out, df_error *err)
{
    const size_t count = json_array_size(paths);
    df_bytes *parts = df_alloc(r->arena, count, sizeof *parts, err);
    size_t size = 0, at = 0;
    if (!parts)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *name = json_string_value(json_array_get(paths, i));
        if (!name)
            return df_fail(err, "paths: expected texts");
        if (!r->shards->read(r->shards->user, name, &parts[i], err))
            return false;
        if (!df_size_add(size, parts[i].size, &size))
            return df_fail(err, "shards of more bytes than memory can hold");
    }
    if (count == 1) {
        *out = parts[0];
        return true;
    }
    unsigned char *all = df_alloc(r->arena, size, 1, err);
    if (!all)
        return false;
    for (size_t i = 0; i < count; at += parts[i].size, i++)
        if (parts[i].size > 0)
            memcpy(all + at, parts[i].data, parts[i].size);
    *out = (df_bytes){.data = all, .size = size};
    return true;
}

static bool read_group(reading *r, const json_t *group, df_error *err)
{
    const json_t *paths = json_object_get(group, "paths"), *weights = json_object_get(group, "weights");
    df_bytes left;
    if (!json_is_array(paths) || !json_is_array(weights))
        return df_fail(err, "expected groups of \"paths\" and \"weights\"");
    if (!join_shards(r, paths, &left, err))
        return false;
    for (size_t i = 0; i < json_array_size(weights); i++)
        if (!read_weight(json_array_get(weights, i), &left, r->arena, &r->tensors[r->count++], err))
            return false;
    return left.size == 0 || df_fail(err, "%zu bytes of the shards belong to no weight", left.size);
}

static bool read_groups(reading *r, const json_t *groups, df_error *err)
{
    size_t count = 0;
    if (!json_is_array(groups))
        return df_fail(err, "neither \"weightsManifest\" nor a list of groups of weights");
    for (size_t g = 0; g < json_array_size(groups); g++)
        count += json_array_size(json_object_get(json_array_get(groups, g), "weights"));
    r->tensors = df_alloc(r->arena, count, sizeof *r->tensors, err);
    if (!r->tensors)
        return false;
    for (size_t g = 0; g < json_array_size(groups); g++)
        if (!read_group(r, json_array_get(groups, g), err))
            return df_fail_in(err, "group %zu", g);
    return true;
}

bool tfjs_read(df_bytes json, const tfjs_shards *shards, df_arena *arena, tensor_list *out, df_error *err)
{
    reading r = {.shards = shards, .arena = arena};
    json_t *root = df_json_parse((const char *)json.data, json.size, err);
    if (!root)
        return false;
    const json_t *groups = json_is_object(root) ? json_object_get(root, "weightsManifest") : root;
    bool is_good = read_groups(&r, groups, err);
    json_decref(root);
    const tensor_list list = {.tensors = r.tensors, .count = r.count};
    is_good = is_good && layout_check_names(&list, err);
    if (is_good)
        *out = list;
    return is_good;
}

/* ---- shards as files ---- */

typedef struct folder {
    char path[LONGEST_PATH]; /* with its slash, or "" */
    df_arena *arena;
} folder;

/* Below the folder: not absolute, no scheme, no empty part and none that is "." or "..". */
static bool is_below(const char *name)
{
    if (strstr(name, "://") || strchr(name, '\\'))
        return false;
    for (const char *part = name;; part++) {
        const size_t size = strcspn(part, "/");
        if (size == 0 || (part[0] == '.' && (size == 1 || (size == 2 && part[1] == '.'))))
            return false;
        part += size;
        if (*part == '\0')
            return true;
    }
}

static bool read_shard(void *user, const char *name, df_bytes *out, df_error *err)
{
    const folder *from = user;
    char path[2 * LONGEST_PATH];
    if (!is_below(name))
        return df_fail(err, "shard '%.200s' is no path below the folder of the JSON file", name);
    if (strlen(name) >= LONGEST_PATH)
        return df_fail(err, "a shard's path of more than %d bytes", LONGEST_PATH - 1);
    memcpy(path, from->path, strlen(from->path));
    memcpy(path + strlen(from->path), name, strlen(name) + 1);
    return df_file_read(path, SIZE_MAX - 1, from->arena, out, err);
}

bool tfjs_parse(df_bytes json, const char *path, df_arena *arena, tensor_list *out, df_error *err)
{
    folder beside = {.arena = arena};
    const char *slash = strrchr(path, '/');
    const size_t size = slash ? (size_t)(slash + 1 - path) : 0;
    if (size >= sizeof beside.path)
        return df_fail(err, "a path of more than %d bytes", LONGEST_PATH - 1);
    memcpy(beside.path, path, size);
    const tfjs_shards files = {.read = read_shard, .user = &beside};
    return tfjs_read(json, &files, arena, out, err);
}
