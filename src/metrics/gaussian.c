/* gaussian.c: means and factors of covariances. */
#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "base/stop.h"
#include "metrics/frechet.h"

enum { BLOCK = 512 };                /* rows at a time */
static const double NEGATIVE = 1e-5; /* of a covariance that is none, in parts of its largest variance */

static int64_t block_at(int64_t first, int64_t count)
{
    return count - first < BLOCK ? count - first : BLOCK;
}

static bool mean_of(const feature_rows *rows, double *block, double *mean, df_error *err)
{
    const size_t d = (size_t)rows->set->dims;
    for (int64_t at = 0; at < rows->count; at += BLOCK) {
        const int64_t count = block_at(at, rows->count);
        if (!df_may_go_on(err) || !feature_rows_read(rows, at, count, block, err))
            return false;
        for (int64_t i = 0; i < count; i++)
            for (size_t j = 0; j < d; j++)
                mean[j] += block[(size_t)i * d + j];
    }
    for (size_t j = 0; j < d; j++)
        mean[j] /= (double)rows->count;
    return true;
}

static void centre(double *block, int64_t count, const double *mean, size_t d, double scale)
{
    for (int64_t i = 0; i < count; i++)
        for (size_t j = 0; j < d; j++)
            block[(size_t)i * d + j] = (block[(size_t)i * d + j] - mean[j]) * scale;
}

/* Fewer rows than dimensions: the centred rows are the factor. */
static bool factor_of_few(const feature_rows *rows, gaussian *out, double *factor, df_error *err)
{
    const size_t d = (size_t)out->dims;
    if (!feature_rows_read(rows, 0, rows->count, factor, err))
        return false;
    centre(factor, rows->count, out->mean, d, 1 / sqrt((double)(rows->count - 1)));
    out->rank = (int)rows->count;
    for (int64_t i = 0; i < rows->count; i++) {
        double sum = 0;
        for (size_t j = 0; j < d; j++)
            sum += factor[(size_t)i * d + j] * factor[(size_t)i * d + j];
        out->trace += sum;
    }
    return true;
}

/* The diagonal and what lies right of it. */
static bool covariance_of(const feature_rows *rows, const double *mean, double *block, double *covariance, df_error *err)
{
    const int d = rows->set->dims;
    for (int64_t at = 0; at < rows->count; at += BLOCK) {
        const int64_t count = block_at(at, rows->count);
        if (!df_may_go_on(err) || !feature_rows_read(rows, at, count, block, err))
            return false;
        centre(block, count, mean, (size_t)d, 1);
        cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, d, (int)count, 1 / (double)(rows->count - 1), block, d, 1, covariance, d);
    }
    return true;
}

