/* kid.c: kernels of blocks of rows by matrix products, summed row by row and then in order. */
#include "metrics/kid.h"

#include <cblas.h>
#include <math.h>

#include "base/clones.h"
#include "base/stop.h"
#include "metrics/subsets.h"

enum { BLOCK = 512, LANES = 8 };

typedef struct kid_scratch {
    double *a, *b;   /* [BLOCK][dims] */
    double *product; /* [BLOCK][BLOCK] */
} kid_scratch;

static bool scratch_new(kid_scratch *out, int dims, df_arena *arena, df_error *err)
{
    out->a = df_alloc(arena, BLOCK * (size_t)dims, sizeof *out->a, err);
    out->b = out->a ? df_alloc(arena, BLOCK * (size_t)dims, sizeof *out->b, err) : NULL;
    out->product = out->b ? df_alloc(arena, BLOCK * BLOCK, sizeof *out->product, err) : NULL;
    return out->product != NULL;
}

static int64_t block_at(int64_t first, int64_t count)
{
    return count - first < BLOCK ? count - first : BLOCK;
}

/* Sum of the kernel of products; eight sums side by side, added in order, become vector code. */
DF_CLONES static double kernel_sum(const double *products, int64_t count, double scale)
{
    double sums[LANES] = {0}, sum = 0;
    int64_t j = 0;
    for (; j + LANES <= count; j += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            const double base = products[j + lane] * scale + 1;
            sums[lane] += base * base * base;
        }
    for (; j < count; j++) {
        const double base = products[j] * scale + 1;
        sum += base * base * base;
    }
    for (int lane = 0; lane < LANES; lane++)
        sum += sums[lane];
    return sum;
}

/* Over one row of products, but for column `without`; -1: all. */
static double row_sum(const double *products, int64_t count, double scale, int64_t without)
{
    if (without < 0)
        return kernel_sum(products, count, scale);
    return kernel_sum(products, without, scale) + kernel_sum(products + without + 1, count - without - 1, scale);
}

/* Of the kernel between two blocks of rows; is_same: they are one, and a row with itself does not count. */
static double block_sum(const kid_scratch *s, int64_t rows, int64_t columns, int dims, bool is_same)
{
    double sums[BLOCK], sum = 0;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)columns, dims, 1, s->a, dims, is_same ? s->a : s->b, dims, 0,
                s->product, BLOCK);
#pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < rows; i++)
        sums[i] = row_sum(s->product + (size_t)i * BLOCK, columns, 1.0 / dims, is_same ? i : -1);
    for (int64_t i = 0; i < rows; i++)
        sum += sums[i];
    return sum;
}

/* Mean of the kernel over pairs; within one choice each pair once, but none of a row with itself. */
static bool mean_kernel(const feature_rows *a, const feature_rows *b, bool is_within, const kid_scratch *s, double *out, df_error *err)
{
    double sum = 0;
    for (int64_t i = 0; i < a->count; i += BLOCK) {
        const int64_t rows = block_at(i, a->count);
        if (!feature_rows_read(a, i, rows, s->a, err))
            return false;
        for (int64_t j = is_within ? i : 0; j < b->count; j += BLOCK) {
            const bool is_same = is_within && i == j;
            const int64_t columns = block_at(j, b->count);
            if (!df_may_go_on(err) || (!is_same && !feature_rows_read(b, j, columns, s->b, err)))
                return false;
            sum += (is_within && !is_same ? 2 : 1) * block_sum(s, rows, columns, a->set->dims, is_same);
        }
    }
    *out = sum / ((double)a->count * (double)(is_within ? a->count - 1 : b->count));
    return true;
}

static bool estimate(const feature_rows *a, const feature_rows *b, const kid_scratch *s, double *out, df_error *err)
{
    double within_a = 0, within_b = 0, between = 0;
    if (!mean_kernel(a, a, true, s, &within_a, err) || !mean_kernel(b, b, true, s, &within_b, err) ||
        !mean_kernel(a, b, false, s, &between, err))
        return false;
    *out = within_a + within_b - 2 * between;
    return isfinite(*out) || df_fail(err, "features too large for the kernel distance");
}

bool kid_of_rows(const feature_rows *a, const feature_rows *b, df_arena *arena, double *out, df_error *err)
{
    kid_scratch scratch;
    const df_arena_mark mark = df_arena_save(arena);
    const bool ok = scratch_new(&scratch, a->set->dims, arena, err) && estimate(a, b, &scratch, out, err);
    df_arena_restore(arena, mark);
    return ok;
}

static bool needs_samples(const feature_set *set, df_error *err)
{
    return set->count > 0 || df_fail(err, "%s: only mu and sigma, expected features: the kernel distance is of samples", set->path);
}

/* The estimate over KID_SUBSETS pairs of random subsets. */
static bool over_subsets(const feature_set *a, const feature_set *b, uint64_t seed, int64_t size, const df_progress *progress,
                         df_arena *arena, double values[KID_SUBSETS], df_error *err)
{
    int64_t *orders[2] = {subset_order(NULL, a->count, arena, err), subset_order(NULL, b->count, arena, err)};
    kid_scratch scratch;
    bool ok = orders[0] && orders[1] && scratch_new(&scratch, a->dims, arena, err);
    df_progress_start(progress, "kernel distance", KID_SUBSETS);
    for (int k = 0; ok && k < KID_SUBSETS; k++) {
        df_random random = subset_random(seed, "kid", k);
        subset_draw(orders[0], a->count, size, &random);
        subset_draw(orders[1], b->count, size, &random);
        ok = estimate(&(feature_rows){.set = a, .order = orders[0], .count = size},
                      &(feature_rows){.set = b, .order = orders[1], .count = size}, &scratch, &values[k], err);
        df_progress_step(progress, k + 1);
    }
    df_progress_finish(progress);
    return ok;
}

bool kid_between(const feature_set *a, const feature_set *b, uint64_t seed, const df_progress *progress, df_arena *arena, kid_result *out,
                 df_error *err)
{
    if (!needs_samples(a, err) || !needs_samples(b, err))
        return false;
    const feature_rows rows_a = feature_rows_all(a), rows_b = feature_rows_all(b);
    const int64_t least = a->count < b->count ? a->count : b->count, size = least < KID_SUBSET ? least : KID_SUBSET;
    if (!kid_of_rows(&rows_a, &rows_b, arena, &out->all, err))
        return false;
    if (a->count == size && b->count == size) { /* every subset is the whole */
        out->mean = out->all;
        out->std = 0;
        return true;
    }
    double values[KID_SUBSETS];
    const df_arena_mark mark = df_arena_save(arena);
    const bool ok = over_subsets(a, b, seed, size, progress, arena, values, err);
    df_arena_restore(arena, mark);
    if (!ok)
        return false;
    const subset_spread spread = subset_spread_of(values, KID_SUBSETS);
    out->mean = spread.mean;
    out->std = spread.std * sqrt((KID_SUBSETS - 1.0) / KID_SUBSETS);
    return true;
}
