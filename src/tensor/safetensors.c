/* safetensors.c: eight bytes of header length, a JSON object that says type, shape and place of each tensor, the data. The
   header is checked as a whole before a tensor is believed: the places must tile the data without overlap or hole. */
#include "tensor/safetensors.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "tensor/layout.h"

enum {
    LENGTH_BYTES = 8,
    LARGEST_HEADER = 100000000, /* as the reference reader has it */
    /* The thickest honest header has a comma each 5 bytes and a bracket each 16. Far more of them than that only serve to
       make a small file a large tree in memory. */
    COMMA_BYTES = 5,
    BRACKET_BYTES = 16,
    SLACK = 64,
};
#define METADATA "__metadata__"

static bool is_plausible(const char *json, size_t size)
{
    size_t commas = 0, brackets = 0;
    bool in_string = false;
    for (size_t i = 0; i < size; i++) {
        if (in_string && json[i] == '\\')
            i++;
        else if (json[i] == '"')
            in_string = !in_string;
        else if (!in_string) {
            commas += json[i] == ',';
            brackets += json[i] == '[' || json[i] == '{';
        }
    }
    return commas <= (size + SLACK) / COMMA_BYTES && brackets <= (size + SLACK) / BRACKET_BYTES;
}

static json_t *parse_header(df_bytes bytes, size_t *header_size, df_error *err)
{
    if (bytes.size < LENGTH_BYTES) {
        df_fail(err, "%zu bytes, expected at least %d", bytes.size, LENGTH_BYTES);
        return NULL;
    }
    const uint64_t size = layout_get(bytes.data, LENGTH_BYTES);
    if (size > LARGEST_HEADER || size > bytes.size - LENGTH_BYTES) {
        df_fail(err, "header of %" PRIu64 " bytes in a file of %zu, expected at most %d", size, bytes.size, LARGEST_HEADER);
        return NULL;
    }
    const char *json = (const char *)bytes.data + LENGTH_BYTES;
    if (!is_plausible(json, (size_t)size)) {
        df_fail(err, "header: not a list of tensors");
        return NULL;
    }
    json_t *header = df_json_parse(json, (size_t)size, err);
    if (!header)
        df_fail_in(err, "header");
    *header_size = (size_t)size;
    return header;
}

static bool parse_type(const json_t *entry, tensor_type *out, df_error *err)
{
    const char *name;
    if (!df_json_get_string(entry, "dtype", &name, err))
        return false;
    for (tensor_type type = 0; type < TENSOR_TYPE_COUNT; type++)
        if (strcmp(tensor_type_name(type), name) == 0) {
            *out = type;
            return true;
        }
    return df_fail(err, "dtype: '%s' is unknown", name);
}

/* `count` integers of 0 or more, or at most TENSOR_MAX_RANK where count is -1. */
static bool parse_integers(const json_t *entry, const char *key, int count, int64_t *out, int *found, df_error *err)
{
    const json_t *array = json_object_get(entry, key);
    const size_t size = json_array_size(array), most = count < 0 ? TENSOR_MAX_RANK : (size_t)count;
    if (!json_is_array(array) || size > most || (count >= 0 && size != most))
        return df_fail(err, "%s: expected an array of %s%zu whole numbers", key, count < 0 ? "at most " : "", most);
    for (size_t i = 0; i < size; i++) {
        const json_t *value = json_array_get(array, i);
        if (!json_is_integer(value) || json_integer_value(value) < 0)
            return df_fail(err, "%s[%zu]: expected a whole number of 0 or more", key, i);
        out[i] = json_integer_value(value);
    }
    *found = (int)size;
    return true;
}

