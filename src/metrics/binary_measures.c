/* binary_measures.c: everything after one sort by score. */
#include "metrics/binary_measures.h"

#include <math.h>
#include <stdlib.h>

typedef struct ranked {
    float score;
    bool is_positive;
} ranked;

static int by_score(const void *a, const void *b)
{
    const float x = ((const ranked *)a)->score, y = ((const ranked *)b)->score;
    return (x > y) - (x < y);
}

/* The scores in ascending order, in scratch memory. */
static bool rank(const binary_scores *of, df_arena *scratch, ranked **out, df_error *err)
{
    if (of->count == 0)
        return df_fail(err, "no image whose class is known");
    ranked *list = df_alloc(scratch, of->count, sizeof *list, err);
    if (!list)
        return false;
    for (size_t i = 0; i < of->count; i++) {
        if (!(of->scores[i] >= 0 && of->scores[i] <= 1))
            return df_fail(err, "score %zu is %g, expected 0 to 1", i, (double)of->scores[i]);
        list[i] = (ranked){of->scores[i], of->truths[i]};
    }
    qsort(list, of->count, sizeof *list, by_score);
    *out = list;
    return true;
}

/* The end of the run of equal scores that begins at `from`, and how many of them are positive. */
static size_t tie_end(const ranked *list, size_t count, size_t from, int64_t *positives)
{
    size_t end = from;
    for (*positives = 0; end < count && list[end].score == list[from].score; end++)
        *positives += list[end].is_positive;
    return end;
}

/* Twice the number of pairs in which the positive one is higher, ties counted once. */
static int64_t pairs_in_order(const ranked *list, size_t count)
{
    int64_t twice = 0, below = 0, positives;
    for (size_t from = 0, end; from < count; from = end) {
        end = tie_end(list, count, from, &positives);
        const int64_t negatives = (int64_t)(end - from) - positives;
        twice += positives * (2 * below + negatives);
        below += negatives;
    }
    return twice;
}

static void fill_bins(const ranked *list, size_t count, binary_measures *m)
{
    double sums[BINARY_BINS] = {0};
    for (size_t i = 0; i < count; i++) {
        const int wanted = (int)((double)list[i].score * BINARY_BINS), b = wanted < BINARY_BINS ? wanted : BINARY_BINS - 1;
        const double miss = (double)list[i].score - list[i].is_positive;
        m->bins[b].count++;
        m->bins[b].positives += list[i].is_positive;
        sums[b] += (double)list[i].score;
        m->brier += miss * miss / (double)count;
    }
    for (int b = 0; b < BINARY_BINS; b++)
        if (m->bins[b].count > 0) {
            m->bins[b].mean = sums[b] / (double)m->bins[b].count;
            m->ece += fabs((double)m->bins[b].positives - sums[b]) / (double)count;
        }
}

static void count_right(const ranked *list, size_t count, binary_measures *m)
{
    for (size_t i = 0; i < count; i++) {
        const bool says_yes = (double)list[i].score >= m->threshold;
        m->positives += list[i].is_positive;
        m->negatives += !list[i].is_positive;
        m->true_positives += says_yes && list[i].is_positive;
        m->true_negatives += !says_yes && !list[i].is_positive;
    }
}

bool binary_measure(const binary_scores *of, double threshold, df_arena *scratch, binary_measures *out, df_error *err)
{
    const df_arena_mark mark = df_arena_save(scratch);
    ranked *list;
    if (!rank(of, scratch, &list, err))
        return false;
    binary_measures m = {.threshold = threshold, .balanced = (double)NAN, .auc = (double)NAN};
    count_right(list, of->count, &m);
    m.accuracy = (double)(m.true_positives + m.true_negatives) / (double)of->count;
    if (m.positives > 0 && m.negatives > 0) {
        m.balanced = ((double)m.true_positives / (double)m.positives + (double)m.true_negatives / (double)m.negatives) / 2;
        m.auc = (double)pairs_in_order(list, of->count) / (2 * (double)m.positives * (double)m.negatives);
    }
    fill_bins(list, of->count, &m);
    df_arena_restore(scratch, mark);
    *out = m;
    return true;
}

static bool count_classes(const ranked *list, size_t count, int64_t *positives, int64_t *negatives, df_error *err)
{
    *positives = 0;
    for (size_t i = 0; i < count; i++)
        *positives += list[i].is_positive;
    *negatives = (int64_t)count - *positives;
    return (*positives > 0 && *negatives > 0) || df_fail(err, "all %zu images are of one class", count);
}

bool binary_best_threshold(const binary_scores *of, df_arena *scratch, double *out, df_error *err)
{
    const df_arena_mark mark = df_arena_save(scratch);
    ranked *list;
    int64_t positives, negatives, missed = 0, refused = 0, tied;
    if (!rank(of, scratch, &list, err) || !count_classes(list, of->count, &positives, &negatives, err))
        return false;
    double best = -1;
    for (size_t from = 0, end; from < of->count; from = end) { /* yes from this score on */
        const double balanced = (double)(positives - missed) / (double)positives + (double)refused / (double)negatives;
        if (balanced > best) {
            best = balanced;
            *out = (double)list[from].score;
        }
        end = tie_end(list, of->count, from, &tied);
        missed += tied;
        refused += (int64_t)(end - from) - tied;
    }
    df_arena_restore(scratch, mark);
    return true;
}

bool binary_roc(const binary_scores *of, size_t room, df_arena *scratch, double *fpr, double *tpr, size_t *count, df_error *err)
{
    const df_arena_mark mark = df_arena_save(scratch);
    ranked *list;
    int64_t positives, negatives, accepted = 0, wrong = 0, tied;
    if (!rank(of, scratch, &list, err) || !count_classes(list, of->count, &positives, &negatives, err))
        return false;
    size_t scores = 0, number = 0, have = 0;
    for (size_t from = 0; from < of->count; from = tie_end(list, of->count, from, &tied))
        scores++;
    const size_t every = scores / (room - 1) + 1;
    fpr[0] = tpr[0] = 0;
    have = 1;
    for (size_t end = of->count, from; end > 0; end = from) {
        tied = 0;
        for (from = end; from > 0 && list[from - 1].score == list[end - 1].score; from--)
            tied += list[from - 1].is_positive;
        accepted += tied;
        wrong += (int64_t)(end - from) - tied;
        number++;
        if (from > 0 && number % every != 0)
            continue;
        fpr[have] = (double)wrong / (double)negatives;
        tpr[have++] = (double)accepted / (double)positives;
    }
    *count = have;
    df_arena_restore(scratch, mark);
    return true;
}
