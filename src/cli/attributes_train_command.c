/* attributes_train_command.c: `diffuse attributes train`: the classifier H. */
#include <limits.h>
#include <stdlib.h>

#include "attributes/attribute_report.h"
#include "attributes/attribute_train.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/attributes_options.h"
#include "cli/commands.h"
#include "cli/stop_limit.h"
#include "train/run_log.h"

enum { MEGABYTE = 1 << 20, WORST = 16, EVALUATE_BATCH = 64 };

typedef struct attributes_train_options {
    source_choice source;
    attributes_choice choice;
    const char *out, *augment;
    int64_t size, width, batch, patience, cache;
    double epochs, rate, decay, valid, test;
    int balance, colour;
    bool half, resume, force;
} attributes_train_options;

#define AT(member) offsetof(attributes_train_options, member)

static const char *const balances[] = {[BALANCE_NONE] = "none", [BALANCE_WEIGHT] = "weight", [BALANCE_SAMPLE] = "sample", NULL};
static const char *const colours[] = {"grey", "colour", NULL};

static const option rows[] = {
    ATTRIBUTES_ROWS(attributes_train_options,
                    "what is learned: NAME=CONDITION by the manifest, or the NAME of an attribute of CelebA; without "
                    "it all attributes of the first image"),
    {.name = "out", .kind = OPTION_STRING, .argument = "DIR", .required = true, .at = AT(out), .help = "folder of the run"},
    {.name = "size",
     .kind = OPTION_INTEGER,
     .at = AT(size),
     .low = CLASSIFIER_SIDE_LEAST,
     .high = CLASSIFIER_SIDE_MOST,
     .initial = "64",
     .unit = "pixels",
     .help = "side of what the network sees"},
    {.name = "colour", .kind = OPTION_CHOICE, .choices = colours, .at = AT(colour), .initial = "grey", .help = "channels of that"},
    {.name = "width",
     .kind = OPTION_INTEGER,
     .at = AT(width),
     .low = 1,
     .high = CLASSIFIER_WIDTH_MOST,
     .initial = "64",
     .help = "channels of ResNet-18's first layers; 64 as published"},
    {.name = "epochs", .kind = OPTION_NUMBER, .at = AT(epochs), .low = 0.001, .high = 1e5, .initial = "10", .help = "times all images"},
    {.name = "batch", .kind = OPTION_INTEGER, .at = AT(batch), .low = 2, .high = 4096, .initial = "64", .help = "images of a step"},
    {.name = "lr", .kind = OPTION_NUMBER, .at = AT(rate), .low = 1e-9, .high = 10, .initial = "0.002", .help = "highest rate of AdamW"},
    {.name = "weight-decay", .kind = OPTION_NUMBER, .at = AT(decay), .low = 0, .high = 10, .initial = "0.05", .help = "of AdamW"},
    {.name = "balance",
     .kind = OPTION_CHOICE,
     .choices = balances,
     .at = AT(balance),
     .initial = "weight",
     .help = "both classes of an attribute count as much (weight), or combinations are drawn as often (sample)"},
    {.name = "augment",
     .kind = OPTION_STRING,
     .argument = "PLAN",
     .at = AT(augment),
     .initial = "light",
     .help = "changes by chance: none, light, strong, or rows as flip,rotate=0.5:10"},
    {.name = "valid",
     .kind = OPTION_NUMBER,
     .at = AT(valid),
     .low = 0.01,
     .high = 0.5,
     .initial = "0.1",
     .help = "share of the people to choose by, where the set does not say its parts"},
    {.name = "test",
     .kind = OPTION_NUMBER,
     .at = AT(test),
     .low = 0,
     .high = 0.5,
     .initial = "0.1",
     .help = "share of the people to measure with"},
    {.name = "patience",
     .kind = OPTION_INTEGER,
     .at = AT(patience),
     .low = 0,
     .high = 1000,
     .initial = "0",
     .help = "epochs without a gain until it ends; 0: never"},
    {.name = "cache",
     .kind = OPTION_INTEGER,
     .at = AT(cache),
     .low = 0,
     .high = 1 << 20,
     .initial = "512",
     .unit = "MB",
     .help = "for decoded images"},
    {.name = "half", .kind = OPTION_FLAG, .at = AT(half), .help = "write the classifier in float16"},
    {.name = "resume", .kind = OPTION_FLAG, .at = AT(resume), .help = "go on with what a stopped training left in --out"},
    {.name = "force", .kind = OPTION_FLAG, .at = AT(force), .help = "remove an earlier run in --out first"},
};

