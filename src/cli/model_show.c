/* model_show.c: `diffuse model show`: a sheet on which one sees what a model's numbers do: the mean, components, attribute
   directions, expressions, and people that it draws. */
#include <limits.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/stop.h"
#include "cli/commands.h"
#include "cli/portrait.h"
#include "face/looks.h"
#include "face/model_file.h"
#include "face/sampler.h"
#include "plot/sheet.h"

enum { COLUMNS = 8, MEAN_VIEWS = 5, DEVIATIONS = 3, PEOPLE = 32 };

typedef struct model_show_options {
    const char *model, *out;
    int64_t components, size;
} model_show_options;

static const option rows[] = {
    {.name = "MODEL",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .positional = true,
     .required = true,
     .at = offsetof(model_show_options, model),
     .help = "a face model"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(model_show_options, out),
     .help = "the sheet, a PNG file"},
    {.name = "components",
     .kind = OPTION_INTEGER,
     .low = 1,
     .high = FACE_MAX_COMPONENTS,
     .initial = "8",
     .at = offsetof(model_show_options, components),
     .help = "how many of the first shape and albedo components are shown"},
    {.name = "size",
     .kind = OPTION_INTEGER,
     .low = 32,
     .high = SHEET_MAX_CELL,
     .unit = "pixels",
     .initial = "192",
     .at = offsetof(model_show_options, size),
     .help = "side of a face"},
};

typedef struct show {
    cli_context *cli;
    const face_model *model;
    portrait_studio *studio;
    sheet *sheet;
    int shape_shown, albedo_shown;
    int64_t drawn; /* cells */
} show;

static void set_none(char name[FACE_NAME])
{
    snprintf(name, FACE_NAME, "none");
}

/* The mean face: no hair, so that shape is seen. */
static person plain_person(const face_model *model)
{
    person who = {.id = "mean",
                  .gender_value = 0.5f,
                  .age = 35,
                  .weight = 0.5f,
                  .muscle = 0.5f,
                  .shape_count = model->shape_count,
                  .albedo_count = model->albedo_count};
    who.mixture_count = model->group_count;
    for (int i = 0; i < model->group_count; i++)
        who.mixture[i] = 1 / (float)model->group_count;
    person_label(&who, model);
    looks_likeliest(model, &who, &who.looks);
    set_none(who.looks.hair);
    set_none(who.looks.beard);
    set_none(who.looks.moustache);
    return who;
}

static bool add_cell(show *s, const person *who, float yaw, int expression, const char *caption, df_error *err)
{
    image picture;
    if (df_stop_signal())
        return df_fail(err, "stopped by a signal");
    if (!portrait_draw(s->studio, who, yaw, expression, &picture, err))
        return df_fail_in(err, "face '%s'", caption);
    df_progress_step(&s->cli->progress, ++s->drawn);
    return sheet_add(s->sheet, &picture, caption, NULL, s->cli->arena, err);
}

static bool show_mean(show *s, df_error *err)
{
    static const float yaws[MEAN_VIEWS] = {-90, -45, 0, 45, 90};
    const person mean = plain_person(s->model);
    for (int i = 0; i < MEAN_VIEWS; i++) {
        char caption[32];
        snprintf(caption, sizeof caption, "yaw %d", (int)yaws[i]);
        if (!add_cell(s, &mean, yaws[i], -1, caption, err))
            return false;
    }
    return true;
}

/* Each of the first `count` components at -3 and 3; `coefficients` are the person's own of that kind. */
static bool show_components(show *s, person *who, float *coefficients, int count, const char *name, df_error *err)
{
    for (int i = 0; i < count; i++)
        for (int side = -1; side <= 1; side += 2) {
            char caption[32];
            snprintf(caption, sizeof caption, "%s %d at %d", name, i + 1, side * DEVIATIONS);
            coefficients[i] = (float)(side * DEVIATIONS);
            if (!add_cell(s, who, 0, -1, caption, err))
                return false;
            coefficients[i] = 0;
        }
    return true;
}

static bool show_shape(show *s, df_error *err)
{
    person who = plain_person(s->model);
    return show_components(s, &who, who.shape, s->shape_shown, "shape", err);
}

static bool show_albedo(show *s, df_error *err)
{
    person who = plain_person(s->model);
    return show_components(s, &who, who.albedo, s->albedo_shown, "albedo", err);
}

static const struct {
    const char *name;
    float step; /* to each side of the mean */
} attributes[FACE_ATTRIBUTE_COUNT] = {
    [FACE_GENDER] = {"gender", 0.5f},
    [FACE_AGE] = {"age", 25},
    [FACE_WEIGHT] = {"weight", 0.5f},
};

static bool show_attributes(show *s, df_error *err)
{
    const face_model *model = s->model;
    const size_t joint = (size_t)model->shape_count + (size_t)model->albedo_count;
    for (int a = 0; a < FACE_ATTRIBUTE_COUNT; a++)
        for (int side = -1; side <= 1; side += 2) {
            const float *direction = model->attribute_directions + (size_t)a * joint, step = attributes[a].step * (float)side;
            person who = plain_person(model);
            char caption[32];
            for (int i = 0; i < model->shape_count; i++)
                who.shape[i] = step * direction[i];
            for (int i = 0; i < model->albedo_count; i++)
                who.albedo[i] = step * direction[model->shape_count + i];
            snprintf(caption, sizeof caption, "%s %+.4g", attributes[a].name, (double)step);
            if (!add_cell(s, &who, 0, -1, caption, err))
                return false;
        }
    return true;
}

