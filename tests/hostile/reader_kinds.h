/* reader_kinds.h: the two shapes that readers under test have. */
#ifndef DF_TESTS_HOSTILE_READER_KINDS_H
#define DF_TESTS_HOSTILE_READER_KINDS_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* Whether the reader accepts the bytes, or the file; if not, with a sentence. */
typedef bool read_bytes(df_bytes bytes, df_arena *arena, df_error *err);
typedef bool read_path(const char *path, df_arena *arena, df_error *err);

#endif
