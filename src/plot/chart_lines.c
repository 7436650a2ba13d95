/* chart_lines.c: curves. A point outside the axes ends a piece, and the next one inside begins another. */
#include <assert.h>
#include <math.h>

#include "plot/chart_frame.h"

enum { NUMBERS = 20, TICKS = 6, X_TICKS = 9 };

static bool is_drawn(const chart_curves *data, double x, double y)
{
    return isfinite(x) && isfinite(y) && (data->x_scale == CHART_LINEAR || x > 0) && (data->y_scale == CHART_LINEAR || y > 0);
}

static void include(double value, double *low, double *high)
{
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

static void round_to_decades(double *low, double *high)
{
    double from = 1, to = 1;
    while (from > *low)
        from /= 10;
    while (from * 10 <= *low)
        from *= 10;
    for (to = from * 10; to < *high;)
        to *= 10;
    *low = from;
    *high = to;
}

static void find_ranges(const chart_curves *data, chart_axis *x, chart_axis *y)
{
    double x_low = HUGE_VAL, x_high = -HUGE_VAL, y_low = HUGE_VAL, y_high = -HUGE_VAL;
    for (int s = 0; s < data->series_count; s++)
        for (size_t i = 0; i < data->series[s].count; i++)
            if (is_drawn(data, data->series[s].x[i], data->series[s].y[i])) {
                include(data->series[s].x[i], &x_low, &x_high);
                include(data->series[s].y[i], &y_low, &y_high);
            }
    if (!(x_low <= x_high)) { /* nothing to draw: an empty frame */
        x_low = data->x_scale == CHART_LOG ? 0.1 : 0;
        x_high = 1;
        y_low = data->y_scale == CHART_LOG ? 0.1 : 0;
        y_high = 1;
    }
    if (data->x_scale == CHART_LOG)
        round_to_decades(&x_low, &x_high);
    else
        ticks_round_out(&x_low, &x_high, X_TICKS);
    if (data->y_low < data->y_high) {
        y_low = data->y_low;
        y_high = data->y_high;
    } else if (data->y_scale == CHART_LOG) {
        round_to_decades(&y_low, &y_high);
    } else {
        ticks_round_out(&y_low, &y_high, TICKS);
    }
    *x = (chart_axis){.low = x_low, .high = x_high, .scale = data->x_scale};
    *y = (chart_axis){.low = y_low, .high = y_high, .scale = data->y_scale};
}

static bool is_inside(const chart_axis *axis, double value)
{
    return value >= axis->low && value <= axis->high;
}

static void add_curve(df_text *out, const chart_area *area, const chart_curves *data, int series)
{
    const chart_line_series *s = &data->series[series];
    const char *command = "M";
    df_text_addf(out, "<path class=\"s%d l\" d=\"", series);
    for (size_t i = 0; i < s->count; i++) {
        if (!is_drawn(data, s->x[i], s->y[i]) || !is_inside(&area->x, s->x[i]) || !is_inside(&area->y, s->y[i])) {
            command = "M";
            continue;
        }
        df_text_add(out, command);
        df_text_number(out, chart_position(&area->x, s->x[i]), 2);
        df_text_add(out, " ");
        df_text_number(out, chart_position(&area->y, s->y[i]), 2);
        command = "L";
    }
    df_text_add(out, "\"/>\n");
}

void chart_lines(df_text *out, const chart_frame *frame, const chart_curves *data)
{
    assert(data->series_count >= 1 && data->series_count <= CHART_MAX_SERIES);
    const char *names[CHART_MAX_SERIES];
    for (int s = 0; s < data->series_count; s++)
        names[s] = data->series[s].name ? data->series[s].name : "";
    const chart_legend legend = {.names = names, .count = data->series_count};
    chart_axis x, y;
    find_ranges(data, &x, &y);
    const chart_area area = chart_axes(out, frame, &legend, x, y, NUMBERS);
    chart_x_numbers(out, &area);
    for (int s = 0; s < data->series_count; s++)
        add_curve(out, &area, data, s);
    chart_end(out);
}
