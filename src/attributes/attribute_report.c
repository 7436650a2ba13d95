/* attribute_report.c: the files of a result. */
#include "attributes/attribute_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "plot/chart.h"
#include "train/run_metrics.h"

enum { PATH_BYTES = 4096, CURVE_WIDTH = 560, CURVE_HEIGHT = 320 };

static bool write_json(const attribute_report *report, const attribute_result *result, df_error *err)
{
    char path[PATH_BYTES];
    json_t *value = attribute_result_json(result);
    char *text = df_json_is_complete(err) ? json_dumps(value, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) : NULL;
    const bool ok = (text || df_fail(err, "no memory for the result")) &&
                    df_path_join(path, sizeof path, report->folder, ATTRIBUTE_JSON, err) && df_file_write(path, text, strlen(text), err);
    free(text);
    json_decref(value);
    return ok;
}

/* One chart of the curves whose names begin so, up to as many as there are colours. */
static void add_chart(const run_metrics *metrics, const char *beginning, const char *title, bool is_share, page *onto)
{
    chart_line_series series[CHART_MAX_SERIES];
    int count = 0;
    df_text svg = {0};
    for (size_t i = 0; i < metrics->count && count < CHART_MAX_SERIES; i++)
        if (strncmp(metrics->curves[i].name, beginning, strlen(beginning)) == 0)
            series[count++] = (chart_line_series){metrics->curves[i].name + strlen(beginning), metrics->curves[i].steps,
                                                  metrics->curves[i].values, metrics->curves[i].count};
    if (count == 0)
        return;
    const double low = is_share ? 0.5 : 0;
    chart_lines(&svg, &(chart_frame){.title = title, .x_label = "step", .width = CURVE_WIDTH, .height = CURVE_HEIGHT},
                &(chart_curves){.series = series, .series_count = count, .y_low = low, .y_high = is_share ? 1 : 0});
    page_chart(onto, svg.data ? svg.data : "", NULL);
    df_text_free(&svg);
}

/* The training's losses in one chart. */
static void add_losses(const run_metrics *metrics, page *onto)
{
    const run_curve *const curves[] = {run_metrics_find(metrics, "train/loss"), run_metrics_find(metrics, "valid/loss")};
    static const char *const names[] = {"trained with, classes as balanced", "chosen by"};
    chart_line_series series[2];
    int count = 0;
    df_text svg = {0};
    for (int i = 0; i < 2; i++)
        if (curves[i])
            series[count++] = (chart_line_series){names[i], curves[i]->steps, curves[i]->values, curves[i]->count};
    chart_lines(&svg, &(chart_frame){.title = "Loss", .x_label = "step", .width = CURVE_WIDTH, .height = CURVE_HEIGHT},
                &(chart_curves){.series = series, .series_count = count});
    page_chart(onto, svg.data ? svg.data : "", NULL);
    df_text_free(&svg);
}

static bool add_training(const attribute_report *report, page *onto, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    run_metrics metrics;
    if (!arena)
        return false;
    const bool ok = run_metrics_read(report->metrics, arena, &metrics, err);
    if (ok) {
        page_section(onto, "Training");
        page_paragraph(onto, "Measured after each epoch on the images that the training chose by.");
        page_grid(onto);
        add_losses(&metrics, onto);
        add_chart(&metrics, "accuracy/", "Accuracy", true, onto);
        add_chart(&metrics, "balanced/", "Balanced accuracy", true, onto);
        add_chart(&metrics, "auc/", "AUC", true, onto);
    }
    df_arena_free(arena);
    return ok;
}

static bool add_sheet(const attribute_report *report, const attribute_result *result, page *onto, df_error *err)
{
    char path[PATH_BYTES];
    int count;
    page_section(onto, "Most wrong");
    if (!df_path_join(path, sizeof path, report->folder, ATTRIBUTE_SHEET, err) ||
        !attribute_sheet_write(result, report->worst, path, &count, err))
        return false;
    if (count > 0)
        page_picture(onto, ATTRIBUTE_SHEET, "Images with a wrong answer", NULL, 0, 0);
    else
        page_paragraph(onto, "No answer is wrong.");
    if (count == 0)
        (void)unlink(path); /* of an earlier result; most often there is none */
    return true;
}

bool attribute_report_write(const attribute_report *report, const attribute_result *result, df_error *err)
{
    char path[PATH_BYTES];
    page p = {0};
    if (!df_make_folders(report->folder, err) || !write_json(report, result, err))
        return false;
    page_begin(&p, report->title, report->subtitle);
    page_section(&p, "Result");
    const bool ok = attribute_result_page(result, &p, err) && (!report->metrics || add_training(report, &p, err)) &&
                    add_sheet(report, result, &p, err) && df_path_join(path, sizeof path, report->folder, "index.html", err) &&
                    page_save(&p, path, err);
    page_free(&p);
    return ok;
}