static bool parse_tensor(const json_t *entry, df_bytes data, tensor *out, layout_span *span, df_arena *arena, df_error *err)
{
    int64_t place[2];
    int count;
    size_t bytes;
    if (!json_is_object(entry))
        return df_fail(err, "expected an object");
    if (!parse_type(entry, &out->type, err) || !parse_integers(entry, "shape", -1, out->shape, &out->rank, err) ||
        !parse_integers(entry, "data_offsets", 2, place, &count, err) || !layout_bytes(out->type, out->rank, out->shape, &bytes, err))
        return false;
    const size_t begin = (size_t)place[0], end = (size_t)place[1];
    if (begin > end || end > data.size)
        return df_fail(err, "data_offsets: %zu to %zu in data of %zu bytes", begin, end, data.size);
    if (end - begin != bytes)
        return df_fail(err, "data_offsets: %zu bytes, expected %zu by type and shape", end - begin, bytes);
    *span = (layout_span){.begin = begin, .end = end, .name = out->name};
    out->data = layout_align(data.data + begin, bytes, out->type, arena, err);
    return out->data != NULL;
}

static bool parse_metadata(const json_t *object, tensor_list *out, df_arena *arena, df_error *err)
{
    if (!json_is_object(object))
        return df_fail(err, "expected an object");
    const char *(*pairs)[2] = df_alloc(arena, json_object_size(object), sizeof *pairs, err);
    if (!pairs)
        return false;
    void *place = json_object_iter((json_t *)(uintptr_t)object);
    for (size_t i = 0; place; i++) {
        const char *key = json_object_iter_key(place), *value = json_string_value(json_object_iter_value(place));
        if (!value)
            return df_fail(err, "%s: expected a string", key);
        pairs[i][0] = df_copy_string(arena, key, err);
        pairs[i][1] = df_copy_string(arena, value, err);
        if (!pairs[i][0] || !pairs[i][1])
            return false;
        place = json_object_iter_next((json_t *)(uintptr_t)object, place);
    }
    out->metadata = pairs;
    out->metadata_count = json_object_size(object);
    return true;
}

/* Without overlap or hole, from 0 to the end of the data. */
static bool tiles(layout_span *spans, size_t count, size_t data_size, df_error *err)
{
    if (!layout_sort_spans(spans, count, err))
        return false;
    size_t end = 0;
    for (size_t i = 0; i < count; i++) {
        if (spans[i].begin != end)
            return df_fail(err, "tensor '%s' starts at %zu, expected %zu", spans[i].name, spans[i].begin, end);
        end = spans[i].end;
    }
    return end == data_size || df_fail(err, "%zu bytes after the last tensor", data_size - end);
}

static bool parse_entries(json_t *header, df_bytes data, df_arena *arena, tensor_list *out, df_error *err)
{
    const size_t room = json_object_size(header);
    tensor *tensors = df_alloc(arena, room, sizeof *tensors, err);
    layout_span *spans = df_alloc(arena, room, sizeof *spans, err);
    if (!tensors || !spans)
        return false;
    *out = (tensor_list){.tensors = tensors};
    for (void *place = json_object_iter(header); place; place = json_object_iter_next(header, place)) {
        const char *key = json_object_iter_key(place);
        const json_t *entry = json_object_iter_value(place);
        if (strcmp(key, METADATA) == 0) {
            if (!parse_metadata(entry, out, arena, err))
                return df_fail_in(err, METADATA);
            continue;
        }
        tensor *t = &tensors[out->count];
        t->name = df_copy_string(arena, key, err);
        if (!t->name || !parse_tensor(entry, data, t, &spans[out->count], arena, err))
            return df_fail_in(err, "tensor '%s'", key);
        out->count++;
    }
    return tiles(spans, out->count, data.size, err);
}

bool safetensors_parse(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err)
{
    size_t header_size;
    json_t *header = parse_header(bytes, &header_size, err);
    if (!header)
        return false;
    tensor_list list;
    const size_t before = LENGTH_BYTES + header_size;
    const df_bytes data = {.data = bytes.data + before, .size = bytes.size - before};
    const bool ok = json_is_object(header) ? parse_entries(header, data, arena, &list, err) : df_fail(err, "header: expected an object");
    json_decref(header);
    if (ok)
        *out = list;
    return ok;
}
