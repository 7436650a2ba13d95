/* identity_bootstrap.h: how far rates would be off with other people of the same kind: 95 % intervals by drawing people anew.

   Pairs that share a person are not independent, so people are drawn, not pairs: as many as there are, with replacement. A person drawn w
   times has weight w: their genuine pairs count w times, an impostor pair counts the product of its two weights, and every rate, the
   threshold of a FAR among them, is measured again. This is the bootstrap of vertices (Snijders and Borgatti, "Non-parametric
   standard errors and tests for network statistics", Connections 22, 1999), which is compared with others for this use by Fogliato, Patil
   and Perona 2024 (arXiv 2306.01198). Products of weights count the noise of single pairs about three times (Owen, "The pigeonhole
   bootstrap", 2007): at rates that a few pairs decide, intervals are rather too wide than too narrow. An interval goes from the 2.5th to the
   97.5th percentile of the replicates; with fewer than 20 people take it as a hint. */
#ifndef DF_METRICS_IDENTITY_BOOTSTRAP_H
#define DF_METRICS_IDENTITY_BOOTSTRAP_H

#include "metrics/score_sample.h"
#include "metrics/verification.h"

typedef struct interval {
    bool has_value; /* false: most replicates had no value */
    double low, high;
} interval;

typedef struct bootstrap_setting {
    int replicates; /* 0: no interval has a value */
    uint64_t seed;
    int threads; /* 0: one a processor; the result does not depend on it */
} bootstrap_setting;

typedef struct verification_intervals {
    interval frr[VERIFICATION_RATES], eer, auc;
} verification_intervals;

/* person: [rows] of each row of the sampled pairs, below `people`. */
DF_API bool identity_bootstrap(const score_sample *sample, const uint32_t *person, size_t people, const bootstrap_setting *how,
                               df_arena *arena, verification_intervals *out, df_error *err) DF_CHECKED;

/* How often each of `people` is drawn in a replicate; drawn: [people]. */
DF_API void bootstrap_draw(uint64_t seed, int replicate, size_t people, uint32_t *drawn);

/* The interval of replicates' values, NAN where one had none; sorts them. */
DF_API interval bootstrap_interval(double *values, size_t count);

#endif
