/* runs_read.h: the runs that `diffuse runs` was given: their metrics and what their run.json says of how they were made. */
#ifndef DF_CLI_RUNS_READ_H
#define DF_CLI_RUNS_READ_H

#include "cli/command.h"
#include "train/run_metrics.h"

/* A run's file beside its metrics: one object of settings, as the training was told them. */
#define RUN_SETTINGS "run.json"

typedef struct run_read {
    const char *folder;
    run_metrics metrics;
    json_t *settings; /* an object, empty where the run has none */
} run_read;

typedef struct runs_read_list {
    run_read *runs; /* [count] in the order of the arguments */
    size_t count;
    const char *const *names; /* [name_count] of metrics that were asked for, in the order of their first appearance; in the arena */
    size_t name_count;
} runs_read_list;

/* Options that all of `diffuse runs` have. */
typedef struct runs_choice {
    option_list folders, metrics;
} runs_choice;

#define RUNS_CHOICE_ROWS(TYPE)                                                                                                             \
    {.name = "DIR",                                                                                                                        \
     .kind = OPTION_LIST,                                                                                                                  \
     .argument = "DIR",                                                                                                                    \
     .positional = true,                                                                                                                   \
     .required = true,                                                                                                                     \
     .repeats = true,                                                                                                                      \
     .at = offsetof(TYPE, choice.folders),                                                                                                 \
     .help = "runs, or folders with runs in them"},                                                                                        \
    {                                                                                                                                      \
        .name = "metric", .kind = OPTION_LIST, .argument = "NAMES", .repeats = true, .at = offsetof(TYPE, choice.metrics),                 \
        .help = "only these, by their names in metrics.jsonl; without it all"                                                              \
    }

/* Fails on a name in --metric that no run has. runs_read_free gives back what the arena does not hold. */
bool runs_read(cli_context *cli, const runs_choice *choice, runs_read_list *out, df_error *err) DF_CHECKED;
void runs_read_free(runs_read_list *list);

/* The last part of the folder's path that tells it apart: all behind what every run's folder begins with. */
const char *runs_name(const runs_read_list *list, size_t index);

double runs_minutes(const run_read *run); /* between its first and last line */

#endif
