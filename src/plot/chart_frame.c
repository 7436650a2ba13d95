/* chart_frame.c: one style for all charts, written into each so that an SVG stands alone; on a page the copies agree. Positions
   have two decimals. */
#include "plot/chart_frame.h"

#include <math.h>
#include <string.h>

#include "plot/escape.h"

enum { EDGE = 12, TITLE_BAND = 28, LEGEND_BAND = 22, LABEL_BAND = 20, NUMBER_GAP = 6, SWATCH = 10, DIGITS = 2, Y_TICKS = 6, X_TICKS = 9 };

/* Series 0 .. 7 are s0 .. s7; a series draws its area with class "a" and its outline with "l". */
static const char style[] =
    ".dfc{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;fill:#4b5563}"
    ".dfc .t{font-size:14px;font-weight:600;fill:#111827}.dfc .v{fill:#111827}.dfc .w{fill:#fff}"
    ".dfc .big{font-size:26px;font-weight:600;fill:#111827}.dfc .g{stroke:#9ca3af;stroke-opacity:.35;fill:none}"
    ".dfc .x{stroke:#6b7280;fill:none}.dfc .h{fill:#0072b2}.dfc .cell{stroke:#9ca3af;stroke-opacity:.35;fill:none}"
    ".dfc .s0{fill:#0072b2;stroke:#0072b2}.dfc .s1{fill:#e69f00;stroke:#e69f00}.dfc .s2{fill:#009e73;stroke:#009e73}"
    ".dfc .s3{fill:#d55e00;stroke:#d55e00}.dfc .s4{fill:#cc79a7;stroke:#cc79a7}.dfc .s5{fill:#56b4e9;stroke:#56b4e9}"
    ".dfc .s6{fill:#c9b800;stroke:#c9b800}.dfc .s7{fill:#6b7280;stroke:#6b7280}"
    ".dfc .b{stroke:none}.dfc .a{fill-opacity:.22;stroke:none}.dfc .l{fill:none;stroke-width:1.75;stroke-linejoin:round}"
    "@media(prefers-color-scheme:dark){.dfc{fill:#a8b0bb}.dfc .t,.dfc .v,.dfc .big{fill:#e8eaed}.dfc .x{stroke:#8b929c}}"
    "@media print{.dfc{fill:#333}.dfc .t,.dfc .v,.dfc .big{fill:#000}}";

static const char *const anchors[] = {[CHART_START] = "start", [CHART_MIDDLE] = "middle", [CHART_END] = "end"};

static void add_attribute(df_text *out, const char *name, double value)
{
    df_text_addf(out, " %s=\"", name);
    df_text_number(out, value, DIGITS);
    df_text_add(out, "\"");
}

void chart_begin(df_text *out, const chart_frame *frame, double width, double height)
{
    df_text_add(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dfc\" role=\"img\"");
    add_attribute(out, "width", width);
    add_attribute(out, "height", height);
    df_text_add(out, " viewBox=\"0 0 ");
    df_text_number(out, width, DIGITS);
    df_text_add(out, " ");
    df_text_number(out, height, DIGITS);
    df_text_add(out, "\"><style>");
    df_text_add(out, style);
    df_text_add(out, "</style>\n");
    if (frame->title) {
        df_text_add(out, "<title>");
        escape_xml(out, frame->title);
        df_text_add(out, "</title>");
        chart_text(out, "t", EDGE, EDGE + CHART_TITLE_SIZE - 2, CHART_START, frame->title);
    }
}

void chart_end(df_text *out)
{
    df_text_add(out, "</svg>\n");
}

void chart_text(df_text *out, const char *class, double x, double y, chart_anchor anchor, const char *text)
{
    df_text_addf(out, "<text class=\"%s\"", class);
    add_attribute(out, "x", x);
    add_attribute(out, "y", y);
    df_text_addf(out, " text-anchor=\"%s\">", anchors[anchor]);
    escape_xml(out, text);
    df_text_add(out, "</text>\n");
}

