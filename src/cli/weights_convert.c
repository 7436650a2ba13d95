/* weights_convert.c: `diffuse weights convert`: any weight file as safetensors or npz. */
#include "cli/commands.h"
#include "tensor/weights.h"

typedef struct weights_convert_options {
    const char *file, *out;
} weights_convert_options;

static const option rows[] = {
    {.name = "FILE",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .positional = true,
     .required = true,
     .at = offsetof(weights_convert_options, file),
     .help = "safetensors, npz, npy, PyTorch, TensorFlow.js, MATLAB 5 or HDF5"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(weights_convert_options, out),
     .help = "the same tensors; .safetensors or .npz by its name"},
};

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const weights_convert_options *given = options;
    (void)cli;
    weights_file *file = weights_open(given->file, err);
    const bool is_good = file && weights_save(given->out, weights_tensors(file), err);
    weights_close(file);
    return is_good;
}

const cli_command weights_convert_command = {
    .name = "weights",
    .verb = "convert",
    .summary = "writes the tensors of any weight file as safetensors or npz",
    .details = "Every type survives, but that npz has no bfloat16, which becomes float32 there.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(weights_convert_options),
    .run = run,
};
