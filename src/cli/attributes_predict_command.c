/* attributes_predict_command.c: `diffuse attributes predict`: what a trained H says of images. */
#include "attributes/attribute_predict.h"
#include "cli/commands.h"
#include "cli/source_choice.h"

enum { BATCH = 64 };

typedef struct attributes_predict_options {
    source_choice source;
    const char *model, *csv, *manifest;
    int64_t readers;
} attributes_predict_options;

#define AT(member) offsetof(attributes_predict_options, member)

static const option rows[] = {
    {.name = "DIR",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = AT(source.setting.path),
     .help = "data set, or a folder of images"},
    {.name = "model",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = AT(model),
     .help = "classifier, as `diffuse attributes train` writes it"},
    {.name = "csv", .kind = OPTION_STRING, .argument = "FILE", .at = AT(csv), .help = "table with a row for each image"},
    {.name = "manifest",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = AT(manifest),
     .help = "a copy of the set's manifest with a key \"predicted\" in each line"},
    {.name = "readers",
     .kind = OPTION_INTEGER,
     .at = AT(readers),
     .low = 1,
     .high = 64,
     .initial = "1",
     .help = "threads that read images ahead"},
    SOURCE_CHOICE_ROWS(attributes_predict_options),
};

static bool predict(cli_context *cli, const attributes_predict_options *given, const attribute_source *source, const classifier_form *form,
                    const sample_list *list, df_error *err)
{
    attribute_network network = {0};
    attribute_logits logits;
    const attribute_reading how = {.threads = (int)given->readers, .title = "images", .progress = &cli->progress};
    const bool ok = attribute_network_init(&network, form, BATCH, err) && attribute_network_load(&network, given->model, err) &&
                    attribute_network_run(&network, list, &how, cli->arena, &logits, err) &&
                    (!given->csv || attribute_predict_csv(form, list, &logits, given->csv, err)) &&
                    (!given->manifest || attribute_predict_manifest(source, form, list, &logits, given->manifest, err));
    attribute_network_free(&network);
    if (ok)
        printf("%zu images%s", list->count, logits.unreadable ? "" : "\n");
    if (ok && logits.unreadable)
        printf(", of which %lld could not be read\n", (long long)logits.unreadable);
    return ok;
}

/* Images need no truth here: nothing is asked of their lines. */
static bool read_images(const attribute_source *source, sample_list *out, df_error *err)
{
    const classifier_form nothing = {0};
    return attribute_list_read(source, &nothing, NULL, out, err);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const attributes_predict_options *given = options;
    classifier_form form;
    sample_list list = {0};
    if (!given->csv && !given->manifest)
        return cli_usage(cli, err, "expected --csv FILE, --manifest FILE or both");
    const attribute_source source = {
        .row = source_choice_row(cli, &given->source, err), .setting = &given->source.setting, .progress = &cli->progress};
    if (!source.row || !classifier_read_form(given->model, cli->arena, &form, err))
        return false;
    const bool ok = read_images(&source, &list, err) && predict(cli, given, &source, &form, &list, err);
    sample_list_free(&list);
    return ok;
}

const cli_command attributes_predict_command = {
    .name = "attributes",
    .verb = "predict",
    .summary = "writes what a trained classifier H says of images into a table or a copy of a manifest",
    .details = "For each attribute the probability of yes, corrected as the training found it right, and the answer. Images that cannot be "
               "read are\n"
               "named on standard error and have empty fields.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(attributes_predict_options),
    .shared = CLI_THREADS_ROUNDED,
    .run = run,
};
