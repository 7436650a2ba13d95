/* group_intervals.h: the replicates behind the intervals of group_rates.h. */
#ifndef DF_METRICS_GROUP_INTERVALS_H
#define DF_METRICS_GROUP_INTERVALS_H

#include "metrics/group_rates.h"

/* A person's images in one group. */
typedef struct group_share {
    uint32_t person;
    int16_t group;
    int64_t images;
} group_share;

typedef struct group_share_list {
    group_share *items; /* [count] by person */
    size_t count;
} group_share_list;

bool group_shares(const embedding_set *set, const group_axis *axis, df_arena *arena, group_share_list *out, df_error *err) DF_CHECKED;

/* Sums of weights of the impostor pairs of groups g <= h, pairs[g * groups + h], and of genuine pairs within groups, genuine[g]. drawn:
   how often each person is drawn, NULL: once. */
void group_pairs(const group_share_list *shares, const uint32_t *drawn, size_t groups, double *pairs, double *genuine);

/* Fills the intervals of *rates, whose other members are there. */
bool group_intervals(const embedding_set *set, const group_share_list *shares, const score_sample *sample, int32_t kept_out,
                     const bootstrap_setting *how, group_rates *rates, df_error *err) DF_CHECKED;

#endif
