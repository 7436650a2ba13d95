/* attributes_eval_command.c: `diffuse attributes eval`: how well a trained H does on a data set. */
#include "attributes/attribute_report.h"
#include "cli/attributes_options.h"
#include "cli/commands.h"

enum { WORST = 16, EVALUATE_BATCH = 64 };

typedef struct attributes_eval_options {
    source_choice source;
    attributes_choice choice;
    const char *model, *split, *out;
} attributes_eval_options;

static const option rows[] = {
    ATTRIBUTES_ROWS(attributes_eval_options, "another condition for an attribute of the classifier"),
    {.name = "model",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(attributes_eval_options, model),
     .help = "classifier, as `diffuse attributes train` writes it"},
    {.name = "split",
     .kind = OPTION_STRING,
     .argument = "NAME",
     .at = offsetof(attributes_eval_options, split),
     .help = "only images of this split: train, valid or test"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .at = offsetof(attributes_eval_options, out),
     .help = "folder for evaluation.json, index.html and the sheet of wrong answers"},
};

static bool evaluate(cli_context *cli, const attributes_eval_options *given, const classifier_form *form, const sample_list *list,
                     df_error *err)
{
    attribute_network network = {0};
    attribute_logits logits;
    attribute_result result;
    const attribute_reading how = {.threads = (int)given->choice.readers, .title = "measuring", .progress = &cli->progress};
    const attribute_report pages = {.folder = given->out, .title = "Attributes", .subtitle = given->source.setting.path, .worst = WORST};
    const bool ok = attribute_network_init(&network, form, EVALUATE_BATCH, err) && attribute_network_load(&network, given->model, err) &&
                    attribute_network_run(&network, list, &how, cli->arena, &logits, err) &&
                    attribute_measure(form, list, &logits, cli->arena, &result, err) &&
                    (!given->out || attribute_report_write(&pages, &result, err)) && attributes_print(cli, &result, err);
    attribute_network_free(&network);
    return ok;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const attributes_eval_options *given = options;
    attribute_source source;
    classifier_form form;
    sample_list list = {0};
    if (!attributes_source(cli, &given->source, &given->choice, &source, err) ||
        !classifier_read_form(given->model, cli->arena, &form, err) || !attributes_override(cli, &given->choice.attributes, &form, err))
        return false;
    const bool ok = attribute_list_read(&source, &form, given->split, &list, err) && evaluate(cli, given, &form, &list, err);
    sample_list_free(&list);
    return ok;
}

const cli_command attributes_eval_command = {
    .name = "attributes",
    .verb = "eval",
    .summary = "measures a trained classifier H on a data set",
    .details = "What is true is decided by the conditions that the classifier was trained with, or by those of --attribute.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(attributes_eval_options),
    .shared = CLI_THREADS_ROUNDED | CLI_JSON,
    .run = run,
};
