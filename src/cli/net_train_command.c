/* net_train_command.c: `diffuse net train`: a few steps on arrays. */
#include "cli/commands.h"
#include "cli/net_options.h"
#include "cli/train_options.h"
#include "tensor/npz.h"
#include "train/net_train.h"

typedef struct net_train_options {
    net_choice choice;
    const char *input, *output;
    const char *weights_out;
    int64_t steps;
    train_choice train;
} net_train_options;

static const option rows[] = {
    NET_CHOICE_ROWS(net_train_options),
    {.name = "input",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(net_train_options, input),
     .help = "npz with x (batches, n, 3, h, w) and y (batches, n) or (batches, n, k)"},
    {.name = "output",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(net_train_options, output),
     .help = "npz with the loss before each step"},
    {.name = "steps",
     .kind = OPTION_INTEGER,
     .at = offsetof(net_train_options, steps),
     .low = 1,
     .high = 1e7,
     .initial = "1",
     .help = "step s takes batch s mod batches"},
    {.name = "weights-out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(net_train_options, weights_out),
     .help = "safetensors with the weights after the last step"},
    TRAIN_CHOICE_ROWS(net_train_options, "0.01"),
};

static bool train(cli_context *cli, const net_training *training, const net_train_options *given, df_error *err)
{
    tensor_list inputs;
    float *losses = df_alloc(cli->arena, (size_t)given->steps, sizeof *losses, err);
    tensor loss = {.name = "loss", .type = TENSOR_F32, .rank = 1, .shape = {given->steps}, .data = losses};
    return losses && net_arrays_read(cli, given->input, &inputs, err) && net_train(training, &inputs, losses, err) &&
           (cli->ranks.rank > 0 || npz_write(given->output, &(tensor_list){.tensors = &loss, .count = 1}, err));
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const net_train_options *given = options;
    net_task task;
    train_choice choice = given->train;
    net_training training = {.task = &task, .form = {.steps = given->steps}, .out = given->weights_out};
    if (!net_choice_read(cli, &given->choice, &task, err))
        return false;
    if (task.row->is_loss || task.row->inputs[1])
        return cli_usage(cli, err, "NET: '%s' has no logits to train", given->choice.net);
    if (!task.weights.from)
        return cli_usage(cli, err, "--weights: required here");
    if (!train_choice_read(cli, &choice, &training.form, err))
        return false;
    return train_choice_end(cli, train(cli, &training, given, err), err);
}

const cli_command net_train_command = {
    .name = "net",
    .verb = "train",
    .summary = "trains a network on arrays",
    .details =
        "Labels (batches, n) are trained by cross-entropy, numbers (batches, n, k) by binary cross-entropy of logits.\n"
        "Batch normalisation is by the batch; there is no dropout. With --checkpoints a training that was stopped or killed goes on\n"
        "with --resume to the same weights, bit for bit, for the same --threads. Under `mpirun -np N` step s of rank r takes batch\n"
        "s * N + r, and derivatives are the mean over ranks. docs/training.md tells more.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(net_train_options),
    .shared = CLI_THREADS_ROUNDED,
    .run = run,
};
