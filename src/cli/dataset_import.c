/* dataset_import.c: `diffuse dataset import`: one of our sets of anybody's images. */
#include "cli/commands.h"
#include "exchange/source.h"

typedef struct dataset_import_options {
    source_setting source;
    const char *out, *format, *split;
    bool link;
} dataset_import_options;

#define FROM(member) offsetof(dataset_import_options, source.member)

static const option rows[] = {
    {.name = "SRC",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = FROM(path),
     .help = "folder or table to import"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .required = true,
     .at = offsetof(dataset_import_options, out),
     .help = "folder of the new data set"},
    {.name = "from",
     .kind = OPTION_STRING,
     .argument = "FORMAT",
     .at = offsetof(dataset_import_options, format),
     .help = "format of SRC, by the names below; without it by what is there"},
    {.name = "split",
     .kind = OPTION_STRING,
     .argument = "NAME",
     .at = offsetof(dataset_import_options, split),
     .help = "only images of this split: train, valid or test"},
    {.name = "link",
     .kind = OPTION_FLAG,
     .at = offsetof(dataset_import_options, link),
     .help = "hard links to the images where the file system has them, instead of copies"},
    {.name = "images", .kind = OPTION_STRING, .argument = "DIR", .at = FROM(images), .help = "folder of the images of lists and tables"},
    {.name = "attributes", .kind = OPTION_STRING, .argument = "FILE", .at = FROM(attributes), .help = "list of attributes"},
    {.name = "identities", .kind = OPTION_STRING, .argument = "FILE", .at = FROM(identities), .help = "list of identities"},
    {.name = "landmarks", .kind = OPTION_STRING, .argument = "FILE", .at = FROM(landmarks), .help = "list of landmarks"},
    {.name = "partition", .kind = OPTION_STRING, .argument = "FILE", .at = FROM(partition), .help = "list of splits"},
    {.name = "boxes", .kind = OPTION_STRING, .argument = "FILE", .at = FROM(boxes), .help = "list of boxes"},
    {.name = "column-image", .kind = OPTION_STRING, .argument = "NAME", .at = FROM(column_image), .help = "column of file names"},
    {.name = "column-identity", .kind = OPTION_STRING, .argument = "NAME", .at = FROM(column_identity), .help = "column of identities"},
    {.name = "column-split", .kind = OPTION_STRING, .argument = "NAME", .at = FROM(column_split), .help = "column of splits"},
    {.name = "column-gender", .kind = OPTION_STRING, .argument = "NAME", .at = FROM(column_gender), .help = "column of genders"},
    {.name = "column-age", .kind = OPTION_STRING, .argument = "NAME", .at = FROM(column_age), .help = "column of ages"},
    {.name = "column-ethnicity", .kind = OPTION_STRING, .argument = "NAME", .at = FROM(column_ethnicity), .help = "column of ethnicities"},
};

static const source_row *choose_row(cli_context *cli, const dataset_import_options *given, df_error *err)
{
    if (!given->format)
        return source_guess(given->source.path, err);
    const source_row *row = source_find(given->format);
    df_text names = {0};
    for (int i = 0; source_row_at(i); i++)
        df_text_addf(&names, "%s%s", i ? ", " : "", source_row_at(i)->name);
    if (!row)
        cli_usage(cli, err, "--from: '%.40s', expected one of %s", given->format, names.data ? names.data : "");
    df_text_free(&names);
    return row;
}

/* An option that the format has no use for would be ignored in silence. */
static bool check_taken(cli_context *cli, const source_row *row, const source_setting *s, df_error *err)
{
    const struct {
        const char *name, *value;
        unsigned flag;
    } settings[] = {{"images", s->images, SOURCE_IMAGES},
                    {"attributes", s->attributes, SOURCE_ATTRIBUTES},
                    {"identities", s->identities, SOURCE_IDENTITIES},
                    {"landmarks", s->landmarks, SOURCE_LANDMARKS},
                    {"partition", s->partition, SOURCE_PARTITION},
                    {"boxes", s->boxes, SOURCE_BOXES},
                    {"column-image", s->column_image, SOURCE_COLUMNS},
                    {"column-identity", s->column_identity, SOURCE_COLUMNS},
                    {"column-split", s->column_split, SOURCE_COLUMNS},
                    {"column-gender", s->column_gender, SOURCE_COLUMNS},
                    {"column-age", s->column_age, SOURCE_COLUMNS},
                    {"column-ethnicity", s->column_ethnicity, SOURCE_COLUMNS}};
    for (size_t i = 0; i < DF_ARRAY_LEN(settings); i++)
        if (settings[i].value && !(row->takes & settings[i].flag))
            return cli_usage(cli, err, "--%s: format %s has no use for it", settings[i].name, row->name);
    return true;
}

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
    const source_row *row = choose_row(cli, given, err);
    if (!row || !check_taken(cli, row, &given->source, err) ||
        !source_import(row, &given->source, &how, given->out, &cli->progress, &result, err))
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