/* What has to be the same when the training goes on, and what `diffuse runs compare` shows. */
static char *settings_text(const cli_context *cli, const attributes_train_options *given, const classifier_form *form, df_error *err)
{
    json_t *attributes = json_object();
    for (int i = 0; i < form->count; i++)
        json_object_set_new(attributes, form->attributes[i].name,
                            form->attributes[i].rule ? json_string(form->attributes[i].rule) : json_null());
    json_t *all = json_pack("{s:s, s:s, s:o, s:s?, s:i, s:i, s:i, s:I, s:s, s:s, s:f, s:f, s:f, s:I}", "what", "attributes", "data",
                            given->source.setting.path, "attributes", attributes, "where", given->choice.where, "size", form->side,
                            "channels", form->channels, "width", form->width, "batch", (json_int_t)given->batch, "balance",
                            balances[given->balance], "augment", given->augment, "epochs", given->epochs, "valid", given->valid, "test",
                            given->test, "seed", (json_int_t)(cli->shared.seed & INT64_MAX));
    char *text = df_json_is_complete(err) ? json_dumps(all, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    char *copy = text ? df_copy_string(cli->arena, text, err) : NULL;
    free(text);
    json_decref(all);
    return copy;
}

static bool choose_attributes(cli_context *cli, const attributes_train_options *given, const attribute_source *source,
                              classifier_form *form, df_error *err)
{
    *form = (classifier_form){.side = (int)given->size, .channels = given->colour == 0 ? 1 : 3, .width = (int)given->width};
    return given->choice.attributes.count > 0 ? attributes_read(cli, &given->choice.attributes, form, err)
                                              : attribute_names_of(source, cli->arena, form, err);
}

static void tell_data(const cli_context *cli, const attribute_data *data)
{
    const sample_list *p = data->parts;
    df_progress_note(&cli->progress, "%zu images to train with, %zu to choose by, %zu to measure with (%s)", p[PART_TRAIN].count,
                     p[PART_VALID].count, p[PART_TEST].count, data->is_dealt ? "dealt by identity" : "as the set says");
    if (data->missing > 0)
        df_progress_note(&cli->progress, "%lld labels are of images that are not there", (long long)data->missing);
}

/* Measures with what the training did not see. */
static bool report(cli_context *cli, const attribute_training *t, const sample_list *list, df_error *err)
{
    char path[PATH_MAX], metrics[PATH_MAX];
    attribute_network network = {0};
    attribute_logits logits;
    attribute_result result;
    const attribute_reading how = {.threads = t->readers, .title = "measuring", .progress = &cli->progress};
    const attribute_report pages = {
        .folder = t->folder, .title = "Attributes", .subtitle = "People whom the training never saw", .metrics = metrics, .worst = WORST};
    const bool ok = df_path_join(path, sizeof path, t->folder, ATTRIBUTE_FILE, err) &&
                    df_path_join(metrics, sizeof metrics, t->folder, RUN_METRICS, err) &&
                    attribute_network_init(&network, &t->form, EVALUATE_BATCH, err) && attribute_network_load(&network, path, err) &&
                    attribute_network_run(&network, list, &how, cli->arena, &logits, err) &&
                    attribute_measure(&t->form, list, &logits, cli->arena, &result, err) && attribute_report_write(&pages, &result, err) &&
                    attributes_print(cli, &result, err);
    attribute_network_free(&network);
    return ok;
}

/* An earlier run, known by its settings, goes; any other folder stays. */
static bool remove_run(const char *folder, df_error *err)
{
    char path[PATH_MAX];
    return df_path_join(path, sizeof path, folder, "run.json", err) && (!df_path_exists(path) || df_remove_tree(folder, err));
}

static bool train(cli_context *cli, const attributes_train_options *given, const classifier_form *form, const attribute_data *data,
                  df_error *err)
{
    augment_plan augment;
    attribute_trained done;
    const char *settings = settings_text(cli, given, form, err);
    if (!augment_parse(given->augment, &augment, err))
        return cli_usage(cli, err, "--augment: %s", err->text);
    attribute_training t = {.train = &data->parts[PART_TRAIN],
                            .valid = &data->parts[PART_VALID],
                            .form = *form,
                            .folder = given->out,
                            .settings = settings,
                            .batch = (int)given->batch,
                            .epochs = given->epochs,
                            .rate = (float)given->rate,
                            .decay = (float)given->decay,
                            .balance = (attribute_balance)given->balance,
                            .augment = &augment,
                            .patience = (int)given->patience,
                            .seed = cli->shared.seed,
                            .cache = (size_t)given->cache * MEGABYTE,
                            .readers = (int)given->choice.readers,
                            .is_half = given->half,
                            .is_resumed = given->resume,
                            .progress = &cli->progress};
    if (!settings || (given->force && !remove_run(given->out, err)) || !attribute_train(&t, &done, err))
        return false;
    df_progress_note(&cli->progress, "%lld steps, best after step %lld; %.1f s, of them %.1f s for images", (long long)done.steps,
                     (long long)done.best_step, done.seconds, done.waited);
    const sample_list *test = data->parts[PART_TEST].count ? &data->parts[PART_TEST] : &data->parts[PART_VALID];
    if (test == &data->parts[PART_VALID])
        df_progress_note(&cli->progress, "no images to measure with: measured with those that the training chose by, which flatters");
    return report(cli, &t, test, err);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const attributes_train_options *given = options;
    const double shares[PART_COUNT] = {1 - given->valid - given->test, given->valid, given->test};
    attribute_source source;
    classifier_form form;
    attribute_data data = {0};
    if (!(shares[PART_TRAIN] > 0))
        return cli_usage(cli, err, "--valid and --test: expected less than 1 together");
    if (given->resume && given->force)
        return cli_usage(cli, err, "--resume and --force: expected one of them");
    if (!attributes_source(cli, &given->source, &given->choice, &source, err) || !choose_attributes(cli, given, &source, &form, err))
        return false;
    stop_limit_start("stopped in the middle of a step; the last checkpoint stays: --resume goes on");
    bool ok = attribute_data_read(&source, &form, shares, cli->shared.seed, &data, err);
    if (ok) {
        tell_data(cli, &data);
        ok = train(cli, given, &form, &data, err);
    }
    attribute_data_free(&data);
    return ok;
}

const cli_command attributes_train_command = {
    .name = "attributes",
    .verb = "train",
    .summary = "trains the classifier H, which says of a face whether it has each of some attributes",
    .details = "A ResNet-18 with a logit for each attribute. --out becomes a run (docs/runs.md) with classifier.safetensors, "
               "evaluation.json and a\n"
               "page. Nobody is in two parts. The same seed and threads give the same weights, also after a stop and --resume.\n"
               "docs/attributes.md tells more.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(attributes_train_options),
    .shared = CLI_SEED | CLI_THREADS_ROUNDED | CLI_JSON,
    .run = run,
};
