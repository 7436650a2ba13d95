/* h5_set.h: one data set of an HDF5 file; for h5_visit.c. Handles are libhdf5's (hid_t). */
#ifndef DF_TENSOR_H5_SET_H
#define DF_TENSOR_H5_SET_H

#include "tensor/tensor.h"

typedef struct h5_set {
    int64_t set, type, space, memory_type; /* the last is negative where it is skipped */
    tensor array;                          /* type and shape; a text is the bytes of its string */
    bool is_text, is_skipped;              /* skipped: of no type that a tensor can have */
    size_t bytes;                          /* of all elements */
} h5_set;

/* Looks at the data set `object`, which stays the caller's. Fails where it is stored in a way that h5.h refuses. */
bool h5_set_open(int64_t object, h5_set *out, df_error *err) DF_CHECKED;
void h5_set_close(h5_set *set);

/* All elements, into memory of set->bytes bytes; not of one that is skipped. */
bool h5_set_read(const h5_set *set, void *data, df_error *err) DF_CHECKED;

#endif
