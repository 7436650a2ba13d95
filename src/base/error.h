/* error.h: one sentence that says what went wrong. A function that can fail returns bool (or a pointer) and takes
   `df_error *err` last; the sentence names the place, what was found and what was expected. Whoever opened a file
   prepends its name once. A NULL err is allowed and drops the sentence. One df_error belongs to one thread. */
#ifndef DF_BASE_ERROR_H
#define DF_BASE_ERROR_H

#include <stdbool.h>

#include "base/api.h"

typedef struct df_error {
    char text[512]; /* UTF-8, without a newline; cut if longer */
} df_error;

/* Stores the sentence and returns false, so that `return df_fail(err, ...)` reads well. */
DF_API bool df_fail(df_error *err, const char *format, ...) DF_PRINTF(2, 3);

/* Puts "prefix: " before the sentence; returns false as df_fail does. */
DF_API bool df_fail_in(df_error *err, const char *format, ...) DF_PRINTF(2, 3);

/* Both always return false; this tells the compiler, which then sees that a caller's out-parameters are set where it returns true. */
static inline bool df_false(bool failed)
{
    (void)failed;
    return false;
}
#define df_fail(...) df_false((df_fail)(__VA_ARGS__))
#define df_fail_in(...) df_false((df_fail_in)(__VA_ARGS__))

#endif
