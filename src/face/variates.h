/* variates.h: random variates beyond the normal, in float and reproducible on every processor. */
#ifndef DF_FACE_VARIATES_H
#define DF_FACE_VARIATES_H

#include "base/random.h"

/* Gamma of scale 1 (Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26, 2000). shape > 0. */
DF_API float variate_gamma(df_random *random, float shape);

DF_API float variate_beta(df_random *random, float a, float b);

/* out[count] sums to 1. */
DF_API void variate_dirichlet(df_random *random, const float *shapes, int count, float *out);

#endif
