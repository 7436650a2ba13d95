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

static json_t *named_json(const face_model *model)
{
    json_t *names = json_array();
    for (int i = 0; i < model->named_count; i++)
        json_array_append_new(names, json_string(model->named_names[i]));
    return names;
}

static bool has_part(const face_model *model, face_part_kind kind)
{
    for (int i = 0; i < model->part_count; i++)
        if (model->parts[i].kind == kind)
            return true;
    return false;
}

/* What a model may have and what its lack means, in the order of the list for people. */
typedef struct facet {
    const char *key, *without;
    bool is_there;
} facet;
enum { FACETS = 10 };

static void list_facets(const face_model *model, facet facets[FACETS])
{
    const facet all[FACETS] = {
        {"landmarks", "no labels of landmarks, no aligned crop", model->has_landmarks},
        {"regions", "all of it counts as skin", model->regions != NULL},
        {"uv", "no texture coordinates", model->uv != NULL},
        {"occlusion", "no shading of hollows", model->occlusion != NULL},
        {"eyes", "no gaze", model->eye_ref_count > 0 && has_part(model, FACE_PART_EYES)},
        {"hair", "bald people", has_part(model, FACE_PART_HAIR)},
        {"glasses", "no glasses", has_part(model, FACE_PART_GLASSES)},
        {"ethnic_groups", "ethnicity is null", model->group_count > 0},
        {"trait_law", "people are sampled with --gaussian", model->law.features > 0},
        {"attribute_directions", "gender, age and weight are labels that faces do not follow", model->attribute_directions != NULL},
    };
    memcpy(facets, all, sizeof all);
}

/* The keys of what is there, or of what is not. */
static json_t *facets_json(const face_model *model, bool is_there)
{
    facet facets[FACETS];
    json_t *names = json_array();
    list_facets(model, facets);
    for (int i = 0; i < FACETS; i++)
        if (facets[i].is_there == is_there)
            json_array_append_new(names, json_string(facets[i].key));
    return names;
}

/* Key to text: sources and licences. */
static json_t *notes_json(const face_model *model)
{
    json_t *notes = json_object();
    for (int i = 0; i < model->note_count; i++)
        json_object_set_new(notes, model->notes[i][0], json_string(model->notes[i][1]));
    return notes;
}

static json_t *info_json(const face_model *model)
{
    return json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:b, s:i, s:b, s:b, s:b, s:o, s:o, s:o, s:i, s:o, s:o, s:o, s:o}", "name",
                     model->name, "sha256", model->sha256, "vertices", model->skin_count, "triangles", model->triangle_count,
                     "control_vertices", model->cage_count, "shape_components", model->shape_count, "albedo_components",
                     model->albedo_count, "expressions", model->expression_count, "landmarks", model->has_landmarks, "named_landmarks",
                     model->named_count, "trait_law", model->law.features > 0, "attribute_directions", model->attribute_directions != NULL,
                     "attribute_amounts", model->amount_directions != NULL, "groups", groups_json(model), "expression_names",
                     expressions_json(model), "parts", parts_json(model), "textures", model->texture_count, "landmark_names",
                     named_json(model), "has", facets_json(model, true), "lacks", facets_json(model, false), "notes", notes_json(model));
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
    print_names("named points", json_object_get(info, "landmark_names"));
    const char *kind;
    json_t *names, *parts = json_object_get(info, "parts");
    json_object_foreach(parts, kind, names)
        print_names(kind, names);
    facet facets[FACETS];
    list_facets(model, facets);
    for (int i = 0; i < FACETS; i++)
        if (!facets[i].is_there)
            printf("lacks        %s: %s\n", facets[i].key, facets[i].without);
    for (int i = 0; i < model->note_count; i++)
        printf("note         %s: %s\n", model->notes[i][0], model->notes[i][1]);
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
