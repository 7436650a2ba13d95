/* model_export.c: `diffuse model export`: a face as a mesh for other programs. */
#include "base/random.h"
#include "cli/commands.h"
#include "face/export.h"
#include "face/model_file.h"
#include "face/person.h"

typedef struct model_export_options {
    const char *model, *out, *identities, *id;
    option_list expression;
    int format;
    bool random;
} model_export_options;

static const option rows[] = {
    {.name = "MODEL",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .positional = true,
     .required = true,
     .at = offsetof(model_export_options, model),
     .help = "a face model"},
    {.name = "format",
     .kind = OPTION_CHOICE,
     .choices = export_format_names,
     .required = true,
     .at = offsetof(model_export_options, format),
     .help = "of the file"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(model_export_options, out),
     .help = "the mesh; of obj also a .mtl and .png files beside it"},
    {.name = "identities",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(model_export_options, identities),
     .help = "people, of which --id names one; without it and without --random the mean face"},
    {.name = "id", .kind = OPTION_STRING, .at = offsetof(model_export_options, id), .help = "who of --identities"},
    {.name = "random",
     .kind = OPTION_FLAG,
     .at = offsetof(model_export_options, random),
     .help = "a face of coefficients N(0, 1) in the first 80 components, by --seed"},
    {.name = "expression",
     .kind = OPTION_LIST,
     .argument = "NAME=WEIGHT",
     .at = offsetof(model_export_options, expression),
     .help = "weights of expressions, as mouth-open=1,eye-left-closure=0.5; 0 without it"},
};
enum { RANDOM_COMPONENTS = 80 };

/* "NAME=WEIGHT" into weights[]. */
static bool read_weight(cli_context *cli, const face_model *model, const char *item, float *weights, df_error *err)
{
    char name[FACE_NAME], *end;
    const char *equals = strchr(item, '=');
    const size_t length = equals ? (size_t)(equals - item) : FACE_NAME;
    if (length >= FACE_NAME)
        return cli_usage(cli, err, "--expression: '%s', expected NAME=WEIGHT", item);
    memcpy(name, item, length);
    name[length] = '\0';
    const int index = face_model_expression(model, name);
    if (index < 0)
        return df_fail(err, "--expression: the model '%s' has no '%s'", model->name, name);
    const float weight = strtof(equals + 1, &end);
    if (end == equals + 1 || *end != '\0' || !(fabsf(weight) <= 10))
        return cli_usage(cli, err, "--expression: '%s', expected a weight from -10 to 10", item);
    weights[index] = weight;
    return true;
}

static bool find_person(const model_export_options *given, const face_model *model, person *out, df_error *err)
{
    bool found = true, is_him = false;
    people *all = people_open(given->identities, model, err);
    if (!all)
        return false;
    bool is_good = true;
    while (is_good && found && !is_him) {
        is_good = people_next(all, out, &found, err);
        is_him = is_good && found && strcmp(out->id, given->id) == 0;
    }
    people_close(all);
    return is_good && (is_him || df_fail(err, "%s: nobody of the id '%s'", given->identities, given->id));
}

static void draw_person(const face_model *model, uint64_t seed, person *out)
{
    df_random shape = df_random_at(seed, 0, 0, DF_FOR_PERSON_SHAPE), albedo = df_random_at(seed, 0, 0, DF_FOR_PERSON_ALBEDO);
    out->shape_count = model->shape_count < RANDOM_COMPONENTS ? model->shape_count : RANDOM_COMPONENTS;
    out->albedo_count = model->albedo_count < RANDOM_COMPONENTS ? model->albedo_count : RANDOM_COMPONENTS;
    for (int i = 0; i < out->shape_count; i++)
        out->shape[i] = df_random_normal(&shape);
    for (int i = 0; i < out->albedo_count; i++)
        out->albedo[i] = df_random_normal(&albedo);
}

static bool choose_person(cli_context *cli, const model_export_options *given, const face_model *model, person *out, df_error *err)
{
    if ((given->identities != NULL) != (given->id != NULL) || (given->identities && given->random))
        return cli_usage(cli, err, "expected --identities and --id together, or --random, or neither");
    if (given->random)
        draw_person(model, cli->shared.seed, out);
    return !given->identities || find_person(given, model, out, err);
}

static bool export_model(cli_context *cli, const model_export_options *given, const face_model *model, df_arena *arena, df_error *err)
{
    person *who = df_alloc(cli->arena, 1, sizeof *who, err);
    float weights[FACE_MAX_EXPRESSIONS] = {0};
    export_scene scene;
    if (!who || !choose_person(cli, given, model, who, err))
        return false;
    for (size_t i = 0; i < given->expression.count; i++)
        if (!read_weight(cli, model, given->expression.items[i], weights, err))
            return false;
    return export_face(model, who->shape, who->shape_count, who->albedo, who->albedo_count, weights, given->format == EXPORT_GLB, arena,
                       &scene, err) &&
           export_write(&scene, (export_format)given->format, given->out, err);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const model_export_options *given = options;
    const size_t limit = (size_t)4 << 30; /* targets of 128 expressions of a large model */
    face_model_handle *handle = face_model_open(given->model, err);
    df_arena *arena = handle ? df_arena_new(limit, err) : NULL;
    const bool is_done = arena && export_model(cli, given, face_model_of(handle), arena, err);
    df_arena_free(arena);
    face_model_close(handle);
    return is_done;
}

const cli_command model_export_command = {
    .name = "model",
    .verb = "export",
    .summary = "writes a face as OBJ, PLY or glTF",
    .details =
        "The mean face, a random one, or a person. glb has the expressions as morph targets, --expression sets their weights; in the\n"
        "other formats the mesh has the expression. Lengths are millimetres, in glTF metres.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(model_export_options),
    .shared = CLI_SEED,
    .run = run,
};
