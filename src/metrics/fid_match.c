/* fid_match.c: cells of bins, and as many images of both sets in each. */
#include <math.h>
#include <stdlib.h>

#include "metrics/fid_parts.h"
#include "base/order.h"
#include "metrics/frechet.h"

enum { CELLS = FID_MATCH_BINS * FID_MATCH_BINS * FID_MATCH_BINS, NUMBERS = 3 };

typedef struct matching {
    const image_set *sets[2];
    const image_label *labels[2];
    const label_part *part;
    int64_t *usable[2], with[2]; /* rows that have all numbers, then in random order */
    int64_t *kept[2], count;     /* [count] each, after matching */
    double edges[NUMBERS][FID_MATCH_BINS - 1];
    uint64_t seed;
} matching;

static const float *numbers_at(const matching *m, int set, int64_t row)
{
    return m->labels[set][row].numbers + m->part->first;
}

static bool has_all(const matching *m, int set, int64_t row)
{
    for (int k = 0; k < m->part->count; k++)
        if (!isfinite(numbers_at(m, set, row)[k]))
            return false;
    return true;
}

static bool find_usable(matching *m, df_arena *arena, df_error *err)
{
    for (int s = 0; s < 2; s++) {
        const int64_t count = m->sets[s]->features.count;
        m->usable[s] = df_alloc(arena, (size_t)count, sizeof *m->usable[s], err);
        m->kept[s] = m->usable[s] ? df_alloc(arena, (size_t)count, sizeof *m->kept[s], err) : NULL;
        if (!m->kept[s])
            return false;
        for (int64_t i = 0; i < count; i++)
            if (has_all(m, s, i))
                m->usable[s][m->with[s]++] = i;
    }
    return true;
}

/* Quantiles of the pool, in which either set weighs as much as the other: of the smaller set each number stands more often. */
static bool find_edges(matching *m, df_arena *arena, df_error *err)
{
    const int64_t least = m->with[0] < m->with[1] ? m->with[0] : m->with[1];
    float *pool = df_alloc(arena, (size_t)(2 * least), sizeof *pool, err);
    for (int k = 0; pool && k < m->part->count; k++) {
        for (int s = 0; s < 2; s++)
            for (int64_t i = 0; i < least; i++) /* evenly chosen */
                pool[s * least + i] = numbers_at(m, s, m->usable[s][i * m->with[s] / least])[k];
        qsort(pool, (size_t)(2 * least), sizeof *pool, df_by_float);
        for (int b = 1; b < FID_MATCH_BINS; b++)
            m->edges[k][b - 1] = (double)pool[2 * least * b / FID_MATCH_BINS];
    }
    return pool != NULL;
}

static int cell_of(const matching *m, int set, int64_t row)
{
    int cell = 0;
    for (int k = 0; k < m->part->count; k++) {
        int bin = 0;
        while (bin < FID_MATCH_BINS - 1 && (double)numbers_at(m, set, row)[k] >= m->edges[k][bin])
            bin++;
        cell = cell * FID_MATCH_BINS + bin;
    }
    return cell;
}

/* Of rows in random order the first of each cell, as many as both sets have. */
static void keep(matching *m)
{
    int64_t counts[2][CELLS] = {{0}};
    for (int s = 0; s < 2; s++)
        for (int64_t i = 0; i < m->with[s]; i++)
            counts[s][cell_of(m, s, m->usable[s][i])]++;
    for (int s = 0; s < 2; s++) {
        int64_t taken[CELLS] = {0}, kept = 0;
        for (int64_t i = 0; i < m->with[s]; i++) {
            const int cell = cell_of(m, s, m->usable[s][i]);
            const int64_t wanted = counts[0][cell] < counts[1][cell] ? counts[0][cell] : counts[1][cell];
            if (taken[cell] < wanted) {
                taken[cell]++;
                m->kept[s][kept++] = m->usable[s][i];
            }
        }
        m->count = kept;
    }
}

