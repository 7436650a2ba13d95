/* attributes_options.h: what `diffuse attributes train`, `eval` and `predict` have in common. */
#ifndef DF_CLI_ATTRIBUTES_OPTIONS_H
#define DF_CLI_ATTRIBUTES_OPTIONS_H

#include "attributes/attribute_data.h"
#include "attributes/attribute_result.h"
#include "cli/source_choice.h"

typedef struct attributes_choice {
    option_list attributes;
    const char *where;
    int64_t readers;
} attributes_choice;

/* Rows of a command whose struct has a source_choice `source` and an attributes_choice `choice`. */
#define ATTRIBUTES_ROWS(TYPE, ATTRIBUTE_HELP)                                                                                              \
    {.name = "DIR",                                                                                                                        \
     .kind = OPTION_STRING,                                                                                                                \
     .argument = "DIR",                                                                                                                    \
     .positional = true,                                                                                                                   \
     .required = true,                                                                                                                     \
     .at = offsetof(TYPE, source.setting.path),                                                                                            \
     .help = "data set: ours, CelebA's lists and images, or another that `diffuse dataset import` reads"},                                 \
        {.name = "attribute",                                                                                                              \
         .kind = OPTION_LIST,                                                                                                              \
         .argument = "NAME=CONDITION",                                                                                                     \
         .repeats = true,                                                                                                                  \
         .at = offsetof(TYPE, choice.attributes),                                                                                          \
         .help = ATTRIBUTE_HELP},                                                                                                          \
        {.name = "where",                                                                                                                  \
         .kind = OPTION_STRING,                                                                                                            \
         .argument = "CONDITION",                                                                                                          \
         .at = offsetof(TYPE, choice.where),                                                                                               \
         .help = "only images whose line meets the condition"},                                                                            \
        {.name = "readers",                                                                                                                \
         .kind = OPTION_INTEGER,                                                                                                           \
         .at = offsetof(TYPE, choice.readers),                                                                                             \
         .low = 1,                                                                                                                         \
         .high = 64,                                                                                                                       \
         .initial = "1",                                                                                                                   \
         .help = "threads that read images ahead"},                                                                                        \
        SOURCE_CHOICE_ROWS(TYPE)

/* The format's row and what else names the source. */
bool attributes_source(cli_context *cli, const source_choice *source, const attributes_choice *choice, attribute_source *out,
                       df_error *err) DF_CHECKED;

/* The attributes of --attribute into form->count and form->attributes, slopes 1 and offsets 0. Commas in brackets and quotes belong to a
   condition. */
bool attributes_read(cli_context *cli, const option_list *given, classifier_form *form, df_error *err) DF_CHECKED;

/* Other conditions for attributes of a classifier. Fails on names that it has not. */
bool attributes_override(cli_context *cli, const option_list *given, classifier_form *form, df_error *err) DF_CHECKED;

/* A table of accuracy, balanced accuracy, AUC and ECE, or the result as JSON. */
bool attributes_print(const cli_context *cli, const attribute_result *result, df_error *err) DF_CHECKED;

#endif
