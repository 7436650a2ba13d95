/* group_rates.h: false matches and false non-matches by group at one global threshold: within groups and, for impostors, across them.

   An axis deals the rows of a set into groups; a row may be in none, and its pairs then count nowhere on that axis. FMR of two groups:
   accepted impostor pairs with one image in each, as a share of all such pairs. FNMR of a group: rejected genuine pairs with both images
   in it. Counts are exact; intervals draw people anew (identity_bootstrap.h) and use the sample of pairs (score_sample.h). */
#ifndef DF_METRICS_GROUP_RATES_H
#define DF_METRICS_GROUP_RATES_H

#include "metrics/fairness.h"
#include "metrics/identity_bootstrap.h"

enum { GROUP_MOST = 96, GROUP_AXES = 8 };

typedef struct group_axis {
    const char *name;
    const char *const *names; /* [count] */
    size_t count;             /* 1 .. GROUP_MOST */
    const int16_t *of;        /* [rows of the set] group of each, -1: none */
    size_t missing;           /* rows in no group */
} group_axis;

typedef struct group_cell {
    int64_t pairs, errors; /* impostors accepted or genuine rejected */
    double rate;           /* NAN without pairs */
    interval between;
} group_cell;

typedef struct group_spread {
    fairness_spread value;
    interval worst_to_best, worst_to_mean, deviation, range, gini;
} group_spread;

typedef struct group_rates {
    const group_axis *axis;
    group_cell *fnmr;                     /* [count] */
    group_cell *fmr;                      /* [count][count], symmetric; the diagonal within groups */
    group_spread fmr_spread, fnmr_spread; /* over groups, within them */
    double fdr, garbe;
    interval fdr_between, garbe_between;
} group_rates;

/* Counts pairs with a score above the bin kept_out as accepted. Visit all pairs with group_counter_visit (a pair_visit), then finish. */
typedef struct group_counter group_counter;
DF_API group_counter *group_counter_new(const embedding_set *set, const group_axis *axes, size_t axis_count, int32_t kept_out,
                                        df_arena *arena, df_error *err) DF_CHECKED;
DF_API bool group_counter_visit(void *counter, const pair_run *run, df_error *err);

/* out: [axis_count]. */
DF_API bool group_counter_finish(group_counter *counter, const score_sample *sample, const bootstrap_setting *how, df_arena *arena,
                                 group_rates *out, df_error *err) DF_CHECKED;

#endif
