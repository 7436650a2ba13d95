/* dataset_reproduce.c: `diffuse dataset reproduce`: makes some images of a set again and compares bytes. */
#include "dataset/reproduce.h"
#include "cli/assets.h"
#include "cli/commands.h"

typedef struct reproduce_options {
    const char *folder, *model, *identities, *background;
    int64_t sample;
} reproduce_options;

static const option rows[] = {
    {.name = "DIR",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(reproduce_options, folder),
     .help = "folder of a data set that diffuse render made"},
    {.name = "sample",
     .kind = OPTION_INTEGER,
     .at = offsetof(reproduce_options, sample),
     .low = 1,
     .high = 1 << 24,
     .initial = "50",
     .help = "images that are made again, chosen at random; all where the set has no more"},
    {.name = "model",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(reproduce_options, model),
     .help = "the face model; without it one with the recorded hash is looked for"},
    {.name = "identities",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(reproduce_options, identities),
     .help = "the people, where the set keeps no copy of its own"},
    {.name = "background",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .at = offsetof(reproduce_options, background),
     .help = "the folder of background images, where it is no longer where it was"},
};

enum { LISTED = 1000 }; /* problems in the JSON result; all are counted */

static void note_problem(void *user, const char *sentence)
{
    json_t *list = user;
    if (!list)
        printf("%s\n", sentence);
    else if (json_array_size(list) < LISTED)
        json_array_append_new(list, json_string(sentence));
}

static bool print_result(const cli_context *cli, const reproduce_options *given, const reproduce_result *result, json_t *problems,
                         df_error *err)
{
    const bool is_same = result->same == result->files && result->lines_same == result->made;
    if (cli->shared.json) {
        json_t *value =
            json_pack("{s:I, s:I, s:I, s:I, s:I, s:f, s:O}", "images", (json_int_t)result->images, "made", (json_int_t)result->made,
                      "files", (json_int_t)result->files, "same", (json_int_t)result->same, "lines_same", (json_int_t)result->lines_same,
                      "share", result->files > 0 ? (double)result->same / (double)result->files : 1, "problems", problems);
        if (!cli_print_json(value, err))
            return false;
    } else {
        printf("%s: %lld of %lld images made again: %lld of %lld files have the same bytes (%.2f %%), and %lld lines of the manifest\n",
               given->folder, (long long)result->made, (long long)result->images, (long long)result->same, (long long)result->files,
               result->files > 0 ? 100 * (double)result->same / (double)result->files : 100, (long long)result->lines_same);
    }
    return is_same || df_fail(err, "%s: %lld of %lld files and %lld of %lld lines come out otherwise", given->folder,
                              (long long)(result->files - result->same), (long long)result->files,
                              (long long)(result->made - result->lines_same), (long long)result->made);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const reproduce_options *given = options;
    reproduce_run how = {
        .source = {.folder = given->folder, .model = given->model, .identities = given->identities, .backgrounds = given->background},
        .sample = given->sample,
        .seed = cli->shared.seed,
        .threads = (int)cli->shared.threads,
        .progress = &cli->progress};
    reproduce_result result;
    if (!assets_model_folders(cli->arena, &how.source.model_folders, err))
        return false;
    json_t *problems = cli->shared.json ? json_array() : NULL;
    const bool is_good = reproduce(&how, note_problem, problems, &result, err) && print_result(cli, given, &result, problems, err);
    json_decref(problems);
    return is_good;
}

const cli_command dataset_reproduce_command = {
    .name = "dataset",
    .verb = "reproduce",
    .summary = "makes images of a data set again and compares the bytes",
    .details = "Draws --sample images and their labels in memory, from the job and the people that the set keeps, and prints a\n"
               "line for each file that is not the same. Nothing is written.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(reproduce_options),
    .shared = CLI_SEED | CLI_THREADS | CLI_JSON,
    .run = run,
};
