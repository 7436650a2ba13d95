/* mat_element.h: the elements that a MATLAB 5 file is made of: type, length, data; for mat.c and its parts. */
#ifndef DF_TENSOR_MAT_ELEMENT_H
#define DF_TENSOR_MAT_ELEMENT_H

#include "base/file.h"
#include "tensor/tensor.h"

enum { MAT_TAG_BYTES = 8 };

/* Types of elements that have a meaning of their own; those of numbers are in mat_number_type. */
enum { MAT_INT8 = 1, MAT_INT32 = 5, MAT_UINT32 = 6, MAT_ARRAY = 14, MAT_PACKED = 15 };

/* What is left to read, and whether its numbers have the other byte order. */
typedef struct mat_cursor {
    df_bytes left;
    bool is_swapped;
} mat_cursor;

typedef struct mat_element {
    unsigned type;
    df_bytes data;
} mat_element;

/* Takes the next element with its padding. Fails where it is longer than what is left. */
bool mat_next(mat_cursor *cursor, mat_element *out, df_error *err) DF_CHECKED;

/* The same, of that type and with whole items of `width` bytes, maybe none. `role` is its name in errors. */
bool mat_expect(mat_cursor *cursor, const char *role, unsigned type, size_t width, mat_element *out, df_error *err) DF_CHECKED;

/* The same of 32-bit numbers, at least one; the first of them. */
bool mat_expect_word(mat_cursor *cursor, const char *role, unsigned type, uint32_t *out, df_error *err) DF_CHECKED;

/* Number `index` of an element of 32-bit numbers. */
uint32_t mat_word(const mat_cursor *cursor, df_bytes data, size_t index);

/* The type of numbers that an element's type stands for; false where it is none. */
bool mat_number_type(unsigned element_type, tensor_type *out);

#endif
