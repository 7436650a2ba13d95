/* command_text.h: a command line as text that a shell reads back: words quoted where they need it, lines of about 100 characters joined
   by backslashes, an option never parted from its value. */
#ifndef DF_CLI_COMMAND_TEXT_H
#define DF_CLI_COMMAND_TEXT_H

#include "base/text.h"

typedef struct command_text {
    df_text *out;
    size_t line; /* where the current line starts in it */
} command_text;

/* Begins with "diffuse". */
command_text command_text_begin(df_text *out);

/* A word, and its value behind it unless that is NULL. */
void command_text_add(command_text *text, const char *word, const char *value);

#endif
