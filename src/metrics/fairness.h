/* fairness.h: one number for how unequal the rates of groups are, as evaluators print it. All at one global threshold, x_g the rate (FMR
   or FNMR) of group g, n groups; docs/auth.md has the formulas with their sources.

   worst_to_best   max x / min x                              Grother, NIST IR 8280 (2019); the parts of the inequity rate
   worst_to_mean   max x / geometric mean of x                Grother, NIST IR 8429 (2022)
   deviation       standard deviation of x over groups        divisor n
   range           max x - min x                              the parts of FDR
   gini            n / (n - 1) * sum |x_i - x_j| / (2 n^2 mean)   Howard et al. 2022 (arXiv 2203.05051); 0: equal, 1: one group bears all
   FDR             1 - (a range(FMR) + (1 - a) range(FNMR))   de Freitas Pereira and Marcel 2021 (arXiv 2011.02395); 1: equal
   GARBE           a gini(FMR) + (1 - a) gini(FNMR)           Howard et al. 2022; 0: equal
   a is 1/2 in both. */
#ifndef DF_METRICS_FAIRNESS_H
#define DF_METRICS_FAIRNESS_H

#include <stddef.h>

#include "base/api.h"

typedef struct fairness_spread {
    double worst_to_best, worst_to_mean; /* NAN: the least rate is 0, so there is no ratio */
    double deviation, range, gini;       /* gini 0 where all rates are 0 */
} fairness_spread;

/* rates: [count] from 0 up; NAN ones (groups without pairs) are left out. All members are NAN with fewer than two groups. */
DF_API fairness_spread fairness_of_rates(const double *rates, size_t count);

DF_API double fairness_fdr(const fairness_spread *fmr, const fairness_spread *fnmr);
DF_API double fairness_garbe(const fairness_spread *fmr, const fairness_spread *fnmr);

#endif
