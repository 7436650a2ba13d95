/* model_convert.c: `diffuse model convert`: a model's file as a NumPy archive, and back. */
#include "cli/commands.h"
#include "face/model_npz.h"

typedef struct model_convert_options {
    const char *model, *out;
} model_convert_options;

static const option rows[] = {
    {.name = "MODEL",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .positional = true,
     .required = true,
     .at = offsetof(model_convert_options, model),
     .help = "a face model, or its npz"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(model_convert_options, out),
     .help = "the same model; .npz or .safetensors by its name"},
};

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const model_convert_options *given = options;
    (void)cli;
    return face_model_convert(given->model, given->out, err);
}

const cli_command model_convert_command = {
    .name = "model",
    .verb = "convert",
    .summary = "writes a face model as an npz archive, and back",
    .details = "Nothing is lost: there and back gives the same bytes.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(model_convert_options),
    .run = run,
};
