/* stats.h: what is in a data set and what is missing: the summary, tables of pairs of attributes, what pixels say, and the cells of
   those tables that have few images. One pass over the manifest and one over some of the images; constant memory but for 32 bytes an
   identity. Works on rendered and imported sets: what lines do not say is not counted. */
#ifndef DF_DATASET_STATS_H
#define DF_DATASET_STATS_H

#include "dataset/face_measure.h"
#include "dataset/stats_axis.h"
#include "dataset/summary.h"

enum { STATS_AXES = 32, STATS_PAIRS = 32 };

typedef struct stats_setting {
    const char *const *pairs; /* [pair_count] "gender:glasses": axes (stats_axis.h) or keys of the manifest; count 0: the usual ones */
    size_t pair_count;
    int64_t sample; /* images whose pixels are looked at, 0: all; -1: none */
    int64_t holes;  /* a cell of fewer images is a hole; 0: a tenth of what each would have if all had as many, at least 1 */
} stats_setting;

typedef struct stats_pair {
    int rows, columns; /* places in `axes` */
    int64_t counts[STATS_LEVELS][STATS_LEVELS];
} stats_pair;

/* Sums of a group's measures: for means. */
typedef struct stats_group {
    int64_t images;
    double sums[FACE_MEASURE_COUNT];
} stats_group;

typedef struct stats {
    summary sum;
    tally box;                               /* side of the face box (square root of its area), share of the image's */
    tally measures[FACE_MEASURE_COUNT];      /* of pixels */
    int64_t measured;                        /* images */
    stats_group groups[DEMOGRAPHICS_GROUPS]; /* as sum.people.groups */
    stats_axis axes[STATS_AXES];
    int axis_count;
    stats_pair pairs[STATS_PAIRS]; /* those without any image are left out */
    int pair_count;
} stats;

/* A cell with few images. */
typedef struct stats_hole {
    int pair, row, column; /* of stats.pairs, levels */
    int64_t images, wanted;
} stats_hole;

/* The stats live in the arena. */
DF_API bool stats_read(const char *folder, const stats_setting *setting, df_arena *arena, const df_progress *progress, const stats **out,
                       df_error *err) DF_CHECKED;

/* The holes of all pairs in the order of the tables, at most `room`; returns how many there are. */
DF_API int stats_holes(const stats *of, int64_t holes, stats_hole *out, int room);

#endif
