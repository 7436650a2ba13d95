/* net_options.c: names, factors and files to a task. */
#include "cli/net_options.h"

#include <stdlib.h>

#include "base/file.h"
#include "tensor/npz.h"

static bool read_scales(cli_context *cli, const option_list *given, net_source *out, df_error *err)
{
    net_scale *scales = df_alloc(cli->arena, given->count, sizeof *scales, err);
    if (!scales)
        return false;
    for (size_t i = 0; i < given->count; i++) {
        char *pattern = df_copy_string(cli->arena, given->items[i], err), *end;
        if (!pattern)
            return false;
        char *equals = strrchr(pattern, '=');
        if (!equals)
            return cli_usage(cli, err, "--rule-scale: expected PATTERN=FACTOR, found '%s'", given->items[i]);
        *equals = '\0';
        scales[i] = (net_scale){.pattern = pattern, .factor = strtod(equals + 1, &end)};
        if (end == equals + 1 || *end || !isfinite(scales[i].factor))
            return cli_usage(cli, err, "--rule-scale: expected a number behind '=', found '%s'", given->items[i]);
    }
    out->scales = scales;
    out->scale_count = given->count;
    return true;
}

static bool find_row(cli_context *cli, const char *net, const net_row **row, df_error *err)
{
    *row = net_find(net);
    return *row || cli_usage(cli, err, "NET: '%s' is none; `diffuse net list` names them", net);
}

bool net_choice_read(cli_context *cli, const net_choice *choice, net_task *out, df_error *err)
{
    *out = (net_task){.options = {.classes = choice->classes, .layers = (int)choice->layers, .hidden = (int)choice->hidden},
                      .weights = {.from = choice->weights}};
    return find_row(cli, choice->net, &out->row, err) && read_scales(cli, &choice->rule_scale, &out->weights, err);
}

bool net_image_choice_read(cli_context *cli, const net_image_choice *choice, const net_row **row, nn_shape *shape, df_error *err)
{
    if (!find_row(cli, choice->net, row, err))
        return false;
    if ((*row)->usual.rank != 4 || (*row)->inputs[1])
        return cli_usage(cli, err, "NET: '%s' takes no images, expected one that does", choice->net);
    *shape = (*row)->usual;
    shape->size[0] = choice->batch;
    if (choice->size > 0)
        shape->size[2] = shape->size[3] = choice->size;
    return true;
}

json_t *net_shape_json(const nn_shape *shape)
{
    json_t *list = json_array();
    for (int d = 0; d < shape->rank; d++)
        json_array_append_new(list, json_integer(shape->size[d]));
    return list;
}

bool net_arrays_read(cli_context *cli, const char *path, tensor_list *out, df_error *err)
{
    df_bytes bytes;
    return df_file_read(path, SIZE_MAX - 1, cli->arena, &bytes, err) &&
           (npz_parse(bytes, cli->arena, out, err) || df_fail_in(err, "%s", path));
}