void chart_number_at(df_text *out, const char *class, double x, double y, chart_anchor anchor, double value, int digits)
{
    df_text label = {0};
    ticks_label(&label, value, digits);
    chart_text(out, class, x, y, anchor, label.data ? label.data : "");
    out->failed |= label.failed;
    df_text_free(&label);
}

void chart_rectangle(df_text *out, const char *class, double x, double y, double width, double height)
{
    df_text_addf(out, "<rect class=\"%s\"", class);
    add_attribute(out, "x", x);
    add_attribute(out, "y", y);
    add_attribute(out, "width", fmax(width, 0));
    add_attribute(out, "height", fmax(height, 0));
    df_text_add(out, "/>\n");
}

static void add_line(df_text *out, const char *class, double x1, double y1, double x2, double y2)
{
    df_text_addf(out, "<line class=\"%s\"", class);
    add_attribute(out, "x1", x1);
    add_attribute(out, "y1", y1);
    add_attribute(out, "x2", x2);
    add_attribute(out, "y2", y2);
    df_text_add(out, "/>\n");
}

double chart_text_width(const char *text)
{
    double width = 0;
    for (; *text; text++) {
        const char c = *text;
        if (((unsigned char)c & 0xC0) == 0x80)
            continue; /* counted with its first byte */
        if (strchr("iIjl.,:;'|!()[]tfr ", c))
            width += 0.34;
        else if (strchr("mwMW@%", c))
            width += 0.9;
        else
            width += c >= 'A' && c <= 'Z' ? 0.7 : 0.58;
    }
    return width;
}

double chart_position(const chart_axis *axis, double value)
{
    const double low = axis->scale == CHART_LOG ? (double)logf((float)axis->low) : axis->low;
    const double high = axis->scale == CHART_LOG ? (double)logf((float)axis->high) : axis->high;
    const double at = axis->scale == CHART_LOG ? (double)logf((float)value) : value;
    return axis->from + (at - low) / (high - low) * (axis->to - axis->from);
}

static double widest_label(const chart_axis *y)
{
    if (y->scale == CHART_LOG)
        return chart_text_width("10-10") * CHART_SIZE;
    const ticks marks = ticks_within(y->low, y->high, Y_TICKS);
    double widest = 0;
    for (int i = 0; i < marks.count; i++) {
        df_text label = {0};
        ticks_label(&label, ticks_value(&marks, i), marks.digits);
        widest = fmax(widest, label.data ? chart_text_width(label.data) * CHART_SIZE : 0);
        df_text_free(&label);
    }
    return widest;
}

static double legend_item_width(const char *name)
{
    return SWATCH + 5 + chart_text_width(name) * CHART_SIZE + 14;
}

/* Wraps into as many lines as it needs, from `top`; returns their height. `out` NULL: only measures. */
static double add_legend(df_text *out, const chart_legend *legend, double left, double right, double top)
{
    double x = left, y = top;
    if (!legend || legend->count < 2)
        return 0;
    for (int i = 0; i < legend->count; i++) {
        const double width = legend_item_width(legend->names[i]);
        if (x > left && x + width > right) {
            x = left;
            y += LEGEND_BAND - 4;
        }
        if (out) {
            char class[] = "b s0";
            class[3] = (char)('0' + i % CHART_MAX_SERIES);
            chart_rectangle(out, class, x, y, SWATCH, SWATCH);
            chart_text(out, "v", x + SWATCH + 5, y + SWATCH, CHART_START, legend->names[i]);
        }
        x += width;
    }
    return y - top + LEGEND_BAND;
}

/* The exponent of the first power of ten on the axis. */
static int first_power(const chart_axis *axis, double *power)
{
    int exponent = 0;
    *power = 1;
    for (; *power > axis->low * 1.001; exponent--)
        *power /= 10;
    for (; *power * 1.001 < axis->low; exponent++)
        *power *= 10;
    return exponent;
}

static void add_power(df_text *out, double x, double y, chart_anchor anchor, int exponent)
{
    df_text label = {0};
    ticks_power_label(&label, exponent);
    chart_text(out, "n", x, y, anchor, label.data ? label.data : "");
    df_text_free(&label);
}

