/* fid_resampled.c: distances of random subsets. */
#include "metrics/fid_resampled.h"

#include <math.h>

#include "metrics/frechet.h"

static const double LEAST_SHARE = 1.0 / 3;

static bool halve(const feature_rows *rows, int64_t *order, uint64_t seed, int index, df_arena *arena, double *out, df_error *err)
{
    const int64_t half = rows->count / 2;
    df_random random = subset_random(seed, "halves", index);
    subset_draw(order, rows->count, 2 * half, &random);
    return frechet_of_rows(&(feature_rows){.set = rows->set, .order = order, .count = half},
                           &(feature_rows){.set = rows->set, .order = order + half, .count = half}, arena, out, err);
}

bool fid_halves(const feature_rows *rows, uint64_t seed, const df_progress *progress, df_arena *arena, subset_spread *out, df_error *err)
{
    double values[FID_HALVES];
    if (rows->set->count == 0)
        return df_fail(err, "%s: only mu and sigma, expected features: halves are of samples", rows->set->path);
    if (rows->count < 4)
        return df_fail(err, "%s: %lld samples, expected at least 4 for two halves", rows->set->path, (long long)rows->count);
    const df_arena_mark mark = df_arena_save(arena);
    int64_t *order = subset_order(rows->order, rows->count, arena, err);
    bool ok = order != NULL;
    df_progress_start(progress, "halves", FID_HALVES);
    for (int i = 0; ok && i < FID_HALVES; i++) {
        ok = halve(rows, order, seed, i, arena, &values[i], err);
        df_progress_step(progress, i + 1);
    }
    df_progress_finish(progress);
    df_arena_restore(arena, mark);
    if (ok)
        *out = subset_spread_of(values, FID_HALVES);
    return ok;
}

/* A least-squares line at 0. */
static void extrapolate(const double *x, const double *y, fid_infinity_result *out)
{
    const double n = FID_INFINITY_POINTS;
    double mean_x = 0, mean_y = 0, xx = 0, xy = 0, rest = 0;
    for (int i = 0; i < FID_INFINITY_POINTS; i++) {
        mean_x += x[i] / n;
        mean_y += y[i] / n;
    }
    for (int i = 0; i < FID_INFINITY_POINTS; i++) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    const double slope = xy / xx;
    out->fid = mean_y - slope * mean_x;
    for (int i = 0; i < FID_INFINITY_POINTS; i++)
        rest += pow(y[i] - out->fid - slope * x[i], 2);
    out->standard_error = sqrt(rest / (n - 2) * (1 / n + mean_x * mean_x / xx));
}

typedef struct infinity_work {
    const feature_set *sets[2];
    int64_t *orders[2];
    uint64_t seed;
    double x[FID_INFINITY_POINTS], y[FID_INFINITY_POINTS];
} infinity_work;

/* The distance of random subsets of a share of both sets. */
static bool add_point(infinity_work *w, int point, double share, int64_t counts[2], df_arena *arena, df_error *err)
{
    df_random random = subset_random(w->seed, "infinity", point);
    feature_rows rows[2];
    for (int s = 0; s < 2; s++) {
        counts[s] = (int64_t)ceil((double)w->sets[s]->count * share);
        subset_draw(w->orders[s], w->sets[s]->count, counts[s], &random);
        rows[s] = (feature_rows){.set = w->sets[s], .order = w->orders[s], .count = counts[s]};
    }
    w->x[point] = 1 / share;
    return frechet_of_rows(&rows[0], &rows[1], arena, &w->y[point], err);
}

static bool enough(const feature_set *set, df_error *err)
{
    const int64_t least = 10 * FID_INFINITY_POINTS;
    return set->count >= least || (set->count == 0 ? df_fail(err, "%s: only mu and sigma, expected features to draw subsets of", set->path)
                                                   : df_fail(err, "%s: %lld samples, expected at least %lld to extrapolate from", set->path,
                                                             (long long)set->count, (long long)least));
}

bool fid_infinity(const feature_set *a, const feature_set *b, uint64_t seed, const df_progress *progress, df_arena *arena,
                  fid_infinity_result *out, df_error *err)
{
    if (!enough(a, err) || !enough(b, err))
        return false;
    const df_arena_mark mark = df_arena_save(arena);
    infinity_work w = {
        .sets = {a, b}, .orders = {subset_order(NULL, a->count, arena, err), subset_order(NULL, b->count, arena, err)}, .seed = seed};
    bool ok = w.orders[0] && w.orders[1];
    df_progress_start(progress, "extrapolation", FID_INFINITY_POINTS);
    for (int point = 0; ok && point < FID_INFINITY_POINTS; point++) {
        int64_t counts[2] = {0};
        ok = add_point(&w, point, LEAST_SHARE + (1 - LEAST_SHARE) * point / (FID_INFINITY_POINTS - 1), counts, arena, err);
        if (point == 0) {
            out->least_a = counts[0];
            out->least_b = counts[1];
        }
        df_progress_step(progress, point + 1);
    }
    df_progress_finish(progress);
    df_arena_restore(arena, mark);
    if (ok)
        extrapolate(w.x, w.y, out);
    return ok;
}
