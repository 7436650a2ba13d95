/* prdc.h: how much of a generated set looks real, and how much of the real one is generated. Precision and recall: Kynkaanniemi et al.
   2019 (arXiv 1904.06991); density and coverage: Naeem et al. 2020 (arXiv 2002.09797). Each sample has a ball that reaches to the k-th
   nearest other sample of its own set; what lies on its border is outside. */
#ifndef DF_METRICS_PRDC_H
#define DF_METRICS_PRDC_H

#include "base/progress.h"
#include "metrics/feature_set.h"

enum { PRDC_MAX_K = 64 };

typedef struct prdc_result {
    double precision; /* share of generated samples in a ball of a real one */
    double recall;    /* share of real samples in a ball of a generated one */
    double density;   /* balls of real samples that a generated one lies in, divided by k: may exceed 1 */
    double coverage;  /* share of real samples whose ball holds a generated one */
} prdc_result;

/* k: 1 .. PRDC_MAX_K; each set needs k + 1 samples. Distances are exact where it matters: those that may equal a radius are taken from
   the features themselves. Memory: 24 bytes a sample. */
DF_API bool prdc_between(const feature_set *real, const feature_set *generated, int k, const df_progress *progress, df_arena *arena,
                         prdc_result *out, df_error *err) DF_CHECKED;

#endif
