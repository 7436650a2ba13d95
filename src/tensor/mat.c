/* mat.c: header, then variables one after the other. An array is an element of elements: flags (class), dimensions, name, and
   what the class says: numbers, or further arrays. Everything is walked with a cursor that knows where its element ends, so that
   no length can lead out of the one around it. */
#include "tensor/mat.h"

#include <string.h>

#include "base/text.h"
#include "tensor/layout.h"
#include "tensor/mat_array.h"
#include "tensor/mat_packed.h"
#include "tensor/mat_values.h"

enum {
    HEADER = 128,
    VERSION_AT = 124,
    VERSION = 0x0100,
    VERSION_73 = 0x0200,
    MOST_DEPTH = 32,
    MOST_ARRAYS = 10000,
    START = 512, /* of a compressed array: tags, flags, 8 dimensions and the longest name take less */
};

/* The reader's state. */
typedef struct mat_reader {
    df_arena *arena, *scratch;
    const char *const *wanted;
    tensor *tensors; /* [room] */
    size_t count, room;
    size_t unpacked; /* bytes so far */
    size_t file_size;
    bool is_swapped;
} mat_reader;

static tensor *add_tensor(mat_reader *reader, df_error *err)
{
    if (reader->count == MOST_ARRAYS) {
        df_fail(err, "more than %d arrays", MOST_ARRAYS);
        return NULL;
    }
    if (reader->count == reader->room) {
        const size_t room = reader->room > 0 ? 2 * reader->room : 16;
        tensor *tensors = df_alloc(reader->arena, room, sizeof *tensors, err);
        if (!tensors)
            return NULL;
        if (reader->count > 0)
            memcpy(tensors, reader->tensors, reader->count * sizeof *tensors);
        reader->tensors = tensors;
        reader->room = room;
    }
    return &reader->tensors[reader->count++];
}

static bool read_numbers(mat_reader *reader, mat_cursor *cursor, const mat_array *array, const char *path, df_error *err)
{
    static const tensor_type types[] = {TENSOR_F64, TENSOR_F32, TENSOR_I8,  TENSOR_U8,  TENSOR_I16,
                                        TENSOR_U16, TENSOR_I32, TENSOR_U32, TENSOR_I64, TENSOR_U64};
    if (array->is_complex)
        return df_fail(err, "complex numbers, expected real ones");
    mat_element element;
    tensor t = {.type = array->is_logical ? TENSOR_BOOL : types[array->kind - MAT_CLASS_DOUBLE], .rank = array->rank};
    memcpy(t.shape, array->shape, sizeof t.shape);
    if (!mat_next(cursor, &element, err) || !mat_values(cursor, &element, reader->arena, reader->scratch, &t, err))
        return false;
    if (cursor->left.size > 0)
        return df_fail(err, "%zu bytes behind its numbers", cursor->left.size);
    t.name = df_copy_string(reader->arena, path, err);
    tensor *place = t.name ? add_tensor(reader, err) : NULL;
    if (!place)
        return false;
    *place = t;
    return true;
}

static bool read_array(mat_reader *reader, mat_cursor *cursor, df_text *path, int depth, df_error *err);

/* The next array inside of another, called `path` with `.name` behind, which stays there for the error if it cannot be read. */
static bool read_inner(mat_reader *reader, mat_cursor *cursor, df_text *path, const char *name, int depth, df_error *err)
{
    const size_t size = path->size;
    mat_element element;
    df_text_addf(path, ".%s", name);
    bool ok = df_text_ok(path, err) && mat_expect(cursor, "array", MAT_ARRAY, 1, &element, err);
    if (ok && element.data.size > 0) { /* none: an empty array of no class */
        mat_cursor inner = {.left = element.data, .is_swapped = cursor->is_swapped};
        ok = read_array(reader, &inner, path, depth + 1, err);
    }
    if (!ok)
        return false;
    path->size = size;
    path->data[size] = '\0';
    return true;
}

static bool read_cells(mat_reader *reader, mat_cursor *cursor, const mat_array *array, df_text *path, int depth, df_error *err)
{
    if (array->elements > cursor->left.size / MAT_TAG_BYTES)
        return df_fail(err, "%zu cells in %zu bytes", array->elements, cursor->left.size);
    for (size_t i = 0; i < array->elements; i++) {
        df_text number = {0};
        df_text_integer(&number, (int64_t)i);
        const bool ok = df_text_ok(&number, err) && read_inner(reader, cursor, path, number.data, depth, err);
        df_text_free(&number);
        if (!ok)
            return false;
    }
    return true;
}

