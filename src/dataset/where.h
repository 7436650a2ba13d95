/* where.h: a condition on the lines of a manifest: `abs(yaw) < 30 and glasses == "none"`. A small language that computes and
   compares what one line holds; nothing is run, called or opened. From loose to tight:

       a or b      a and b      not a
       == != < <= > >=      x in ("a", "b")      x not in (1, 2)
       + -      * /      -x
       12  0.5  1e-3  "text"  'text'  true  false  null  (a)
       abs(x)  min(x, ...)  max(x, ...)  len(text or list)  has(name)
       yaw   light.strength   box[2]   attributes.5_o_Clock_Shadow   expression."jaw-open"

   Names are the keys of docs/manifest.md. A key that the line lacks is null, as is what is computed from it; null is neither less
   nor greater than anything, equal to null alone, and counts as false. Other kinds do not mix: 3 == "3" is a mistake that is
   told. `and` and `or` overlook a mistake on one side where the other decides. In quotes, \ takes the next character as it is. */
#ifndef DF_DATASET_WHERE_H
#define DF_DATASET_WHERE_H

#include "base/arena.h"
#include "base/json.h"

enum { WHERE_TEXT = 1 << 14, WHERE_NODES = 1024, WHERE_DEPTH = 64 }; /* longest text, most operations and values, deepest nesting */

typedef struct where where;

/* Lives in the arena. An error names the column of the text, from 1. */
DF_API where *where_parse(const char *text, df_arena *arena, df_error *err) DF_CHECKED;

/* Whether a manifest line meets the condition. Fails where kinds do not fit: "yaw: a text, expected a number". */
DF_API bool where_matches(where *condition, const json_t *line, bool *out, df_error *err) DF_CHECKED;

/* After the last line: fails with a name that no line had (except in has()), and near ones that `line` has. */
DF_API bool where_check_names(const where *condition, const json_t *line, df_error *err) DF_CHECKED;

#endif
