/* stats_page.h: the statistics of a data set as an HTML page: people, tables of pairs as heat maps, histograms, pixels by group, holes
   and the commands that would fill them. */
#ifndef DF_CLI_STATS_PAGE_H
#define DF_CLI_STATS_PAGE_H

#include "dataset/stats.h"

/* commands: of stats_fill.h, or NULL. */
bool stats_page_write(const char *path, const char *folder, const stats *of, const stats_hole *holes, int shown, int hole_count,
                      const char *commands, df_error *err) DF_CHECKED;

#endif
