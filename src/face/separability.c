/* separability.c: class c has the score w_c . x + b_c with w_c = S^-1 m_c and b_c = -m_c . w_c / 2, S the covariance about the class
   means m_c; the highest score wins (equal priors). */
#include "face/separability.h"

#include <cblas.h>
#include <lapacke.h>

typedef struct discriminant {
    double *mean, *weight; /* [classes][k] */
    double *covariance;    /* [k][k] lower */
    double *difference;    /* [train][k] from the own class's mean */
    double bias[SEPARABILITY_CLASSES];
} discriminant;

static bool discriminant_new(discriminant *d, int train, int k, int classes, df_arena *arena, df_error *err)
{
    const size_t width = (size_t)k;
    d->mean = df_alloc(arena, (size_t)classes * width, sizeof *d->mean, err);
    d->weight = d->mean ? df_alloc(arena, (size_t)classes * width, sizeof *d->weight, err) : NULL;
    d->covariance = d->weight ? df_alloc(arena, width * width, sizeof *d->covariance, err) : NULL;
    d->difference = d->covariance ? df_alloc(arena, (size_t)train * width, sizeof *d->difference, err) : NULL;
    return d->difference != NULL;
}

static bool class_means(discriminant *d, const float *x, const int *labels, int train, int k, int classes, df_error *err)
{
    int counts[SEPARABILITY_CLASSES] = {0};
    for (int i = 0; i < train; i++) {
        counts[labels[i]]++;
        for (int j = 0; j < k; j++)
            d->mean[labels[i] * k + j] += (double)x[(size_t)i * (size_t)k + (size_t)j];
    }
    for (int c = 0; c < classes; c++) {
        if (counts[c] == 0)
            return df_fail(err, "class %d of %d has no heads among the first %d", c, classes, train);
        for (int j = 0; j < k; j++)
            d->mean[c * k + j] /= counts[c];
    }
    return true;
}

static bool fit(discriminant *d, const float *x, const int *labels, int train, int k, int classes, df_error *err)
{
    if (!class_means(d, x, labels, train, k, classes, err))
        return false;
    for (int i = 0; i < train; i++)
        for (int j = 0; j < k; j++)
            d->difference[(size_t)i * (size_t)k + (size_t)j] = (double)x[(size_t)i * (size_t)k + (size_t)j] - d->mean[labels[i] * k + j];
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, k, train, 1.0 / train, d->difference, k, 0, d->covariance, k);
    if (LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', k, d->covariance, k) != 0)
        return df_fail(err, "the covariance within classes is singular");
    for (int c = 0; c < classes; c++) {
        double *w = d->weight + c * k;
        cblas_dcopy(k, d->mean + c * k, 1, w, 1);
        if (LAPACKE_dpotrs(LAPACK_ROW_MAJOR, 'L', k, 1, d->covariance, k, w, 1) != 0)
            return df_fail(err, "the discriminant's equations have no solution");
        d->bias[c] = -cblas_ddot(k, d->mean + c * k, 1, w, 1) / 2;
    }
    return true;
}

static int classify(const discriminant *d, const float *x, int k, int classes)
{
    int best = 0;
    double best_score = 0;
    for (int c = 0; c < classes; c++) {
        double score = d->bias[c];
        for (int j = 0; j < k; j++)
            score += d->weight[c * k + j] * (double)x[j];
        if (c == 0 || score > best_score) {
            best = c;
            best_score = score;
        }
    }
    return best;
}

bool linear_separability(const float *coefficients, const int *labels, int n, int k, int classes, int train, df_arena *arena, float *share,
                         df_error *err)
{
    discriminant d = {0};
    if (!discriminant_new(&d, train, k, classes, arena, err) || !fit(&d, coefficients, labels, train, k, classes, err))
        return false;
    int found = 0;
    for (int i = train; i < n; i++)
        found += classify(&d, coefficients + (size_t)i * (size_t)k, k, classes) == labels[i];
    *share = (float)found / (float)(n - train);
    return true;
}
