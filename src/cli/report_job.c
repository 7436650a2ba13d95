/* report_job.c: a job's keys are the names of render's options, so the option table says which are worth telling. */
#include "cli/report_job.h"

#include "cli/command_text.h"
#include "cli/commands.h"
#include "dataset/job.h"

enum { DIGITS = 6 };

static void add_value(df_text *out, const json_t *value)
{
    if (json_is_string(value))
        df_text_add(out, json_string_value(value));
    else if (json_is_number(value))
        df_text_number(out, json_number_value(value), DIGITS);
}

/* A list as its option reads it: two numbers as LOW:HIGH, names with commas. */
static void add_text(df_text *out, const option *row, const json_t *value)
{
    const char *between = row->kind == OPTION_RANGE ? ":" : ",";
    if (!json_is_array(value)) {
        add_value(out, value);
        return;
    }
    const size_t count = json_array_size(value);
    const bool is_one = row->kind == OPTION_RANGE && count == 2 && json_equal(json_array_get(value, 0), json_array_get(value, 1));
    for (size_t i = 0; i < (is_one ? 1 : count); i++) {
        df_text_add(out, i ? between : "");
        add_value(out, json_array_get(value, i));
    }
}

/* Ranges whose default depends on the band have none in the table. */
static bool is_usual_range(const char *name, const json_t *value, render_band band)
{
    const render_job usual = job_defaults(band);
    for (int id = 0; id < JOB_RANGE_COUNT; id++)
        if (strcmp(job_range_rows[id].name, name) == 0)
            return (float)json_number_value(json_array_get(value, 0)) == usual.ranges[id].low &&
                   (float)json_number_value(json_array_get(value, 1)) == usual.ranges[id].high;
    return false;
}

static void add_option(command_text *text, const option *row, const json_t *value, render_band band)
{
    df_text said = {0};
    char name[64];
    add_text(&said, row, value);
    const bool is_default =
        said.size == 0 || (row->initial ? strcmp(row->initial, said.data) == 0 : is_usual_range(row->name, value, band));
    snprintf(name, sizeof name, "--%s", row->name);
    if (!is_default)
        command_text_add(text, name, said.data);
    text->out->failed |= said.failed;
    df_text_free(&said);
}

/* Keys that stand for something else than the option of their name. */
static bool is_special(const char *name)
{
    static const char *const names[] = {"model", "identities", "only", "out"};
    for (size_t i = 0; i < DF_ARRAY_LEN(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static render_band band_of(const json_t *job)
{
    const char *name = json_string_value(json_object_get(job, "band"));
    for (int band = 0; name && band < BAND_COUNT; band++)
        if (strcmp(name, render_band_names[band]) == 0)
            return (render_band)band;
    return BAND_RGB;
}

void report_job_command(const json_t *job, const char *folder, df_text *out)
{
    report_job_command_at(job, &(job_places){.model = "MODEL", .identities = "IDENTITIES", .out = folder}, out);
}

void report_job_command_at(const json_t *job, const job_places *at, df_text *out)
{
    const cli_command *render = commands_find("render", NULL);
    option_place places[OPTION_MAX_ROWS];
    const size_t count = commands_options(render, NULL, NULL, places);
    command_text text = command_text_begin(out);
    command_text_add(&text, "render", NULL);
    command_text_add(&text, "--model", at->model);
    command_text_add(&text, "--identities", at->identities);
    command_text_add(&text, "--out", at->out);
    for (size_t i = 0; i < count; i++)
        if (!is_special(places[i].row->name))
            add_option(&text, places[i].row, json_object_get(job, places[i].row->name), band_of(job));
    const char *only = json_string_value(json_object_get(job, "only"));
    if (only && *only) {
        char which[256];
        snprintf(which, sizeof which, "%s/%lld", only, (long long)json_integer_value(json_object_get(job, "only-index")));
        command_text_add(&text, "--only", which);
    }
    if (json_integer_value(json_object_get(job, "normals-bits")) == 16)
        command_text_add(&text, "--normals16", NULL);
    if (json_is_array(json_object_get(job, "landmark-vertices")))
        command_text_add(&text, "--landmarks", "VERTICES");
}
