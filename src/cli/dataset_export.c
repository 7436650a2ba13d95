/* dataset_export.c: `diffuse dataset export`: a data set in the form that a trainer or an annotator reads. */
#include "cli/commands.h"
#include "exchange/export_rows.h"

#define EXPORT_FORMAT_NAME(id, name) name,
static const char *const format_names[] = {EXPORT_FORMATS(EXPORT_FORMAT_NAME) NULL};
#undef EXPORT_FORMAT_NAME

typedef struct export_options {
    const char *folder, *out, *split;
    int format;
    int64_t size, pairs, shard_images;
    bool landmarks;
} export_options;

static const option rows[] = {
    {.name = "DIR",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(export_options, folder),
     .help = "folder of a data set"},
    {.name = "to",
     .kind = OPTION_CHOICE,
     .choices = format_names,
     .required = true,
     .at = offsetof(export_options, format),
     .help = "form to write"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "PLACE",
     .required = true,
     .at = offsetof(export_options, out),
     .help = "folder or file to make"},
    {.name = "split",
     .kind = OPTION_STRING,
     .at = offsetof(export_options, split),
     .help = "only images of this split: train, valid or test"},
    {.name = "size",
     .kind = OPTION_INTEGER,
     .low = 1,
     .high = IMAGE_MAX_SIDE,
     .unit = "pixels",
     .at = offsetof(export_options, size),
     .help = "width and height of images, instead of as they are"},
    {.name = "pairs",
     .kind = OPTION_INTEGER,
     .low = 1,
     .high = 100000000,
     .at = offsetof(export_options, pairs),
     .help = "pairs of each kind, in forms that hold pairs"},
    {.name = "shard-images",
     .kind = OPTION_INTEGER,
     .low = 1,
     .high = 100000000,
     .at = offsetof(export_options, shard_images),
     .help = "images in each file, in forms of several files"},
    {.name = "landmarks",
     .kind = OPTION_FLAG,
     .at = offsetof(export_options, landmarks),
     .help = "all landmarks, in forms that leave them out"},
};

/* Whether --seed stood on the command line: its default is as good a seed as any. */
static bool has_seed(const cli_context *cli)
{
    for (const char *const *word = cli->words; *word && strcmp(*word, "--") != 0; word++)
        if (strcmp(*word, "--seed") == 0 || strncmp(*word, "--seed=", 7) == 0)
            return true;
    return false;
}

static void list_takers(unsigned taken, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    const export_row *row;
    for (int i = 0; (row = export_row_at(i)) != NULL && used < size; i++)
        if (row->takes & taken)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "", row->name);
}

/* What the format has no use for. */
static bool check_taken(cli_context *cli, const export_options *given, const export_row *row, df_error *err)
{
    const struct {
        const char *option;
        bool is_given;
        export_taken taken;
    } asked[] = {{"size", given->size > 0, EXPORT_SIZE},
                 {"pairs", given->pairs > 0, EXPORT_PAIRS},
                 {"shard-images", given->shard_images > 0, EXPORT_SHARD},
                 {"split", given->split != NULL, EXPORT_SPLIT},
                 {"landmarks", given->landmarks, EXPORT_LANDMARKS},
                 {"seed", has_seed(cli), EXPORT_SEED}};
    for (size_t i = 0; i < DF_ARRAY_LEN(asked); i++) {
        char takers[256];
        if (!asked[i].is_given || (row->takes & asked[i].taken))
            continue;
        list_takers(asked[i].taken, takers, sizeof takers);
        return cli_usage(cli, err, "--%s: --to %s does not take it; those that do: %s", asked[i].option, row->name,
                         takers[0] ? takers : "none");
    }
    return true;
}

static bool print_result(const cli_context *cli, const export_options *given, const export_row *row, const export_result *result,
                         df_error *err)
{
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:s, s:s, s:I, s:I, s:I, s:f}", "format", row->name, "out", given->out, "images",
                                        (json_int_t)result->images, "identities", (json_int_t)result->identities, "left_out",
                                        (json_int_t)result->left_out, "seconds", result->seconds),
                              err);
    printf("%s: %lld images of %lld identities", given->out, (long long)result->images, (long long)result->identities);
    if (result->left_out > 0)
        printf(", %lld left out", (long long)result->left_out);
    printf("\n");
    return true;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const export_options *given = options;
    const export_row *row = export_row_at(given->format);
    const export_setting setting = {.out = given->out,
                                    .split = given->split,
                                    .size = (int)given->size,
                                    .pairs = given->pairs,
                                    .shard_images = given->shard_images,
                                    .seed = cli->shared.seed,
                                    .landmarks = given->landmarks};
    export_result result;
    return check_taken(cli, given, row, err) && export_dataset(row, given->folder, &setting, &cli->progress, &result, err) &&
           print_result(cli, given, row, &result, err);
}

const cli_command dataset_export_command = {
    .name = "dataset",
    .verb = "export",
    .summary = "writes a data set in the form that a trainer or an annotator reads",
    .details = "folder        a folder of images for each identity\n"
               "webdataset    tar shards; a stopped export goes on\n"
               "imagefolder   Hugging Face's datasets, with metadata.jsonl\n"
               "csv           a table with a row for each image\n"
               "celeba        numbered images and the lists of CelebA\n"
               "pairs         verification pairs as in Labeled Faces in the Wild\n"
               "coco          key points, boxes and masks of COCO\n"
               "stylegan-zip  images and dataset.json for StyleGAN\n"
               "rec           MXNet's record files, as insightface trains from\n"
               "bin           verification pairs of insightface\n"
               "lmdb          a database of images by key\n\n"
               "docs/export-datasets.md has the exact layout of each form and who reads it. Memory does not grow with the images.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(export_options),
    .shared = CLI_SEED | CLI_JSON,
    .run = run,
};
