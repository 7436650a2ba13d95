/* demo.c: `diffuse demo`: from nothing to a labelled data set and a page about it. Each step is a command line that goes through the
   same tables as one that was typed, so what the demo prints is what it does. Steps whose result is there are passed by or
   taken up again, so an interrupted demo goes on. */
#include <limits.h>

#include "base/file.h"
#include "base/stop.h"
#include "base/text.h"
#include "cli/assets.h"
#include "cli/command_text.h"
#include "cli/commands.h"
#include "face/model_file.h"

enum { MOST_WORDS = 40, NUMBER = 24 };

typedef struct demo_options {
    const char *out, *model, *data;
    int64_t per_identity, size;
    bool force;
} demo_options;

static const option rows[] = {
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .initial = "demo",
     .at = offsetof(demo_options, out),
     .help = "folder of all results"},
    {.name = "model",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(demo_options, model),
     .help = "a face model; without it the default one is built into the folder"},
    {.name = "data",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .at = offsetof(demo_options, data),
     .help = "where setup.sh put its packages, for building the model"},
    {.name = "per-identity",
     .kind = OPTION_INTEGER,
     .low = 1,
     .high = 1000,
     .initial = "20",
     .at = offsetof(demo_options, per_identity),
     .help = "images of each of the 24 people"},
    {.name = "size",
     .kind = OPTION_INTEGER,
     .low = 64,
     .high = 1024,
     .initial = "256",
     .unit = "pixels",
     .at = offsetof(demo_options, size),
     .help = "side of the images"},
    {.name = "force",
     .kind = OPTION_FLAG,
     .at = offsetof(demo_options, force),
     .help = "start over instead of going on with what is there"},
};

/* The files of a demo, in its folder (`model` may be elsewhere), and numbers as words. */
typedef struct demo_files {
    char model[PATH_MAX], people[PATH_MAX], set[PATH_MAX], model_sheet[PATH_MAX], labels_sheet[PATH_MAX], page[PATH_MAX],
        commands[PATH_MAX], attributes[PATH_MAX], measured[PATH_MAX];
    char per_identity[NUMBER], size[NUMBER];
} demo_files;

typedef struct demo_step {
    const char *words[MOST_WORDS]; /* command, verb and options; ends with NULL */
    const char *until;             /* the step is done when this file is there; NULL: it runs each time */
} demo_step;

enum { DEMO_STEPS = 8 };

static bool name_files(const demo_options *given, demo_files *f, df_error *err)
{
    const struct {
        char *path;
        const char *name;
    } names[] = {
        {f->model, "model.safetensors"}, {f->people, "identities.jsonl"}, {f->set, "faces"},
        {f->model_sheet, "model.png"},   {f->labels_sheet, "labels.png"}, {f->page, "report/index.html"},
        {f->commands, "commands.json"},  {f->attributes, "attributes"},   {f->measured, "attributes/evaluation.json"},
    };
    snprintf(f->per_identity, NUMBER, "%lld", (long long)given->per_identity);
    snprintf(f->size, NUMBER, "%lld", (long long)given->size);
    for (size_t i = 0; i < DF_ARRAY_LEN(names); i++)
        if (!df_path_join(names[i].path, PATH_MAX, given->out, names[i].name, err))
            return false;
    return !given->model || snprintf(f->model, PATH_MAX, "%s", given->model) < PATH_MAX ||
           df_fail(err, "%s: the path is longer than %d bytes", given->model, PATH_MAX);
}

/* 24 people fill each combination of 2 genders, 3 groups and 4 age bins once. */
static int make_steps(const demo_options *given, const demo_files *f, demo_step steps[DEMO_STEPS])
{
    int count = 0;
    const char *go_on = given->force ? "--force" : "--resume";
    if (!given->model) {
        demo_step build = {.words = {"model", "build", "--out", f->model}, .until = f->model};
        if (given->data) {
            build.words[4] = "--data";
            build.words[5] = given->data;
        }
        steps[count++] = build;
    }
    steps[count++] = (demo_step){.words = {"model", "show", f->model, "--out", f->model_sheet}, .until = f->model_sheet};
    steps[count++] =
        (demo_step){.words = {"sample", "--model", f->model, "--count", "24", "--balance", "gender,ethnicity,age", "--out", f->people}};
    steps[count++] =
        (demo_step){.words = {"render", "--model", f->model, "--identities", f->people, "--per-identity", f->per_identity, "--size",
                              f->size, "--band", "940", "--labels", "segmentation,depth,normals", "--out", f->set, go_on}};
    steps[count++] = (demo_step){.words = {"dataset", "verify", f->set}};
    steps[count++] = (demo_step){
        .words = {"dataset", "sheet", f->set, "--out", f->labels_sheet, "--count", "24", "--columns", "6", "--cell", "256", "--labels"}};
    steps[count++] = (demo_step){.words = {"attributes", "train", f->set, "--attribute", "male=gender == \"male\"", "--out", f->attributes,
                                           "--width", "16", "--epochs", "6", "--batch", "32", "--valid", "0.25", "--test", "0.25", go_on},
                                 .until = f->measured};
    steps[count++] = (demo_step){.words = {"report", given->out, "--out", f->page}};
    return count;
}

