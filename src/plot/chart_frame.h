/* chart_frame.h: what all charts share, inside src/plot: the element with its style, title, legend, axes, and positions in user
   units of the SVG. */
#ifndef DF_PLOT_CHART_FRAME_H
#define DF_PLOT_CHART_FRAME_H

#include "plot/chart.h"
#include "plot/ticks.h"

typedef enum chart_anchor { CHART_START, CHART_MIDDLE, CHART_END } chart_anchor;

typedef struct chart_axis {
    double low, high; /* values at the ends; powers of ten where it is logarithmic */
    chart_scale scale;
    double from, to; /* positions of the ends */
} chart_axis;

typedef struct chart_area {
    chart_axis x, y;
    double width, height; /* of the whole chart */
} chart_area;

typedef struct chart_legend {
    const char *const *names; /* NULL or one name: no legend */
    int count;
} chart_legend;

/* Opens the element and writes the title. frame_height may ask for more than frame->height says. */
void chart_begin(df_text *out, const chart_frame *frame, double width, double height);
void chart_end(df_text *out);

/* The rectangle that is left for the data once title, legend, labels and the y axis' numbers have their place; writes legend,
   labels, grid and the numbers of the y axis. `below` is the room under the x axis for its numbers. */
chart_area chart_axes(df_text *out, const chart_frame *frame, const chart_legend *legend, chart_axis x, chart_axis y, double below);
void chart_x_numbers(df_text *out, const chart_area *area);

double chart_position(const chart_axis *axis, double value);

/* Text in one of the style's classes ("t" title, "v" value, "n" axis number, "w" on a dark cell). */
void chart_text(df_text *out, const char *style, double x, double y, chart_anchor anchor, const char *text);
void chart_rectangle(df_text *out, const char *style, double x, double y, double width, double height);
void chart_number_at(df_text *out, const char *style, double x, double y, chart_anchor anchor, double value, int digits);

/* About how wide a text is in the usual sans-serif faces, for a size of 1. */
double chart_text_width(const char *text);

/* Sizes as in the style. */
enum { CHART_SIZE = 12, CHART_TITLE_SIZE = 14, CHART_WIDTH = 480, CHART_HEIGHT = 300 };

#endif
