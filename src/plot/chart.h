/* chart.h: charts as SVG text, one <svg> element each, for files of their own and for pages (page.h). They read on light and on
   dark ground, in the colours of Okabe and Ito (2008), which people with any colour vision tell apart, and print. All text
   is escaped. The same numbers are the same bytes. Numbers that are not finite are left out.

   Memory: everything is appended to a df_text, whose sticky flag tells of its end. */
#ifndef DF_PLOT_CHART_H
#define DF_PLOT_CHART_H

#include "base/text.h"

enum { CHART_MAX_SERIES = 8 }; /* as many as there are colours */

typedef struct chart_frame { /* strings may be NULL */
    const char *title, *x_label, *y_label;
    int width, height; /* user units; 0: 480 and 300 */
} chart_frame;

typedef enum chart_measure { CHART_COUNTS, CHART_SHARES } chart_measure; /* numbers as they are, or per cent of each series */

/* How often values fell into each of `bins` equal parts of [low, high]. */
typedef struct chart_counts {
    const char *name;
    const int64_t *counts; /* [bins] */
} chart_counts;

typedef struct chart_bins {
    double low, high;
    int bins; /* above 0 */
    chart_measure measure;
    const chart_counts *series; /* [series_count], 1 .. CHART_MAX_SERIES */
    int series_count;
} chart_bins;
DF_API void chart_histogram(df_text *out, const chart_frame *frame, const chart_bins *data);

/* Bars side by side for each category. Values from 0 up. */
typedef struct chart_bar_series {
    const char *name;
    const double *values; /* [categories] */
} chart_bar_series;

typedef struct chart_categories {
    const char *const *names; /* [count] */
    int count;                /* above 0 */
    const chart_bar_series *series;
    int series_count;
    int digits; /* decimals of the numbers on the bars */
} chart_categories;
DF_API void chart_bars(df_text *out, const chart_frame *frame, const chart_categories *data);

/* Lines through points; ROC curves with a logarithmic x axis, DET curves with two (points at 0 or below are left out there). */
typedef enum chart_scale { CHART_LINEAR, CHART_LOG } chart_scale;

typedef struct chart_line_series {
    const char *name;
    const double *x, *y; /* [count] */
    size_t count;
} chart_line_series;

typedef struct chart_curves {
    const chart_line_series *series;
    int series_count;
    chart_scale x_scale, y_scale;
    double y_low, y_high; /* both 0: from the data; powers of ten where the scale is logarithmic */
} chart_curves;
DF_API void chart_lines(df_text *out, const chart_frame *frame, const chart_curves *data);

/* A table of counts as a map: rows are what is true, columns what was said; the shade is the share of the row. */
typedef struct chart_confusion {
    const char *const *rows, *const *columns;
    int row_count, column_count; /* above 0 */
    const double *values;        /* [row_count][column_count] from 0 up */
} chart_confusion;
DF_API void chart_matrix(df_text *out, const chart_frame *frame, const chart_confusion *data);

/* A row of large numbers with what they are below. */
typedef struct chart_number {
    const char *value, *label;
} chart_number;
DF_API void chart_numbers(df_text *out, const chart_frame *frame, const chart_number *numbers, int count);

#endif
