/* kid.h: the kernel distance of two sets of features (Binkowski et al. 2018, arXiv 1801.01401): the unbiased estimate of the squared
   maximum mean discrepancy with the kernel (x.y / d + 1)^3. It may be negative. */
#ifndef DF_METRICS_KID_H
#define DF_METRICS_KID_H

#include "base/progress.h"
#include "metrics/feature_set.h"

enum { KID_SUBSETS = 100, KID_SUBSET = 1000 }; /* as clean-fid: how many, of how many samples at most */

typedef struct kid_result {
    double mean, std; /* over the subsets; std with divisor n, as numpy's */
    double all;       /* of all samples at once */
} kid_result;

DF_API bool kid_between(const feature_set *a, const feature_set *b, uint64_t seed, const df_progress *progress, df_arena *arena,
                        kid_result *out, df_error *err) DF_CHECKED;

/* The estimate for two choices of rows, each of at least 2. */
DF_API bool kid_of_rows(const feature_rows *a, const feature_rows *b, df_arena *arena, double *out, df_error *err) DF_CHECKED;

#endif
