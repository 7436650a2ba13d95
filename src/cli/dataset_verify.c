/* dataset_verify.c: `diffuse dataset verify`: names what of a data set is not as its manifest says. */
#include "cli/commands.h"
#include "dataset/verify.h"

typedef struct verify_options {
    const char *folder;
} verify_options;

static const option rows[] = {
    {.name = "DIR",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(verify_options, folder),
     .help = "folder of a data set"},
};

enum { LISTED = 1000 }; /* problems in the JSON result; all are counted */

typedef struct listing {
    json_t *list; /* NULL: problems are printed as they come */
} listing;

static void note_problem(void *user, const char *sentence)
{
    const listing *to = user;
    if (!to->list)
        printf("%s\n", sentence);
    else if (json_array_size(to->list) < LISTED)
        json_array_append_new(to->list, json_string(sentence));
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const verify_options *given = options;
    listing to = {.list = cli->shared.json ? json_array() : NULL};
    verify_result result;
    if (!verify_dataset(given->folder, (int)cli->shared.threads, &cli->progress, note_problem, &to, &result, err)) {
        json_decref(to.list);
        return false;
    }
    if (cli->shared.json) {
        if (!cli_print_json(json_pack("{s:I, s:I, s:o}", "images", (json_int_t)result.images, "problem_count", (json_int_t)result.problems,
                                      "problems", to.list),
                            err))
            return false;
    } else if (result.problems == 0) {
        printf("%s: %lld images, all as the manifest says\n", given->folder, (long long)result.images);
    }
    return result.problems == 0 ||
           df_fail(err, "%s: %lld problems in %lld images", given->folder, (long long)result.problems, (long long)result.images);
}

const cli_command dataset_verify_command = {
    .name = "dataset",
    .verb = "verify",
    .summary = "checks every file of a data set against its manifest",
    .details = "Prints one line for each problem, starting with the path of the file as the manifest has it.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(verify_options),
    .shared = CLI_THREADS | CLI_JSON,
    .run = run,
};
