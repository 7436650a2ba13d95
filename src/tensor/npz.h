/* npz.h: NumPy's .npy arrays and .npz archives (zip of .npy, stored or deflated, zip64). Object, structured and Fortran-order
   arrays of rank above 1 are refused for objects and structures and transposed for Fortran order; sizes are checked against
   the file before anything is allocated. Names are those of the members without ".npy". */
#ifndef DF_TENSOR_NPZ_H
#define DF_TENSOR_NPZ_H

#include "base/file.h"
#include "tensor/tensor.h"

DF_API bool npy_parse(df_bytes bytes, const char *name, df_arena *arena, tensor *out, df_error *err) DF_CHECKED;
DF_API bool npz_parse(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;

/* Stored (uncompressed) members, fixed dates: the same arrays are the same bytes. */
DF_API bool npz_write(const char *path, const tensor_list *list, df_error *err) DF_CHECKED;

#endif
