/* npy.h: the parts of a .npy array, for npz.c. Versions 1 to 3 of NumPy's format. */
#ifndef DF_TENSOR_NPY_H
#define DF_TENSOR_NPY_H

#include "base/file.h"
#include "base/text.h"
#include "tensor/tensor.h"

/* Appends what stands before the data, a multiple of 64 bytes. Fails on a type that NumPy does not have. */
bool npy_add_header(df_text *text, const tensor *t, df_error *err) DF_CHECKED;

#endif
