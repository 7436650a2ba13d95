/* runs_plot.c: `diffuse runs plot`: a chart a number with a line a run, on a page and as SVG files. */
#include <limits.h>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/runs_read.h"
#include "plot/chart.h"
#include "plot/page.h"

typedef struct runs_plot_options {
    runs_choice choice;
    const char *out, *svg;
    double smooth;
} runs_plot_options;

static const option rows[] = {
    RUNS_CHOICE_ROWS(runs_plot_options),
    {.name = "out", .kind = OPTION_STRING, .argument = "FILE", .at = offsetof(runs_plot_options, out), .help = "page with all charts"},
    {.name = "svg",
     .kind = OPTION_STRING,
     .argument = "DIR",
     .at = offsetof(runs_plot_options, svg),
     .help = "folder for a file of each chart, NAME.svg with - for /"},
    {.name = "smooth",
     .kind = OPTION_NUMBER,
     .at = offsetof(runs_plot_options, smooth),
     .low = 0,
     .high = 0.999,
     .initial = "0",
     .help = "share that each value keeps of the mean before it; 0: values as they are"},
};

/* Exponential moving average; each is divided by what the weights so far add up to, so that the curve begins at its first value. */
static const double *smoothed(const run_curve *curve, double keep, df_arena *arena, df_error *err)
{
    double *out = df_alloc(arena, curve->count, sizeof *out, err), sum = 0, weight = 0;
    for (size_t i = 0; out && i < curve->count; i++) {
        sum = keep * sum + (1 - keep) * curve->values[i];
        weight = keep * weight + (1 - keep);
        out[i] = sum / weight;
    }
    return out;
}

static bool draw_metric(cli_context *cli, const runs_plot_options *given, const runs_read_list *list, const char *name, df_text *svg,
                        df_error *err)
{
    chart_line_series series[CHART_MAX_SERIES];
    int count = 0;
    for (size_t r = 0; r < list->count; r++) {
        const run_curve *curve = run_metrics_find(&list->runs[r].metrics, name);
        if (!curve)
            continue;
        const double *values = given->smooth > 0 ? smoothed(curve, given->smooth, cli->arena, err) : curve->values;
        if (!values)
            return false;
        series[count++] = (chart_line_series){runs_name(list, r), curve->steps, values, curve->count};
    }
    chart_lines(svg, &(chart_frame){.title = name, .x_label = "step"}, &(chart_curves){.series = series, .series_count = count});
    return df_text_ok(svg, err);
}

/* The file of a chart: what cannot stand in a name becomes '-'. */
static bool save_svg(const char *folder, const char *name, const df_text *svg, df_error *err)
{
    char file[128], path[PATH_MAX];
    size_t i = 0;
    for (; i < sizeof file - 5 && name[i]; i++)
        file[i] =
            (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= 'A' && name[i] <= 'Z') || (name[i] >= '0' && name[i] <= '9') || name[i] == '_'
                ? name[i]
                : '-';
    memcpy(file + i, ".svg", 5);
    return df_path_join(path, sizeof path, folder, file, err) && df_file_write(path, svg->data, svg->size, err);
}

/* Onto the page, or into files where that is NULL. */
static bool draw_all(cli_context *cli, const runs_plot_options *given, const runs_read_list *list, page *p, df_error *err)
{
    bool ok = p || df_make_folders(given->svg, err);
    for (size_t i = 0; ok && i < list->name_count; i++) {
        df_text svg = {0};
        ok = draw_metric(cli, given, list, list->names[i], &svg, err) && (p || save_svg(given->svg, list->names[i], &svg, err));
        if (ok && p)
            page_chart(p, svg.data, NULL);
        df_text_free(&svg);
    }
    return ok;
}

static bool make_page(cli_context *cli, const runs_plot_options *given, const runs_read_list *list, df_error *err)
{
    page p = {0};
    char subtitle[64];
    snprintf(subtitle, sizeof subtitle, "%zu run%s", list->count, list->count == 1 ? "" : "s");
    page_begin(&p, "Trainings", subtitle);
    page_section(&p, "Curves");
    page_grid(&p);
    const bool ok = draw_all(cli, given, list, &p, err) && page_save(&p, given->out, err);
    page_free(&p);
    return ok;
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const runs_plot_options *given = options;
    runs_read_list list;
    if (!given->out && !given->svg)
        return cli_usage(cli, err, "expected --out FILE, --svg DIR or both");
    if (!runs_read(cli, &given->choice, &list, err))
        return false;
    const bool ok = (list.count <= CHART_MAX_SERIES ||
                     df_fail(err, "%zu runs, expected at most %d: a chart has no more colours", list.count, CHART_MAX_SERIES)) &&
                    (!given->out || make_page(cli, given, &list, err)) && (!given->svg || draw_all(cli, given, &list, NULL, err));
    runs_read_free(&list);
    return ok;
}

const cli_command runs_plot_command = {
    .name = "runs",
    .verb = "plot",
    .summary = "curves of trainings on a page and as SVG files",
    .details = "A chart for each number, with a line for each of up to 8 runs.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(runs_plot_options),
    .run = run,
};
