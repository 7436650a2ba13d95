/* npz.h: NumPy's .npy arrays and .npz archives (zip of .npy, stored or deflated, zip64). Numbers of either byte order and truth
   values; objects and structures are refused, and so are texts but by npy_parse_texts; Fortran order is transposed. Sizes are checked against the file
   before anything is allocated, and an archive that unpacks to more than a hundred times its size (above 64 MiB) is taken
   for a bomb. Names are those of the members without ".npy". Data point into the bytes given, which must outlive the
   tensors, or into the arena. */
#ifndef DF_TENSOR_NPZ_H
#define DF_TENSOR_NPZ_H

#include "base/file.h"
#include "tensor/tensor.h"

DF_API bool npy_parse(df_bytes bytes, const char *name, df_arena *arena, tensor *out, df_error *err) DF_CHECKED;
DF_API bool npz_parse(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;

/* Only the arrays of these names (NULL-terminated), those of them that are there; what other members hold is not looked at. */
DF_API bool npz_parse_some(df_bytes bytes, const char *const *wanted, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;

/* A list of texts (NumPy's kinds U and S, one dimension), each as UTF-8 or as its bytes, ended by a zero byte, without the zeros that pad
   it; in the arena. A text with a zero byte within is refused. In an archive out->items is NULL where there is no array of that name. */
typedef struct npy_texts {
    const char *const *items; /* [count] */
    size_t count;
} npy_texts;
DF_API bool npy_parse_texts(df_bytes bytes, const char *name, df_arena *arena, npy_texts *out, df_error *err) DF_CHECKED;
DF_API bool npz_parse_texts(df_bytes bytes, const char *name, df_arena *arena, npy_texts *out, df_error *err) DF_CHECKED;

/* Stored (uncompressed) members, fixed dates: the same arrays are the same bytes. */
DF_API bool npz_write(const char *path, const tensor_list *list, df_error *err) DF_CHECKED;

#endif
