/* net_run_command.c: `diffuse net run`: any network on arrays. */
#include "cli/commands.h"
#include "cli/net_options.h"
#include "tensor/npz.h"

typedef struct net_run_options {
    net_choice choice;
    const char *input, *output;
    int mode;
    bool gradients, bfloat16;
} net_run_options;

static const char *const modes[] = {"eval", "train", NULL}; /* as nn_mode */

static const option rows[] = {
    NET_CHOICE_ROWS(net_run_options),
    {.name = "input",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(net_run_options, input),
     .help = "npz with the network's inputs: x; with --gradients also r"},
    {.name = "output",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(net_run_options, output),
     .help = "npz of what comes out"},
    {.name = "mode",
     .kind = OPTION_CHOICE,
     .at = offsetof(net_run_options, mode),
     .choices = modes,
     .initial = "eval",
     .help = "train: batch normalisation by the batch, and its running values as buffer/NAME"},
    {.name = "gradients",
     .kind = OPTION_FLAG,
     .at = offsetof(net_run_options, gradients),
     .help = "also the derivative of sum(output * r), as grad_x and grad/NAME"},
    {.name = "bfloat16",
     .kind = OPTION_FLAG,
     .at = offsetof(net_run_options, bfloat16),
     .help = "let convolutions round what they multiply to bfloat16, on processors that have it"},
};

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const net_run_options *given = options;
    net_task task;
    tensor_list inputs, outputs;
    if (!net_choice_read(cli, &given->choice, &task, err) || !net_arrays_read(cli, given->input, &inputs, err))
        return false;
    task.options.mode = (nn_mode)given->mode;
    task.gradients = given->gradients;
    task.bfloat16 = given->bfloat16;
    return net_run(&task, &inputs, cli->arena, &outputs, err) && npz_write(given->output, &outputs, err);
}

const cli_command net_run_command = {
    .name = "net",
    .verb = "run",
    .summary = "runs a network on arrays",
    .details = "Outputs have the names that the network gives them: logits, features, coefficients, w_hat ...",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(net_run_options),
    .shared = CLI_THREADS_ROUNDED,
    .run = run,
};