static void add_y_powers(df_text *out, const chart_area *area)
{
    double power;
    for (int exponent = first_power(&area->y, &power); power < area->y.high * 1.001; power *= 10, exponent++) {
        const double y = chart_position(&area->y, power);
        add_line(out, "g", area->x.from, y, area->x.to, y);
        add_power(out, area->x.from - NUMBER_GAP, y + CHART_SIZE * 0.35, CHART_END, exponent);
    }
}

static void add_y_numbers(df_text *out, const chart_area *area)
{
    const ticks marks = ticks_within(area->y.low, area->y.high, Y_TICKS);
    for (int i = 0; i < marks.count; i++) {
        const double value = ticks_value(&marks, i), y = chart_position(&area->y, value);
        add_line(out, "g", area->x.from, y, area->x.to, y);
        chart_number_at(out, "n", area->x.from - NUMBER_GAP, y + CHART_SIZE * 0.35, CHART_END, value, marks.digits);
    }
}

static void add_y_axis(df_text *out, const chart_area *area)
{
    if (area->y.scale == CHART_LOG)
        add_y_powers(out, area);
    else
        add_y_numbers(out, area);
    add_line(out, "x", area->x.from, area->y.from, area->x.to, area->y.from);
}

static void add_labels(df_text *out, const chart_frame *frame, const chart_area *area)
{
    if (frame->x_label)
        chart_text(out, "n", 0.5 * (area->x.from + area->x.to), area->height - EDGE + 2, CHART_MIDDLE, frame->x_label);
    if (!frame->y_label)
        return;
    df_text_add(out, "<g transform=\"translate(");
    df_text_number(out, EDGE + CHART_SIZE - 4, DIGITS);
    df_text_add(out, " ");
    df_text_number(out, 0.5 * (area->y.from + area->y.to), DIGITS);
    df_text_add(out, ") rotate(-90)\">");
    chart_text(out, "n", 0, 0, CHART_MIDDLE, frame->y_label);
    df_text_add(out, "</g>\n");
}

chart_area chart_axes(df_text *out, const chart_frame *frame, const chart_legend *legend, chart_axis x, chart_axis y, double below)
{
    chart_area area = {
        .x = x, .y = y, .width = frame->width ? frame->width : CHART_WIDTH, .height = frame->height ? frame->height : CHART_HEIGHT};
    chart_begin(out, frame, area.width, area.height);
    const double top = frame->title ? EDGE + TITLE_BAND : EDGE + CHART_SIZE / 2;
    area.x.from = EDGE + (frame->y_label ? LABEL_BAND : 0) + widest_label(&y) + NUMBER_GAP;
    area.x.to = area.width - EDGE - NUMBER_GAP;
    area.y.from = area.height - EDGE - below - (frame->x_label ? LABEL_BAND : 0);
    area.y.to = top + add_legend(NULL, legend, area.x.from, area.x.to, top);
    add_legend(out, legend, area.x.from, area.x.to, top - 4);
    add_y_axis(out, &area);
    add_labels(out, frame, &area);
    return area;
}

static void add_log_numbers(df_text *out, const chart_area *area)
{
    double power;
    for (int exponent = first_power(&area->x, &power); power < area->x.high * 1.001; power *= 10, exponent++) {
        const double x = chart_position(&area->x, power);
        add_line(out, "g", x, area->y.from, x, area->y.to);
        add_power(out, x, area->y.from + NUMBER_GAP + CHART_SIZE, CHART_MIDDLE, exponent);
    }
}

void chart_x_numbers(df_text *out, const chart_area *area)
{
    if (area->x.scale == CHART_LOG) {
        add_log_numbers(out, area);
        return;
    }
    const ticks marks = ticks_within(area->x.low, area->x.high, X_TICKS);
    for (int i = 0; i < marks.count; i++) {
        const double value = ticks_value(&marks, i), x = chart_position(&area->x, value);
        add_line(out, "x", x, area->y.from, x, area->y.from + 4);
        chart_number_at(out, "n", x, area->y.from + NUMBER_GAP + CHART_SIZE, CHART_MIDDLE, value, marks.digits);
    }
}
