/* h5_file.h: a file of libhdf5's and its errors; for h5_visit.c. The library's header stays out of ours: a handle (hid_t) has 64 bits. */
#ifndef DF_TENSOR_H5_FILE_H
#define DF_TENSOR_H5_FILE_H

#include "base/file.h"

/* Opens bytes as a file, read-only and without a copy; they must outlive it. Negative where they are none; closed by H5Fclose. Turns off
   what the library prints and loads by itself. */
int64_t h5_file_open(df_bytes bytes, df_error *err) DF_CHECKED;

/* The sentence with the library's innermost reason behind it; returns false. */
bool h5_fail(df_error *err, const char *sentence);

#endif
