/* auth_groups_page.c: curves by group, a table of rates, one of pairs of groups and one of what evaluators make of them. */
#include "cli/auth_groups_page.h"

#include <math.h>
#include <stdio.h>

#include "cli/auth_json.h"
#include "plot/ticks.h"

enum { TEXT = AUTH_TEXT, SENTENCE = 512, RATE_COLUMNS = 8, SPREAD_COLUMNS = 5, MOST_CROSS = PAGE_MAX_COLUMNS - 1 };

void auth_count_text(char out[AUTH_TEXT], int64_t value)
{
    df_text label = {0};
    ticks_label(&label, (double)value, 0);
    snprintf(out, AUTH_TEXT, "%s", label.data ? label.data : "");
    df_text_free(&label);
}

/* A number of one of the two forms that the tables have. */
static void number_text(char out[AUTH_TEXT], double value, const char *form)
{
    if (!isfinite(value))
        snprintf(out, AUTH_TEXT, "%s", "\xE2\x80\x93");
    else if (form[2] == '5')
        snprintf(out, AUTH_TEXT, "%.5f", value);
    else if (form[2] == '4')
        snprintf(out, AUTH_TEXT, "%.4f", value);
    else
        snprintf(out, AUTH_TEXT, "%.3g", value);
}

void auth_interval_text(char out[AUTH_TEXT], const interval *i, const char *form)
{
    char low[AUTH_TEXT], high[AUTH_TEXT];
    out[0] = '\0';
    if (!i->has_value)
        return;
    number_text(low, i->low, form);
    number_text(high, i->high, form);
    snprintf(out, AUTH_TEXT, "%.50s to %.50s", low, high);
}

void auth_add_chart(page *p, const chart_frame *frame, const chart_curves *curves)
{
    df_text svg = {0};
    chart_lines(&svg, frame, curves);
    if (!svg.failed)
        page_chart(p, svg.data, NULL);
    p->body.failed |= svg.failed;
    df_text_free(&svg);
}

void auth_add_curves(page *p, const auth_curve *curves, int count, const char *suffix)
{
    chart_line_series roc[CHART_MAX_SERIES], det[CHART_MAX_SERIES];
    double *accepted[CHART_MAX_SERIES];
    char title[TEXT];
    df_arena *arena = df_arena_new(SIZE_MAX / 2, NULL);
    bool is_good = arena != NULL;
    for (int c = 0; c < count && is_good; c++) {
        const verification_curve *curve = &curves[c].of->curve;
        accepted[c] = df_alloc(arena, curve->count, sizeof *accepted[c], NULL);
        is_good = accepted[c] != NULL;
        for (size_t i = 0; is_good && i < curve->count; i++)
            accepted[c][i] = 1 - curve->frr[i];
        roc[c] = (chart_line_series){.name = curves[c].name, .x = curve->far, .y = accepted[c], .count = curve->count};
        det[c] = (chart_line_series){.name = curves[c].name, .x = curve->far, .y = curve->frr, .count = curve->count};
    }
    p->body.failed |= !is_good;
    if (is_good) {
        snprintf(title, sizeof title, "ROC%s", suffix);
        auth_add_chart(p, &(chart_frame){.title = title, .x_label = "False acceptance rate", .y_label = "True acceptance rate"},
                       &(chart_curves){.series = roc, .series_count = count, .x_scale = CHART_LOG});
        snprintf(title, sizeof title, "DET%s", suffix);
        auth_add_chart(p, &(chart_frame){.title = title, .x_label = "False acceptance rate", .y_label = "False rejection rate"},
                       &(chart_curves){.series = det, .series_count = count, .x_scale = CHART_LOG, .y_scale = CHART_LOG});
    }
    df_arena_free(arena);
}

/* The first groups that have pairs of both kinds. */
static void add_group_curves(page *p, const auth_axis *a)
{
    auth_curve curves[CHART_MAX_SERIES];
    int count = 0;
    size_t left = 0;
    for (size_t g = 0; g < a->rates.axis->count; g++) {
        if (!a->own[g].has_value)
            continue;
        if (count < CHART_MAX_SERIES)
            curves[count++] = (auth_curve){.name = a->rates.axis->names[g], .of = &a->own[g]};
        else
            left++;
    }
    if (count == 0)
        return;
    page_grid(p);
    auth_add_curves(p, curves, count, ", within groups");
    if (left > 0) {
        char text[TEXT];
        snprintf(text, sizeof text, "Curves of the first %d groups; %zu more are in the tables.", count, left);
        page_paragraph(p, text);
    }
}

