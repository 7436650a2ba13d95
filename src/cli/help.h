/* help.h: usage lines and help pages out of the tables, on a stream of the caller's. */
#ifndef DF_CLI_HELP_H
#define DF_CLI_HELP_H

#include "cli/command.h"

/* "usage: diffuse sample --model FILE [--count N] ..." on one line. NULL: of the program. */
void help_usage(FILE *out, const cli_command *command);

/* Everything about one command. */
void help_command_page(FILE *out, const cli_command *command);

/* The list of commands; of the verbs of `name` where that is not NULL. */
void help_overview(FILE *out, const char *name);

#endif
