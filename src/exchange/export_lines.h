/* export_lines.h: a manifest as exports read it: the lines of one split in order, each with the number of its identity. Refuses lines that
   are doubled or out of order, and identities that no folder could be called by. */
#ifndef DF_EXCHANGE_EXPORT_LINES_H
#define DF_EXCHANGE_EXPORT_LINES_H

#include "base/file.h"
#include "dataset/manifest_read.h"
#include "exchange/export_people.h"

/* EXPORT_GLANCED: what export_glance.h tells, and no manifest_reader. */
typedef enum export_depth { EXPORT_GLANCED, EXPORT_PARSED } export_depth;

typedef struct export_lines {
    const char *path;
    manifest_reader *reader; /* NULL: glanced at */
    df_lines *glanced;       /* NULL: parsed */
    const char *split;       /* NULL: all */
    export_people people;
    int64_t images, others; /* of the split, of other splits so far */
} export_lines;

/* path and split are borrowed. */
bool export_lines_open(const char *path, const char *split, export_depth depth, export_lines *out, df_error *err) DF_CHECKED;

/* The next line of the split, and its identity's number in order of appearance. */
bool export_lines_next(export_lines *lines, manifest_entry *entry, int64_t *number, bool *found, df_error *err) DF_CHECKED;
void export_lines_close(export_lines *lines); /* the counts stay */

#endif
