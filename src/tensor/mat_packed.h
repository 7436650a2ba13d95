/* mat_packed.h: compressed elements of MATLAB files: a zlib stream that holds one element; for mat.c. */
#ifndef DF_TENSOR_MAT_PACKED_H
#define DF_TENSOR_MAT_PACKED_H

#include "base/file.h"

/* Unpacks the beginning, as much as `size` bytes hold; *got tells how much that is. */
bool mat_unpack_start(df_bytes packed, unsigned char *out, size_t size, size_t *got, df_error *err) DF_CHECKED;

/* Unpacks what must be exactly `size` bytes into memory of that size. */
bool mat_unpack(df_bytes packed, unsigned char *out, size_t size, df_error *err) DF_CHECKED;

#endif
