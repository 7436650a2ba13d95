/* dataset_import.c: `diffuse dataset import`: one of our sets of anybody's images. */
#include "cli/commands.h"
#include "cli/source_choice.h"

typedef struct dataset_import_options {
    source_choice source;
    const char *out, *split;
    bool link;
} dataset_import_options;

static const option rows[] = {
    {.name = "SRC",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(dataset_import_options, source.setting.path),
     .help = "folder or table to import"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .required = true,
     .at = offsetof(dataset_import_options, out),
     .help = "folder of the new data set"},
    {.name = "split",
     .kind = OPTION_STRING,
     .argument = "NAME",
     .at = offsetof(dataset_import_options, split),
     .help = "only images of this split: train, valid or test"},
    {.name = "link",
     .kind = OPTION_FLAG,
     .at = offsetof(dataset_import_options, link),
     .help = "hard links to the images where the file system has them, instead of copies"},
    SOURCE_CHOICE_ROWS(dataset_import_options),
};

static bool print_json(const source_row *row, const char *out, const import_result *r, df_error *err)
{
    json_t *splits = json_object();
    for (int i = 0; i < r->split_count; i++)
        if (r->splits[i].name[0])
            json_object_set_new(splits, r->splits[i].name, json_integer(r->splits[i].images));
    return cli_print_json(json_pack("{s:s, s:s, s:I, s:I, s:I, s:o, s:I, s:I, s:I}", "out", out, "format", row->name, "images",
                                    (json_int_t)r->images, "identities", (json_int_t)r->identities, "unknown", (json_int_t)r->unknown,
                                    "splits", splits, "skipped", (json_int_t)r->skipped, "missing", (json_int_t)r->missing, "unlisted",
                                    (json_int_t)r->unlisted),
                          err);
}

static void print_result(const source_row *row, const char *out, const import_result *r)
{
    printf("%s: %lld images of %lld identities (%s)\n", out, (long long)r->images, (long long)(r->identities - (r->unknown > 0)),
           row->name);
    if (r->unknown > 0)
        printf("%lld images without identity\n", (long long)r->unknown);
    for (int i = 0; i < r->split_count; i++)
        if (r->splits[i].name[0] || r->split_count > 1)
            printf("%lld images of %s%s\n", (long long)r->splits[i].images, r->splits[i].name[0] ? "split " : "no split",
                   r->splits[i].name);
    if (r->skipped > 0)
        printf("%lld skipped: broken or unreadable\n", (long long)r->skipped);
    if (r->missing > 0)
        printf("%lld entries of lists without an image\n", (long long)r->missing);
    if (r->unlisted > 0)
        printf("%lld images without an entry in a list\n", (long long)r->unlisted);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const dataset_import_options *given = options;
    const import_setting how = {.split = given->split, .link = given->link, .threads = (int)cli->shared.threads};
    import_result result;
    const source_row *row = source_choice_row(cli, &given->source, err);
    if (!row || !source_import(row, &given->source.setting, &how, given->out, &cli->progress, &result, err))
        return false;
    if (cli->shared.json)
        return print_json(row, given->out, &result, err);
    print_result(row, given->out, &result);
    return true;
}

const cli_command dataset_import_command = {
    .name = "dataset",
    .verb = "import",
    .summary = "makes a data set of images that are there already",
    .details =
        "SRC is a data set of this program (format diffuse), a folder of images for each identity or of images alone (folder; train/, "
        "valid/\n"
        "and test/ above them are splits), CelebA (celeba), CelebA-HQ or CelebAMask-HQ (celebahq), or a CSV or TSV table with a header "
        "(csv).\n"
        "Image files are kept as they are. Broken ones are named on standard error, counted and left out. What is made is whole or not\n"
        "there.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(dataset_import_options),
    .shared = CLI_THREADS | CLI_JSON,
    .run = run,
};
