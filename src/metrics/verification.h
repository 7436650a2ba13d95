/* verification.h: how well a threshold on scores tells pairs of one person from pairs of two.

   A pair is accepted at threshold t when its score is t or more; equal scores go together. FAR(t): accepted impostor pairs, FRR(t):
   rejected genuine ones, as shares (ISO/IEC 19795-1 calls them FMR and FNMR). EER: where FAR and FRR cross, on the straight line between the
   two scores around it. AUC: the share of combinations of a genuine and an impostor pair in which the genuine one scores higher,
   equal ones half (Mann and Whitney 1947). Exact for the rounded scores of score_histogram.h. */
#ifndef DF_METRICS_VERIFICATION_H
#define DF_METRICS_VERIFICATION_H

#include "metrics/score_histogram.h"

enum { VERIFICATION_RATES = 6 }; /* FAR 1e-1 .. 1e-6 */

typedef struct verification_point {
    bool has_value;   /* false: fewer impostor pairs than show such a rate */
    int64_t allowed;  /* impostor pairs that may be accepted: I / 10^e, whole */
    int32_t kept_out; /* bin of the best impostor that may not; pairs above it are accepted */
    double threshold; /* the smallest score that occurs above it; NAN: none does */
    double far, frr;
} verification_point;

typedef struct verification {
    int64_t genuine, impostor; /* pairs, or the sums of their weights */
    verification_point points[VERIFICATION_RATES];
    double eer, eer_threshold, auc;
} verification;

/* Fails without genuine or without impostor pairs. */
DF_API bool verification_measure(const score_histogram *genuine, const score_histogram *impostor, verification *out,
                                 df_error *err) DF_CHECKED;

/* The same from pairs that come by falling score, each distinct score once with the weights of its pairs: whole numbers, whose sums are
   told at the start and above 0. */
typedef struct verification_walk {
    verification so_far;
    int32_t bin;                                 /* threshold so far; SCORE_BINS: above all */
    int64_t genuine_accepted, impostor_accepted; /* at it */
    int next;                                    /* the point that comes next, the lowest rate first */
    bool has_crossed;                            /* FAR is above FRR */
} verification_walk;
DF_API verification_walk verification_begin(int64_t genuine, int64_t impostor);
DF_API void verification_step(verification_walk *walk, int32_t bin, int64_t genuine, int64_t impostor);
DF_API verification verification_end(const verification_walk *walk);

/* FAR and FRR at every threshold, thinned: from (0, 1) to (1, 0), a new point where one of them has moved by a hundredth of itself. */
typedef struct verification_curve {
    double *far, *frr, *threshold; /* [count]; the first threshold is +INFINITY */
    size_t count;
} verification_curve;
DF_API bool verification_trace(const score_histogram *genuine, const score_histogram *impostor, df_arena *arena, verification_curve *out,
                               df_error *err) DF_CHECKED;

#endif