static void add_rates(page *p, const auth_result *r, const auth_axis *a)
{
    const size_t n = a->rates.axis->count;
    char own[TEXT];
    snprintf(own, sizeof own, "FRR at own FAR %s", auth_rate_names[r->at]);
    const char *const headers[RATE_COLUMNS] = {"group", "images", "people", "FMR", "95 %", "FNMR", "95 %", own};
    const page_table table = {.caption = "Rates of each group at the threshold of all, and at its own",
                              .headers = headers,
                              .align = (const page_align[RATE_COLUMNS]){PAGE_LEFT, PAGE_RIGHT, PAGE_RIGHT, PAGE_RIGHT, PAGE_RIGHT,
                                                                        PAGE_RIGHT, PAGE_RIGHT, PAGE_RIGHT},
                              .columns = RATE_COLUMNS};
    page_table_begin(p, &table);
    for (size_t g = 0; g < n; g++) {
        const group_cell *fmr = &a->rates.fmr[g * n + g], *fnmr = &a->rates.fnmr[g];
        const verification_point *point = &a->own[g].rates.points[r->at];
        char texts[RATE_COLUMNS][TEXT];
        auth_count_text(texts[1], a->own[g].images);
        auth_count_text(texts[2], a->own[g].people);
        number_text(texts[3], fmr->rate, "%.3g");
        auth_interval_text(texts[4], &fmr->between, "%.3g");
        number_text(texts[5], fnmr->rate, "%.4f");
        auth_interval_text(texts[6], &fnmr->between, "%.4f");
        number_text(texts[7], a->own[g].has_value && point->has_value ? point->frr : (double)NAN, "%.4f");
        page_table_row(p, &table,
                       (const char *const[RATE_COLUMNS]){a->rates.axis->names[g], texts[1], texts[2], texts[3], texts[4], texts[5],
                                                         texts[6], texts[7]});
    }
    page_table_end(p);
}

static void add_cross(page *p, const auth_axis *a)
{
    const size_t n = a->rates.axis->count;
    const char *headers[PAGE_MAX_COLUMNS] = {"FMR"};
    page_align align[PAGE_MAX_COLUMNS] = {PAGE_LEFT};
    if (n < 2 || n > MOST_CROSS)
        return;
    for (size_t g = 0; g < n; g++) {
        headers[g + 1] = a->rates.axis->names[g];
        align[g + 1] = PAGE_RIGHT;
    }
    const page_table table = {.caption = "Impostors of two groups: share accepted at the threshold of all",
                              .headers = headers,
                              .align = align,
                              .columns = (int)n + 1};
    page_table_begin(p, &table);
    for (size_t g = 0; g < n; g++) {
        char texts[PAGE_MAX_COLUMNS][TEXT];
        const char *cells[PAGE_MAX_COLUMNS] = {a->rates.axis->names[g]};
        for (size_t h = 0; h < n; h++) {
            number_text(texts[h + 1], a->rates.fmr[g * n + h].rate, "%.3g");
            cells[h + 1] = texts[h + 1];
        }
        page_table_row(p, &table, cells);
    }
    page_table_end(p);
}

static void add_measure(page *p, const page_table *table, const char *name, double fmr, const interval *fmr_between, double fnmr,
                        const interval *fnmr_between)
{
    char texts[SPREAD_COLUMNS][TEXT];
    number_text(texts[1], fmr, "%.3g");
    auth_interval_text(texts[2], fmr_between, "%.3g");
    number_text(texts[3], fnmr, "%.3g");
    auth_interval_text(texts[4], fnmr_between, "%.3g");
    page_table_row(p, table, (const char *const[SPREAD_COLUMNS]){name, texts[1], texts[2], texts[3], texts[4]});
}

static void add_spreads(page *p, const auth_axis *a)
{
    const group_spread *m = &a->rates.fmr_spread, *n = &a->rates.fnmr_spread;
    char text[SENTENCE], fdr[TEXT], garbe[TEXT];
    const page_table table = {.caption = "How unequal the groups are; \xE2\x80\x93: the least rate is 0 and has no ratio",
                              .headers = (const char *const[SPREAD_COLUMNS]){"measure", "FMR", "95 %", "FNMR", "95 %"},
                              .align = (const page_align[SPREAD_COLUMNS]){PAGE_LEFT, PAGE_RIGHT, PAGE_RIGHT, PAGE_RIGHT, PAGE_RIGHT},
                              .columns = SPREAD_COLUMNS};
    if (a->rates.axis->count < 2)
        return;
    page_table_begin(p, &table);
    add_measure(p, &table, "worst / best", m->value.worst_to_best, &m->worst_to_best, n->value.worst_to_best, &n->worst_to_best);
    add_measure(p, &table, "worst / geometric mean", m->value.worst_to_mean, &m->worst_to_mean, n->value.worst_to_mean, &n->worst_to_mean);
    add_measure(p, &table, "standard deviation", m->value.deviation, &m->deviation, n->value.deviation, &n->deviation);
    add_measure(p, &table, "worst \xE2\x88\x92 best", m->value.range, &m->range, n->value.range, &n->range);
    add_measure(p, &table, "Gini", m->value.gini, &m->gini, n->value.gini, &n->gini);
    page_table_end(p);
    auth_interval_text(fdr, &a->rates.fdr_between, "%.4f");
    auth_interval_text(garbe, &a->rates.garbe_between, "%.4f");
    snprintf(text, sizeof text, "Fairness discrepancy rate %.4f (%s; 1 is equal), GARBE %.4f (%s; 0 is equal), both with weight 1/2.",
             a->rates.fdr, fdr, a->rates.garbe, garbe);
    page_paragraph(p, text);
}

void auth_add_axis(page *p, const auth_result *r, const auth_axis *a)
{
    char text[SENTENCE];
    snprintf(text, sizeof text, "By %s", a->rates.axis->name);
    page_section(p, text);
    snprintf(
        text, sizeof text,
        "One threshold for all, %.4f, that of FAR %s of all pairs. FMR: impostor pairs within the group that it accepts; FNMR: genuine "
        "pairs that it rejects. %zu images are in no group.",
        r->all.rates.points[r->at].threshold, auth_rate_names[r->at], a->rates.axis->missing);
    page_paragraph(p, text);
    add_group_curves(p, a);
    add_rates(p, r, a);
    add_cross(p, a);
    add_spreads(p, a);
}
