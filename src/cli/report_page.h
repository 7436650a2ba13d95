/* report_page.h: the page about a folder of results, and what its sections share. `diffuse report` and `diffuse demo` call
   report_write. */
#ifndef DF_CLI_REPORT_PAGE_H
#define DF_CLI_REPORT_PAGE_H

#include <limits.h>

#include "base/progress.h"
#include "cli/report_scan.h"
#include "plot/page.h"

typedef struct report {
    page page;
    df_arena *arena; /* of the report; sections give back what they take */
    const df_progress *progress;
    char pictures[PATH_MAX];   /* folder of the page's own pictures */
    const char *pictures_name; /* the same from the page */
    int picture_count;
} report;

/* Writes the page `out` about `folder`, and its pictures into a folder beside it, named like the page with "-files" for ".html".
   What cannot be read is named on the page and told through progress; fails where the page cannot be written. */
bool report_write(const char *folder, const char *out, const df_progress *progress, df_error *err) DF_CHECKED;

/* A name for the page's next picture: the path to write to, and as the page links it. */
bool report_new_picture(report *report, const char *ending, char path[PATH_MAX], char link[PATH_MAX], df_error *err) DF_CHECKED;

/* Something that cannot be shown: a note on the page and on the terminal. */
void report_trouble(report *report, const df_error *what);

/* The sections, one function a kind. */
bool report_add_commands(report *report, const report_item *items, int count, df_error *err) DF_CHECKED;
bool report_add_sets(report *report, const report_item *items, int count, df_error *err) DF_CHECKED;
bool report_add_people(report *report, const report_item *items, int count, df_error *err) DF_CHECKED;
bool report_add_models(report *report, const report_item *items, int count, df_error *err) DF_CHECKED;
bool report_add_figures(report *report, const report_item *items, int count, df_error *err) DF_CHECKED;
bool report_add_results(report *report, const report_item *items, int count, df_error *err) DF_CHECKED;

#endif
