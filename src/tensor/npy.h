/* npy.h: the parts of a .npy array, for npz.c and npy_text.c. Versions 1 to 3 of NumPy's format. */
#ifndef DF_TENSOR_NPY_H
#define DF_TENSOR_NPY_H

#include "base/file.h"
#include "base/text.h"
#include "tensor/tensor.h"

/* What stands before the data. Of the type only `description` is set: npy_parse knows numbers, npy_parse_texts texts. */
typedef struct npy_header {
    char description[16];
    tensor_type type;
    bool is_fortran, is_swapped; /* swapped: big-endian numbers */
    int rank;
    int64_t shape[TENSOR_MAX_RANK];
    size_t size; /* bytes before the data */
} npy_header;
bool npy_parse_header(df_bytes bytes, npy_header *out, df_error *err) DF_CHECKED;

/* Appends what stands before the data, a multiple of 64 bytes. Fails on a type that NumPy does not have. */
bool npy_add_header(df_text *text, const tensor *t, df_error *err) DF_CHECKED;

#endif
