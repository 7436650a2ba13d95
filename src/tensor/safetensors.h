/* safetensors.h: the safetensors format (header length, JSON header, data), read from bytes that a mapped file provides and
   written beside and renamed. Refused: lengths beyond the file, offsets that overlap, leave holes or disagree with shape and
   type, doubled names, unknown types, headers over 100 MB. */
#ifndef DF_TENSOR_SAFETENSORS_H
#define DF_TENSOR_SAFETENSORS_H

#include "base/file.h"
#include "tensor/tensor.h"

/* The list's data point into `bytes`, which must outlive it (or into `arena` where alignment demands a copy). */
DF_API bool safetensors_parse(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;

/* Data are aligned to 64 bytes in the file (the header is padded with spaces). */
DF_API bool safetensors_write(const char *path, const tensor_list *list, df_error *err) DF_CHECKED;

#endif
