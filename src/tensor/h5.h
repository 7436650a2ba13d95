/* h5.h: the arrays of HDF5 files, read by libhdf5 in a sandbox (base/sandbox.h), since damaged files are known to break it. A
   data set is a tensor called by its path, "shape/model/mean"; integers, floats of 2, 4 and 8 bytes of either byte order and
   h5py's truth values (BOOL). Single strings of fixed length are the list's metadata, by path too, cut at their first zero byte. Other data
   (attributes, compounds, references, arrays of strings) are skipped. The order is that of names.

   Refused: links and data in other files, soft links, virtual data sets, data sets of which nothing is stored, filters other
   than deflate, shuffle and Fletcher32, groups nested more than 64 deep (a circle of links is), and more than a hundred
   times the file's size in all (above 64 MiB). */
#ifndef DF_TENSOR_H5_H
#define DF_TENSOR_H5_H

#include "base/file.h"
#include "tensor/tensor.h"

/* `wanted`: paths of data sets, ended by NULL, all others are skipped; NULL for all. Data live in `arena`; the child has the largest
   data set once more. Errors name the data set. */
DF_API bool h5_parse(df_bytes bytes, const char *const *wanted, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;

#endif
