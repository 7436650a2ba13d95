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

bool net_choice_read(cli_context *cli, const net_choice *choice, net_task *out, df_error *err)
{
    *out = (net_task){.row = net_find(choice->net),
                      .options = {.classes = choice->classes, .layers = (int)choice->layers, .hidden = (int)choice->hidden},
                      .weights = {.from = choice->weights}};
    if (!out->row)
        return cli_usage(cli, err, "NET: '%s' is none; `diffuse net list` names them", choice->net);
    return read_scales(cli, &choice->rule_scale, &out->weights, err);
}

bool net_arrays_read(cli_context *cli, const char *path, tensor_list *out, df_error *err)
{
    df_bytes bytes;
    return df_file_read(path, SIZE_MAX - 1, cli->arena, &bytes, err) &&
           (npz_parse(bytes, cli->arena, out, err) || df_fail_in(err, "%s", path));
}
