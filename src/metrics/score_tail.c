/* score_tail.c: exceedances out of the counts, and two moments of them. */
#include "metrics/score_tail.h"

static const double PLOT = 0.35, EXPONENTIAL = 1e-9;

/* How many scores the fit takes: a hundredth, within limits; 0: too few. */
static int64_t wanted_exceedances(int64_t all)
{
    if (all < 10 * TAIL_FEWEST)
        return 0;
    const int64_t hundredth = all / 100;
    return hundredth < TAIL_FEWEST ? TAIL_FEWEST : hundredth > TAIL_MOST ? TAIL_MOST : hundredth;
}

bool score_tail_fit(const score_histogram *impostor, df_arena *arena, score_tail *out, df_error *err)
{
    const int64_t all = score_histogram_total(impostor), wanted = wanted_exceedances(all);
    double *best = df_alloc(arena, TAIL_MOST, sizeof *best, err); /* by falling score */
    score_tail tail = {0};
    if (!best)
        return false;
    int64_t count = 0;
    int32_t bin = SCORE_BINS;
    while (count < wanted && (bin = score_histogram_below(impostor, impostor, bin)) >= 0)
        for (int64_t i = score_histogram_count(impostor, bin); i > 0 && count < wanted; i--)
            best[count++] = score_of_bin(bin);
    const int32_t start = wanted > 0 ? score_histogram_below(impostor, impostor, bin) : -1;
    tail.start = start >= 0 ? score_of_bin(start) : 0;
    double mean = 0, weighted = 0; /* a_0, a_1: of x, and of (1 - p) x */
    for (int64_t i = 0; i < count; i++) {
        const double x = best[i] - tail.start, p = ((double)(count - i) - PLOT) / (double)count;
        mean += x / (double)count;
        weighted += (1 - p) * x / (double)count;
    }
    const double rest = mean - 2 * weighted;
    if (start >= 0 && mean > 0 && rest > 0) {
        tail.has_value = true;
        tail.shape = 2 - mean / rest; /* xi = -k, k = a_0 / (a_0 - 2 a_1) - 2 */
        tail.scale = 2 * mean * weighted / rest;
        tail.exceedances = count;
        tail.share = (double)count / (double)all;
    }
    *out = tail;
    return true;
}

double score_tail_threshold(const score_tail *tail, double far)
{
    const double ratio = far / tail->share;
    if (fabs(tail->shape) < EXPONENTIAL)
        return tail->start - tail->scale * log(ratio);
    return tail->start + tail->scale / tail->shape * (pow(ratio, -tail->shape) - 1);
}

double score_histogram_share_below(const score_histogram *histogram, double threshold)
{
    int64_t below = 0;
    for (int32_t bin = SCORE_BINS; (bin = score_histogram_below(histogram, histogram, bin)) >= 0;)
        below += score_of_bin(bin) < threshold ? score_histogram_count(histogram, bin) : 0;
    return (double)below / (double)score_histogram_total(histogram);
}
