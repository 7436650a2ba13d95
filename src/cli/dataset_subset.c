/* dataset_subset.c: `diffuse dataset subset`: the images of a data set that meet a condition. */
#include "cli/commands.h"
#include "dataset/subset.h"

typedef struct subset_options {
    const char *folder, *where, *out;
    bool copy, list, count;
} subset_options;

static const option rows[] = {
    {.name = "DIR",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(subset_options, folder),
     .help = "folder of a data set"},
    {.name = "where",
     .kind = OPTION_STRING,
     .argument = "CONDITION",
     .required = true,
     .at = offsetof(subset_options, where),
     .help = "which images, as 'abs(yaw) < 30 and glasses == \"none\"'"},
    {.name = "out", .kind = OPTION_STRING, .argument = "DIR", .at = offsetof(subset_options, out), .help = "the new data set"},
    {.name = "copy",
     .kind = OPTION_FLAG,
     .at = offsetof(subset_options, copy),
     .help = "copy files; without it they are hard links where the file system has them"},
    {.name = "list", .kind = OPTION_FLAG, .at = offsetof(subset_options, list), .help = "print the images' paths and make nothing"},
    {.name = "count", .kind = OPTION_FLAG, .at = offsetof(subset_options, count), .help = "print how many there are and make nothing"},
};

static bool print_image(void *user, const manifest_entry *entry, df_error *err)
{
    (void)user;
    return printf("%s\n", entry->image) >= 0 || df_fail(err, "standard output: cannot write");
}

static bool print_result(const cli_context *cli, const subset_options *given, const subset_result *result, df_error *err)
{
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:I, s:I, s:I, s:I}", "images", (json_int_t)result->taken, "identities",
                                        (json_int_t)result->identities_taken, "of_images", (json_int_t)result->images, "of_identities",
                                        (json_int_t)result->identities),
                              err);
    if (given->count)
        printf("%lld\n", (long long)result->taken);
    else if (given->out)
        printf("%s: %lld of %lld images, %lld of %lld identities\n", given->out, (long long)result->taken, (long long)result->images,
               (long long)result->identities_taken, (long long)result->identities);
    return true;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const subset_options *given = options;
    subset_result result;
    if ((given->out != NULL) + given->list + given->count != 1)
        return cli_usage(cli, err, "expected one of --out, --list and --count");
    if (given->list && cli->shared.json)
        return cli_usage(cli, err, "--list --json: the list is text, a path a line");
    if (given->copy && !given->out)
        return cli_usage(cli, err, "--copy: expected with --out alone");
    const bool is_good =
        given->out
            ? subset_make(given->folder, given->where, given->out, given->copy ? SET_COPIED : SET_LINKED, &cli->progress, &result, err)
            : subset_list(given->folder, given->where, given->list ? print_image : NULL, NULL, &cli->progress, &result, err);
    return is_good && print_result(cli, given, &result, err);
}

const cli_command dataset_subset_command = {
    .name = "dataset",
    .verb = "subset",
    .summary = "takes the images that meet a condition",
    .details =
        "A condition compares what a line of manifest.jsonl holds: names of its keys (light.strength, box[2],\n"
        "attributes.Smiling, expression.\"jaw-open\"), numbers, \"texts\", true, false, null; + - * /, == != < <= > >=,\n"
        "and, or, not, x in (\"a\", \"b\"), abs(), min(), max(), len(), has(). What a line lacks is null, which is neither less nor\n"
        "greater than anything. docs/subsets.md has examples.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(subset_options),
    .shared = CLI_JSON,
    .run = run,
};
