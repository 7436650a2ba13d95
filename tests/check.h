/* check.h: what every test includes first: cmocka with the headers that it wants before itself, and the check that a call of
   ours went well. */
#ifndef DF_TESTS_CHECK_H
#define DF_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

/* Fails the test with the sentence unless `ok`. */
static inline void must(bool ok, const df_error *err)
{
    if (!ok)
        fail_msg("%s", err->text);
}

/* Fails the test unless a call of ours failed with a sentence that holds `part`. */
static inline void must_say(bool ok, const df_error *err, const char *part)
{
    if (ok)
        fail_msg("went well, expected a failure that says '%s'", part);
    if (!strstr(err->text, part))
        fail_msg("'%s', expected a sentence that says '%s'", err->text, part);
}

/* Fails the test unless low <= value <= high; NaN fails. */
static inline void must_lie(float value, float low, float high)
{
    if (!(value >= low && value <= high))
        fail_msg("%.9g, expected %.9g to %.9g", (double)value, (double)low, (double)high);
}

#endif
