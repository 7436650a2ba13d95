/* prdc.c: squared distances of blocks of rows by matrix products, |x|^2 + |y|^2 - 2 x.y; what is so near a border that their rounding could
   decide is computed anew from the differences. */
#include "metrics/prdc.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "base/stop.h"

enum { BLOCK = 512 };
static const double ROUNDING = 1e-10; /* of a squared distance by products, in parts of |x|^2 + |y|^2: far above what occurs */

typedef struct prdc_set {
    const feature_set *features;
    double *norms, *radii; /* [count] squares */
    bool *is_in;           /* [count] in a ball of the other set */
} prdc_set;

typedef struct prdc_work {
    prdc_set real, generated;
    int k;
    double *x, *y;    /* [BLOCK][dims] */
    double *products; /* [BLOCK][BLOCK] */
    double *nearest;  /* [BLOCK][k] rising */
    int64_t *balls;   /* [BLOCK] of real samples, a block's rows */
    bool *is_covered; /* [BLOCK] */
    const df_progress *progress;
    int64_t done;
} prdc_work;

static int64_t block_at(int64_t first, int64_t count)
{
    return count - first < BLOCK ? count - first : BLOCK;
}

static double square_of_difference(const double *x, const double *y, int dims)
{
    double sum = 0;
    for (int i = 0; i < dims; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sum;
}

static bool read_block(const prdc_set *set, int64_t first, int64_t count, double *out, df_error *err)
{
    const feature_rows rows = feature_rows_all(set->features);
    return df_may_go_on(err) && feature_rows_read(&rows, first, count, out, err);
}

static bool find_norms(const prdc_work *w, prdc_set *set, df_error *err)
{
    const int d = set->features->dims;
    for (int64_t at = 0; at < set->features->count; at += BLOCK) {
        const int64_t count = block_at(at, set->features->count);
        if (!read_block(set, at, count, w->x, err))
            return false;
        for (int64_t i = 0; i < count; i++)
            if (!isfinite(set->norms[at + i] = cblas_ddot(d, w->x + i * d, 1, w->x + i * d, 1)))
                return df_fail(err, "%s: row %lld: too large for distances", set->features->path, (long long)(at + i));
    }
    return true;
}

/* Products of all pairs of the two blocks. */
static void multiply(const prdc_work *w, int64_t rows, int64_t columns)
{
    const int d = w->real.features->dims;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)columns, d, 1, w->x, d, w->y, d, 0, w->products, BLOCK);
}

/* Puts a value into a rising list of k. */
static void insert(double *list, int k, double value)
{
    int at = k - 1;
    if (value >= list[at])
        return;
    for (; at > 0 && list[at - 1] > value; at--)
        list[at] = list[at - 1];
    list[at] = value;
}

/* The nearest of row i among a block's columns; candidates are taken by rounded distances, kept by exact ones. */
static void look_for_nearest(const prdc_work *w, const prdc_set *set, int64_t row, int64_t first_row, int64_t first_column, int64_t columns)
{
    const int d = set->features->dims;
    const int64_t i = row - first_row;
    double *list = w->nearest + i * w->k;
    for (int64_t j = 0; j < columns; j++) {
        const double sum = set->norms[row] + set->norms[first_column + j], slack = ROUNDING * sum;
        if (first_column + j != row && sum - 2 * w->products[i * BLOCK + j] <= list[w->k - 1] + slack)
            insert(list, w->k, square_of_difference(w->x + i * d, w->y + j * d, d));
    }
}

static bool find_radii(prdc_work *w, prdc_set *set, df_error *err)
{
    const int64_t n = set->features->count;
    for (int64_t at = 0; at < n; at += BLOCK) {
        const int64_t rows = block_at(at, n);
        for (int64_t i = 0; i < rows * w->k; i++)
            w->nearest[i] = (double)INFINITY;
        if (!read_block(set, at, rows, w->x, err))
            return false;
        for (int64_t to = 0; to < n; to += BLOCK) {
            const int64_t columns = block_at(to, n);
            if (!read_block(set, to, columns, w->y, err))
                return false;
            multiply(w, rows, columns);
#pragma omp parallel for schedule(static)
            for (int64_t i = 0; i < rows; i++)
                look_for_nearest(w, set, at + i, at, to, columns);
        }
        for (int64_t i = 0; i < rows; i++)
            set->radii[at + i] = w->nearest[i * w->k + w->k - 1];
        df_progress_step(w->progress, w->done += rows);
    }
    return true;
}

/* Whether the rounded distance is below the square of a radius; near it the exact one decides. */
static bool is_below(double rounded, double radius, double slack, const double *x, const double *y, int dims)
{
    if (fabs(rounded - radius) > slack)
        return rounded < radius;
    return square_of_difference(x, y, dims) < radius;
}

