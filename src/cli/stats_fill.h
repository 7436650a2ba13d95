/* stats_fill.h: the commands that would fill the holes of a data set: people by `diffuse sample`, their images by `diffuse render`
   with the options of the set's own job, all of it joined by `diffuse dataset merge`. */
#ifndef DF_CLI_STATS_FILL_H
#define DF_CLI_STATS_FILL_H

#include "dataset/stats.h"

enum { STATS_FILL_MOST = 63 }; /* holes filled at once: as many sets as merge joins, less one */

typedef struct stats_fill_setting {
    const char *folder, *model; /* model NULL: where that of the set was */
    const stats_hole *holes;    /* [count] */
    int count;
} stats_fill_setting;

/* Appends one command after the other to `out`, each ended by a newline; none without holes. A run's seed hangs on the number of images
   in the set and on the hole, so filling again draws other people. */
bool stats_fill_commands(const stats *of, const stats_fill_setting *setting, df_text *out, df_error *err) DF_CHECKED;

#endif
