/* descriptor.h: reads of a file descriptor that know about interruptions and short counts. For src/base itself; others use
   file.h. */
#ifndef DF_BASE_DESCRIPTOR_H
#define DF_BASE_DESCRIPTOR_H

#include <stddef.h>
#include <sys/stat.h>

#include "base/api.h"
#include "base/error.h"

/* A descriptor open for reading, or -1. A named pipe without a writer is an empty file rather than a wait without end. Fails
   on folders. *status is the file's, where status is not NULL. */
int df_descriptor_open(const char *path, struct stat *status, df_error *err) DF_CHECKED;

/* Up to `size` bytes into `data`; fewer only at the file's end. */
bool df_descriptor_read(int descriptor, const char *path, void *data, size_t size, size_t *got, df_error *err) DF_CHECKED;

/* All of `data`. */
bool df_descriptor_write(int descriptor, const char *path, const void *data, size_t size, df_error *err) DF_CHECKED;

#endif
