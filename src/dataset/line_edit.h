/* line_edit.h: changes a few texts of a manifest line and leaves every other byte as it is, numbers above all: writing a parsed
   line again would not give the digits that stood there. */
#ifndef DF_DATASET_LINE_EDIT_H
#define DF_DATASET_LINE_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum { LINE_EDITS = 16 };

/* A member of the line's object, or of an object in it ("labels", "depth"), that gets a text. It is replaced where it is there;
   one of the line itself is added at the end where it is not. */
typedef struct line_edit {
    const char *key, *inner; /* inner NULL: the member `key` itself */
    const char *text;
    bool keeps; /* what is there already stays */
} line_edit;

/* Appends the edited line, without a newline. `line`: one JSON object that has been parsed before (so it is sound); count up to
   LINE_EDITS. Fails where a key is written with an escape, and when memory ends. */
DF_API bool line_edit_apply(const char *line, size_t length, const line_edit *edits, size_t count, df_text *out, df_error *err) DF_CHECKED;

#endif
