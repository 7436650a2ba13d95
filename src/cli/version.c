/* version.c: `diffuse version`. */
#include "cli/commands.h"

static bool run(cli_context *cli, const void *options, df_error *err)
{
    (void)options;
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:s}", "version", DIFFUSE_VERSION), err);
    printf("diffuse %s\n", DIFFUSE_VERSION);
    return true;
}

const cli_command version_command = {.name = "version", .summary = "prints the version", .shared = CLI_JSON, .run = run};
