/* layout.h: sizes and places that a file declares, checked for the readers of src/tensor. */
#ifndef DF_TENSOR_LAYOUT_H
#define DF_TENSOR_LAYOUT_H

#include "tensor/tensor.h"

/* The bytes of an array of that type and shape, each side 0 or more; fails where they exceed what memory can address. */
bool layout_bytes(tensor_type type, int rank, const int64_t *shape, size_t *out, df_error *err) DF_CHECKED;

/* A part of a file, from `begin` to before `end`, and whose it is. */
typedef struct layout_span {
    size_t begin, end;
    const char *name;
} layout_span;

/* Sorts the spans by their begin and fails naming two that overlap. */
bool layout_sort_spans(layout_span *spans, size_t count, df_error *err) DF_CHECKED;

/* `data` itself where it is aligned for the type, else an aligned copy in the arena; NULL when memory ends. */
const void *layout_align(const unsigned char *data, size_t bytes, tensor_type type, df_arena *arena, df_error *err) DF_CHECKED;

/* A copy of big-endian elements in this machine's order, in the arena. NULL when memory ends. */
const void *layout_swap(const unsigned char *data, size_t bytes, tensor_type type, df_arena *arena, df_error *err) DF_CHECKED;

/* The elements of the tensor, of which only type and shape count, in row-major order out of column-major bytes, in the arena. NULL when
   memory ends. */
const void *layout_transpose(const tensor *t, const unsigned char *column_major, df_arena *arena, df_error *err) DF_CHECKED;

/* Fails naming a name that two tensors share. */
bool layout_check_names(const tensor_list *list, df_error *err) DF_CHECKED;

/* The most bytes of arrays that a file of that size may hold: 64 MiB, or a hundred times the file; more is taken for a bomb. */
size_t layout_most_bytes(size_t file_size);

/* Little-endian numbers of 1 to 8 bytes. */
uint64_t layout_get(const unsigned char *data, size_t bytes);

#endif
