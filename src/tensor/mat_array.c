/* mat_array.c: flags, dimensions and name. */
#include "tensor/mat_array.h"

#include <string.h>

#include "base/size.h"

enum { CLASS_MASK = 0xFF, LOGICAL = 0x200, COMPLEX = 0x800 };

static bool read_shape(const mat_cursor *cursor, df_bytes data, mat_array *array, df_error *err)
{
    const size_t rank = data.size / sizeof(int32_t);
    if (rank < 2 || rank > TENSOR_MAX_RANK)
        return df_fail(err, "%zu dimensions, expected 2 to %d", rank, TENSOR_MAX_RANK);
    array->rank = (int)rank;
    array->elements = 1;
    for (size_t i = 0; i < rank; i++) {
        array->shape[i] = (int32_t)mat_word(cursor, data, i);
        if (array->shape[i] < 0)
            return df_fail(err, "dimension %zu is %lld, expected 0 or more", i, (long long)array->shape[i]);
        if (!df_size_mul(array->elements, (size_t)array->shape[i], &array->elements) || array->elements > INT64_MAX)
            return df_fail(err, "more elements than memory can hold");
    }
    return true;
}

bool mat_name(df_bytes data, char out[MAT_LONGEST_NAME + 1], df_error *err)
{
    if (data.size > MAT_LONGEST_NAME)
        return df_fail(err, "a name of %zu bytes, expected at most %d", data.size, MAT_LONGEST_NAME);
    for (size_t i = 0; i < data.size; i++)
        if (data.data[i] < ' ' || data.data[i] == 0x7F)
            return df_fail(err, "a name with the byte %u in it", data.data[i]);
    memcpy(out, data.data, data.size);
    out[data.size] = '\0';
    return true;
}

bool mat_array_start(mat_cursor *cursor, mat_array *out, df_error *err)
{
    mat_element dimensions, name;
    mat_array array = {0};
    uint32_t flags;
    if (!mat_expect_word(cursor, "array flags", MAT_UINT32, &flags, err))
        return false;
    array.kind = flags & CLASS_MASK;
    array.is_logical = flags & LOGICAL;
    array.is_complex = flags & COMPLEX;
    if (array.kind != MAT_CLASS_OPAQUE && (!mat_expect(cursor, "dimensions", MAT_INT32, sizeof(int32_t), &dimensions, err) ||
                                           !read_shape(cursor, dimensions.data, &array, err) ||
                                           !mat_expect(cursor, "name", MAT_INT8, 1, &name, err) || !mat_name(name.data, array.name, err)))
        return false;
    *out = array;
    return true;
}
