/* auth_groups_page.h: parts of the page of `diffuse auth eval`: curves, and a section for each way to group people. */
#ifndef DF_CLI_AUTH_GROUPS_PAGE_H
#define DF_CLI_AUTH_GROUPS_PAGE_H

#include "auth/auth_measure.h"
#include "plot/chart.h"
#include "plot/page.h"

enum { AUTH_TEXT = 128 };

typedef struct auth_curve {
    const char *name;
    const auth_figures *of;
} auth_curve;

void auth_count_text(char out[AUTH_TEXT], int64_t value);                          /* "10,000" */
void auth_interval_text(char out[AUTH_TEXT], const interval *i, const char *form); /* "0.1 to 0.2", "" without; form: as "%.4f" */

void auth_add_chart(page *p, const chart_frame *frame, const chart_curves *curves);

/* ROC and DET of at most CHART_MAX_SERIES sets of pairs; suffix: behind the titles. */
void auth_add_curves(page *p, const auth_curve *curves, int count, const char *suffix);

void auth_add_axis(page *p, const auth_result *r, const auth_axis *axis);

#endif
