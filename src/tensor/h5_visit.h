/* h5_visit.h: what an HDF5 file holds, by libhdf5 in the calling process. The library is not to be trusted with a damaged file: h5.c
   calls this in a sandbox. */
#ifndef DF_TENSOR_H5_VISIT_H
#define DF_TENSOR_H5_VISIT_H

#include "base/file.h"
#include "tensor/tensor.h"

/* Receives each data set, in the order of names: a tensor, or a text as its bytes (U8, zero bytes included) that is_text marks. Name and data
   live until it returns. */
typedef struct h5_sink {
    bool (*take)(void *to, const tensor *t, bool is_text, df_error *err);
    void *to;
} h5_sink;

/* Reads what h5_parse promises. `wanted` as there. */
bool h5_visit(df_bytes bytes, const char *const *wanted, const h5_sink *sink, df_error *err) DF_CHECKED;

#endif
