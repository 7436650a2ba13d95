/* frechet.c: the distance, by singular values where the matrix is small, by eigenvalues of its square where it is large. */
#include "metrics/frechet.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>

/* Up to here singular values are taken as such: exact to rounding and quick. Beyond, as roots of eigenvalues, in a third of the time:
   each is then off by some 1e-16 s1^2 / s, which sums to below 1e-6 for 2048 Inception features. */
enum { SINGULAR = 1024 };
static const double LARGEST = 1e140; /* of a trace: products of two stay finite */

static bool sum_of_singular_values(double *m, int rows, int columns, df_arena *arena, double *out, df_error *err)
{
    const int least = rows < columns ? rows : columns;
    double *values = df_alloc(arena, (size_t)least, sizeof *values, err), nothing;
    if (!values)
        return false;
    if (LAPACKE_dgesdd(LAPACK_COL_MAJOR, 'N', columns, rows, m, columns, values, &nothing, 1, &nothing, 1) != 0)
        return df_fail(err, "the singular values of a product of covariances were not found");
    *out = 0;
    for (int i = least - 1; i >= 0; i--) /* the small ones first */
        *out += values[i];
    return true;
}

static bool sum_of_roots(const double *m, int rows, int columns, df_arena *arena, double *out, df_error *err)
{
    const int least = rows < columns ? rows : columns;
    double *square = df_alloc(arena, (size_t)least * (size_t)least, sizeof *square, err);
    double *values = df_alloc(arena, (size_t)least, sizeof *values, err);
    if (!square || !values)
        return false;
    cblas_dsyrk(CblasRowMajor, CblasUpper, rows <= columns ? CblasNoTrans : CblasTrans, least, rows <= columns ? columns : rows, 1, m,
                columns, 0, square, least);
    if (LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'N', 'L', least, square, least, values) != 0)
        return df_fail(err, "the eigenvalues of a product of covariances were not found");
    *out = 0;
    for (int i = 0; i < least; i++)
        *out += sqrt(fmax(values[i], 0));
    return true;
}

/* F1 F2', [rank of a][rank of b]. */
static double *product(const gaussian *a, const gaussian *b, df_arena *arena, df_error *err)
{
    double *m = df_alloc(arena, (size_t)a->rank * (size_t)b->rank, sizeof *m, err);
    if (!m || a->rank == 0 || b->rank == 0)
        return m;
    if (a->is_triangle && b->is_triangle) { /* half the work */
        cblas_dcopy(a->rank * a->dims, a->factor, 1, m, 1);
        cblas_dtrmm(CblasRowMajor, CblasRight, CblasUpper, CblasTrans, CblasNonUnit, a->rank, a->dims, 1, b->factor, b->dims, m, b->rank);
        return m;
    }
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, a->rank, b->rank, a->dims, 1, a->factor, a->dims, b->factor, b->dims, 0, m,
                b->rank);
    return m;
}

bool frechet_distance(const gaussian *a, const gaussian *b, df_arena *arena, double *out, df_error *err)
{
    double mean = 0, root = 0;
    for (int i = 0; i < a->dims; i++)
        mean += (a->mean[i] - b->mean[i]) * (a->mean[i] - b->mean[i]);
    if (!(mean < LARGEST && a->trace < LARGEST && b->trace < LARGEST))
        return df_fail(err, "features too large for a distance, expected variances below %g", LARGEST);
    const df_arena_mark mark = df_arena_save(arena);
    double *m = product(a, b, arena, err);
    const int least = a->rank < b->rank ? a->rank : b->rank;
    const bool ok = m && (least == 0 || (least <= SINGULAR ? sum_of_singular_values(m, a->rank, b->rank, arena, &root, err)
                                                           : sum_of_roots(m, a->rank, b->rank, arena, &root, err)));
    df_arena_restore(arena, mark);
    *out = fmax(mean + a->trace + b->trace - 2 * root, 0); /* below 0 is rounding */
    return ok;
}

bool frechet_of_rows(const feature_rows *a, const feature_rows *b, df_arena *arena, double *out, df_error *err)
{
    gaussian first, second;
    const df_arena_mark mark = df_arena_save(arena);
    const bool ok = gaussian_of_rows(a, arena, &first, err) && gaussian_of_rows(b, arena, &second, err) &&
                    frechet_distance(&first, &second, arena, out, err);
    df_arena_restore(arena, mark);
    return ok;
}

bool feature_sets_fit(const feature_set *a, const feature_set *b, df_error *err)
{
    return a->dims == b->dims || df_fail(err, "%s: %d dimensions, but %s has %d", b->path, b->dims, a->path, a->dims);
}
