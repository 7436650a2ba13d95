/* trait_fit.h: what the heads that a model is learned from tell about its coefficients: the trait law with its residual, directions
   of attributes, statistics of pure groups. All in double precision, by normal equations. */
#ifndef DF_FACE_TRAIT_FIT_H
#define DF_FACE_TRAIT_FIT_H

#include "base/arena.h"
#include "face/traits.h"

/* law [features][k]: ridge least squares of coefficients [n][k] on traits' features [n][features]; residual [k][k]: the lower
   Cholesky factor of the covariance that remains. n well above the number of features. */
DF_API bool trait_law_fit(const float *features, int feature_count, const float *coefficients, int n, int k, df_arena *arena, float *law,
                          float *residual, df_error *err) DF_CHECKED;

/* direction [k]: a step of 1 along it changes the least-squares estimate of `values` [n] from coefficients [n][k] by 1, and nothing
   shorter does. */
DF_API bool attribute_direction(const float *coefficients, const float *values, int n, int k, df_arena *arena, float *direction,
                                df_error *err) DF_CHECKED;

/* Mean [n] and covariance [n][n] of the joint coefficients, shape then albedo, when the features vary as `samples` [count][features] do
   and the rest as the law's residual. */
DF_API bool group_statistics(const face_trait_law *law, int shape_count, int albedo_count, const float *samples, int count, df_arena *arena,
                             float *mean, float *covariance, df_error *err) DF_CHECKED;

#endif
