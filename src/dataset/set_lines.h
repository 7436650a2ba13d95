/* set_lines.h: the lines of a complete data set, each checked to come after the one before: identities side by side, indices
   ascending, so none is there twice. What everything reads that makes new sets of old ones. Memory grows by 32 bytes an identity. */
#ifndef DF_DATASET_SET_LINES_H
#define DF_DATASET_SET_LINES_H

#include "base/progress.h"
#include "dataset/manifest_read.h"

typedef struct set_lines set_lines;

/* Refuses a set that is not complete or that a process changes (set_folder_check_whole). */
DF_API set_lines *set_lines_open(const char *folder, df_error *err) DF_CHECKED;

/* The same for who holds the set alone already (set_alone.h). */
DF_API set_lines *set_lines_open_alone(const char *folder, df_error *err) DF_CHECKED;

/* The next line; *found false at the end. Fails with the first line that is wrong or out of order, and when a signal came; errors
   name file and line. Tells `progress` now and then how many lines there were. */
DF_API bool set_lines_next(set_lines *lines, manifest_entry *out, bool *found, const df_progress *progress, df_error *err) DF_CHECKED;

DF_API const char *set_lines_text(const set_lines *lines, size_t *length); /* of the last line, until the next call */
DF_API const json_t *set_lines_json(const set_lines *lines);
DF_API int64_t set_lines_count(const set_lines *lines);      /* lines so far */
DF_API int64_t set_lines_identities(const set_lines *lines); /* of them; grows when a line is the first of an identity */
DF_API bool set_lines_is_new(const set_lines *lines);        /* the last line is the first of its identity */

/* Puts folder's manifest and the last line's number before the sentence; returns false. */
DF_API bool set_lines_fail(const set_lines *lines, df_error *err);

DF_API void set_lines_close(set_lines *lines); /* NULL is legal */

#endif