static bool read_fields(mat_reader *reader, mat_cursor *cursor, const mat_array *array, df_text *path, int depth, df_error *err)
{
    mat_element names;
    uint32_t length;
    if (!mat_expect_word(cursor, "length of field names", MAT_INT32, &length, err))
        return false;
    if (length < 1 || length > MAT_LONGEST_NAME + 1)
        return df_fail(err, "field names of %u bytes, expected 1 to %d", length, MAT_LONGEST_NAME + 1);
    if (!mat_expect(cursor, "field names", MAT_INT8, length, &names, err))
        return false;
    if (array->elements != 1)
        return true; /* an array of structures */
    for (size_t at = 0; at < names.data.size; at += length) {
        char name[MAT_LONGEST_NAME + 1];
        const df_bytes field = {.data = names.data.data + at, .size = strnlen((const char *)names.data.data + at, length)};
        if (!mat_name(field, name, err) || !read_inner(reader, cursor, path, name, depth, err))
            return false;
    }
    return true;
}

/* What follows an array's start. */
static bool read_contents(mat_reader *reader, mat_cursor *cursor, const mat_array *array, df_text *path, int depth, df_error *err)
{
    const unsigned kind = array->kind;
    if (kind >= MAT_CLASS_DOUBLE && kind <= MAT_CLASS_UINT64)
        return read_numbers(reader, cursor, array, path->data, err);
    if (kind == MAT_CLASS_CELL)
        return read_cells(reader, cursor, array, path, depth, err);
    if (kind == MAT_CLASS_STRUCT)
        return read_fields(reader, cursor, array, path, depth, err);
    if (kind < MAT_CLASS_CELL || kind > MAT_CLASS_OPAQUE)
        return df_fail(err, "class %u, expected %d to %d", kind, MAT_CLASS_CELL, MAT_CLASS_OPAQUE);
    return true; /* text, sparse matrices, functions, objects */
}

static bool read_array(mat_reader *reader, mat_cursor *cursor, df_text *path, int depth, df_error *err)
{
    mat_array array;
    if (depth > MOST_DEPTH)
        return df_fail(err, "arrays nested more than %d deep", MOST_DEPTH);
    return mat_array_start(cursor, &array, err) && read_contents(reader, cursor, &array, path, depth, err);
}

static bool is_wanted(const mat_reader *reader, const char *name)
{
    if (!reader->wanted)
        return name[0] != '\0'; /* without a name: what MATLAB keeps for itself */
    for (size_t i = 0; reader->wanted[i]; i++)
        if (strcmp(reader->wanted[i], name) == 0)
            return true;
    return false;
}

static bool read_variable(mat_reader *reader, df_bytes data, df_error *err)
{
    mat_cursor cursor = {.left = data, .is_swapped = reader->is_swapped};
    mat_array array = {0};
    if (!mat_array_start(&cursor, &array, err))
        return false;
    if (!is_wanted(reader, array.name))
        return true;
    df_text path = {0};
    df_text_add(&path, array.name);
    const bool ok = df_text_ok(&path, err) && read_contents(reader, &cursor, &array, &path, 0, err);
    if (!ok)
        df_fail_in(err, "variable '%s'", path.data ? path.data : array.name);
    df_text_free(&path);
    return ok;
}

/* Whether the variable that begins so is wanted, and what its element takes unpacked. */
static bool look_at_packed(const mat_reader *reader, df_bytes packed, bool *wanted, size_t *size, char name[MAT_LONGEST_NAME + 1],
                           df_error *err)
{
    unsigned char start[START] = {0};
    size_t got;
    if (!mat_unpack_start(packed, start, sizeof start, &got, err))
        return false;
    mat_cursor cursor = {.left = {.data = start, .size = got}, .is_swapped = reader->is_swapped};
    if (got < MAT_TAG_BYTES || mat_word(&cursor, cursor.left, 0) != MAT_ARRAY)
        return df_fail(err, "expected an array");
    const size_t inside = mat_word(&cursor, cursor.left, 1);
    cursor.left = (df_bytes){.data = start + MAT_TAG_BYTES, .size = got - MAT_TAG_BYTES};
    if (cursor.left.size > inside)
        cursor.left.size = inside;
    mat_array array;
    if (!mat_array_start(&cursor, &array, err))
        return false;
    *wanted = is_wanted(reader, array.name);
    *size = MAT_TAG_BYTES + inside;
    memcpy(name, array.name, sizeof array.name);
    return true;
}

