/* auth_measure.h: everything that `diffuse auth eval` says of a set of embeddings: verification with intervals, identification, the same for
   each group, and rates by group at one global threshold. The pairs are walked through once, and once more where intervals or groups are
   asked for; they are never stored. */
#ifndef DF_AUTH_AUTH_MEASURE_H
#define DF_AUTH_AUTH_MEASURE_H

#include "auth/group_table.h"
#include "metrics/identification.h"
#include "metrics/pairs_list.h"
#include "metrics/score_tail.h"

typedef struct auth_setting {
    bootstrap_setting bootstrap;
    bool extrapolates; /* rates that the pairs do not show, by score_tail.h */
    int at;            /* groups are compared at the threshold of FAR 10^-(at + 1) of all pairs, or of the lowest that can be shown */
} auth_setting;

typedef struct auth_extrapolation {
    bool has_value;
    double threshold, frr;
} auth_extrapolation;

/* Of one set of pairs. */
typedef struct auth_figures {
    bool has_value;                /* false: no genuine or no impostor pair, all below is 0 */
    int64_t images, people, alone; /* alone: people of one image, who are in impostor pairs only */
    verification rates;
    verification_intervals between;
    verification_curve curve;
    score_tail tail;
    auth_extrapolation beyond[VERIFICATION_RATES];
} auth_figures;

typedef struct auth_axis {
    group_rates rates;
    auth_figures *own; /* [groups] each group alone, at its own thresholds */
} auth_axis;

typedef struct auth_result {
    auth_figures all;
    bool is_listed;        /* pairs of a list: no identification */
    identification search; /* probes 0: none */
    int at;                /* as used */
    auth_axis *axes;       /* [axis_count] */
    size_t axis_count;
} auth_result;

/* All pairs. groups NULL: none. Results live in the arena; *out is set on success alone. */
DF_API bool auth_measure(const embedding_set *set, const group_table *groups, const auth_setting *setting, df_arena *arena,
                         const df_progress *progress, auth_result *out, df_error *err) DF_CHECKED;

/* The pairs of a list. */
DF_API bool auth_measure_list(const embedding_set *set, const pairs_list *list, const auth_setting *setting, df_arena *arena,
                              auth_result *out, df_error *err) DF_CHECKED;

#endif
