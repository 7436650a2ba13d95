/* tensor.h: named arrays, the common currency of all weight and coefficient files. Row-major, little endian in files. */
#ifndef DF_TENSOR_TENSOR_H
#define DF_TENSOR_TENSOR_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum { TENSOR_MAX_RANK = 8 };

typedef enum tensor_type {
    TENSOR_F64,
    TENSOR_F32,
    TENSOR_F16,
    TENSOR_BF16,
    TENSOR_I64,
    TENSOR_I32,
    TENSOR_I16,
    TENSOR_I8,
    TENSOR_U64,
    TENSOR_U32,
    TENSOR_U16,
    TENSOR_U8,
    TENSOR_BOOL,
    TENSOR_TYPE_COUNT
} tensor_type;

typedef struct tensor {
    const char *name;
    tensor_type type;
    int rank;                       /* 0 .. TENSOR_MAX_RANK; 0 is a scalar */
    int64_t shape[TENSOR_MAX_RANK]; /* each 0 or more; the product of all and the type's size fits in size_t */
    const void *data;               /* contiguous; borrowed from a mapped file or an arena */
} tensor;

/* The tensors of one file, in the file's order, with its text metadata (key, value). Owned by whoever read it. */
typedef struct tensor_list {
    tensor *tensors;
    size_t count;
    const char *(*metadata)[2];
    size_t metadata_count;
} tensor_list;

DF_API size_t tensor_type_bytes(tensor_type type);
DF_API const char *tensor_type_name(tensor_type type); /* as safetensors spells it: "F32", "I64", ... */
DF_API const char *tensor_type_word(tensor_type type); /* as people do: "float32", "int64", ... */
DF_API int64_t tensor_elements(const tensor *tensor);

/* NULL where there is none of that name. */
DF_API const tensor *tensor_find(const tensor_list *list, const char *name);
DF_API const char *tensor_metadata(const tensor_list *list, const char *key);

/* The tensor of that name, of that type and shape (-1 in `shape`: any). Fails naming the tensor, what it is and what was expected. */
DF_API const tensor *tensor_expect(const tensor_list *list, const char *name, tensor_type type, int rank, const int64_t *shape,
                                   df_error *err) DF_CHECKED;

/* Values of any type as float32, in `arena` (a view when it is float32 already). */
DF_API const float *tensor_floats(const tensor *tensor, df_arena *arena, df_error *err) DF_CHECKED;

/* Element `index` of the data, of any type; exact but for 64-bit integers beyond 2^53. */
DF_API double tensor_number(const tensor *tensor, size_t index);

DF_API float half_to_float(uint16_t half);
DF_API uint16_t float_to_half(float value); /* to nearest, ties to even */

#endif
