/* chart_matrix.c: cells shaded by their share of the row; the number, and below it the share in per cent. */
#include <assert.h>
#include <math.h>

#include "plot/chart_frame.h"

enum { EDGE = 12, TOP = 40, LABELS = 22, MOST_CELL = 92, CELL_HEIGHT = 48, NAME_GAP = 8 };

static const double DARK_FROM = 0.5;

static double row_total(const chart_confusion *data, int row)
{
    double sum = 0;
    for (int c = 0; c < data->column_count; c++)
        sum += data->values[row * data->column_count + c];
    return sum;
}

static void add_cell(df_text *out, double x, double y, double width, double value, double share)
{
    const char *class = share >= DARK_FROM ? "w" : "v";
    df_text percent = {0};
    df_text_add(out, "<g fill-opacity=\"");
    df_text_number(out, 0.04 + 0.96 * share, 3);
    df_text_add(out, "\">");
    chart_rectangle(out, "h", x, y, width, CELL_HEIGHT);
    df_text_add(out, "</g>");
    chart_rectangle(out, "cell", x, y, width, CELL_HEIGHT);
    chart_number_at(out, class, x + 0.5 * width, y + 21, CHART_MIDDLE, value, value == floor(value) ? 0 : 2);
    ticks_label(&percent, 100 * share, 1);
    df_text_add(&percent, " %");
    chart_text(out, class, x + 0.5 * width, y + 38, CHART_MIDDLE, percent.data ? percent.data : "");
    out->failed |= percent.failed;
    df_text_free(&percent);
}

static void add_row(df_text *out, const chart_confusion *data, int row, double left, double y, double width)
{
    const double sum = row_total(data, row);
    chart_text(out, "v", left - NAME_GAP, y + 0.5 * CELL_HEIGHT + 4, CHART_END, data->rows[row]);
    for (int c = 0; c < data->column_count; c++) {
        const double value = data->values[row * data->column_count + c];
        add_cell(out, left + c * width, y, width, value, sum > 0 ? value / sum : 0);
    }
}

void chart_matrix(df_text *out, const chart_frame *frame, const chart_confusion *data)
{
    assert(data->row_count > 0 && data->column_count > 0);
    double names = frame->y_label ? chart_text_width(frame->y_label) * CHART_SIZE : 0, cell = 64;
    for (int r = 0; r < data->row_count; r++)
        names = fmax(names, chart_text_width(data->rows[r]) * CHART_SIZE);
    for (int c = 0; c < data->column_count; c++)
        cell = fmin(MOST_CELL, fmax(cell, chart_text_width(data->columns[c]) * CHART_SIZE + 12));
    const double left = EDGE + names + NAME_GAP, top = (frame->title ? TOP : EDGE) + (frame->x_label ? LABELS : 0) + LABELS;
    const double width = left + cell * data->column_count + EDGE, height = top + CELL_HEIGHT * data->row_count + EDGE;
    chart_begin(out, frame, width, height);
    if (frame->x_label)
        chart_text(out, "n", left + 0.5 * cell * data->column_count, top - LABELS - 8, CHART_MIDDLE, frame->x_label);
    if (frame->y_label)
        chart_text(out, "n", left - NAME_GAP, top - 8, CHART_END, frame->y_label);
    for (int c = 0; c < data->column_count; c++)
        chart_text(out, "v", left + cell * (c + 0.5), top - 8, CHART_MIDDLE, data->columns[c]);
    for (int r = 0; r < data->row_count; r++)
        add_row(out, data, r, left, top + CELL_HEIGHT * r, cell);
    chart_end(out);
}
