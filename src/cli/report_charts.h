/* report_charts.h: counts and histograms of a data set as tables and charts on a page. */
#ifndef DF_CLI_REPORT_CHARTS_H
#define DF_CLI_REPORT_CHARTS_H

#include "dataset/summary.h"
#include "plot/page.h"

/* People (and images, where there are any) by group, gender and age bin. */
void report_demographics(page *page, const demographics *counts);

/* Everything that has a histogram; what is the same in all images is a row of a table instead. */
void report_measures(page *page, const summary *of);

/* One of them. unit may be NULL. */
void report_histogram(page *page, const char *title, const char *unit, const tally *values);

/* How often each name occurs, where there is more than "none". */
void report_topics(page *page, const summary *of);

/* Brightness of faces by group; tallies as summary_read_pixels makes them. */
void report_brightness(page *page, const demographics *groups, const tally *brightness);

#endif