static bool show_expressions(show *s, df_error *err)
{
    const person who = plain_person(s->model);
    for (int i = 0; i < s->model->expression_count; i++)
        if (!add_cell(s, &who, 0, i, s->model->expression_names[i], err))
            return false;
    return true;
}

static bool show_people_of(show *s, const char *path, df_error *err)
{
    people *crowd = people_open(path, s->model, err);
    bool is_good = crowd != NULL, is_found = true;
    while (is_good && is_found) {
        person who;
        char caption[64];
        is_good = people_next(crowd, &who, &is_found, err);
        if (!is_good || !is_found)
            break;
        snprintf(caption, sizeof caption, "%s %s %.0f", person_gender_names[who.gender], who.ethnicity, (double)who.age);
        is_good = add_cell(s, &who, 0, -1, caption, err);
    }
    people_close(crowd);
    return is_good;
}

/* People as `diffuse sample` draws them, through a file of its own. */
static bool show_people(show *s, df_error *err)
{
    const char *temporary = getenv("TMPDIR");
    char folder[PATH_MAX], path[PATH_MAX];
    if (!df_path_join(folder, sizeof folder, temporary && *temporary ? temporary : "/tmp", "diffuse-XXXXXX", err))
        return false;
    if (!mkdtemp(folder))
        return df_fail(err, "%s: cannot be made", folder);
    sampler_options options = sampler_defaults();
    options.seed = s->cli->shared.seed;
    options.count = PEOPLE;
    options.gaussian = s->model->law.features == 0;
    if (!options.gaussian || s->model->attribute_directions)
        options.gender = (deal){.count = 2, .share = {1, 1}};
    options.ethnicity.count = s->model->group_count;
    for (int i = 0; i < s->model->group_count; i++)
        options.ethnicity.share[i] = 1;
    options.sigma = 1;
    bool is_good = df_path_join(path, sizeof path, folder, "people.jsonl", err) && sampler_run(s->model, &options, path, NULL, err) &&
                   show_people_of(s, path, err);
    if (!df_remove_tree(folder, is_good ? err : NULL))
        is_good = false;
    return is_good;
}

static int count_mean(const show *s)
{
    (void)s;
    return MEAN_VIEWS;
}

static int count_shape(const show *s)
{
    return 2 * s->shape_shown;
}

static int count_albedo(const show *s)
{
    return 2 * s->albedo_shown;
}

static int count_attributes(const show *s)
{
    return s->model->attribute_directions ? 2 * FACE_ATTRIBUTE_COUNT : 0;
}

static int count_expressions(const show *s)
{
    return s->model->expression_count;
}

static int count_people(const show *s)
{
    (void)s;
    return PEOPLE;
}

/* The sheet's parts; those of which a model has nothing are left out. */
static const struct {
    const char *heading;
    int (*count)(const show *s);
    bool (*draw)(show *s, df_error *err);
} parts[] = {
    {"Mean face", count_mean, show_mean},
    {"Shape components, 3 standard deviations to each side", count_shape, show_shape},
    {"Albedo components, 3 standard deviations to each side", count_albedo, show_albedo},
    {"Attribute directions", count_attributes, show_attributes},
    {"Expressions at full strength", count_expressions, show_expressions},
    {"People", count_people, show_people},
};

static bool draw_parts(show *s, df_error *err)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(parts); i++)
        if (parts[i].count(s) > 0 && !parts[i].draw(s, err))
            return false;
    return true;
}

static bool draw_sheet(show *s, const model_show_options *given, df_error *err)
{
    sheet_group groups[DF_ARRAY_LEN(parts)];
    int group_count = 0, cells = 0;
    for (size_t i = 0; i < DF_ARRAY_LEN(parts); i++) {
        const int count = parts[i].count(s);
        if (count > 0)
            groups[group_count++] = (sheet_group){.heading = parts[i].heading, .count = count};
        cells += count;
    }
    s->sheet = sheet_open(given->out,
                          &(sheet_options){.title = s->model->name,
                                           .cell = (int)given->size,
                                           .columns = COLUMNS,
                                           .caption_lines = 1,
                                           .groups = groups,
                                           .group_count = group_count},
                          err);
    if (!s->sheet)
        return false;
    df_progress_start(&s->cli->progress, "faces", cells);
    const bool is_drawn = draw_parts(s, err);
    df_progress_finish(&s->cli->progress);
    if (is_drawn)
        return sheet_close(s->sheet, err);
    sheet_abandon(s->sheet);
    return false;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const model_show_options *given = options;
    face_model_handle *handle = face_model_open(given->model, err);
    if (!handle)
        return false;
    const face_model *model = face_model_of(handle);
    show s = {.cli = cli, .model = model};
    s.shape_shown = model->shape_count < given->components ? model->shape_count : (int)given->components;
    s.albedo_shown = model->albedo_count < given->components ? model->albedo_count : (int)given->components;
    s.studio = portrait_open(model, (int)given->size, cli->arena, err);
    const bool is_done = s.studio && draw_sheet(&s, given, err);
    portrait_close(s.studio);
    face_model_close(handle);
    return is_done;
}

const cli_command model_show_command = {
    .name = "model",
    .verb = "show",
    .summary = "draws a sheet of what a face model can do",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(model_show_options),
    .shared = CLI_SEED | CLI_THREADS,
    .run = run,
};
