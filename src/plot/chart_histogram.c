/* chart_histogram.c: one series as bars, several as outlines over each other. */
#include <assert.h>
#include <math.h>

#include "plot/chart_frame.h"

enum { NUMBERS = 20, GAP = 1, TICKS = 6 };

static double total(const chart_counts *series, int bins)
{
    double sum = 0;
    for (int i = 0; i < bins; i++)
        sum += (double)series->counts[i];
    return sum;
}

/* What the bar of a bin shows. */
static double height_of(const chart_bins *data, int series, int bin)
{
    const double count = (double)data->series[series].counts[bin];
    if (data->measure == CHART_COUNTS)
        return count;
    const double sum = total(&data->series[series], data->bins);
    return sum > 0 ? 100 * count / sum : 0;
}

static double highest(const chart_bins *data)
{
    double most = 0;
    for (int s = 0; s < data->series_count; s++)
        for (int i = 0; i < data->bins; i++)
            most = fmax(most, height_of(data, s, i));
    return most > 0 ? most : 1;
}

static double edge(const chart_area *area, const chart_bins *data, int bin)
{
    return chart_position(&area->x, data->low + (data->high - data->low) * bin / data->bins);
}

static void add_bars(df_text *out, const chart_area *area, const chart_bins *data)
{
    for (int i = 0; i < data->bins; i++) {
        const double left = edge(area, data, i), right = edge(area, data, i + 1), top = chart_position(&area->y, height_of(data, 0, i));
        const double gap = right - left > 4 ? GAP : 0;
        if (data->series[0].counts[i] > 0)
            chart_rectangle(out, "b s0", left + 0.5 * gap, top, right - left - gap, area->y.from - top);
    }
}

static void add_steps(df_text *out, const chart_area *area, const chart_bins *data, int series, const char *kind)
{
    df_text_addf(out, "<path class=\"s%d %s\" d=\"M", series, kind);
    df_text_number(out, edge(area, data, 0), 2);
    df_text_add(out, " ");
    df_text_number(out, area->y.from, 2);
    for (int i = 0; i < data->bins; i++) {
        df_text_add(out, "V");
        df_text_number(out, chart_position(&area->y, height_of(data, series, i)), 2);
        df_text_add(out, "H");
        df_text_number(out, edge(area, data, i + 1), 2);
    }
    df_text_add(out, "V");
    df_text_number(out, area->y.from, 2);
    df_text_add(out, "\"/>\n");
}

void chart_histogram(df_text *out, const chart_frame *frame, const chart_bins *data)
{
    assert(data->bins > 0 && data->low < data->high && data->series_count >= 1 && data->series_count <= CHART_MAX_SERIES);
    const char *names[CHART_MAX_SERIES];
    for (int s = 0; s < data->series_count; s++)
        names[s] = data->series[s].name ? data->series[s].name : "";
    const chart_legend legend = {.names = names, .count = data->series_count};
    double low = 0, high = highest(data);
    ticks_round_out(&low, &high, TICKS);
    const chart_area area = chart_axes(out, frame, &legend, (chart_axis){.low = data->low, .high = data->high},
                                       (chart_axis){.low = low, .high = high}, NUMBERS);
    if (data->series_count == 1)
        add_bars(out, &area, data);
    for (int pass = 0; pass < 2 && data->series_count > 1; pass++)
        for (int s = 0; s < data->series_count; s++)
            add_steps(out, &area, data, s, pass == 0 ? "a" : "l");
    chart_x_numbers(out, &area);
    chart_end(out);
}
