/* render_plan.h: what `diffuse render --plan` prints. */
#ifndef DF_CLI_RENDER_PLAN_H
#define DF_CLI_RENDER_PLAN_H

#include "cli/command.h"
#include "dataset/generate.h"

/* Plans and prints, as a table or as JSON. */
bool render_plan(const cli_context *cli, render_job *job, const generate_run *run, df_error *err) DF_CHECKED;

#endif
