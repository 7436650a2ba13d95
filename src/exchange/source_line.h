/* source_line.h: the line of an imported image in manifest.jsonl (docs/manifest.md). */
#ifndef DF_EXCHANGE_SOURCE_LINE_H
#define DF_EXCHANGE_SOURCE_LINE_H

#include "base/text.h"
#include "exchange/source_examine.h"

/* What importing found out and decided; the rest stands in the source_image. */
typedef struct source_placed {
    const char *format; /* the source row's name */
    char image[MANIFEST_PATH], identity[PERSON_ID];
    int64_t index;
    source_form form;
} source_placed;

/* Appends the line with its newline. Bytes that are no UTF-8 become U+FFFD. */
DF_API bool source_line(const source_image *from, const source_placed *placed, df_text *out, df_error *err) DF_CHECKED;

#endif
