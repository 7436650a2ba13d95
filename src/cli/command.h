/* command.h: what a command is and what it is given. options.h shows a whole one. */
#ifndef DF_CLI_COMMAND_H
#define DF_CLI_COMMAND_H

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/progress.h"
#include "cli/options.h"
#include "cli/ranks.h"

/* Options that mean the same wherever they are taken; a command names those that it takes in .shared. --quiet and --help are
   taken by all. CLI_THREADS promises the same results for any number of threads, CLI_THREADS_ROUNDED only to rounding. */
enum { CLI_SEED = 1, CLI_THREADS = 2, CLI_JSON = 4, CLI_THREADS_ROUNDED = 8 };

typedef struct cli_shared {
    uint64_t seed;
    int64_t threads; /* 0: one for each processor; main has told OpenMP already */
    bool json;       /* the result goes to standard output as one JSON value, by cli_print_json */
    bool quiet, help;
} cli_shared;

typedef struct cli_context {
    df_arena *arena;      /* lives until the program ends */
    df_progress progress; /* standard error; silent with --quiet */
    cli_shared shared;
    cli_ranks ranks;          /* of mpirun; opened by commands that know of them */
    const char *const *words; /* the whole command line as given, NULL-terminated: for manifests and reports */
    bool wrong_usage;
} cli_context;

typedef struct cli_command {
    const char *name, *verb; /* verb NULL: the command has none */
    const char *summary;     /* for lists: no capital, no full stop */
    const char *details;     /* paragraphs below the usage line in help, with newlines; NULL: none */
    const option *options;
    size_t option_count, options_size;
    unsigned shared;
    bool (*run)(cli_context *cli, const void *options, df_error *err);
} cli_command;

/* As df_fail, and the program exits with 2 and the usage line instead of 1. For what the rows cannot express. */
bool cli_usage(cli_context *cli, df_error *err, const char *format, ...) DF_PRINTF(3, 4);

/* One line of JSON on standard output; takes the reference. Real numbers have 9 significant digits. */
bool cli_print_json(json_t *value, df_error *err) DF_CHECKED;

#endif
