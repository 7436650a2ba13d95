/* model_import.c: `diffuse model import`: a foreign morphable model, or a folder of scans, as a model of ours. */
#include "cli/commands.h"
#include "face/import.h"

typedef struct model_import_options {
    const char *file, *out, *attributes, *landmarks;
    int64_t components;
    double unit;
    bool align;
} model_import_options;

static const option rows[] = {
    {.name = "FILE",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .positional = true,
     .required = true,
     .at = offsetof(model_import_options, file),
     .help = "a model's file, or a folder"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(model_import_options, out),
     .help = "the model, one safetensors file"},
    {.name = "attributes",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(model_import_options, attributes),
     .help = "04_attributes.mat of the Basel Face Model 2009"},
    {.name = "landmarks",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(model_import_options, landmarks),
     .help = "text file of 68 vertex numbers, from 0, iBUG order: for models that know none"},
    {.name = "components",
     .kind = OPTION_INTEGER,
     .at = offsetof(model_import_options, components),
     .low = 0,
     .high = FACE_MAX_COMPONENTS,
     .initial = "0",
     .help = "keep at most so many of shape and of albedo, 0 for all"},
    {.name = "unit",
     .kind = OPTION_NUMBER,
     .at = offsetof(model_import_options, unit),
     .low = 0.001,
     .high = 10000,
     .initial = "1",
     .unit = "mm",
     .help = "length of one unit of scans"},
    {.name = "align",
     .kind = OPTION_FLAG,
     .at = offsetof(model_import_options, align),
     .help = "turn and shift scans onto their mean first"},
};

static bool print_report(const cli_context *cli, const char *out, const import_report *r, df_error *err)
{
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:b, s:i, s:b}", "model", out, "name", r->name, "format",
                                        r->format, "vertices", r->vertices, "triangles", r->triangles, "shape_components", r->shape_count,
                                        "albedo_components", r->albedo_count, "expressions", r->expression_count, "landmarks",
                                        r->has_landmarks, "named_landmarks", r->named_count, "attribute_directions", r->has_attributes),
                              err);
    printf("%s: %s: %d vertices, %d triangles, %d components of shape, %d of albedo, %d expressions, %s, %d named landmarks, %s\n", out,
           r->format, r->vertices, r->triangles, r->shape_count, r->albedo_count, r->expression_count,
           r->has_landmarks ? "68 landmarks" : "no 68 landmarks", r->named_count,
           r->has_attributes ? "directions of gender, age, height and weight" : "no attributes");
    return true;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const model_import_options *given = options;
    const import_options import = {
        .attributes = given->attributes,
        .landmarks = given->landmarks,
        .components = (int)given->components,
        .unit = (float)given->unit,
        .align = given->align,
    };
    import_report report = {0};
    return face_import(given->file, &import, given->out, &report, err) && print_report(cli, given->out, &report, err);
}

const cli_command model_import_command = {
    .name = "model",
    .verb = "import",
    .summary = "makes a model of another maker's one, or of scans",
    .details =
        "FILE: 01_MorphableModel.mat (Basel Face Model 2009), a statismo .h5 (Basel Face Model 2017, 2019), BFM_model_front.mat\n"
        "(Deep3DFaceRecon), an ICT-FaceKit npz, ICT-FaceKit's folder of OBJ files, or any folder of scans in correspondence (PLY or\n"
        "OBJ of one topology), whose mean and principal components are taken.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(model_import_options),
    .shared = CLI_JSON,
    .run = run,
};
