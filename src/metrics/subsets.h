/* subsets.h: random choices of a set's rows, for error bars: the same for the same seed. */
#ifndef DF_METRICS_SUBSETS_H
#define DF_METRICS_SUBSETS_H

#include "base/random.h"
#include "metrics/feature_set.h"

/* 0, 1 ... count - 1, or a copy of `from`. */
DF_API int64_t *subset_order(const int64_t *from, int64_t count, df_arena *arena, df_error *err) DF_CHECKED;

/* Exchanges so that the first `chosen` of order[count] are a random subset in random order (Fisher and Yates). count below 2^32. */
DF_API void subset_draw(int64_t *order, int64_t count, int64_t chosen, df_random *random);

/* The stream of draw `index` of a use of the same seed. */
DF_API df_random subset_random(uint64_t seed, const char *use, int64_t index);

typedef struct subset_spread { /* of repeated numbers; std with divisor n - 1, 0 for one */
    double mean, std;
    int count;
} subset_spread;
DF_API subset_spread subset_spread_of(const double *values, int count);

#endif
