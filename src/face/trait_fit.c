/* trait_fit.c: least squares by Cholesky factors. Features are collinear (each set of hat functions sums to 1), which a small
   ridge settles: it prefers small coefficients. */
#include "face/trait_fit.h"

#include <cblas.h>
#include <lapacke.h>
#include <string.h>

static const double ridge_share = 1e-5;    /* of the mean diagonal */
static const double residual_floor = 1e-8; /* variance: a residual of zero has a factor too */

static double *to_double(const float *values, size_t count, df_arena *arena, df_error *err)
{
    double *out = df_alloc(arena, count, sizeof *out, err);
    for (size_t i = 0; out && i < count; i++)
        out[i] = (double)values[i];
    return out;
}

/* a [n][n] (lower triangle) of x [rows][n]: x^T x. */
static void gram(const double *x, int rows, int n, double *a)
{
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, n, rows, 1, x, n, 0, a, n);
}

static void add_ridge(double *a, int n, double share)
{
    double trace = 0;
    for (int i = 0; i < n; i++)
        trace += a[(size_t)i * (size_t)n + (size_t)i];
    for (int i = 0; i < n; i++)
        a[(size_t)i * (size_t)n + (size_t)i] += share * trace / n;
}

/* Solves min |x b - y|^2 + ridge |b|^2; b [n][k], y [rows][k]. */
static bool least_squares(const double *x, const double *y, int rows, int n, int k, df_arena *arena, double *b, df_error *err)
{
    double *a = df_alloc(arena, (size_t)n * (size_t)n, sizeof *a, err);
    if (!a)
        return false;
    gram(x, rows, n, a);
    add_ridge(a, n, ridge_share);
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, k, rows, 1, x, n, y, k, 0, b, k);
    if (LAPACKE_dposv(LAPACK_ROW_MAJOR, 'L', n, k, a, n, b, k) != 0)
        return df_fail(err, "least squares: the normal equations are singular");
    return true;
}

/* y -= x b; then the lower Cholesky factor of its covariance. */
static bool residual_factor(const double *x, const double *b, double *y, int rows, int n, int k, df_arena *arena, float *factor,
                            df_error *err)
{
    double *c = df_alloc(arena, (size_t)k * (size_t)k, sizeof *c, err);
    if (!c)
        return false;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, k, n, -1, x, n, b, k, 1, y, k);
    gram(y, rows, k, c);
    for (int i = 0; i < k; i++)
        for (int j = 0; j <= i; j++)
            c[(size_t)i * (size_t)k + (size_t)j] = c[(size_t)i * (size_t)k + (size_t)j] / rows + (i == j ? residual_floor : 0);
    if (LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', k, c, k) != 0)
        return df_fail(err, "trait law: the residual covariance is not positive");
    for (int i = 0; i < k; i++)
        for (int j = 0; j < k; j++)
            factor[(size_t)i * (size_t)k + (size_t)j] = j <= i ? (float)c[(size_t)i * (size_t)k + (size_t)j] : 0;
    return true;
}

bool trait_law_fit(const float *features, int feature_count, const float *coefficients, int n, int k, df_arena *arena, float *law,
                   float *residual, df_error *err)
{
    const size_t size = (size_t)feature_count * (size_t)k;
    double *x = to_double(features, (size_t)n * (size_t)feature_count, arena, err);
    double *y = x ? to_double(coefficients, (size_t)n * (size_t)k, arena, err) : NULL;
    double *b = y ? df_alloc(arena, size, sizeof *b, err) : NULL;
    if (!b || !least_squares(x, y, n, feature_count, k, arena, b, err) ||
        !residual_factor(x, b, y, n, feature_count, k, arena, residual, err))
        return false;
    for (size_t i = 0; i < size; i++)
        law[i] = (float)b[i];
    return true;
}

bool attribute_direction(const float *coefficients, const float *values, int n, int k, df_arena *arena, float *direction, df_error *err)
{
    double *x = to_double(coefficients, (size_t)n * (size_t)k, arena, err), *y = x ? to_double(values, (size_t)n, arena, err) : NULL;
    double *b = y ? df_alloc(arena, (size_t)k, sizeof *b, err) : NULL;
    if (!b)
        return false;
    double mean = 0, square = 0;
    for (int i = 0; i < n; i++)
        mean += y[i] / n;
    for (int i = 0; i < n; i++)
        y[i] -= mean;
    if (!least_squares(x, y, n, k, 1, arena, b, err))
        return false;
    for (int i = 0; i < k; i++)
        square += b[i] * b[i];
    if (!(square > 0))
        return df_fail(err, "an attribute does not vary with the coefficients");
    for (int i = 0; i < k; i++)
        direction[i] = (float)(b[i] / square);
    return true;
}

/* samples of joint means [count][n] = features . (shape law | albedo law). */
static void joint_means(const face_trait_law *law, int shape_count, int albedo_count, const float *samples, int count, float *means)
{
    const int n = shape_count + albedo_count, f = law->features;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, count, shape_count, f, 1, samples, f, law->shape, shape_count, 0, means, n);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, count, albedo_count, f, 1, samples, f, law->albedo, albedo_count, 0,
                means + shape_count, n);
}

/* covariance[at + i][at + j] += (factor factor^T)[i][j]. */
static void add_residual(const float *factor, int k, int at, int n, float *covariance)
{
    for (int i = 0; i < k; i++)
        for (int j = 0; j < k; j++) {
            double sum = 0;
            for (int l = 0; l <= (i < j ? i : j); l++)
                sum += (double)factor[(size_t)i * (size_t)k + (size_t)l] * (double)factor[(size_t)j * (size_t)k + (size_t)l];
            covariance[(size_t)(at + i) * (size_t)n + (size_t)(at + j)] += (float)sum;
        }
}

bool group_statistics(const face_trait_law *law, int shape_count, int albedo_count, const float *samples, int count, df_arena *arena,
                      float *mean, float *covariance, df_error *err)
{
    const int n = shape_count + albedo_count;
    float *means = df_alloc(arena, (size_t)count * (size_t)n, sizeof *means, err);
    double *x = means ? df_alloc(arena, (size_t)count * (size_t)n, sizeof *x, err) : NULL;
    double *c = x ? df_alloc(arena, (size_t)n * (size_t)n, sizeof *c, err) : NULL;
    if (!c)
        return false;
    joint_means(law, shape_count, albedo_count, samples, count, means);
    for (int k = 0; k < n; k++) {
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += (double)means[(size_t)i * (size_t)n + (size_t)k];
        mean[k] = (float)(sum / count);
        for (int i = 0; i < count; i++)
            x[(size_t)i * (size_t)n + (size_t)k] = (double)means[(size_t)i * (size_t)n + (size_t)k] - sum / count;
    }
    gram(x, count, n, c);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            covariance[(size_t)i * (size_t)n + (size_t)j] =
                (float)(c[(size_t)(i > j ? i : j) * (size_t)n + (size_t)(i > j ? j : i)] / (count - 1));
    add_residual(law->shape_residual, shape_count, 0, n, covariance);
    add_residual(law->albedo_residual, albedo_count, shape_count, n, covariance);
    return true;
}
