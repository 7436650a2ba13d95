/* command.c: what commands say beside their result. */
#include "cli/command.h"

#include <stdarg.h>

#include "base/json.h"

bool cli_usage(cli_context *cli, df_error *err, const char *format, ...)
{
    char text[sizeof err->text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cli->wrong_usage = true;
    return df_fail(err, "%s", text);
}

bool cli_print_json(json_t *value, df_error *err)
{
    if (!df_json_is_complete(err)) {
        json_decref(value);
        return false;
    }
    const bool is_printed = value && json_dumpf(value, stdout, JSON_REAL_PRECISION(9)) == 0;
    const bool is_ended = is_printed && putchar('\n') != EOF;
    json_decref(value);
    return is_ended || ferror(stdout) || df_fail(err, "cannot print JSON: memory ended"); /* main tells of the stream */
}
