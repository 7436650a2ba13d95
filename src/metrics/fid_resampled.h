/* fid_resampled.h: what a Fréchet distance is worth: how far two random halves of one set are from each other, and where the distance
   would go with ever more samples. A distance of few samples is too large: by about a constant over their number once that is well above
   the dimensions. */
#ifndef DF_METRICS_FID_RESAMPLED_H
#define DF_METRICS_FID_RESAMPLED_H

#include "base/progress.h"
#include "metrics/subsets.h"

enum { FID_HALVES = 5, FID_INFINITY_POINTS = 10 };

/* Between two random halves, anew FID_HALVES times; needs 4 samples. `order`: a choice of rows, NULL: all. Of an odd number one sample is
   left out. */
DF_API bool fid_halves(const feature_rows *rows, uint64_t seed, const df_progress *progress, df_arena *arena, subset_spread *out,
                       df_error *err) DF_CHECKED;

typedef struct fid_infinity_result {
    double fid, standard_error; /* of a line in 1 / N */
    int64_t least_a, least_b;   /* the smallest subsets: below the dimensions the line is none, and the result too large or small */
} fid_infinity_result;

/* FID-infinity (Chong and Forsyth 2020, arXiv 1911.07023): distances of random subsets from a third of both sets up to all, on a line in
   1 / N, at 0. */
DF_API bool fid_infinity(const feature_set *a, const feature_set *b, uint64_t seed, const df_progress *progress, df_arena *arena,
                         fid_infinity_result *out, df_error *err) DF_CHECKED;

#endif
