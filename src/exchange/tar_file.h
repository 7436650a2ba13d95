/* tar_file.h: tar archives as POSIX has them (ustar, with a pax header before names that ustar has no room for), members of regular files
   only. Nothing in them depends on when or by whom they were written: the same members are the same bytes. */
#ifndef DF_EXCHANGE_TAR_FILE_H
#define DF_EXCHANGE_TAR_FILE_H

#include "base/file.h"

/* Appends a member. `name` has no zero byte and is not empty. */
DF_API bool tar_put(df_writer *writer, const char *name, df_bytes content, df_error *err) DF_CHECKED;

/* The end of the archive; the writer is still to be committed. */
DF_API bool tar_end(df_writer *writer, df_error *err) DF_CHECKED;

/* Whether the file is such an archive from its first header to its end, and begins with the member `first`; *members counts them.
   Reads headers alone. Fails only where the file cannot be read. */
DF_API bool tar_is_whole(const char *path, const char *first, bool *is_whole, int64_t *members, df_error *err) DF_CHECKED;

#endif
