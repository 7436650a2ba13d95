/* chart_bars.c: bars side by side, their numbers above them where there is room, names below, aslant where they are long. */
#include <assert.h>
#include <math.h>

#include "plot/chart_frame.h"
#include "plot/escape.h"

enum { NUMBERS = 20, TICKS = 6, SLANT = 30, LONGEST_NAME = 110 };

static const double SLOT_USED = 0.78, MOST_BAR = 46;

static double highest(const chart_categories *data)
{
    double most = 0;
    for (int s = 0; s < data->series_count; s++)
        for (int i = 0; i < data->count; i++)
            if (isfinite(data->series[s].values[i]))
                most = fmax(most, data->series[s].values[i]);
    return most > 0 ? most : 1;
}

static double longest_name(const chart_categories *data)
{
    double longest = 0;
    for (int i = 0; i < data->count; i++)
        longest = fmax(longest, chart_text_width(data->names[i]) * CHART_SIZE);
    return longest;
}

static double label_width(double value, int digits)
{
    df_text label = {0};
    ticks_label(&label, value, digits);
    const double width = label.data ? chart_text_width(label.data) * CHART_SIZE : 0;
    df_text_free(&label);
    return width;
}

static void add_name(df_text *out, double x, double y, const char *name, bool is_aslant)
{
    if (!is_aslant) {
        chart_text(out, "v", x, y, CHART_MIDDLE, name);
        return;
    }
    df_text_add(out, "<g transform=\"translate(");
    df_text_number(out, x + 4, 2);
    df_text_add(out, " ");
    df_text_number(out, y - 2, 2);
    df_text_addf(out, ") rotate(-%d)\">", SLANT);
    chart_text(out, "v", 0, 0, CHART_END, name);
    df_text_add(out, "</g>\n");
}

static void add_category(df_text *out, const chart_area *area, const chart_categories *data, int category)
{
    const double slot = (area->x.to - area->x.from) / data->count;
    const double bar = fmin(slot * SLOT_USED / data->series_count, MOST_BAR);
    const double left = area->x.from + slot * (category + 0.5) - 0.5 * bar * data->series_count;
    for (int s = 0; s < data->series_count; s++) {
        const double value = data->series[s].values[category];
        char class[] = "b s0";
        class[3] = (char)('0' + s);
        if (!isfinite(value))
            continue;
        const double top = chart_position(&area->y, value), x = left + bar * s;
        chart_rectangle(out, class, x + 0.5, top, bar - 1, area->y.from - top);
        if (label_width(value, data->digits) <= bar + 4)
            chart_number_at(out, "v", x + 0.5 * bar, top - 4, CHART_MIDDLE, value, data->digits);
    }
}

void chart_bars(df_text *out, const chart_frame *frame, const chart_categories *data)
{
    assert(data->count > 0 && data->series_count >= 1 && data->series_count <= CHART_MAX_SERIES);
    const char *names[CHART_MAX_SERIES];
    for (int s = 0; s < data->series_count; s++)
        names[s] = data->series[s].name ? data->series[s].name : "";
    const chart_legend legend = {.names = names, .count = data->series_count};
    double low = 0, high = highest(data) * 1.08; /* room for the number on the tallest bar */
    ticks_round_out(&low, &high, TICKS);
    const double width = frame->width ? frame->width : CHART_WIDTH, longest = longest_name(data);
    const bool is_aslant = longest > (width - 80) / data->count - 6;
    const double below = is_aslant ? 12 + 0.5 * fmin(longest, LONGEST_NAME) : NUMBERS;
    const chart_area area =
        chart_axes(out, frame, &legend, (chart_axis){.low = 0, .high = 1}, (chart_axis){.low = low, .high = high}, below);
    const double slot = (area.x.to - area.x.from) / data->count;
    for (int i = 0; i < data->count; i++) {
        add_category(out, &area, data, i);
        add_name(out, area.x.from + slot * (i + 0.5), area.y.from + 16, data->names[i], is_aslant);
    }
    chart_end(out);
}
