/* score_tail.h: thresholds for rates that the pairs are too few to show, from the shape of the tail of impostor scores.

   Peaks over a threshold: what the best impostor scores exceed a high score by follows a generalized Pareto distribution (Pickands 1975),
   fitted by probability-weighted moments (Hosking and Wallis, "Parameter and quantile estimation for the generalized Pareto
   distribution", Technometrics 29, 1987, eq. 4 with p_j = (j - 0.35) / n). This is an extrapolation: it believes that the tail goes on as
   it began, and that pairs are independent, which pairs of one person are not. */
#ifndef DF_METRICS_SCORE_TAIL_H
#define DF_METRICS_SCORE_TAIL_H

#include "metrics/score_histogram.h"

enum { TAIL_FEWEST = 100, TAIL_MOST = 2000 }; /* exceedances */

typedef struct score_tail {
    bool has_value;      /* false: too few or too equal scores for a fit */
    double start;        /* score above which the fit stands */
    double shape, scale; /* xi and sigma; below 0 the tail ends at start - scale / shape */
    int64_t exceedances;
    double share; /* of impostor pairs above start */
} score_tail;

/* Fits the best hundredth of the scores, TAIL_FEWEST to TAIL_MOST of them; without a value below ten times TAIL_FEWEST pairs. */
DF_API bool score_tail_fit(const score_histogram *impostor, df_arena *arena, score_tail *out, df_error *err) DF_CHECKED;

/* The threshold above which that share of impostor pairs is expected, below tail->share. */
DF_API double score_tail_threshold(const score_tail *tail, double far);

/* Share of pairs with scores below the threshold. */
DF_API double score_histogram_share_below(const score_histogram *histogram, double threshold);

#endif
