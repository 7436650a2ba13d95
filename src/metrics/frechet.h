/* frechet.h: the Fréchet distance of two normal distributions (Dowson and Landau 1982), which of Inception features is the FID
   (Heusel et al. 2017, arXiv 1706.08500):

       |mu1 - mu2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^1/2

   With S = F'F the last trace is the sum of the singular values of F1 F2'. F are the centred rows themselves where they are fewer than
   dimensions, else Cholesky's factor, so that the matrix has the sides of the smaller of the two spaces and no square root of a
   product that is not symmetric is taken. Exact for every rank. */
#ifndef DF_METRICS_FRECHET_H
#define DF_METRICS_FRECHET_H

#include "metrics/feature_set.h"

typedef struct gaussian {
    int dims, rank;
    const double *mean;   /* [dims] */
    const double *factor; /* [rank][dims]: factor' factor is the covariance, with divisor n - 1 */
    double trace;         /* of the covariance */
    bool is_triangle;     /* factor is square and zero left of its diagonal */
} gaussian;

/* Mean and covariance of rows, at least 2, in two passes; or of a set that has nothing else. Lives in the arena: dims squared. */
DF_API bool gaussian_of_rows(const feature_rows *rows, df_arena *arena, gaussian *out, df_error *err) DF_CHECKED;
DF_API bool gaussian_of_set(const feature_set *set, df_arena *arena, gaussian *out, df_error *err) DF_CHECKED;

/* Of equal dims. Scratch memory of the arena is given back. */
DF_API bool frechet_distance(const gaussian *a, const gaussian *b, df_arena *arena, double *out, df_error *err) DF_CHECKED;

/* All of it for two choices of rows; the arena is as it was. */
DF_API bool frechet_of_rows(const feature_rows *a, const feature_rows *b, df_arena *arena, double *out, df_error *err) DF_CHECKED;

/* Fails unless both sets have equal dims. */
DF_API bool feature_sets_fit(const feature_set *a, const feature_set *b, df_error *err) DF_CHECKED;

#endif
