/* tensor.c: types, look-up by name, and values as float32. */
#include "tensor/tensor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tensor/layout.h"

typedef struct type_row {
    const char *name; /* as safetensors spells it */
    const char *word;
    size_t bytes;
} type_row;

static const type_row types[TENSOR_TYPE_COUNT] = {
    [TENSOR_F64] = {"F64", "float64", 8},    [TENSOR_F32] = {"F32", "float32", 4}, [TENSOR_F16] = {"F16", "float16", 2},
    [TENSOR_BF16] = {"BF16", "bfloat16", 2}, [TENSOR_I64] = {"I64", "int64", 8},   [TENSOR_I32] = {"I32", "int32", 4},
    [TENSOR_I16] = {"I16", "int16", 2},      [TENSOR_I8] = {"I8", "int8", 1},      [TENSOR_U64] = {"U64", "uint64", 8},
    [TENSOR_U32] = {"U32", "uint32", 4},     [TENSOR_U16] = {"U16", "uint16", 2},  [TENSOR_U8] = {"U8", "uint8", 1},
    [TENSOR_BOOL] = {"BOOL", "bool", 1},
};

size_t tensor_type_bytes(tensor_type type)
{
    return types[type].bytes;
}

const char *tensor_type_name(tensor_type type)
{
    return types[type].name;
}

const char *tensor_type_word(tensor_type type)
{
    return types[type].word;
}

int64_t tensor_elements(const tensor *t)
{
    int64_t count = 1;
    for (int i = 0; i < t->rank; i++)
        count *= t->shape[i];
    return count;
}

const tensor *tensor_find(const tensor_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->tensors[i].name, name) == 0)
            return &list->tensors[i];
    return NULL;
}

const char *tensor_metadata(const tensor_list *list, const char *key)
{
    for (size_t i = 0; i < list->metadata_count; i++)
        if (strcmp(list->metadata[i][0], key) == 0)
            return list->metadata[i][1];
    return NULL;
}

enum { SHAPE_TEXT = TENSOR_MAX_RANK * 24 };

/* "[3][any]", "a scalar" for rank 0. */
static void describe_shape(char out[SHAPE_TEXT], int rank, const int64_t *shape)
{
    size_t used = (size_t)snprintf(out, SHAPE_TEXT, "%s", rank == 0 ? " scalar" : "");
    for (int i = 0; i < rank; i++) {
        const int size = shape[i] < 0 ? snprintf(out + used, SHAPE_TEXT - used, "[any]")
                                      : snprintf(out + used, SHAPE_TEXT - used, "[%" PRId64 "]", shape[i]);
        used += (size_t)size;
    }
}

const tensor *tensor_expect(const tensor_list *list, const char *name, tensor_type type, int rank, const int64_t *shape, df_error *err)
{
    const tensor *found = tensor_find(list, name);
    if (!found) {
        df_fail(err, "tensor '%s' is missing", name);
        return NULL;
    }
    bool fits = found->type == type && found->rank == rank;
    for (int i = 0; fits && i < rank; i++)
        fits = shape[i] < 0 || shape[i] == found->shape[i];
    if (fits)
        return found;
    char is[SHAPE_TEXT], expected[SHAPE_TEXT];
    describe_shape(is, found->rank, found->shape);
    describe_shape(expected, rank, shape);
    df_fail(err, "tensor '%s' is %s%s, expected %s%s", name, types[found->type].name, is, types[type].name, expected);
    return NULL;
}

static float float_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double double_of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double tensor_number(const tensor *t, size_t index)
{
    const unsigned char *data = t->data;
    const uint64_t bits = layout_get(data + index * types[t->type].bytes, types[t->type].bytes);
    switch (t->type) {
    case TENSOR_F64:
        return double_of_bits(bits);
    case TENSOR_F32:
        return (double)float_of_bits((uint32_t)bits);
    case TENSOR_F16:
        return (double)half_to_float((uint16_t)bits);
    case TENSOR_BF16:
        return (double)float_of_bits((uint32_t)bits << 16);
    case TENSOR_I64:
        return (double)(int64_t)bits;
    case TENSOR_I32:
        return (int32_t)bits;
    case TENSOR_I16:
        return (int16_t)bits;
    case TENSOR_I8:
        return (int8_t)bits;
    case TENSOR_U64:
    case TENSOR_U32:
    case TENSOR_U16:
    case TENSOR_U8:
        return (double)bits;
    case TENSOR_BOOL:
        return bits ? 1 : 0;
    case TENSOR_TYPE_COUNT:
        break;
    }
    return 0;
}

const float *tensor_floats(const tensor *t, df_arena *arena, df_error *err)
{
    if (t->type == TENSOR_F32 && (uintptr_t)t->data % sizeof(float) == 0)
        return t->data;
    const size_t count = (size_t)tensor_elements(t);
    float *out = df_alloc(arena, count, sizeof *out, err);
    if (!out) {
        df_fail_in(err, "tensor '%s'", t->name);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        out[i] = (float)tensor_number(t, i);
    return out;
}
