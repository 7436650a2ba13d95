/* export_files.h: exports that are a folder of files: their names, and folders made as they are needed. */
#ifndef DF_EXCHANGE_EXPORT_FILES_H
#define DF_EXCHANGE_EXPORT_FILES_H

#include "dataset/journal.h"
#include "exchange/exporter.h"

enum { EXPORT_NAME = 2 * MANIFEST_PATH }; /* bytes of a file's path in an export */

typedef struct export_files {
    const char *top;           /* exists */
    char folder[DATASET_PATH]; /* the one that the last file went to, made already */
} export_files;

/* "PREFIX/ID/0007.png"; no prefix where it is "". */
void export_files_name(char out[EXPORT_NAME], const char *prefix, const manifest_entry *entry, const char *ending);

/* Writes top/name. */
bool export_files_put(export_files *files, const char *name, df_bytes bytes, df_error *err) DF_CHECKED;

/* A text file of the export, one line after another by df_writer_put. */
df_writer *export_files_open(export_files *files, const char *name, df_error *err) DF_CHECKED;

#endif
