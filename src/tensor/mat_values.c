/* mat_values.c: byte order, then type, then order of elements; each step only where it changes anything. */
#include "tensor/mat_values.h"

#include <math.h>
#include <string.h>

#include "tensor/layout.h"

static const void *swap_bytes(df_bytes data, size_t width, df_arena *scratch, df_error *err)
{
    unsigned char *out = df_alloc(scratch, data.size, 1, err);
    for (size_t i = 0; out && i < data.size; i++)
        out[i] = data.data[i - i % width + width - 1 - i % width];
    return out;
}

/* What an integer type can hold. The ends of 64 bits are those doubles that are still inside. */
typedef struct whole_range {
    bool is_whole;
    double low, high;
} whole_range;

static whole_range range_of(tensor_type type)
{
    static const whole_range rows[TENSOR_TYPE_COUNT] = {
        [TENSOR_I64] = {true, -0x1p63, 0x1.fffffffffffffp62},
        [TENSOR_I32] = {true, INT32_MIN, INT32_MAX},
        [TENSOR_I16] = {true, INT16_MIN, INT16_MAX},
        [TENSOR_I8] = {true, INT8_MIN, INT8_MAX},
        [TENSOR_U64] = {true, 0, 0x1.fffffffffffffp63},
        [TENSOR_U32] = {true, 0, UINT32_MAX},
        [TENSOR_U16] = {true, 0, UINT16_MAX},
        [TENSOR_U8] = {true, 0, UINT8_MAX},
    };
    return rows[type];
}

/* The little-endian bits of the value; it is in the type's range. */
static uint64_t bits_of(tensor_type type, double value)
{
    uint64_t bits = 0;
    const float single = (float)value;
    if (type == TENSOR_F64)
        memcpy(&bits, &value, sizeof value);
    else if (type == TENSOR_F32)
        memcpy(&bits, &single, sizeof single);
    else if (type == TENSOR_BOOL)
        bits = value != 0;
    else
        bits = value < 0 ? (uint64_t)(int64_t)value : (uint64_t)value;
    return bits;
}

/* The values of `in` as numbers of another type. */
static const void *convert(const tensor *in, size_t count, tensor_type type, df_arena *scratch, df_error *err)
{
    const size_t width = tensor_type_bytes(type);
    const whole_range range = range_of(type);
    unsigned char *out = df_alloc(scratch, count, width, err);
    for (size_t i = 0; out && i < count; i++) {
        const double value = tensor_number(in, i);
        const bool fits = !range.is_whole || (value >= range.low && value <= range.high && value == trunc(value));
        if (!fits) {
            df_fail(err, "number %zu is %.9g, which is no %s", i, value, tensor_type_name(type));
            return NULL;
        }
        const uint64_t bits = bits_of(type, value);
        memcpy(out + i * width, &bits, width);
    }
    return out;
}

bool mat_values(const mat_cursor *cursor, const mat_element *element, df_arena *arena, df_arena *scratch, tensor *out, df_error *err)
{
    tensor stored = {.rank = 1, .data = element->data.data};
    if (!mat_number_type(element->type, &stored.type))
        return df_fail(err, "its numbers are of type %u, which is none", element->type);
    const size_t count = (size_t)tensor_elements(out), width = tensor_type_bytes(stored.type);
    if (element->data.size % width != 0 || element->data.size / width != count)
        return df_fail(err, "%zu bytes of %s, expected %zu numbers", element->data.size, tensor_type_name(stored.type), count);
    if (cursor->is_swapped && width > 1)
        stored.data = swap_bytes(element->data, width, scratch, err);
    if (stored.data && stored.type != out->type)
        stored.data = convert(&stored, count, out->type, scratch, err);
    if (!stored.data)
        return false;
    out->data = layout_transpose(out, stored.data, arena, err);
    return out->data != NULL;
}
