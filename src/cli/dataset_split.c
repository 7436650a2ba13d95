/* dataset_split.c: `diffuse dataset split`: parts of given shares, by identity and stratum. */
#include "cli/commands.h"
#include "dataset/split.h"

typedef struct split_options {
    const char *folder, *out;
    option_list parts, stratify;
    int by;
    bool write, replace, copy;
} split_options;

static const char *const units[] = {[SPLIT_IDENTITY] = "identity", [SPLIT_IMAGE] = "image", NULL};

static const option rows[] = {
    {.name = "DIR",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(split_options, folder),
     .help = "folder of a data set"},
    {.name = "parts",
     .kind = OPTION_LIST,
     .argument = "SHARES",
     .initial = "train:0.8,valid:0.1,test:0.1",
     .at = offsetof(split_options, parts),
     .help = "names and shares, which need not add up to 1"},
    {.name = "by",
     .kind = OPTION_CHOICE,
     .choices = units,
     .argument = "UNIT",
     .initial = "identity",
     .at = offsetof(split_options, by),
     .help = "what is dealt: whole identities, or images"},
    {.name = "stratify",
     .kind = OPTION_LIST,
     .argument = "KEYS",
     .at = offsetof(split_options, stratify),
     .help = "keys of the manifest, as gender,ethnicity,age: each combination of values is dealt by the same shares"},
    {.name = "write",
     .kind = OPTION_FLAG,
     .at = offsetof(split_options, write),
     .help = "put the part into the key \"split\" of the set's own manifest"},
    {.name = "replace", .kind = OPTION_FLAG, .at = offsetof(split_options, replace), .help = "with --write: also over an earlier split"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .at = offsetof(split_options, out),
     .help = "a new folder with a data set for each part, DIR/train and so on"},
    {.name = "copy",
     .kind = OPTION_FLAG,
     .at = offsetof(split_options, copy),
     .help = "with --out: copy files; without it they are hard links where the file system has them"},
};

static json_t *result_json(const split_parts *parts, const split_result *result)
{
    json_t *list = json_array();
    for (int p = 0; p < parts->count; p++)
        json_array_append_new(list, json_pack("{s:s, s:I, s:I}", "name", parts->names[p], "identities", (json_int_t)result->identities[p],
                                              "images", (json_int_t)result->images[p]));
    return json_pack("{s:I, s:o}", "strata", (json_int_t)result->strata, "parts", list);
}

static bool print_result(const cli_context *cli, const split_parts *parts, const split_result *result, df_error *err)
{
    if (cli->shared.json)
        return cli_print_json(result_json(parts, result), err);
    printf("%-12s %12s %12s\n", "part", "identities", "images");
    for (int p = 0; p < parts->count; p++)
        printf("%-12s %12lld %12lld\n", parts->names[p], (long long)result->identities[p], (long long)result->images[p]);
    return true;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const split_options *given = options;
    split_setting setting = {
        .by = (split_unit)given->by, .columns = given->stratify.items, .column_count = given->stratify.count, .seed = cli->shared.seed};
    split_result result;
    if (!split_parse(given->parts.items, given->parts.count, &setting.parts, err))
        return cli_usage(cli, err, "--parts: %s", err->text);
    if (given->stratify.count > SPLIT_COLUMNS)
        return cli_usage(cli, err, "--stratify: %zu keys, expected at most %d", given->stratify.count, SPLIT_COLUMNS);
    if ((given->replace && !given->write) || (given->copy && !given->out) || (given->write && given->out))
        return cli_usage(cli, err, "expected --write [--replace], --out DIR [--copy] or neither");
    const bool is_good =
        given->write ? split_write(given->folder, &setting, given->replace, &cli->progress, &result, err)
        : given->out ? split_make(given->folder, &setting, given->out, given->copy ? SET_COPIED : SET_LINKED, &cli->progress, &result, err)
                     : split_count(given->folder, &setting, &cli->progress, &result, err);
    return is_good && print_result(cli, &setting.parts, &result, err);
}

const cli_command dataset_split_command = {
    .name = "dataset",
    .verb = "split",
    .summary = "deals a data set into parts, as train, valid and test",
    .details = "Totals are exact, and each stratum's counts are within 1 of its share. Who goes where depends on --seed and the identity\n"
               "alone. Without --write and --out it only counts. docs/subsets.md tells more.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(split_options),
    .shared = CLI_SEED | CLI_JSON,
    .run = run,
};
