/* stats_page.c: sections in the order in which one asks: who, how many of each kind, how they look, what is missing. */
#include "cli/stats_page.h"

#include <stdio.h>
#include <string.h>

#include "cli/report_charts.h"
#include "plot/chart.h"
#include "plot/ticks.h"

enum { TEXT = 128, HOLE_COLUMNS = 4, NARROW = 6 };

static void count_text(char out[TEXT], int64_t value)
{
    df_text label = {0};
    ticks_label(&label, (double)value, 0);
    snprintf(out, TEXT, "%s", label.data ? label.data : "");
    df_text_free(&label);
}

static void add_numbers(page *p, const stats *of, int hole_count)
{
    char images[TEXT], identities[TEXT], each[TEXT], form[TEXT], holes[TEXT];
    count_text(images, of->sum.images);
    count_text(identities, of->sum.identities);
    count_text(holes, hole_count);
    snprintf(each, sizeof each, "%.4g", (double)of->sum.images / (double)of->sum.identities);
    snprintf(form, sizeof form, "%d \xC3\x97 %d", of->sum.width, of->sum.height);
    const page_number numbers[] = {{images, "images"},
                                   {identities, "identities"},
                                   {each, "images of each, on average"},
                                   {form, of->sum.is_uniform ? "pixels" : "pixels, the first image; others differ"},
                                   {holes, "cells with few images"}};
    page_numbers(p, numbers, DF_ARRAY_LEN(numbers), NULL);
}

/* title: NULL where a heading says it. */
static void add_pair(page *p, const stats *of, const stats_pair *pair, const char *title)
{
    const stats_axis *rows = &of->axes[pair->rows], *columns = &of->axes[pair->columns];
    const char *row_names[STATS_LEVELS], *column_names[STATS_LEVELS];
    double values[STATS_LEVELS * STATS_LEVELS];
    int row_end, column_end, count = 0;
    const int row_first = stats_axis_span(rows, &row_end), column_first = stats_axis_span(columns, &column_end);
    for (int r = row_first; r < row_end; r++) {
        row_names[r - row_first] = rows->levels[r];
        for (int c = column_first; c < column_end; c++) {
            column_names[c - column_first] = columns->levels[c];
            values[count++] = (double)pair->counts[r][c];
        }
    }
    char x_label[TEXT];
    const char *unit = columns->row ? columns->row->unit : NULL;
    snprintf(x_label, sizeof x_label, "%s%s%s%s", stats_axis_title(columns), unit ? " (" : "", unit ? unit : "", unit ? ")" : "");
    df_text svg = {0};
    chart_matrix(&svg, &(chart_frame){.title = title, .y_label = stats_axis_title(rows), .x_label = x_label},
                 &(chart_confusion){.rows = row_names,
                                    .columns = column_names,
                                    .row_count = row_end - row_first,
                                    .column_count = column_end - column_first,
                                    .values = values});
    if (!svg.failed)
        page_chart(p, svg.data, NULL);
    p->body.failed |= svg.failed;
    df_text_free(&svg);
}

/* Narrow tables stand side by side, wide ones below a heading; this adds one of the kind that is wanted. */
static void add_titled(page *p, const stats *of, const stats_pair *pair, bool wants_narrow)
{
    char title[2 * TEXT];
    int end;
    const int first = stats_axis_span(&of->axes[pair->columns], &end);
    if ((end - first <= NARROW) != wants_narrow)
        return;
    snprintf(title, sizeof title, "%s \xC3\x97 %s", stats_axis_title(&of->axes[pair->rows]), stats_axis_title(&of->axes[pair->columns]));
    if (!wants_narrow)
        page_heading(p, title);
    add_pair(p, of, pair, wants_narrow ? title : NULL);
}

static void add_pairs(page *p, const stats *of)
{
    page_section(p, "Pairs of attributes");
    page_paragraph(p, "Images in each cell, and their share of the row. What the set says nothing about is not counted.");
    page_grid(p);
    for (int i = 0; i < of->pair_count; i++)
        add_titled(p, of, &of->pairs[i], true);
    for (int i = 0; i < of->pair_count; i++)
        add_titled(p, of, &of->pairs[i], false);
}

