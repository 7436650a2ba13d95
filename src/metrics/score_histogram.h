/* score_histogram.h: how many pairs have which score, for any number of pairs in bounded memory.

   Scores are cosines, rounded to multiples of 2^-22 (2.4e-7: about the rounding error of a float32 product of 512 numbers), so that scores
   which differ by that error alone are ties. All that is computed from the counts is exact for the rounded scores. Pages of counts are made
   when a score first falls into them: at most 67 MB, and for usual sets some 15. One thread a histogram: with shared counts, added to by
   atomic operations, 200 million pairs took twice as long. */
#ifndef DF_METRICS_SCORE_HISTOGRAM_H
#define DF_METRICS_SCORE_HISTOGRAM_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

enum {
    SCORE_STEPS = 1 << 22, /* in 1 */
    SCORE_BINS = 2 * SCORE_STEPS + 1,
    SCORE_PAGE = 1 << 12,
    SCORE_PAGES = SCORE_BINS / SCORE_PAGE + 1
};

typedef struct score_histogram {
    df_arena *arena;
    int64_t *pages[SCORE_PAGES]; /* [SCORE_PAGE] each; NULL: all zero */
} score_histogram;

/* The bin of a score: 0 for -1, SCORE_BINS - 1 for 1; what rounding put beyond them belongs there. Adding 1.5 * 2^23 leaves the nearest
   whole number in a float's last bits, ties to even; loops of this become vector code. */
static inline int32_t score_bin(float score)
{
    static const float ROUNDING = 12582912;
    int32_t bits, zero;
    const float sum = score * SCORE_STEPS + ROUNDING;
    memcpy(&bits, &sum, sizeof bits);
    memcpy(&zero, &ROUNDING, sizeof zero);
    const int32_t bin = bits - zero + SCORE_STEPS, positive = bin < 0 ? 0 : bin;
    return positive < SCORE_BINS ? positive : SCORE_BINS - 1;
}

static inline int32_t score_bin_double(double score)
{
    const double bin = rint(score * SCORE_STEPS) + SCORE_STEPS;
    return bin > 0 ? bin < SCORE_BINS ? (int32_t)bin : SCORE_BINS - 1 : 0;
}

static inline double score_of_bin(int32_t bin)
{
    return (double)(bin - SCORE_STEPS) / SCORE_STEPS;
}

/* An empty histogram; NULL when memory ends. */
DF_API score_histogram *score_histogram_new(df_arena *arena, df_error *err) DF_CHECKED;

/* The page made; false when memory ends. */
DF_API bool score_histogram_make_page(score_histogram *histogram, int32_t page, df_error *err) DF_CHECKED;

/* One more in the bin; fails when memory ends. */
DF_CHECKED static inline bool score_histogram_add(score_histogram *histogram, int32_t bin, df_error *err)
{
    if (!histogram->pages[bin / SCORE_PAGE] && !score_histogram_make_page(histogram, bin / SCORE_PAGE, err))
        return false;
    histogram->pages[bin / SCORE_PAGE][bin % SCORE_PAGE]++;
    return true;
}

/* Adds the counts of `from`. */
DF_API bool score_histogram_join(score_histogram *to, const score_histogram *from, df_error *err) DF_CHECKED;

static inline int64_t score_histogram_count(const score_histogram *histogram, int32_t bin)
{
    const int64_t *page = histogram->pages[bin / SCORE_PAGE];
    return page ? page[bin % SCORE_PAGE] : 0;
}

DF_API int64_t score_histogram_total(const score_histogram *histogram);

/* The largest bin below `bin` in which one of both histograms has a count; -1: none. */
DF_API int32_t score_histogram_below(const score_histogram *a, const score_histogram *b, int32_t bin);

#endif
