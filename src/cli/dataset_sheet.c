/* dataset_sheet.c: `diffuse dataset sheet`: a contact sheet of a data set. */
#include "cli/commands.h"
#include "dataset/face_sheet.h"
#include "plot/sheet.h"

typedef struct sheet_command_options {
    const char *folder, *out;
    int64_t count, columns, cell;
    bool labels, dense;
} sheet_command_options;

static const option rows[] = {
    {.name = "DIR",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .positional = true,
     .required = true,
     .at = offsetof(sheet_command_options, folder),
     .help = "folder of a data set"},
    {.name = "out",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .required = true,
     .at = offsetof(sheet_command_options, out),
     .help = "the sheet, a PNG file"},
    {.name = "count",
     .kind = OPTION_INTEGER,
     .low = 1,
     .high = FACE_SHEET_MOST,
     .initial = "48",
     .at = offsetof(sheet_command_options, count),
     .help = "images, spread over the people"},
    {.name = "columns",
     .kind = OPTION_INTEGER,
     .low = 1,
     .high = SHEET_MAX_COLUMNS,
     .at = offsetof(sheet_command_options, columns),
     .help = "cells in a row; without it 8 or what fits whole images"},
    {.name = "cell",
     .kind = OPTION_INTEGER,
     .low = 16,
     .high = SHEET_MAX_CELL,
     .initial = "160",
     .unit = "pixels",
     .at = offsetof(sheet_command_options, cell),
     .help = "side of an image on the sheet"},
    {.name = "labels",
     .kind = OPTION_FLAG,
     .at = offsetof(sheet_command_options, labels),
     .help = "draw landmarks, box, gaze and the head's axes over the images"},
    {.name = "dense",
     .kind = OPTION_FLAG,
     .at = offsetof(sheet_command_options, dense),
     .help = "show segmentation, depth and normals beside the images"},
};

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const sheet_command_options *given = options;
    const face_sheet_options how = {
        .count = (int)given->count,
        .columns = (int)given->columns,
        .cell = (int)given->cell,
        .labels = given->labels  ? FACE_SHEET_LABELS
                  : given->dense ? FACE_SHEET_DENSE
                                 : FACE_SHEET_PLAIN,
        .seed = cli->shared.seed,
    };
    int shown = 0;
    if (given->labels && given->dense)
        return cli_usage(cli, err, "--labels and --dense: expected one of them");
    if (!face_sheet_write(given->folder, &how, given->out, &shown, err))
        return false;
    if (cli->shared.json)
        return cli_print_json(json_pack("{s:s, s:i}", "out", given->out, "images", shown), err);
    printf("%s: %d images\n", given->out, shown);
    return true;
}

const cli_command dataset_sheet_command = {
    .name = "dataset",
    .verb = "sheet",
    .summary = "draws a contact sheet of a data set",
    .details = "The images are spread over the people; --seed chooses others. Hidden landmarks are drawn fainter.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(sheet_command_options),
    .shared = CLI_SEED | CLI_JSON,
    .run = run,
};
