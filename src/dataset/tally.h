/* tally.h: a histogram in constant memory for numbers of unknown range: its bins double in width as often as the numbers ask for,
   so counts stay exact. The order of the numbers does not change the bins that come out. */
#ifndef DF_DATASET_TALLY_H
#define DF_DATASET_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/api.h"

enum { TALLY_BINS = 512 };

typedef struct tally {
    double width;  /* of a bin: the finest one wanted, set by the caller to begin with, doubled when needed */
    int64_t first; /* bin i holds [(first + i) * width, (first + i + 1) * width) */
    int64_t counts[TALLY_BINS];
    int64_t total, left_out; /* numbers in the bins; not finite or beyond 1e12 */
    double low, high, sum;   /* of the numbers in the bins */
} tally;

DF_API void tally_add(tally *tally, double value);

/* The counts in at most `most` (1 .. TALLY_BINS) equal bins of [*low, *high), trimmed to what is not empty; returns how many. 0
   without numbers. */
DF_API int tally_bins(const tally *tally, int most, double *low, double *high, int64_t *counts);

#endif