/* One real sample and a block of generated ones. generated.is_in is set by several rows, all to true. */
static void compare_row(const prdc_work *w, int64_t row, int64_t i, int64_t first_column, int64_t columns)
{
    const int d = w->real.features->dims;
    for (int64_t j = 0; j < columns; j++) {
        const int64_t column = first_column + j;
        const double sum = w->real.norms[row] + w->generated.norms[column], slack = ROUNDING * sum;
        const double distance = sum - 2 * w->products[i * BLOCK + j];
        const double *x = w->x + i * d, *y = w->y + j * d;
        if (is_below(distance, w->real.radii[row], slack, x, y, d)) {
            w->balls[i]++;
            w->is_covered[i] = true;
#pragma omp atomic write
            w->generated.is_in[column] = true;
        }
        if (is_below(distance, w->generated.radii[column], slack, x, y, d))
            w->real.is_in[row] = true;
    }
}

static bool compare(prdc_work *w, prdc_result *out, df_error *err)
{
    const int64_t n = w->real.features->count, m = w->generated.features->count;
    int64_t balls = 0, covered = 0, precise = 0, recalled = 0;
    for (int64_t at = 0; at < n; at += BLOCK) {
        const int64_t rows = block_at(at, n);
        memset(w->balls, 0, BLOCK * sizeof *w->balls);
        memset(w->is_covered, 0, BLOCK * sizeof *w->is_covered);
        if (!read_block(&w->real, at, rows, w->x, err))
            return false;
        for (int64_t to = 0; to < m; to += BLOCK) {
            const int64_t columns = block_at(to, m);
            if (!read_block(&w->generated, to, columns, w->y, err))
                return false;
            multiply(w, rows, columns);
#pragma omp parallel for schedule(static)
            for (int64_t i = 0; i < rows; i++)
                compare_row(w, at + i, i, to, columns);
        }
        for (int64_t i = 0; i < rows; i++) {
            balls += w->balls[i];
            covered += w->is_covered[i];
        }
        df_progress_step(w->progress, w->done += rows);
    }
    for (int64_t i = 0; i < m; i++)
        precise += w->generated.is_in[i];
    for (int64_t i = 0; i < n; i++)
        recalled += w->real.is_in[i];
    *out = (prdc_result){.precision = (double)precise / (double)m,
                         .recall = (double)recalled / (double)n,
                         .density = (double)balls / ((double)w->k * (double)m),
                         .coverage = (double)covered / (double)n};
    return true;
}

static bool set_new(prdc_set *out, const feature_set *features, int k, df_arena *arena, df_error *err)
{
    const size_t n = (size_t)features->count;
    if (n == 0)
        return df_fail(err, "%s: only mu and sigma, expected features: precision and recall are of samples", features->path);
    if (n < (size_t)k + 1)
        return df_fail(err, "%s: %zu samples, expected at least %d for %d neighbours", features->path, n, k + 1, k);
    out->features = features;
    out->norms = df_alloc(arena, n, sizeof *out->norms, err);
    out->radii = out->norms ? df_alloc(arena, n, sizeof *out->radii, err) : NULL;
    out->is_in = out->radii ? df_alloc(arena, n, sizeof *out->is_in, err) : NULL;
    return out->is_in != NULL;
}

static bool work_new(prdc_work *w, const feature_set *real, const feature_set *generated, df_arena *arena, df_error *err)
{
    const size_t d = (size_t)real->dims;
    if (!set_new(&w->real, real, w->k, arena, err) || !set_new(&w->generated, generated, w->k, arena, err))
        return false;
    w->x = df_alloc(arena, BLOCK * d, sizeof *w->x, err);
    w->y = df_alloc(arena, BLOCK * d, sizeof *w->y, err);
    w->products = df_alloc(arena, BLOCK * BLOCK, sizeof *w->products, err);
    w->nearest = df_alloc(arena, BLOCK * (size_t)w->k, sizeof *w->nearest, err);
    w->balls = df_alloc(arena, BLOCK, sizeof *w->balls, err);
    w->is_covered = df_alloc(arena, BLOCK, sizeof *w->is_covered, err);
    return w->x && w->y && w->products && w->nearest && w->balls && w->is_covered;
}

bool prdc_between(const feature_set *real, const feature_set *generated, int k, const df_progress *progress, df_arena *arena,
                  prdc_result *out, df_error *err)
{
    prdc_work w = {.k = k, .progress = progress};
    const df_arena_mark mark = df_arena_save(arena);
    bool ok = work_new(&w, real, generated, arena, err);
    if (ok) {
        df_progress_start(progress, "precision and recall", 2 * real->count + generated->count);
        ok = find_norms(&w, &w.real, err) && find_norms(&w, &w.generated, err) && find_radii(&w, &w.real, err) &&
             find_radii(&w, &w.generated, err) && compare(&w, out, err);
        df_progress_finish(progress);
    }
    df_arena_restore(arena, mark);
    return ok;
}