static bool is_option(const char *word)
{
    return strncmp(word, "--", 2) == 0;
}

static void write_line(const demo_step *step, df_text *out)
{
    command_text text = command_text_begin(out);
    for (int i = 0; step->words[i]; i++) {
        const char *next = step->words[i + 1];
        const bool has_value = is_option(step->words[i]) && next && !is_option(next);
        command_text_add(&text, step->words[i], has_value ? next : NULL);
        i += has_value;
    }
}

/* Parses and runs the words as main does with those of the command line. */
static bool run_words(cli_context *cli, const demo_step *step, df_error *err)
{
    const cli_command *command = commands_find(step->words[0], NULL);
    if (command && command->verb)
        command = commands_find(step->words[0], step->words[1]);
    if (!command)
        return df_fail(err, "no command '%s'", step->words[0]);
    cli_context inner = *cli;
    option_place places[OPTION_MAX_ROWS];
    char *words[MOST_WORDS] = {NULL};
    int count = 0;
    for (int i = command->verb ? 2 : 1; step->words[i]; i++)
        if (!(words[count++] = df_copy_string(cli->arena, step->words[i], err)))
            return false;
    void *values = df_alloc(cli->arena, 1, command->options_size, err);
    inner.words = step->words;
    if (!values || !options_parse(places, commands_options(command, values, &inner.shared, places), count, words, cli->arena, err))
        return false;
    inner.shared.threads = cli->shared.threads;
    inner.shared.quiet = cli->shared.quiet;
    return command->run(&inner, values, err);
}

static bool run_step(cli_context *cli, const demo_step *step, bool is_forced, df_error *err)
{
    df_text line = {0};
    const bool is_there = !is_forced && step->until && df_path_exists(step->until);
    write_line(step, &line);
    printf("\n$ %s\n", line.data ? line.data : "");
    if (is_there)
        printf("%s is there already\n", step->until);
    fflush(stdout);
    df_text_free(&line);
    if (df_stop_signal())
        return df_fail(err, "stopped by a signal");
    return is_there || run_words(cli, step, err);
}

/* Before anything is written: there is a model, or what one is built of. */
static bool check_model(const demo_options *given, const demo_files *files, df_error *err)
{
    char package[PATH_MAX];
    if (!given->model && !df_path_exists(files->model))
        return assets_makehuman(given->data, package, err);
    face_model_handle *model = face_model_open(files->model, err);
    face_model_close(model);
    return model != NULL;
}

/* For the report. */
static bool write_commands(const char *path, const demo_step *steps, int count, df_error *err)
{
    df_text text = {0}, line = {0};
    df_text_add(&text, "{\"commands\": [");
    for (int i = 0; i < count; i++) {
        df_text_clear(&line);
        write_line(&steps[i], &line);
        df_text_add(&text, i ? ",\n  " : "\n  ");
        df_text_json_string(&text, line.data ? line.data : "");
    }
    df_text_add(&text, "\n]}\n");
    text.failed |= line.failed;
    const bool is_written = df_text_ok(&text, err) && df_file_write(path, text.data, text.size, err);
    df_text_free(&line);
    df_text_free(&text);
    return is_written;
}

/* An own folder: new, empty or of an earlier demo. */
static bool check_folder(cli_context *cli, const demo_options *given, const demo_files *files, df_error *err)
{
    char **names;
    size_t count = 0;
    if (!df_path_exists(given->out))
        return df_make_folders(given->out, err);
    if (!df_folder_list(given->out, cli->arena, &names, &count, err))
        return false;
    return count == 0 || df_path_exists(files->commands) ||
           df_fail(err, "%s holds something that is no demo: say --out with another folder", given->out);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const demo_options *given = options;
    demo_files *files = df_alloc(cli->arena, 1, sizeof *files, err);
    demo_step *steps = files ? df_alloc(cli->arena, DEMO_STEPS, sizeof *steps, err) : NULL;
    if (!steps || !name_files(given, files, err) || !check_model(given, files, err) || !check_folder(cli, given, files, err))
        return false;
    const int count = make_steps(given, files, steps);
    if (!write_commands(files->commands, steps, count, err))
        return false;
    for (int i = 0; i < count; i++)
        if (!run_step(cli, &steps[i], given->force, err))
            return false;
    printf("\nThe faces are synthetic; docs/default-model.md says what they are made of.\nOpen %s in a browser.\n", files->page);
    return true;
}

const cli_command demo_command = {
    .name = "demo",
    .summary = "makes a small labelled data set from nothing, and a page about it",
    .details =
        "Builds the default face model, samples 24 people balanced by gender, group and age, draws 20 near-infrared images of each\n"
        "with all labels, checks them, trains a small classifier on them, and writes contact sheets and DIR/report/index.html. Prints\n"
        "each command that does the same. An interrupted demo goes on where it stopped.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(demo_options),
    .shared = CLI_THREADS,
    .run = run,
};
