/* pca.c: subspace iteration on the Gram matrix: multiply, orthonormalise, repeat; then the eigenproblem within the subspace. */
#include "face/pca.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "base/random.h"

enum { ITERATIONS = 8, MARGIN = 120, COLUMNS = 256 };

/* A block of columns at a time, so that the sums stay in the nearest cache. */
void pca_centre(float *rows, int n, int stride, float *mean)
{
    for (int first = 0; first < stride; first += COLUMNS) {
        const int width = stride - first < COLUMNS ? stride - first : COLUMNS;
        double sums[COLUMNS] = {0};
        for (int row = 0; row < n; row++)
            for (int i = 0; i < width; i++)
                sums[i] += (double)rows[(size_t)row * (size_t)stride + (size_t)(first + i)];
        for (int i = 0; i < width; i++)
            mean[first + i] = (float)(sums[i] / n);
        for (int row = 0; row < n; row++)
            for (int i = 0; i < width; i++)
                rows[(size_t)row * (size_t)stride + (size_t)(first + i)] -= mean[first + i];
    }
}

static double trace_of(const float *gram, int n)
{
    double sum = 0;
    for (size_t i = 0; i < (size_t)n; i++)
        sum += (double)gram[i * (size_t)n + i];
    return sum;
}

/* Orthonormal columns [n][p] that span those of `basis`. */
static bool orthonormalise(float *basis, int n, int p, float *tau, df_error *err)
{
    if (LAPACKE_sgeqrf(LAPACK_ROW_MAJOR, n, p, basis, p, tau) != 0 || LAPACKE_sorgqr(LAPACK_ROW_MAJOR, n, p, p, basis, p, tau) != 0)
        return df_fail(err, "principal components: the orthogonal factor failed");
    return true;
}

typedef struct subspace {
    float *basis, *image;                  /* [n][p] */
    float *small, *vectors, *values, *tau; /* [p][p], [p][p], [p], [p] */
    int *support;
} subspace;

static bool subspace_new(subspace *s, int n, int p, df_arena *arena, df_error *err)
{
    const size_t side = (size_t)p;
    s->basis = df_alloc(arena, (size_t)n * side, sizeof *s->basis, err);
    s->image = s->basis ? df_alloc(arena, (size_t)n * side, sizeof *s->image, err) : NULL;
    s->small = s->image ? df_alloc(arena, side * side, sizeof *s->small, err) : NULL;
    s->vectors = s->small ? df_alloc(arena, side * side, sizeof *s->vectors, err) : NULL;
    s->values = s->vectors ? df_alloc(arena, side, sizeof *s->values, err) : NULL;
    s->tau = s->values ? df_alloc(arena, side, sizeof *s->tau, err) : NULL;
    s->support = s->tau ? df_alloc(arena, 2 * side, sizeof *s->support, err) : NULL;
    return s->support != NULL;
}

/* Ritz values ascending in s->values, Ritz vectors [n][p] in s->image. */
static bool ritz(const float *gram, int n, int p, subspace *s, df_error *err)
{
    cblas_ssymm(CblasRowMajor, CblasLeft, CblasLower, n, p, 1, gram, n, s->basis, p, 0, s->image, p);
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, p, p, n, 1, s->basis, p, s->image, p, 0, s->small, p);
    lapack_int found = 0;
    if (LAPACKE_ssyevr(LAPACK_ROW_MAJOR, 'V', 'A', 'L', p, s->small, p, 0, 0, 0, 0, 0, &found, s->values, s->vectors, p, s->support) != 0 ||
        found != p)
        return df_fail(err, "principal components: the eigenvalues did not converge");
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, p, p, 1, s->basis, p, s->vectors, p, 0, s->image, p);
    return true;
}

static bool iterate(const float *gram, int n, int p, subspace *s, df_error *err)
{
    df_random random = df_random_at(0, 0, 0, DF_FOR_MODEL_HEAD);
    for (size_t i = 0; i < (size_t)n * (size_t)p; i++)
        s->basis[i] = df_random_uniform(&random) - 0.5f;
    for (int i = 0; i < ITERATIONS; i++) {
        if (!orthonormalise(s->basis, n, p, s->tau, err))
            return false;
        cblas_ssymm(CblasRowMajor, CblasLeft, CblasLower, n, p, 1, gram, n, s->basis, p, 0, s->image, p);
        memcpy(s->basis, s->image, (size_t)n * (size_t)p * sizeof *s->basis);
    }
    return orthonormalise(s->basis, n, p, s->tau, err) && ritz(gram, n, p, s, err);
}

bool pca_fit(const float *rows, int n, int d, int stride, int count, df_arena *arena, pca *out, df_error *err)
{
    const int p = count + MARGIN < n ? count + MARGIN : n;
    float *gram = df_alloc(arena, (size_t)n * (size_t)n, sizeof *gram, err);
    pca fit = {.samples = n, .count = count, .looked_at = p};
    subspace s = {0};
    fit.coefficients = gram ? df_alloc(arena, (size_t)n * (size_t)count, sizeof *fit.coefficients, err) : NULL;
    fit.variance = fit.coefficients ? df_alloc(arena, (size_t)p, sizeof *fit.variance, err) : NULL;
    if (!fit.variance || !subspace_new(&s, n, p, arena, err))
        return false;
    cblas_ssyrk(CblasRowMajor, CblasLower, CblasNoTrans, n, d, 1 / (float)(n - 1), rows, stride, 0, gram, n);
    fit.total = trace_of(gram, n);
    if (!iterate(gram, n, p, &s, err))
        return false;
    const float scale = sqrtf((float)(n - 1));
    for (int k = 0; k < p; k++)
        fit.variance[k] = fmaxf(0, s.values[p - 1 - k]);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < count; k++)
            fit.coefficients[(size_t)i * (size_t)count + (size_t)k] = scale * s.image[(size_t)i * (size_t)p + (size_t)(p - 1 - k)];
    *out = fit;
    return true;
}

void pca_components(const pca *fit, const float *rows, int stride, float *components)
{
    /* With centred coefficients of variance 1 the component is the mean product of coefficient and sample. */
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, fit->count, stride, fit->samples, 1 / (float)(fit->samples - 1), fit->coefficients,
                fit->count, rows, stride, 0, components, stride);
}

float pca_share(const pca *fit, int count)
{
    double sum = 0;
    for (int k = 0; k < count && k < fit->looked_at; k++)
        sum += (double)fit->variance[k];
    return fit->total > 0 ? (float)(sum / fit->total) : 0;
}

int pca_meaningful(const pca *fit, double share)
{
    double sum = 0;
    for (int k = 0; k < fit->looked_at; k++) {
        sum += (double)fit->variance[k];
        if (sum >= share * fit->total)
            return k + 1;
    }
    return fit->looked_at + 1;
}
