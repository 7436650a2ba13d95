/* commands.h: every command of the program. A row is enabled when its file is there: declare it here, name it in commands.c. */
#ifndef DF_CLI_COMMANDS_H
#define DF_CLI_COMMANDS_H

#include "cli/command.h"

extern const cli_command attributes_eval_command;
extern const cli_command attributes_predict_command;
extern const cli_command attributes_train_command;
extern const cli_command auth_eval_command;
extern const cli_command completion_command;
extern const cli_command dataset_card_command;
extern const cli_command dataset_export_command;
extern const cli_command dataset_import_command;
extern const cli_command dataset_leak_command;
extern const cli_command dataset_verify_command;
extern const cli_command dataset_reproduce_command;
extern const cli_command dataset_sheet_command;
extern const cli_command dataset_subset_command;
extern const cli_command dataset_split_command;
extern const cli_command dataset_merge_command;
extern const cli_command dataset_stats_command;
extern const cli_command demo_command;
extern const cli_command fid_command;
extern const cli_command help_command;
extern const cli_command latent_score_command;
extern const cli_command model_build_command;
extern const cli_command model_convert_command;
extern const cli_command model_dress_command;
extern const cli_command model_eval_command;
extern const cli_command model_export_command;
extern const cli_command model_import_command;
extern const cli_command model_info_command;
extern const cli_command model_show_command;
extern const cli_command render_command;
extern const cli_command net_bench_command;
extern const cli_command net_info_command;
extern const cli_command net_list_command;
extern const cli_command net_run_command;
extern const cli_command net_train_command;
extern const cli_command report_command;
extern const cli_command runs_compare_command;
extern const cli_command runs_list_command;
extern const cli_command runs_plot_command;
extern const cli_command sample_command;
extern const cli_command version_command;
extern const cli_command weights_convert_command;
extern const cli_command weights_list_command;

extern const cli_command *const cli_commands[]; /* in the order of help; verbs of one command side by side */
extern const size_t cli_command_count;

/* NULL where there is none. `verb` may be NULL: then the first command of that name. */
const cli_command *commands_find(const char *name, const char *verb);

/* All options of a command, the shared ones behind its own. `values` and `shared` may be NULL where only the rows are wanted;
   returns their number, at most OPTION_MAX_ROWS. */
size_t commands_options(const cli_command *command, void *values, cli_shared *shared, option_place places[OPTION_MAX_ROWS]);

#endif
