/* text.h: a growing text, and numbers as text that are the same bytes on every machine and locale. Made for manifests: a
   number costs some 25 nanoseconds, no snprintf. JSON strings are escaped; bad UTF-8 becomes U+FFFD. */
#ifndef DF_BASE_TEXT_H
#define DF_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/api.h"
#include "base/error.h"

/* Grows as needed; {0} is an empty text. `failed` is sticky: memory ended, what follows is dropped. Invariant: data is NULL
   or has a zero byte at data[size]. */
typedef struct df_text {
    char *data;
    size_t size, room;
    bool failed;
} df_text;

DF_API void df_text_add(df_text *text, const char *string);
DF_API void df_text_add_bytes(df_text *text, const char *data, size_t size);
DF_API void df_text_addf(df_text *text, const char *format, ...) DF_PRINTF(2, 3);
DF_API void df_text_integer(df_text *text, int64_t value);

/* Decimal with at most `digits` (0 to 9) places, trailing zeros dropped, "-0" as "0". Half a unit of the last place is rounded away
   from zero; "half" is that of value * 10^digits in double. Where that product exceeds 63 bits the text is that of %.9g. NaN and
   infinities are written as null. */
DF_API void df_text_number(df_text *text, double value, int digits);
DF_API void df_text_json_string(df_text *text, const char *string);                            /* with its quotes */
DF_API void df_text_json_floats(df_text *text, const float *values, size_t count, int digits); /* [a,b,c] */

/* Bytes of the UTF-8 sequence that begins here (1 to 4), 0 if it is none. The string ends with a zero byte, which counts as 1. */
DF_API size_t df_utf8_length(const char *string);

/* Whether the bytes, zero bytes among them, are UTF-8 from end to end. */
DF_API bool df_utf8_is_valid(const char *data, size_t size);

DF_API void df_text_clear(df_text *text); /* keeps the memory */
DF_API void df_text_free(df_text *text);
DF_API bool df_text_ok(const df_text *text, df_error *err) DF_CHECKED; /* false, with a sentence, if memory ended */

#endif