/* The largest difference of means of a number, in standard deviations of what both sets have on average. */
static double difference(const matching *m, int64_t *const rows[2], const int64_t counts[2])
{
    double largest = 0;
    for (int k = 0; k < m->part->count; k++) {
        double means[2] = {0}, variances[2] = {0};
        for (int s = 0; s < 2; s++) {
            for (int64_t i = 0; i < m->with[s]; i++)
                means[s] += (double)numbers_at(m, s, m->usable[s][i])[k] / (double)m->with[s];
            for (int64_t i = 0; i < m->with[s]; i++)
                variances[s] += pow((double)numbers_at(m, s, m->usable[s][i])[k] - means[s], 2) / (double)m->with[s];
            means[s] = 0;
            for (int64_t i = 0; i < counts[s]; i++)
                means[s] += (double)numbers_at(m, s, rows[s][i])[k] / (double)counts[s];
        }
        const double scale = sqrt((variances[0] + variances[1]) / 2);
        if (scale > 0)
            largest = fmax(largest, fabs(means[0] - means[1]) / scale);
    }
    return largest;
}

static bool distance(const matching *m, int64_t *const rows[2], df_arena *arena, double *out, df_error *err)
{
    return frechet_of_rows(&(feature_rows){.set = &m->sets[0]->features, .order = rows[0], .count = m->count},
                           &(feature_rows){.set = &m->sets[1]->features, .order = rows[1], .count = m->count}, arena, out, err);
}

static void shuffle(matching *m, const char *use, int index, int64_t count)
{
    df_random random = subset_random(m->seed, use, index);
    for (int s = 0; s < 2; s++)
        subset_draw(m->usable[s], m->with[s], count < m->with[s] ? count : m->with[s], &random);
}

static bool measure(matching *m, df_arena *arena, fid_match *out, df_error *err)
{
    double values[FID_MATCH_REPEATS];
    if (!find_edges(m, arena, err))
        return false;
    shuffle(m, m->part->name, 0, INT64_MAX);
    keep(m);
    out->kept = m->count;
    out->has_fid = m->count >= FID_GROUP_LEAST;
    if (!out->has_fid)
        return true;
    out->difference_before = difference(m, m->usable, m->with);
    out->difference_after = difference(m, m->kept, (int64_t[]){m->count, m->count});
    if (!distance(m, m->kept, arena, &out->fid, err))
        return false;
    for (int i = 0; i < FID_MATCH_REPEATS; i++) {
        shuffle(m, m->part->name, 1 + i, m->count);
        if (!distance(m, m->usable, arena, &values[i], err))
            return false;
    }
    out->unmatched = subset_spread_of(values, FID_MATCH_REPEATS);
    return true;
}

bool fid_matched(const image_set *a, const image_set *b, uint64_t seed, const df_progress *progress, df_arena *arena,
                 fid_match out[LABEL_PARTS], df_error *err)
{
    matching all = {.sets = {a, b}, .seed = seed};
    bool ok = image_set_labels(a, arena, &all.labels[0], err) && image_set_labels(b, arena, &all.labels[1], err);
    df_progress_start(progress, "matching", LABEL_PARTS);
    for (int p = 0; ok && p < LABEL_PARTS; p++) {
        const df_arena_mark mark = df_arena_save(arena);
        matching m = all;
        m.part = &label_parts[p];
        out[p] = (fid_match){.part = m.part};
        ok = find_usable(&m, arena, err);
        out[p].with_a = m.with[0];
        out[p].with_b = m.with[1];
        if (ok && m.with[0] >= FID_GROUP_LEAST && m.with[1] >= FID_GROUP_LEAST)
            ok = measure(&m, arena, &out[p], err);
        df_arena_restore(arena, mark);
        df_progress_step(progress, p + 1);
    }
    df_progress_finish(progress);
    return ok;
}
