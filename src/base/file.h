/* file.h: files and folders, read whole or mapped, written beside and renamed. No function follows a size that a file only
   claims to have. Paths are bytes; an error names the path. */
#ifndef DF_BASE_FILE_H
#define DF_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/api.h"
#include "base/arena.h"
#include "base/error.h"

typedef struct df_bytes {
    const unsigned char *data;
    size_t size;
} df_bytes;

/* The whole file, with a zero byte after the end (not counted). Fails above `limit` bytes, on folders, and where the file
   cannot be read. The memory belongs to `arena`. */
DF_API bool df_file_read(const char *path, size_t limit, df_arena *arena, df_bytes *out, df_error *err) DF_CHECKED;

/* A read-only mapping of a regular file; df_file_unmap gives it back ({0} is legal). An empty file maps to size 0. The file must
   not be cut while it is mapped: rename a new one over it instead, as df_writer does. */
DF_API bool df_file_map(const char *path, df_bytes *out, df_error *err) DF_CHECKED;
DF_API void df_file_unmap(df_bytes *bytes);

/* Tells that a part of a mapping has been read and is not wanted soon, so that its memory can serve others. It stays valid, and any
   other memory is legal too: nothing happens to it. */
DF_API void df_file_done(df_bytes part);

/* A file that does not exist under its name until it is complete: written as `.NAME.PID.tmp` in the same folder (hidden), then
   renamed. Every write may fail; after a failure or df_writer_abandon nothing is left over and an older file of that name
   is untouched. A link is kept and what it points to replaced; a device or pipe is written to directly. Buffered; one
   thread a writer, and one writer a name at a time in a process. */
typedef struct df_writer df_writer;
DF_API df_writer *df_writer_open(const char *path, df_error *err) DF_CHECKED;
DF_API bool df_writer_put(df_writer *writer, const void *data, size_t size, df_error *err) DF_CHECKED;
DF_API bool df_writer_commit(df_writer *writer, df_error *err) DF_CHECKED; /* frees the writer, also on failure */
DF_API void df_writer_abandon(df_writer *writer);                          /* NULL is legal */

/* The same in one call. */
DF_API bool df_file_write(const char *path, const void *data, size_t size, df_error *err) DF_CHECKED;

/* A copy of a regular file under a name that is not there yet (a failure otherwise). Written in place, so for folders that nobody reads
   yet; nothing is left over after a failure. df_file_link: a hard link to the same bytes, or a copy where there can be none (another
   file system, a file system without them, too many). Links in `from` are followed. */
DF_API bool df_file_copy(const char *from, const char *to, df_error *err) DF_CHECKED;
DF_API bool df_file_link(const char *from, const char *to, df_error *err) DF_CHECKED;

/* Lines of a text file one at a time, without their end ("\n" or "\r\n"), in constant memory; a longer line than `limit` is an
   error, and so is a zero byte in a line. df_lines_next sets *line to NULL at the end; a line lives until the next call.
   `number` counts from 1. */
typedef struct df_lines df_lines;
DF_API df_lines *df_lines_open(const char *path, size_t limit, df_error *err) DF_CHECKED;
DF_API bool df_lines_next(df_lines *lines, const char **line, size_t *length, df_error *err) DF_CHECKED;
DF_API size_t df_lines_number(const df_lines *lines);
DF_API void df_lines_close(df_lines *lines); /* NULL is legal */

/* Creates the folder and those above it; an existing one is fine. */
DF_API bool df_make_folders(const char *path, df_error *err) DF_CHECKED;

/* Removes a folder with all it holds; does not follow links, refuses "/" and "". A missing one is fine. */
DF_API bool df_remove_tree(const char *path, df_error *err) DF_CHECKED;

DF_API bool df_path_exists(const char *path);
DF_API bool df_path_is_folder(const char *path);

/* "a/b" of "a" and "b"; into a buffer of `size` bytes; fails if it does not fit. */
DF_API bool df_path_join(char *out, size_t size, const char *folder, const char *name, df_error *err) DF_CHECKED;

/* Names in a folder, sorted bytewise, without "." and ".."; hidden ones left out. */
DF_API bool df_folder_list(const char *path, df_arena *arena, char ***names, size_t *count, df_error *err) DF_CHECKED;

#endif
