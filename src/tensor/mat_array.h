/* mat_array.h: what stands at the beginning of an array in a MATLAB file; for mat.c. */
#ifndef DF_TENSOR_MAT_ARRAY_H
#define DF_TENSOR_MAT_ARRAY_H

#include "tensor/mat_element.h"

enum { MAT_LONGEST_NAME = 255 };

/* Values are stored in files. Numbers are those from MAT_CLASS_DOUBLE to MAT_CLASS_UINT64. */
typedef enum mat_class {
    MAT_CLASS_CELL = 1,
    MAT_CLASS_STRUCT = 2,
    MAT_CLASS_DOUBLE = 6,
    MAT_CLASS_UINT64 = 15,
    MAT_CLASS_OPAQUE = 17 /* the last; text, sparse matrices, functions and objects lie between */
} mat_class;

typedef struct mat_array {
    unsigned kind; /* mat_class */
    bool is_logical, is_complex;
    int rank;
    int64_t shape[TENSOR_MAX_RANK];
    size_t elements; /* the product of the shape */
    char name[MAT_LONGEST_NAME + 1];
} mat_array;

/* Takes flags, dimensions and name from the cursor. Objects have other elements there: only their class is read. */
bool mat_array_start(mat_cursor *cursor, mat_array *out, df_error *err) DF_CHECKED;

/* A name out of a file, ended by a zero byte; fails on control characters. */
bool mat_name(df_bytes data, char out[MAT_LONGEST_NAME + 1], df_error *err) DF_CHECKED;

#endif
