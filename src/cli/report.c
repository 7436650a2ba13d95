/* report.c: `diffuse report`: a folder of results as one HTML page. */
#include <limits.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/report_page.h"

typedef struct report_options {
    const char *folder, *out;
} report_options;

static const option rows[] = {
    {.name = "DIR",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(report_options, folder),
     .help = "folder of results"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .at = offsetof(report_options, out),
     .help = "the page; without it DIR/report/index.html"},
};

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const report_options *given = options;
    char standard[PATH_MAX];
    const char *out = given->out ? given->out : standard;
    if (!given->out && !df_path_join(standard, sizeof standard, given->folder, "report/index.html", err))
        return false;
    if (!report_write(given->folder, out, &cli->progress, err))
        return false;
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:s}", "out", out), err);
    printf("%s\n", out);
    return true;
}

const cli_command report_command = {
    .name = "report",
    .summary = "shows a folder of results as one HTML page",
    .details = "Finds data sets, identities, face models, figures (PNG, JPEG, SVG) and JSON results, up to four folders deep. The page\n"
               "opens from disk, without a server or scripts; its pictures lie in a folder beside it.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(report_options),
    .shared = CLI_JSON,
    .run = run,
};
