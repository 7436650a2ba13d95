/* dataset_merge.c: `diffuse dataset merge`: several data sets as one. */
#include "cli/commands.h"
#include "dataset/merge.h"

typedef struct merge_options {
    option_list folders;
    const char *out;
    bool copy, mixed;
} merge_options;

static const option rows[] = {
    {.name = "DIR",
     .kind = OPTION_LIST,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .repeats = true,
     .at = offsetof(merge_options, folders),
     .help = "folders of data sets, two or more"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .required = true,
     .at = offsetof(merge_options, out),
     .help = "the new data set"},
    {.name = "copy",
     .kind = OPTION_FLAG,
     .at = offsetof(merge_options, copy),
     .help = "copy files; without it they are hard links where the file system has them"},
    {.name = "mixed",
     .kind = OPTION_FLAG,
     .at = offsetof(merge_options, mixed),
     .help = "also rendered images of different sizes, channels or bits"},
};

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const merge_options *given = options;
    merge_result result;
    if (given->folders.count < 2 || given->folders.count > MERGE_SETS)
        return cli_usage(cli, err, "%zu data sets, expected 2 to %d", given->folders.count, MERGE_SETS);
    const merge_setting setting = {.folders = given->folders.items,
                                   .count = given->folders.count,
                                   .files = given->copy ? SET_COPIED : SET_LINKED,
                                   .is_mixed = given->mixed};
    if (!merge_make(&setting, given->out, &cli->progress, &result, err))
        return false;
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:I, s:I, s:I}", "images", (json_int_t)result.images, "identities", (json_int_t)result.identities,
                                        "renamed", (json_int_t)result.renamed),
                              err);
    printf("%s: %lld images of %lld identities, %lld of them renamed\n", given->out, (long long)result.images, (long long)result.identities,
           (long long)result.renamed);
    return true;
}

const cli_command dataset_merge_command = {
    .name = "dataset",
    .verb = "merge",
    .summary = "joins data sets, keeping their people apart",
    .details = "Lines follow each other as the folders do. An identity whose id an earlier set has too is another person and becomes\n"
               "s2-ID, s3-ID and so on, by the place of its set. docs/subsets.md tells more.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(merge_options),
    .shared = CLI_JSON,
    .run = run,
};
