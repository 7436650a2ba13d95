/* error.c: formats error sentences. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Error sentences are one line: file names may hold newlines. */
static void keep_on_one_line(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ')
            *text = '?';
}

bool df_fail(df_error *err, const char *format, ...)
{
    if (!err)
        return false;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    keep_on_one_line(err->text);
    return false;
}

bool df_fail_in(df_error *err, const char *format, ...)
{
    if (!err)
        return false;
    df_error before = *err;
    va_list args;
    va_start(args, format);
    int used = vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    if (used >= 0 && (size_t)used < sizeof err->text)
        snprintf(err->text + used, sizeof err->text - (size_t)used, ": %.*s", (int)sizeof before.text, before.text);
    keep_on_one_line(err->text);
    return false;
}
