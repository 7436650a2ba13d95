/* report_charts.c: charts of a data set. Texts of cells are made in one df_text and pointed into once it has stopped moving. */
#include "cli/report_charts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/chart.h"
#include "plot/ticks.h"

enum { MOST_BINS = 40, FINE_BINS = 50, MOST_NAMES = 12, TEXT = 160, WIDE = 560, COLUMNS = DEMOGRAPHICS_AGES + 4, MOST_DIGITS = 6 };

static void count_text(char out[TEXT], int64_t value)
{
    df_text label = {0};
    ticks_label(&label, (double)value, 0);
    snprintf(out, TEXT, "%s", label.data ? label.data : "");
    df_text_free(&label);
}

static void age_name(const demographics *d, int bin, char out[TEXT])
{
    snprintf(out, TEXT, "%g\xE2\x80\x93%g", (double)d->age_edges[bin], (double)d->age_edges[bin + 1]);
}

/* -1 stands for all groups or genders. */
static void add_row(page *p, const page_table *table, const demographics *d, int group, int gender)
{
    char texts[COLUMNS][TEXT];
    const char *cells[COLUMNS] = {group >= 0 ? d->groups[group] : "all", gender >= 0 ? d->genders[gender] : "all"};
    for (int c = 2; c < COLUMNS; c++)
        cells[c] = texts[c];
    for (int a = 0; a < d->age_count; a++)
        count_text(texts[2 + a], demographics_sum(d, gender, group, a).people);
    count_text(texts[2 + d->age_count], demographics_sum(d, gender, group, -1).people);
    count_text(texts[3 + d->age_count], demographics_sum(d, gender, group, -1).images);
    page_table_row(p, table, cells);
}

static void add_table(page *p, const demographics *d)
{
    char ages[DEMOGRAPHICS_AGES][TEXT];
    const char *headers[COLUMNS] = {"group", "gender"};
    page_align align[COLUMNS] = {PAGE_LEFT, PAGE_LEFT};
    const bool has_images = demographics_sum(d, -1, -1, -1).images > 0;
    for (int a = 0; a < d->age_count; a++) {
        age_name(d, a, ages[a]);
        headers[2 + a] = ages[a];
    }
    headers[2 + d->age_count] = "people";
    headers[3 + d->age_count] = "images";
    for (int c = 2; c < COLUMNS; c++)
        align[c] = PAGE_RIGHT;

    const page_table table = {
        .caption = "People by age in years", .headers = headers, .align = align, .columns = d->age_count + (has_images ? 4 : 3)};
    page_table_begin(p, &table);
    for (int e = 0; e < d->group_count; e++)
        for (int g = 0; g < d->gender_count; g++)
            add_row(p, &table, d, e, g);
    add_row(p, &table, d, -1, -1);
    page_table_end(p);
}

static void put_chart(page *p, df_text *svg, const char *caption)
{
    if (!svg->failed)
        page_chart(p, svg->data, caption);
    p->body.failed |= svg->failed;
    df_text_free(svg);
}

/* One bar a gender for each of `count` categories: groups, or age bins where by_age. */
static void add_bars(page *p, const demographics *d, const char *title, const char *const *names, int count, bool by_age)
{
    double values[DEMOGRAPHICS_GENDERS][DEMOGRAPHICS_AGES];
    chart_bar_series series[DEMOGRAPHICS_GENDERS];
    df_text svg = {0};
    for (int g = 0; g < d->gender_count; g++) {
        for (int i = 0; i < count; i++)
            values[g][i] = (double)demographics_sum(d, g, by_age ? -1 : i, by_age ? i : -1).people;
        series[g] = (chart_bar_series){.name = d->genders[g], .values = values[g]};
    }
    chart_bars(&svg, &(chart_frame){.title = title, .y_label = "people", .x_label = by_age ? "age (years)" : NULL, .height = 260},
               &(chart_categories){.names = names, .count = count, .series = series, .series_count = d->gender_count});
    put_chart(p, &svg, NULL);
}

void report_demographics(page *p, const demographics *d)
{
    char age_names[DEMOGRAPHICS_AGES][TEXT];
    const char *groups[DEMOGRAPHICS_AGES], *ages[DEMOGRAPHICS_AGES];
    _Static_assert(DEMOGRAPHICS_GROUPS <= DEMOGRAPHICS_AGES, "one array serves both");
    if (d->group_count == 0)
        return;
    for (int e = 0; e < d->group_count; e++)
        groups[e] = d->groups[e];
    for (int a = 0; a < d->age_count; a++) {
        age_name(d, a, age_names[a]);
        ages[a] = age_names[a];
    }
    add_table(p, d);
    page_grid(p);
    add_bars(p, d, "People by group and gender", groups, d->group_count, false);
    add_bars(p, d, "People by age and gender", ages, d->age_count, true);
}

static bool is_constant(const tally *t)
{
    return t->total > 0 && t->low == t->high;
}

/* Three digits for the range, so that ends and mean can be told apart. */
static void add_range(df_text *out, const tally *t)
{
    int digits = 0;
    for (double span = t->high - t->low; span < 100 && digits < MOST_DIGITS; span *= 10)
        digits++;
    df_text_add(out, "Mean ");
    ticks_label(out, t->sum / (double)t->total, digits);
    df_text_add(out, ", from ");
    ticks_label(out, t->low, digits);
    df_text_add(out, " to ");
    ticks_label(out, t->high, digits);
}

