/* fairness.c: sums over groups and pairs of groups. */
#include "metrics/fairness.h"

#include <math.h>

static const double ALPHA = 0.5;

/* Sum of |x_i - x_j| over all ordered pairs. */
static double sum_differences(const double *rates, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            if (!isnan(rates[i]) && !isnan(rates[j]))
                sum += fabs(rates[i] - rates[j]);
    return sum;
}

fairness_spread fairness_of_rates(const double *rates, size_t count)
{
    const double none = (double)NAN;
    double low = HUGE_VAL, high = -HUGE_VAL, sum = 0, logs = 0, squares = 0, n = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(rates[i]))
            continue;
        low = fmin(low, rates[i]);
        high = fmax(high, rates[i]);
        sum += rates[i];
        logs += log(rates[i]);
        n++;
    }
    if (n < 2)
        return (fairness_spread){none, none, none, none, none};
    const double mean = sum / n;
    for (size_t i = 0; i < count; i++)
        if (!isnan(rates[i]))
            squares += (rates[i] - mean) * (rates[i] - mean);
    return (fairness_spread){
        .worst_to_best = low > 0 ? high / low : none,
        .worst_to_mean = low > 0 ? high / exp(logs / n) : none,
        .deviation = sqrt(squares / n),
        .range = high - low,
        .gini = mean > 0 ? n / (n - 1) * sum_differences(rates, count) / (2 * n * n * mean) : 0,
    };
}

double fairness_fdr(const fairness_spread *fmr, const fairness_spread *fnmr)
{
    return 1 - (ALPHA * fmr->range + (1 - ALPHA) * fnmr->range);
}

double fairness_garbe(const fairness_spread *fmr, const fairness_spread *fnmr)
{
    return ALPHA * fmr->gini + (1 - ALPHA) * fnmr->gini;
}
