/* run_metrics.h: what a training wrote into its metrics.jsonl (run_log.h), read back as curves; and the runs in a folder. The file is a
   stranger's: its size is limited, and lines that are none are told by their number. */
#ifndef DF_TRAIN_RUN_METRICS_H
#define DF_TRAIN_RUN_METRICS_H

#include "base/arena.h"
#include "base/file.h"

enum { RUN_NAMES = 512, RUN_FILE_BYTES = 1 << 28, RUN_DEPTH = 4, RUN_MOST = 4096 };
static const double RUN_LAST_WALL = 1e12; /* seconds: no clock is so late */

typedef struct run_curve {
    const char *name;
    const double *steps, *values; /* [count], in the order of the file; values are finite */
    size_t count;
} run_curve;

typedef struct run_metrics {
    run_curve *curves; /* [count], by first appearance */
    size_t count;
    int64_t lines, last_step;     /* 0 and -1 of an empty file */
    double first_wall, last_wall; /* seconds since 1970 */
} run_metrics;

/* Everything lives in the arena. A last line without an end is passed over. Errors name the line. */
DF_API bool run_metrics_parse(df_bytes bytes, df_arena *arena, run_metrics *out, df_error *err) DF_CHECKED;
DF_API bool run_metrics_read(const char *path, df_arena *arena, run_metrics *out, df_error *err) DF_CHECKED;

DF_API const run_curve *run_metrics_find(const run_metrics *metrics, const char *name); /* NULL: not there */

/* Folders with a metrics.jsonl: `folder` itself and those below it, RUN_DEPTH deep, sorted; links are followed. Fails where there is none,
   and beyond RUN_MOST. */
DF_API bool run_folders_find(const char *folder, df_arena *arena, const char *const **out, size_t *count, df_error *err) DF_CHECKED;

#endif
