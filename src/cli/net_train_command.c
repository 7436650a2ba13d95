/* net_train_command.c: `diffuse net train`: a few steps on arrays. */
#include "cli/commands.h"
#include "cli/net_options.h"
#include "tensor/npz.h"
#include "train/net_train.h"

typedef struct net_train_options {
    net_choice choice;
    const char *input, *output;
    int optimizer;
    double rate, momentum, decay;
    int64_t steps;
} net_train_options;

static const char *const optimizers[] = {"sgd", "adam", "adamw", NULL}; /* as optimizer_kind */

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
    {.name = "optimizer",
     .kind = OPTION_CHOICE,
     .at = offsetof(net_train_options, optimizer),
     .choices = optimizers,
     .initial = "sgd",
     .help = "how weights follow their derivatives"},
    {.name = "lr",
     .kind = OPTION_NUMBER,
     .at = offsetof(net_train_options, rate),
     .low = 0,
     .high = 1e3,
     .initial = "0.01",
     .help = "rate"},
    {.name = "momentum",
     .kind = OPTION_NUMBER,
     .at = offsetof(net_train_options, momentum),
     .low = 0,
     .high = 1,
     .initial = "0",
     .help = "of sgd"},
    {.name = "weight-decay",
     .kind = OPTION_NUMBER,
     .at = offsetof(net_train_options, decay),
     .low = 0,
     .high = 1e6,
     .help = "0.01 for adamw and 0 for the others where it is not given"},
    {.name = "steps",
     .kind = OPTION_INTEGER,
     .at = offsetof(net_train_options, steps),
     .low = 1,
     .high = 1e7,
     .initial = "1",
     .help = "step s takes batch s mod batches"},
};

static const double ADAMW_DECAY = 0.01;

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const net_train_options *given = options;
    net_task task;
    tensor_list inputs;
    if (!net_choice_read(cli, &given->choice, &task, err))
        return false;
    if (task.row->is_loss || task.row->inputs[1])
        return cli_usage(cli, err, "NET: '%s' has no logits to train", given->choice.net);
    if (!task.weights.from)
        return cli_usage(cli, err, "--weights: required here");
    const double decay = !isnan(given->decay) ? given->decay : given->optimizer == OPTIMIZER_ADAMW ? ADAMW_DECAY : 0;
    const net_training training = {.task = &task,
                                   .form = {.optimizer = {.kind = (optimizer_kind)given->optimizer,
                                                          .rate = (float)given->rate,
                                                          .momentum = (float)given->momentum,
                                                          .decay = (float)decay},
                                            .steps = given->steps,
                                            .progress = &cli->progress}};
    float *losses = df_alloc(cli->arena, (size_t)given->steps, sizeof *losses, err);
    tensor loss = {.name = "loss", .type = TENSOR_F32, .rank = 1, .shape = {given->steps}, .data = losses};
    return losses && net_arrays_read(cli, given->input, &inputs, err) && net_train(&training, &inputs, losses, err) &&
           npz_write(given->output, &(tensor_list){.tensors = &loss, .count = 1}, err);
}

const cli_command net_train_command = {
    .name = "net",
    .verb = "train",
    .summary = "trains a network for a few steps on arrays",
    .details = "Labels (batches, n) are trained by cross-entropy, numbers (batches, n, k) by binary cross-entropy of logits.\n"
               "Batch normalisation is by the batch; there is no dropout.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(net_train_options),
    .shared = CLI_THREADS,
    .run = run,
};