void report_histogram(page *p, const char *title, const char *unit, const tally *t)
{
    int64_t counts[MOST_BINS];
    double low, high;
    df_text svg = {0}, caption = {0};
    const int bins = tally_bins(t, MOST_BINS, &low, &high, counts);
    const chart_counts series = {.counts = counts};
    chart_histogram(&svg, &(chart_frame){.title = title, .x_label = unit, .y_label = "images", .height = 240},
                    &(chart_bins){.low = low, .high = high, .bins = bins, .series = &series, .series_count = 1});
    add_range(&caption, t);
    put_chart(p, &svg, caption.data);
    p->body.failed |= caption.failed;
    df_text_free(&caption);
}

static void add_constants(page *p, const summary *of)
{
    const page_table table = {.caption = "The same in all images",
                              .headers = (const char *const[]){"what", "value"},
                              .align = (const page_align[]){PAGE_LEFT, PAGE_RIGHT},
                              .columns = 2};
    bool is_begun = false;
    for (int m = 0; m < SUMMARY_MEASURE_COUNT; m++) {
        const summary_measure_row *row = &summary_measure_rows[m];
        char value[TEXT];
        if (!is_constant(&of->measures[m]))
            continue;
        if (!is_begun)
            page_table_begin(p, &table);
        is_begun = true;
        snprintf(value, sizeof value, "%g%s%s", of->measures[m].low, row->unit ? " " : "", row->unit ? row->unit : "");
        page_table_row(p, &table, (const char *const[]){row->title, value});
    }
    if (is_begun)
        page_table_end(p);
}

void report_measures(page *p, const summary *of)
{
    page_grid(p);
    for (int m = 0; m < SUMMARY_MEASURE_COUNT; m++)
        if (of->measures[m].total > 0 && !is_constant(&of->measures[m]))
            report_histogram(p, summary_measure_rows[m].title, summary_measure_rows[m].unit, &of->measures[m]);
    add_constants(p, of);
}

static void add_topic(page *p, const char *title, const summary_names *names)
{
    const char *labels[MOST_NAMES + 1];
    double values[MOST_NAMES + 1];
    int count = 0;
    int64_t others = names->others;
    df_text svg = {0};
    for (int i = 0; i < names->count; i++)
        if (count < MOST_NAMES) {
            labels[count] = names->items[i].name;
            values[count++] = (double)names->items[i].images;
        } else {
            others += names->items[i].images;
        }
    if (others > 0) {
        labels[count] = "others";
        values[count++] = (double)others;
    }
    const chart_bar_series series = {.values = values};
    chart_bars(&svg, &(chart_frame){.title = title, .y_label = "images", .height = 270},
               &(chart_categories){.names = labels, .count = count, .series = &series, .series_count = 1});
    put_chart(p, &svg, NULL);
}

void report_topics(page *p, const summary *of)
{
    page_grid(p);
    for (int t = 0; t < SUMMARY_TOPIC_COUNT; t++) {
        const summary_names *names = &of->topics[t];
        const bool is_none_alone = names->count == 1 && strcmp(names->items[0].name, "none") == 0;
        if (names->count > 0 && !is_none_alone)
            add_topic(p, summary_topic_rows[t].title, names);
    }
}

/* The counts of a tally in `bins` parts of [low, high). */
static void bins_of(const tally *t, double low, double high, int bins, int64_t *counts)
{
    for (int i = 0; i < TALLY_BINS; i++) {
        const double middle = ((double)(t->first + i) + 0.5) * t->width;
        const int bin = (int)((middle - low) / (high - low) * bins);
        if (t->counts[i] > 0)
            counts[bin < 0 ? 0 : bin >= bins ? bins - 1 : bin] += t->counts[i];
    }
}

/* The whole tallies' common range, a whole number of steps; returns how many. */
static int common_bins(const demographics *groups, const tally *tallies, double *low, double *high)
{
    *low = 1;
    *high = 0;
    for (int g = 0; g < groups->group_count; g++)
        if (tallies[g].total > 0) {
            *low = fmin(*low, tallies[g].low);
            *high = fmax(*high, tallies[g].high);
        }
    const int first = (int)floor(*low * FINE_BINS), end = (int)floor(*high * FINE_BINS) + 1;
    *low = (double)first / FINE_BINS;
    *high = (double)end / FINE_BINS;
    return end - first;
}

void report_brightness(page *p, const demographics *groups, const tally *brightness)
{
    int64_t counts[CHART_MAX_SERIES][FINE_BINS + 1] = {{0}};
    chart_counts series[CHART_MAX_SERIES];
    double low, high;
    df_text svg = {0}, caption = {0};
    const int bins = common_bins(groups, brightness, &low, &high);
    int shown = 0;
    for (int g = 0; g < groups->group_count && shown < CHART_MAX_SERIES && bins > 0; g++) {
        if (brightness[g].total == 0)
            continue;
        bins_of(&brightness[g], low, high, bins, counts[shown]);
        series[shown] = (chart_counts){.name = groups->groups[g], .counts = counts[shown]};
        df_text_addf(&caption, "%s%s: mean %.3f (%lld images)", shown ? "; " : "", groups->groups[g],
                     brightness[g].sum / (double)brightness[g].total, (long long)brightness[g].total);
        shown++;
    }
    if (shown > 0) {
        chart_histogram(
            &svg,
            &(chart_frame){.title = "Brightness of the face",
                           .x_label = "mean of the box, share of full scale",
                           .y_label = "share of the group (%)",
                           .width = WIDE,
                           .height = 260},
            &(chart_bins){.low = low, .high = high, .bins = bins, .measure = CHART_SHARES, .series = series, .series_count = shown});
        put_chart(p, &svg, caption.data);
    }
    p->body.failed |= caption.failed;
    df_text_free(&caption);
}
