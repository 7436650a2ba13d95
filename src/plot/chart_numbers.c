/* chart_numbers.c: large numbers in a row, each as wide as it needs. */
#include <assert.h>
#include <math.h>

#include "plot/chart_frame.h"

enum { EDGE = 12, TOP = 40, BIG_SIZE = 26, GAP = 36 };

static const double BOLD = 1.12; /* wider than plain letters */

static double number_width(const chart_number *number)
{
    return fmax(chart_text_width(number->value) * BIG_SIZE * BOLD, chart_text_width(number->label) * CHART_SIZE);
}

void chart_numbers(df_text *out, const chart_frame *frame, const chart_number *numbers, int count)
{
    assert(count > 0);
    const double top = frame->title ? TOP : EDGE;
    double width = 2 * EDGE - GAP, x = EDGE;
    for (int i = 0; i < count; i++)
        width += number_width(&numbers[i]) + GAP;
    chart_begin(out, frame, fmax(width, frame->width), top + BIG_SIZE + CHART_SIZE + 18);
    for (int i = 0; i < count; i++) {
        chart_text(out, "big", x, top + BIG_SIZE - 2, CHART_START, numbers[i].value);
        chart_text(out, "n", x, top + BIG_SIZE + CHART_SIZE + 6, CHART_START, numbers[i].label);
        x += number_width(&numbers[i]) + GAP;
    }
    chart_end(out);
}
