/* attribute_page.c: a result as tables and charts. */
#include <math.h>
#include <stdio.h>

#include "attributes/attribute_result.h"
#include "plot/chart.h"

enum { CELL = 32, COLUMNS = 9, ROC_POINTS = 200, PER_CENT = 100, SIDE = 320 };

static const char *per_cent(char cell[CELL], double share)
{
    snprintf(cell, CELL, isfinite(share) ? "%.2f %%" : "one class", PER_CENT * share);
    return cell;
}

static void add_row(page *onto, const page_table *table, const char *name, const attribute_measured *m)
{
    const binary_measures *c = &m->calibrated;
    char text[COLUMNS][CELL];
    const char *cells[COLUMNS] = {name};
    snprintf(text[1], CELL, "%lld", (long long)m->known);
    cells[1] = text[1];
    if (m->known > 0) {
        snprintf(text[2], CELL, "%.1f %%", PER_CENT * (double)c->positives / (double)m->known);
        snprintf(text[5], CELL, isfinite(c->auc) ? "%.4f" : "one class", c->auc);
        snprintf(text[6], CELL, "%.4f", m->as_trained.ece);
        snprintf(text[7], CELL, "%.4f", c->ece);
        snprintf(text[8], CELL, "%.4f", c->brier);
        for (int i = 2; i < COLUMNS; i++)
            cells[i] = text[i];
        cells[3] = per_cent(text[3], c->accuracy);
        cells[4] = per_cent(text[4], c->balanced);
    }
    page_table_row(onto, table, cells);
}

static void add_table(const attribute_result *r, page *onto)
{
    static const char *const headers[COLUMNS] = {"attribute", "images",       "share yes",      "accuracy", "balanced",
                                                 "AUC",       "ECE, trained", "ECE, corrected", "Brier"};
    static const page_align align[COLUMNS] = {PAGE_LEFT,  PAGE_RIGHT, PAGE_RIGHT, PAGE_RIGHT, PAGE_RIGHT,
                                              PAGE_RIGHT, PAGE_RIGHT, PAGE_RIGHT, PAGE_RIGHT};
    const page_table table = {.headers = headers, .align = align, .columns = COLUMNS};
    page_table_begin(onto, &table);
    for (int c = 0; c < r->form->count; c++)
        add_row(onto, &table, r->form->attributes[c].name, &r->of[c]);
    page_table_end(onto);
}

static void add_reliability(const char *name, const attribute_measured *m, page *onto)
{
    static const double diagonal[] = {0, 1};
    double x[2][BINARY_BINS], y[2][BINARY_BINS];
    size_t count[2] = {0};
    const binary_measures *const kinds[] = {&m->as_trained, &m->calibrated};
    df_text svg = {0};
    for (int k = 0; k < 2; k++)
        for (int b = 0; b < BINARY_BINS; b++)
            if (kinds[k]->bins[b].count > 0) {
                x[k][count[k]] = kinds[k]->bins[b].mean;
                y[k][count[k]++] = (double)kinds[k]->bins[b].positives / (double)kinds[k]->bins[b].count;
            }
    const chart_line_series series[] = {
        {"as trained", x[0], y[0], count[0]}, {"corrected", x[1], y[1], count[1]}, {"perfect", diagonal, diagonal, 2}};
    chart_lines(&svg,
                &(chart_frame){
                    .title = name, .x_label = "mean probability", .y_label = "share that is so", .width = SIDE + SIDE / 4, .height = SIDE},
                &(chart_curves){.series = series, .series_count = 3, .y_high = 1});
    page_chart(onto, svg.data ? svg.data : "", NULL);
    df_text_free(&svg);
}

static void add_histogram(const char *name, const binary_measures *m, page *onto)
{
    int64_t yes[BINARY_BINS], no[BINARY_BINS];
    df_text svg = {0};
    for (int b = 0; b < BINARY_BINS; b++) {
        yes[b] = m->bins[b].positives;
        no[b] = m->bins[b].count - m->bins[b].positives;
    }
    const chart_counts series[] = {{"is so", yes}, {"is not", no}};
    chart_histogram(
        &svg,
        &(chart_frame){.title = name, .x_label = "probability, corrected", .y_label = "images", .width = SIDE + SIDE / 4, .height = SIDE},
        &(chart_bins){.high = 1, .bins = BINARY_BINS, .series = series, .series_count = 2});
    page_chart(onto, svg.data ? svg.data : "", NULL);
    df_text_free(&svg);
}

static bool add_roc(const attribute_result *r, int first, int count, df_arena *arena, page *onto, df_error *err)
{
    chart_line_series series[CHART_MAX_SERIES];
    int have = 0;
    for (int c = first; c < first + count; c++) {
        float *scores;
        bool *truths;
        size_t images, points;
        double *x = df_alloc(arena, ROC_POINTS, sizeof *x, err), *y = df_alloc(arena, ROC_POINTS, sizeof *y, err);
        if (!x || !y || !attribute_column(r, c, arena, &scores, &truths, &images, err))
            return false;
        for (size_t i = 0; i < images; i++)
            scores[i] = classifier_probability(&r->form->attributes[c], scores[i]);
        if (r->of[c].known == 0 || isnan(r->of[c].calibrated.auc))
            continue; /* no curve with one class alone */
        if (!binary_roc(&(binary_scores){scores, truths, images}, ROC_POINTS, arena, x, y, &points, err))
            return false;
        series[have++] = (chart_line_series){r->form->attributes[c].name, x, y, points};
    }
    df_text svg = {0};
    chart_lines(&svg,
                &(chart_frame){.x_label = "share of the images without it that are called yes",
                               .y_label = "share of those with it",
                               .width = SIDE + SIDE / 4,
                               .height = SIDE},
                &(chart_curves){.series = series, .series_count = have, .y_high = 1});
    page_chart(onto, svg.data ? svg.data : "", NULL);
    df_text_free(&svg);
    return true;
}

static bool add_charts(const attribute_result *r, df_arena *arena, page *onto, df_error *err)
{
    page_heading(onto, "ROC curves");
    page_grid(onto);
    for (int c = 0; c < r->form->count; c += CHART_MAX_SERIES) {
        const int left = r->form->count - c;
        if (!add_roc(r, c, left < CHART_MAX_SERIES ? left : CHART_MAX_SERIES, arena, onto, err))
            return false;
    }
    page_heading(onto, "Calibration");
    page_paragraph(
        onto, "Of images that get a probability, as many should be so. The corrected curve uses the two numbers for each attribute that "
              "were fitted to the images that the training chose by (Platt 1999).");
    page_grid(onto);
    for (int c = 0; c < r->form->count; c++)
        if (r->of[c].known > 0) {
            add_reliability(r->form->attributes[c].name, &r->of[c], onto);
            add_histogram(r->form->attributes[c].name, &r->of[c].calibrated, onto);
        }
    return true;
}

bool attribute_result_page(const attribute_result *r, page *onto, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    if (!arena)
        return false;
    add_table(r, onto);
    if (r->logits->unreadable > 0) {
        char sentence[128];
        snprintf(sentence, sizeof sentence, "%lld images could not be read and are left out.", (long long)r->logits->unreadable);
        page_note(onto, sentence);
    }
    const bool ok = add_charts(r, arena, onto, err);
    df_arena_free(arena);
    return ok;
}
