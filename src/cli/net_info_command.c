/* net_info_command.c: `diffuse net list` and `diffuse net info`: which networks there are, and what one of them is made of. */
#include <inttypes.h>

#include "cli/commands.h"
#include "cli/net_options.h"
#include "nets/net_info.h"

static bool run_list(cli_context *cli, const void *options, df_error *err)
{
    (void)options;
    json_t *list = json_array();
    for (int i = 0; net_row_at(i); i++) {
        if (cli->shared.json)
            json_array_append_new(list, json_pack("{s:s, s:s}", "name", net_row_at(i)->name, "summary", net_row_at(i)->summary));
        else
            printf("%-18s %s\n", net_row_at(i)->name, net_row_at(i)->summary);
    }
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:o}", "networks", list), err);
    json_decref(list);
    return true;
}

const cli_command net_list_command = {
    .name = "net",
    .verb = "list",
    .summary = "names the networks",
    .shared = CLI_JSON,
    .run = run_list,
};

typedef struct net_info_options {
    net_image_choice images;
    bool layers;
} net_info_options;

static const option rows[] = {
    NET_IMAGE_ROWS(net_info_options),
    {.name = "layers", .kind = OPTION_FLAG, .at = offsetof(net_info_options, layers), .help = "every step of the plan"},
};

static void print_step(const net_info_step *step)
{
    char shape[NN_SHAPE_TEXT];
    printf("%-52s %-22s %12" PRId64 "\n", step->name, nn_shape_text(&step->shape, shape), step->multiply_adds);
}

static json_t *steps_json(const net_info *info)
{
    json_t *list = json_array();
    for (size_t i = 0; i < info->step_count; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:I}", "name", info->steps[i].name, "shape", net_shape_json(&info->steps[i].shape),
                                        "multiply_adds", (json_int_t)info->steps[i].multiply_adds));
    return list;
}

static bool print_info(const cli_context *cli, const net_info_options *given, const net_info *info, df_error *err)
{
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:s, s:I, s:I, s:I, s:o}", "net", given->images.net, "parameters", (json_int_t)info->parameters,
                                        "multiply_adds", (json_int_t)info->multiply_adds, "plan_bytes", (json_int_t)info->plan_bytes,
                                        "steps", steps_json(info)),
                              err);
    for (size_t i = 0; given->layers && i < info->step_count; i++)
        print_step(&info->steps[i]);
    printf("parameters      %.3f M in %zu tensors\n", 1e-6 * (double)info->parameters, info->tensor_count);
    printf("multiply-adds   %.1f M for %lld at a time\n", 1e-6 * (double)info->multiply_adds, (long long)given->images.batch);
    printf("plan            %zu steps, %.1f MB beside the weights\n", info->step_count, 1e-6 * (double)info->plan_bytes);
    return true;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const net_info_options *given = options;
    const net_row *row;
    nn_shape shape;
    net_info info;
    if (!net_image_choice_read(cli, &given->images, &row, &shape, err))
        return false;
    const net_options how = {.classes = given->images.classes};
    return net_info_read(row, &shape, &how, cli->arena, &info, err) && print_info(cli, given, &info, err);
}

const cli_command net_info_command = {
    .name = "net",
    .verb = "info",
    .summary = "tells what a network is made of",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(net_info_options),
    .shared = CLI_JSON,
    .run = run,
};