static bool read_unpacked(mat_reader *reader, df_bytes packed, size_t size, const char *name, df_error *err)
{
    reader->unpacked += size;
    if (reader->unpacked > layout_most_bytes(reader->file_size))
        return df_fail(err, "variable '%s': %zu bytes unpack to %zu or more, which no honest file does", name, reader->file_size,
                       reader->unpacked);
    unsigned char *data = df_alloc(reader->scratch, size, 1, err);
    if (!data || !mat_unpack(packed, data, size, err))
        return df_fail_in(err, "variable '%s'", name);
    return read_variable(reader, (df_bytes){.data = data + MAT_TAG_BYTES, .size = size - MAT_TAG_BYTES}, err);
}

static bool read_packed(mat_reader *reader, df_bytes packed, df_error *err)
{
    bool wanted = false;
    size_t size = 0;
    char name[MAT_LONGEST_NAME + 1];
    if (!look_at_packed(reader, packed, &wanted, &size, name, err))
        return false;
    return !wanted || read_unpacked(reader, packed, size, name, err);
}

static bool read_variables(mat_reader *reader, mat_cursor cursor, df_error *err)
{
    const size_t end = reader->file_size;
    while (cursor.left.size > 0) {
        const size_t place = end - cursor.left.size;
        mat_element element;
        bool ok = mat_next(&cursor, &element, err);
        if (ok && element.type == MAT_PACKED)
            ok = read_packed(reader, element.data, err);
        else if (ok && element.type == MAT_ARRAY)
            ok = read_variable(reader, element.data, err);
        else if (ok)
            ok = df_fail(err, "an element of type %u, expected an array", element.type);
        if (!ok)
            return df_fail_in(err, "byte %zu", place);
        df_arena_reset(reader->scratch);
        df_file_done(element.data);
    }
    return true;
}

static bool read_header(df_bytes bytes, bool *is_swapped, df_error *err)
{
    if (bytes.size < HEADER)
        return df_fail(err, "%zu bytes, expected a MATLAB 5 header of %d", bytes.size, HEADER);
    const unsigned char *order = bytes.data + HEADER - 2;
    const bool is_little = memcmp(order, "IM", 2) == 0;
    if (!is_little && memcmp(order, "MI", 2) != 0)
        return df_fail(err, "no MATLAB 5 file by its header");
    const unsigned low = bytes.data[VERSION_AT + (is_little ? 0 : 1)], high = bytes.data[VERSION_AT + (is_little ? 1 : 0)];
    const unsigned version = high << 8 | low;
    if (version != VERSION)
        return df_fail(err, "MATLAB version 0x%04x%s, expected 0x%04x (5 to 7.2)", version,
                       version == VERSION_73 ? " (7.3, which is HDF5)" : "", VERSION);
    *is_swapped = !is_little;
    return true;
}

bool mat_parse(df_bytes bytes, const char *const *wanted, df_arena *arena, tensor_list *out, df_error *err)
{
    mat_reader reader = {.arena = arena, .wanted = wanted, .file_size = bytes.size};
    if (!read_header(bytes, &reader.is_swapped, err))
        return false;
    reader.scratch = df_arena_new(SIZE_MAX / 4, err); /* what is allocated in it is bounded by the file */
    if (!reader.scratch)
        return false;
    const mat_cursor cursor = {.left = {.data = bytes.data + HEADER, .size = bytes.size - HEADER}, .is_swapped = reader.is_swapped};
    tensor_list list = {0};
    bool ok = read_variables(&reader, cursor, err);
    df_arena_free(reader.scratch);
    if (ok) {
        list = (tensor_list){.tensors = reader.tensors, .count = reader.count};
        ok = layout_check_names(&list, err);
    }
    if (ok)
        *out = list;
    return ok;
}
