/* binary_measures.h: how well a classifier of two classes does: its scores against what is true.

   A score is the probability that it gives to the positive class. Sums are of integers or in double, so nothing depends on the order of
   the images. */
#ifndef DF_METRICS_BINARY_MEASURES_H
#define DF_METRICS_BINARY_MEASURES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum { BINARY_BINS = 15 }; /* of the reliability diagram, as usual since Guo et al. (2017) */

/* Scores of images whose truth is known. */
typedef struct binary_scores {
    const float *scores; /* [count] 0 .. 1 */
    const bool *truths;  /* [count] */
    size_t count;
} binary_scores;

typedef struct binary_bin { /* scores in [b / BINARY_BINS, (b + 1) / BINARY_BINS), the last one with its end */
    int64_t count, positives;
    double mean; /* of the scores; 0 in an empty bin */
} binary_bin;

typedef struct binary_measures {
    int64_t positives, negatives;
    int64_t true_positives, true_negatives; /* a score of at least the threshold says yes */
    double threshold;
    double accuracy;
    double balanced; /* mean of the two classes' shares that are right; NaN where a class is empty */
    double auc;   /* probability that a positive image has the higher score than a negative one, ties half (Mann and Whitney 1947); exact;
                        NaN where a class is empty */
    double brier; /* mean squared distance of score and truth */
    double ece;   /* expected calibration error (Naeini et al. 2015): mean over images of |share positive - mean score| of their bin */
    binary_bin bins[BINARY_BINS];
} binary_measures;

/* Fails without any score, on one out of range, and where memory ends: 8 bytes a score of scratch memory, given back. */
DF_API bool binary_measure(const binary_scores *of, double threshold, df_arena *scratch, binary_measures *out, df_error *err) DF_CHECKED;

/* The threshold with the highest balanced accuracy; of equally good ones the lowest score that occurs. Fails also where a class is empty. */
DF_API bool binary_best_threshold(const binary_scores *of, df_arena *scratch, double *out, df_error *err) DF_CHECKED;

/* Points of the ROC curve, false positive rate and true positive rate, from (0, 0) to (1, 1): one for each score that occurs, at most `room`
   of them (2 or more), evenly chosen. Fails where a class is empty. */
DF_API bool binary_roc(const binary_scores *of, size_t room, df_arena *scratch, double *fpr, double *tpr, size_t *count,
                       df_error *err) DF_CHECKED;

#endif
