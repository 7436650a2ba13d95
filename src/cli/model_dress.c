/* model_dress.c: `diffuse model dress`: another model's hair, beards, brows, glasses and hats on a face model. */
#include "cli/commands.h"
#include "face/dress.h"
#include "face/model_file.h"
#include "face/model_notes.h"

typedef struct model_dress_options {
    const char *model, *parts, *out;
} model_dress_options;

static const option rows[] = {
    {.name = "MODEL",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .positional = true,
     .required = true,
     .at = offsetof(model_dress_options, model),
     .help = "a face model, such as `diffuse model import` writes"},
    {.name = "parts",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(model_dress_options, parts),
     .help = "the model whose parts are fitted, such as the default one"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(model_dress_options, out),
     .help = "the dressed model, one safetensors file"},
};

static bool print_result(const cli_context *cli, const char *out, const face_model *model, df_error *err)
{
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:s, s:i, s:i}", "model", out, "parts", model->part_count, "textures", model->texture_count),
                              err);
    printf("%s: %d parts, %d textures\n", out, model->part_count, model->texture_count);
    return true;
}

static bool dress(cli_context *cli, const model_dress_options *given, const face_model *model, const face_model *parts, df_error *err)
{
    face_model dressed = *model;
    const char *const more[][2] = {
        {"parts-of", parts->name}, {"parts-sha256", parts->sha256}, {"dressed-from-sha256", model->sha256}, {NULL, NULL}};
    model_note *notes = model_notes_joined(model, parts, more, cli->arena, err);
    return notes && face_dress(parts, &dressed, cli->arena, err) && face_model_save(given->out, &dressed, notes, err) &&
           print_result(cli, given->out, &dressed, err);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const model_dress_options *given = options;
    face_model_handle *model = face_model_open(given->model, err);
    face_model_handle *parts = model ? face_model_open(given->parts, err) : NULL;
    const bool is_good = parts && dress(cli, given, face_model_of(model), face_model_of(parts), err);
    face_model_close(parts);
    face_model_close(model);
    return is_good;
}

const cli_command model_dress_command = {
    .name = "model",
    .verb = "dress",
    .summary = "gives a model the hair, beards, glasses and hats of another",
    .details = "Fitted by the 68 landmarks of both models; a model without them is refused. Eyes, teeth and clothes are not taken over.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(model_dress_options),
    .shared = CLI_JSON,
    .run = run,
};
