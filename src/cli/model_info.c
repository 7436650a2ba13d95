/* model_info.c: `diffuse model info`: what a face model holds, as a list for people or as JSON. */
#include "cli/commands.h"
#include "face/model_file.h"

typedef struct model_info_options {
    const char *model;
} model_info_options;

static const option rows[] = {
    {.name = "MODEL",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .positional = true,
     .required = true,
     .at = offsetof(model_info_options, model),
     .help = "a face model"},
};

static json_t *expressions_json(const face_model *model)
{
    json_t *names = json_array();
    for (int i = 0; i < model->expression_count; i++)
        json_array_append_new(names, json_string(model->expression_names[i]));
    return names;
}

static json_t *groups_json(const face_model *model)
{
    json_t *names = json_array();
    for (int i = 0; i < model->group_count; i++)
        json_array_append_new(names, json_string(model->group_names[i]));
    return names;
}

/* Kind to the names of its parts. */
static json_t *parts_json(const face_model *model)
{
    json_t *kinds = json_object();
    for (int kind = 0; kind < FACE_PART_KIND_COUNT; kind++) {
        json_t *names = json_array();
        for (int i = 0; i < model->part_count; i++)
            if ((int)model->parts[i].kind == kind)
                json_array_append_new(names, json_string(model->parts[i].name));
        json_object_set_new(kinds, face_part_rows[kind].name, names);
    }
    return kinds;
}

static json_t *info_json(const face_model *model)
{
    return json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:b, s:b, s:b, s:o, s:o, s:o, s:i}", "name", model->name, "sha256",
                     model->sha256, "vertices", model->skin_count, "triangles", model->triangle_count, "control_vertices",
                     model->cage_count, "shape_components", model->shape_count, "albedo_components", model->albedo_count, "expressions",
                     model->expression_count, "landmarks", model->has_landmarks, "trait_law", model->law.features > 0,
                     "attribute_directions", model->attribute_directions != NULL, "groups", groups_json(model), "expression_names",
                     expressions_json(model), "parts", parts_json(model), "textures", model->texture_count);
}

static void print_names(const char *title, const json_t *names)
{
    size_t i;
    json_t *name;
    printf("%-13s%s", title, json_array_size(names) == 0 ? "none" : "");
    json_array_foreach(names, i, name)
        printf("%s%s", i ? ", " : "", json_string_value(name));
    printf("\n");
}

static void print_info(const face_model *model, const json_t *info)
{
    printf("model        %s\nsha256       %s\n", model->name, model->sha256);
    printf("skin         %d vertices, %d triangles%s\n", model->skin_count, model->triangle_count,
           model->has_landmarks ? ", 68 landmarks" : ", no landmarks");
    printf("control      %d vertices, %d of them the skin's\n", model->cage_count, model->cage_skin_count);
    printf("components   %d of shape, %d of albedo\n", model->shape_count, model->albedo_count);
    printf("traits       %s; %s\n", model->law.features > 0 ? "people can be sampled by gender, group, age and weight" : "no law",
           model->attribute_directions ? "directions of gender, age and weight" : "no attribute directions");
    print_names("groups", json_object_get(info, "groups"));
    print_names("expressions", json_object_get(info, "expression_names"));
    const char *kind;
    json_t *names, *parts = json_object_get(info, "parts");
    json_object_foreach(parts, kind, names)
        print_names(kind, names);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const model_info_options *given = options;
    face_model_handle *handle = face_model_open(given->model, err);
    if (!handle)
        return false;
    const face_model *model = face_model_of(handle);
    json_t *info = info_json(model);
    bool is_done = info || df_fail(err, "memory ended");
    if (info && cli->shared.json)
        is_done = cli_print_json(json_incref(info), err);
    else if (info)
        print_info(model, info);
    json_decref(info);
    face_model_close(handle);
    return is_done;
}

const cli_command model_info_command = {
    .name = "model",
    .verb = "info",
    .summary = "tells what a face model holds",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(model_info_options),
    .shared = CLI_JSON,
    .run = run,
};