static void add_groups(page *p, const stats *of)
{
    const char *headers[2 + FACE_MEASURE_COUNT] = {"group", "images"};
    page_align align[2 + FACE_MEASURE_COUNT] = {PAGE_LEFT, PAGE_RIGHT};
    for (int m = 0; m < FACE_MEASURE_COUNT; m++) {
        headers[2 + m] = face_measure_rows[m].name;
        align[2 + m] = PAGE_RIGHT;
    }
    const page_table table = {
        .caption = "Means of the face's pixels by group", .headers = headers, .align = align, .columns = 2 + FACE_MEASURE_COUNT};
    page_table_begin(p, &table);
    for (int g = 0; g < of->sum.people.group_count; g++) {
        char texts[1 + FACE_MEASURE_COUNT][TEXT];
        const char *cells[2 + FACE_MEASURE_COUNT] = {of->sum.people.groups[g], texts[0]};
        if (of->groups[g].images == 0)
            continue;
        count_text(texts[0], of->groups[g].images);
        for (int m = 0; m < FACE_MEASURE_COUNT; m++) {
            snprintf(texts[1 + m], TEXT, "%.4f", of->groups[g].sums[m] / (double)of->groups[g].images);
            cells[2 + m] = texts[1 + m];
        }
        page_table_row(p, &table, cells);
    }
    page_table_end(p);
}

static void add_pixels(page *p, const stats *of)
{
    char text[2 * TEXT];
    page_section(p, "Pixels");
    snprintf(text, sizeof text, "Measured in the box of the face (in all of the image where a line has none) on %lld of %lld images.",
             (long long)of->measured, (long long)of->sum.images);
    page_paragraph(p, text);
    page_grid(p);
    for (int m = 0; m < FACE_MEASURE_COUNT; m++)
        if (of->measures[m].total > 0)
            report_histogram(p, face_measure_rows[m].title, face_measure_rows[m].unit, &of->measures[m]);
    add_groups(p, of);
}

static void add_holes(page *p, const stats *of, const stats_hole *holes, int shown, int hole_count)
{
    const page_table table = {.headers = (const char *const[HOLE_COLUMNS]){"one", "other", "images", "wanted"},
                              .align = (const page_align[HOLE_COLUMNS]){PAGE_LEFT, PAGE_LEFT, PAGE_RIGHT, PAGE_RIGHT},
                              .columns = HOLE_COLUMNS};
    char text[TEXT];
    page_section(p, "Holes");
    if (hole_count == 0) {
        page_paragraph(p, "None: every cell has the images wanted.");
        return;
    }
    snprintf(text, sizeof text, "%d cells have fewer images than wanted%s.", hole_count, shown < hole_count ? "; the first ones" : "");
    page_paragraph(p, text);
    page_table_begin(p, &table);
    for (int i = 0; i < shown; i++) {
        char one[2 * TEXT], other[2 * TEXT], images[TEXT], wanted[TEXT];
        const stats_pair *pair = &of->pairs[holes[i].pair];
        snprintf(one, sizeof one, "%s: %s", stats_axis_title(&of->axes[pair->rows]), of->axes[pair->rows].levels[holes[i].row]);
        snprintf(other, sizeof other, "%s: %s", stats_axis_title(&of->axes[pair->columns]),
                 of->axes[pair->columns].levels[holes[i].column]);
        count_text(images, holes[i].images);
        count_text(wanted, holes[i].wanted);
        page_table_row(p, &table, (const char *const[HOLE_COLUMNS]){one, other, images, wanted});
    }
    page_table_end(p);
}

static void add_commands(page *p, const char *commands)
{
    page_heading(p, "Commands that fill them");
    page_commands(p, &commands, 1);
}

static void add_measures(page *p, const stats *of)
{
    page_section(p, "Pose, camera, light, expression and size");
    report_measures(p, &of->sum);
    if (of->box.total > 0) {
        if (!p->is_grid_open)
            page_grid(p);
        report_histogram(p, "Face box: side as a share of the image's", NULL, &of->box);
    }
    page_heading(p, "Names");
    report_topics(p, &of->sum);
}

bool stats_page_write(const char *path, const char *folder, const stats *of, const stats_hole *holes, int shown, int hole_count,
                      const char *commands, df_error *err)
{
    page p = {0};
    const char *slash = strrchr(folder, '/');
    page_begin(&p, "Statistics of a data set", slash && slash[1] ? slash + 1 : folder);
    page_section(&p, "People");
    add_numbers(&p, of, hole_count);
    report_demographics(&p, &of->sum.people);
    add_pairs(&p, of);
    add_measures(&p, of);
    if (of->measured > 0)
        add_pixels(&p, of);
    add_holes(&p, of, holes, shown, hole_count);
    if (commands && commands[0])
        add_commands(&p, commands);
    const bool is_good = page_save(&p, path, err);
    page_free(&p);
    return is_good;
}