/* LAPACK sees the transpose: its L, column by column, is our factor, row by row. True where no pivot is as small as rounding. */
static bool plain_cholesky(double *s, int d, double largest)
{
    if (LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', d, s, d) != 0)
        return false;
    for (size_t i = 0; i < (size_t)d; i++)
        if (s[i * (size_t)d + i] * s[i * (size_t)d + i] <= d * DBL_EPSILON * largest)
            return false;
    return true;
}

/* Puts back what stands left of the diagonal in s to its right, and the diagonal. */
static void restore(double *s, const double *diagonal, size_t d)
{
    for (size_t i = 0; i < d; i++) {
        s[i * d + i] = diagonal[i];
        for (size_t j = i + 1; j < d; j++)
            s[i * d + j] = s[j * d + i];
    }
}

/* Cholesky with pivots ends where only rounding is left: of covariances without full rank. */
static bool pivoted_cholesky(gaussian *out, double *s, const double *diagonal, df_arena *arena, df_error *err)
{
    const size_t d = (size_t)out->dims;
    lapack_int *order = df_alloc(arena, d, sizeof *order, err), rank = 0;
    double *row = order ? df_alloc(arena, d, sizeof *row, err) : NULL, *rest = row ? df_copy(arena, diagonal, d * sizeof *rest, err) : NULL;
    if (!rest)
        return false;
    if (LAPACKE_dpstrf(LAPACK_COL_MAJOR, 'L', out->dims, s, out->dims, order, &rank, -1) < 0)
        return df_fail(err, "the covariance has no Cholesky factor");
    for (size_t k = 0; k < (size_t)rank; k++) {
        memset(row, 0, d * sizeof *row);
        for (size_t i = k; i < d; i++)
            row[order[i] - 1] = s[k * d + i];
        memcpy(s + k * d, row, d * sizeof *row);
        for (size_t i = 0; i < d; i++)
            rest[i] -= row[i] * row[i];
    }
    double largest = 0;
    for (size_t i = 0; i < d; i++)
        largest = fmax(largest, diagonal[i]);
    for (size_t i = 0; i < d; i++)
        if (rest[i] < -NEGATIVE * largest)
            return df_fail(err, "the covariance has negative eigenvalues, expected none");
    out->rank = (int)rank;
    return true;
}

/* Of a covariance whose diagonal and right part are given; s becomes the factor. */
static bool factorise(gaussian *out, double *s, df_arena *arena, df_error *err)
{
    const size_t d = (size_t)out->dims;
    double *diagonal = df_alloc(arena, d, sizeof *diagonal, err), largest = 0;
    if (!diagonal)
        return false;
    for (size_t i = 0; i < d; i++) {
        diagonal[i] = s[i * d + i];
        out->trace += diagonal[i];
        largest = fmax(largest, diagonal[i]);
        for (size_t j = i + 1; j < d; j++)
            s[j * d + i] = s[i * d + j];
    }
    out->factor = s;
    out->rank = out->dims;
    if (plain_cholesky(s, out->dims, largest)) {
        for (size_t i = 0; i < d; i++)
            memset(s + i * d, 0, i * sizeof *s);
        out->is_triangle = true;
        return true;
    }
    restore(s, diagonal, d);
    return pivoted_cholesky(out, s, diagonal, arena, err);
}

bool gaussian_of_rows(const feature_rows *rows, df_arena *arena, gaussian *out, df_error *err)
{
    const size_t d = (size_t)rows->set->dims, n = (size_t)rows->count;
    if (n < 2)
        return df_fail(err, "%zu sample%s, expected at least 2", n, n == 1 ? "" : "s");
    *out = (gaussian){.dims = rows->set->dims};
    double *mean = df_alloc(arena, d, sizeof *mean, err), *factor = df_alloc(arena, n < d ? n * d : d * d, sizeof *factor, err);
    out->mean = mean;
    out->factor = factor;
    if (!mean || !factor)
        return false;
    const df_arena_mark mark = df_arena_save(arena);
    double *block = df_alloc(arena, BLOCK * d, sizeof *block, err);
    const bool ok = block && mean_of(rows, block, mean, err) &&
                    (n < d ? factor_of_few(rows, out, factor, err)
                           : covariance_of(rows, mean, block, factor, err) && factorise(out, factor, arena, err));
    df_arena_restore(arena, mark);
    return ok;
}

bool gaussian_of_set(const feature_set *set, df_arena *arena, gaussian *out, df_error *err)
{
    if (set->count > 0) {
        const feature_rows rows = feature_rows_all(set);
        return gaussian_of_rows(&rows, arena, out, err) || df_fail_in(err, "%s", set->path);
    }
    const size_t d = (size_t)set->dims;
    *out = (gaussian){.dims = set->dims, .mean = set->mu};
    double *factor = df_copy(arena, set->sigma, d * d * sizeof *factor, err);
    if (!factor)
        return false;
    const df_arena_mark mark = df_arena_save(arena);
    const bool ok = factorise(out, factor, arena, err) || df_fail_in(err, "%s: array 'sigma'", set->path);
    df_arena_restore(arena, mark);
    return ok;
}
