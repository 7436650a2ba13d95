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

static void append(df_error *err, const char *more)
{
    const size_t used = strlen(err->text), room = sizeof err->text - 1 - used, size = strnlen(more, room);
    memcpy(err->text + used, more, size);
    err->text[used + size] = '\0';
}

bool(df_fail)(df_error *err, const char *format, ...)
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

bool(df_fail_in)(df_error *err, const char *format, ...)
{
    if (!err)
        return false;
    df_error before = *err;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    append(err, ": ");
    append(err, before.text);
    keep_on_one_line(err->text);
    return false;
}
