/* stats_json.h: the statistics of a data set as one JSON object; docs/stats.md describes it. */
#ifndef DF_CLI_STATS_JSON_H
#define DF_CLI_STATS_JSON_H

#include "dataset/stats.h"

/* hole_count: how many there are; `holes` may hold fewer. The caller owns it; NULL when memory ends. */
json_t *stats_json(const stats *of, const stats_hole *holes, int shown, int hole_count);

#endif
