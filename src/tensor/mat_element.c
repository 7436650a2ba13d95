/* mat_element.c: tags of 8 bytes, or of 4 with up to 4 bytes of data behind ("small data elements"); data are padded to 8. */
#include "tensor/mat_element.h"

#include <string.h>

enum { SMALL_MOST = 4, SMALL_SHIFT = 16, ALIGNMENT = 8 };

uint32_t mat_word(const mat_cursor *cursor, df_bytes data, size_t index)
{
    uint32_t word;
    memcpy(&word, data.data + index * sizeof word, sizeof word);
    return cursor->is_swapped ? __builtin_bswap32(word) : word;
}

static df_bytes after(df_bytes bytes, size_t taken)
{
    return (df_bytes){.data = bytes.data + taken, .size = bytes.size - taken};
}

bool mat_next(mat_cursor *cursor, mat_element *out, df_error *err)
{
    if (cursor->left.size < MAT_TAG_BYTES)
        return df_fail(err, "%zu bytes are left, expected an element of at least %d", cursor->left.size, MAT_TAG_BYTES);
    const uint32_t first = mat_word(cursor, cursor->left, 0), small = first >> SMALL_SHIFT;
    if (small > SMALL_MOST)
        return df_fail(err, "an element of type %u: %u bytes, expected at most %d in a short one", first & 0xFFFF, small, SMALL_MOST);
    const df_bytes behind = after(cursor->left, MAT_TAG_BYTES);
    if (small > 0) {
        *out = (mat_element){.type = first & 0xFFFF, .data = {.data = cursor->left.data + SMALL_MOST, .size = small}};
        cursor->left = behind;
        return true;
    }
    const size_t size = mat_word(cursor, cursor->left, 1);
    const size_t padding = first == MAT_PACKED ? 0 : (ALIGNMENT - size % ALIGNMENT) % ALIGNMENT;
    if (size > behind.size || padding > behind.size - size)
        return df_fail(err, "an element of type %u: %zu bytes, expected at most the %zu that are left", first, size, behind.size);
    *out = (mat_element){.type = first, .data = {.data = behind.data, .size = size}};
    cursor->left = after(behind, size + padding);
    return true;
}

bool mat_expect(mat_cursor *cursor, const char *role, unsigned type, size_t width, mat_element *out, df_error *err)
{
    mat_element element = {0};
    if (!mat_next(cursor, &element, err))
        return df_fail_in(err, "%s", role);
    if (element.type != type || element.data.size % width != 0)
        return df_fail(err, "%s: type %u of %zu bytes, expected type %u of a multiple of %zu", role, element.type, element.data.size, type,
                       width);
    *out = element;
    return true;
}

bool mat_expect_word(mat_cursor *cursor, const char *role, unsigned type, uint32_t *out, df_error *err)
{
    mat_element element = {0};
    if (!mat_expect(cursor, role, type, sizeof *out, &element, err))
        return false;
    if (element.data.size == 0)
        return df_fail(err, "%s: nothing there", role);
    *out = mat_word(cursor, element.data, 0);
    return true;
}

bool mat_number_type(unsigned element_type, tensor_type *out)
{
    static const struct {
        bool is_number;
        tensor_type type;
    } rows[] = {
        [1] = {true, TENSOR_I8},  [2] = {true, TENSOR_U8},  [3] = {true, TENSOR_I16}, [4] = {true, TENSOR_U16},  [5] = {true, TENSOR_I32},
        [6] = {true, TENSOR_U32}, [7] = {true, TENSOR_F32}, [9] = {true, TENSOR_F64}, [12] = {true, TENSOR_I64}, [13] = {true, TENSOR_U64},
    };
    if (element_type >= DF_ARRAY_LEN(rows) || !rows[element_type].is_number)
        return false;
    *out = rows[element_type].type;
    return true;
}
