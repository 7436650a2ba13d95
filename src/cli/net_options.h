/* net_options.h: what the `net` commands have in common. */
#ifndef DF_CLI_NET_OPTIONS_H
#define DF_CLI_NET_OPTIONS_H

#include "cli/command.h"
#include "nets/net_run.h"

typedef struct net_choice {
    const char *net, *weights;
    int64_t classes, layers, hidden;
    option_list rule_scale;
} net_choice;

/* Rows for a struct that has a net_choice `choice`. */
#define NET_CHOICE_ROWS(OPTIONS)                                                                                                           \
    {.name = "NET",                                                                                                                        \
     .kind = OPTION_STRING,                                                                                                                \
     .positional = true,                                                                                                                   \
     .required = true,                                                                                                                     \
     .at = offsetof(OPTIONS, choice.net),                                                                                                  \
     .help = "the network: `diffuse net list` names them"},                                                                                \
        {.name = "weights",                                                                                                                \
         .kind = OPTION_STRING,                                                                                                            \
         .argument = "FILE",                                                                                                               \
         .at = offsetof(OPTIONS, choice.weights),                                                                                          \
         .help = "a weight file of any kind, or rule:PREFIX: made from the tensors' names"},                                               \
        {.name = "rule-scale",                                                                                                             \
         .kind = OPTION_LIST,                                                                                                              \
         .argument = "PATTERN=FACTOR",                                                                                                     \
         .repeats = true,                                                                                                                  \
         .at = offsetof(OPTIONS, choice.rule_scale),                                                                                       \
         .help = "factor of the rule's tensors whose name fits; * stands for any text"},                                                   \
        {.name = "classes",                                                                                                                \
         .kind = OPTION_INTEGER,                                                                                                           \
         .at = offsetof(OPTIONS, choice.classes),                                                                                          \
         .low = 1,                                                                                                                         \
         .high = 1e6,                                                                                                                      \
         .initial = "1000",                                                                                                                \
         .help = "of networks with a classifier"},                                                                                         \
        {.name = "layers",                                                                                                                 \
         .kind = OPTION_INTEGER,                                                                                                           \
         .at = offsetof(OPTIONS, choice.layers),                                                                                           \
         .low = 1,                                                                                                                         \
         .high = 64,                                                                                                                       \
         .initial = "4",                                                                                                                   \
         .help = "of nice"},                                                                                                               \
    {                                                                                                                                      \
        .name = "hidden", .kind = OPTION_INTEGER, .at = offsetof(OPTIONS, choice.hidden), .low = 1, .high = 65536, .initial = "1024",      \
        .help = "values in the middle of nice's functions"                                                                                 \
    }

/* Fills row, options and weights; wrong usage is told. */
bool net_choice_read(cli_context *cli, const net_choice *choice, net_task *out, df_error *err) DF_CHECKED;

/* What the commands ask that make images of their own. */
typedef struct net_image_choice {
    const char *net;
    int64_t classes, batch, size;
} net_image_choice;

/* Rows for a struct that has a net_image_choice `images`. */
#define NET_IMAGE_ROWS(OPTIONS)                                                                                                            \
    {.name = "NET",                                                                                                                        \
     .kind = OPTION_STRING,                                                                                                                \
     .positional = true,                                                                                                                   \
     .required = true,                                                                                                                     \
     .at = offsetof(OPTIONS, images.net),                                                                                                  \
     .help = "the network, of those that take images: `diffuse net list` names them"},                                                     \
        {.name = "classes",                                                                                                                \
         .kind = OPTION_INTEGER,                                                                                                           \
         .at = offsetof(OPTIONS, images.classes),                                                                                          \
         .low = 1,                                                                                                                         \
         .high = 1e6,                                                                                                                      \
         .initial = "1000",                                                                                                                \
         .help = "of networks with a classifier"},                                                                                         \
        {.name = "batch",                                                                                                                  \
         .kind = OPTION_INTEGER,                                                                                                           \
         .at = offsetof(OPTIONS, images.batch),                                                                                            \
         .low = 1,                                                                                                                         \
         .high = 4096,                                                                                                                     \
         .initial = "1",                                                                                                                   \
         .help = "images at a time"},                                                                                                      \
    {                                                                                                                                      \
        .name = "size", .kind = OPTION_INTEGER, .at = offsetof(OPTIONS, images.size), .low = 1, .high = 4096, .unit = "pixels",            \
        .help = "width and height of an image; the network's usual ones where it is not given"                                             \
    }

/* The network and the shape of its images; wrong usage is told. */
bool net_image_choice_read(cli_context *cli, const net_image_choice *choice, const net_row **row, nn_shape *shape,
                           df_error *err) DF_CHECKED;

/* [2,3] of a shape; for json_pack's "o". */
json_t *net_shape_json(const nn_shape *shape);

/* The arrays of an npz file; lives in the context's arena. */
bool net_arrays_read(cli_context *cli, const char *path, tensor_list *out, df_error *err) DF_CHECKED;

#endif
