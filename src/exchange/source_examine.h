/* source_examine.h: whether the file of an image can be read as a whole, and what its pixels are. */
#ifndef DF_EXCHANGE_SOURCE_EXAMINE_H
#define DF_EXCHANGE_SOURCE_EXAMINE_H

#include "exchange/source.h"

typedef struct source_form {
    int width, height, channels, bits;
    char sha256[DF_SHA256_TEXT]; /* as in manifests */
    const char *ending;          /* ".png" or ".jpg", by content */
} source_form;

/* Decodes the file. The error names it. */
DF_API bool source_examine(const char *path, source_form *out, df_arena *scratch, df_error *err) DF_CHECKED;

/* The same for an image of our own, with its labels: they are what its line says. */
DF_API bool source_examine_own(const char *folder, const manifest_entry *entry, df_arena *scratch, df_error *err) DF_CHECKED;

/* Memory ended: no fault of the file, and no reason to go on without it. */
DF_API bool source_is_shortage(const df_error *problem);

#endif
