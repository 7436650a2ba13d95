/* commands.c: the table of commands, and the options that several of them share. */
#include "cli/commands.h"

#include <assert.h>

const cli_command *const cli_commands[] = {
    &model_build_command,
    &model_import_command,
    &model_info_command,
    &model_show_command,
    &model_eval_command,
    &model_dress_command,
    &model_export_command,
    &model_convert_command,
    &sample_command,
    &render_command,
    &dataset_import_command,
    &dataset_verify_command,
    &dataset_reproduce_command,
    &dataset_sheet_command,
    &dataset_card_command,
    &dataset_leak_command,
    &dataset_export_command,
    &dataset_subset_command,
    &dataset_split_command,
    &dataset_merge_command,
    &dataset_stats_command,
    &report_command,
    &net_list_command,
    &net_info_command,
    &net_run_command,
    &net_train_command,
    &net_bench_command,
    &auth_eval_command,
    &latent_score_command,
    &weights_list_command,
    &weights_convert_command,
    &fid_command,
    &attributes_train_command,
    &attributes_eval_command,
    &attributes_predict_command,
    &runs_list_command,
    &runs_compare_command,
    &runs_plot_command,
    &demo_command,
    &help_command,
    &completion_command,
    &version_command,
};
const size_t cli_command_count = DF_ARRAY_LEN(cli_commands);

#define THREADS_ROW(PROMISE)                                                                                                               \
    {                                                                                                                                      \
        .name = "threads", .kind = OPTION_INTEGER, .at = offsetof(cli_shared, threads), .low = 0, .high = 1024, .initial = "0",            \
        .help = "threads, 0 for one a processor; " PROMISE                                                                                 \
    }

static const struct {
    unsigned flag; /* 0: every command takes it */
    option row;
} shared_rows[] = {
    {CLI_SEED,
     {.name = "seed",
      .kind = OPTION_UNSIGNED,
      .at = offsetof(cli_shared, seed),
      .initial = "1",
      .help = "random numbers depend on it alone"}},
    {CLI_THREADS, THREADS_ROW("results do not depend on it")},
    {CLI_THREADS_ROUNDED, THREADS_ROW("the last digits of results may depend on it")},
    {CLI_JSON,
     {.name = "json", .kind = OPTION_FLAG, .at = offsetof(cli_shared, json), .help = "print the result as JSON on standard output"}},
    {0, {.name = "quiet", .kind = OPTION_FLAG, .at = offsetof(cli_shared, quiet), .help = "no progress on standard error"}},
    {0, {.name = "help", .kind = OPTION_FLAG, .at = offsetof(cli_shared, help), .help = "print this help"}},
};

const cli_command *commands_find(const char *name, const char *verb)
{
    for (size_t i = 0; i < cli_command_count; i++) {
        const cli_command *command = cli_commands[i];
        if (strcmp(command->name, name) == 0 && (!verb || (command->verb && strcmp(command->verb, verb) == 0)))
            return command;
    }
    return NULL;
}

size_t commands_options(const cli_command *command, void *values, cli_shared *shared, option_place places[OPTION_MAX_ROWS])
{
    size_t count = 0;
    assert(command->option_count + DF_ARRAY_LEN(shared_rows) <= OPTION_MAX_ROWS);
    for (size_t i = 0; i < command->option_count; i++)
        places[count++] = (option_place){.row = &command->options[i], .values = values};
    for (size_t i = 0; i < DF_ARRAY_LEN(shared_rows); i++)
        if (shared_rows[i].flag == 0 || (shared_rows[i].flag & command->shared))
            places[count++] = (option_place){.row = &shared_rows[i].row, .values = shared};
    return count;
}
