/* Verification against counting pair by pair: scores in double, sorted lists, and the definitions word by word. */
#include <math.h>
#include <stdlib.h>

#include "metrics/embedding_fixture.h"
#include "metrics/score_count.h"
#include "metrics/verification.h"

typedef struct score_list {
    int32_t *bins;
    size_t count;
} score_list;

static score_counts count_all(const embedding_set *set, int threads, df_arena *arena)
{
    df_error err;
    score_counts c;
    must(score_count(set, threads, arena, NULL, &c, &err), &err);
    return c;
}

static size_t accepted(const score_list *list, int32_t threshold)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += list->bins[i] >= threshold;
    return count;
}

static double far_minus_frr(const score_list *genuine, const score_list *impostor, int32_t t)
{
    return (double)accepted(impostor, t) / (double)impostor->count - 1 + (double)accepted(genuine, t) / (double)genuine->count;
}

static int by_bin(const void *a, const void *b)
{
    return *(const int32_t *)a - *(const int32_t *)b;
}

/* EER as in the header: the crossing between two neighbouring scores. all: ascending. */
static double slow_eer(const score_list *genuine, const score_list *impostor, const score_list *all)
{
    for (size_t i = 0; i <= all->count; i++) {
        const int32_t t = i < all->count ? all->bins[i] : SCORE_BINS;
        const double here = far_minus_frr(genuine, impostor, t);
        if (here > 0)
            continue;
        const int32_t before = all->bins[i - 1];
        const double there = far_minus_frr(genuine, impostor, before), w = there / (there - here);
        const double far = (double)accepted(impostor, before) / (double)impostor->count;
        return far + w * ((double)accepted(impostor, t) / (double)impostor->count - far);
    }
    return (double)NAN;
}

static double slow_auc(const score_list *genuine, const score_list *impostor)
{
    double sum = 0;
    for (size_t g = 0; g < genuine->count; g++)
        for (size_t i = 0; i < impostor->count; i++)
            sum += genuine->bins[g] > impostor->bins[i] ? 1 : genuine->bins[g] == impostor->bins[i] ? 0.5 : 0;
    return sum / (double)genuine->count / (double)impostor->count;
}

/* The smallest score of all pairs at which at most `allowed` impostors are accepted. */
static int32_t slow_threshold(const score_list *impostor, const score_list *all, size_t allowed)
{
    for (size_t i = 0; i < all->count; i++)
        if (accepted(impostor, all->bins[i]) <= allowed)
            return all->bins[i];
    return -1;
}

static void add_score(score_list *list, int32_t bin)
{
    list->bins[list->count++] = bin;
}

static void must_equal_counting(const score_list *genuine, const score_list *impostor, const score_list *all, const verification *v)
{
    const double close = 1e-12; /* sums of some ten thousand shares */
    assert_int_equal(v->genuine, genuine->count);
    assert_int_equal(v->impostor, impostor->count);
    assert_true(fabs(v->eer - slow_eer(genuine, impostor, all)) < close);
    assert_true(fabs(v->auc - slow_auc(genuine, impostor)) < close);
    size_t allowed = impostor->count;
    for (int e = 0; e < VERIFICATION_RATES; e++) {
        allowed /= 10;
        assert_true(v->points[e].has_value == (allowed > 0));
        if (allowed == 0)
            continue;
        const int32_t t = slow_threshold(impostor, all, allowed);
        const double frr = t < 0 ? 1 : 1 - (double)accepted(genuine, t) / (double)genuine->count;
        assert_true(t < 0 ? isnan(v->points[e].threshold) : v->points[e].threshold == score_of_bin(t));
        assert_true(fabs(v->points[e].frr - frr) < close);
    }
}

/* Random lists with many ties, straight into histograms. */
static void random_lists_with_ties_are_as_counted(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < 60; trial++) {
        df_error err;
        df_arena *arena = df_arena_new((size_t)1 << 28, &err);
        df_random random = df_random_at(5, trial, 0, DF_FOR_TEST);
        const size_t sizes[2] = {1 + df_random_below(&random, 60), 1 + df_random_below(&random, 300)};
        const uint32_t values = 1 + df_random_below(&random, trial % 2 ? 8 : 4000);
        score_counts c;
        must(score_counts_new(arena, &c, &err), &err);
        score_list lists[2] = {0}, all = {.bins = df_alloc(arena, 400, sizeof(int32_t), &err)};
        for (int k = 0; k < 2; k++) {
            lists[k].bins = df_alloc(arena, sizes[k], sizeof(int32_t), &err);
            for (size_t i = 0; i < sizes[k]; i++) {
                const int32_t bin = SCORE_STEPS + (int32_t)(df_random_below(&random, values) * 700) + (k == 0 ? 700 : 0);
                add_score(&lists[k], bin);
                add_score(&all, bin);
                must(score_histogram_add(k == 0 ? c.genuine : c.impostor, bin, &err), &err);
            }
        }
        qsort(all.bins, all.count, sizeof *all.bins, by_bin);
        verification v;
        must(verification_measure(c.genuine, c.impostor, &v, &err), &err);
        must_equal_counting(&lists[0], &lists[1], &all, &v);
        df_arena_free(arena);
    }
}

/* More rows than a tile has, so that tiles on and off the diagonal, full and cut ones come; scores by themselves in double. */
static void all_pairs_are_visited_once_with_their_score(void **state)
{
    (void)state;
    embedding_fixture f = embedding_fixture_new(2 * EMBEDDING_TILE + 30, 9, 0.7F);
    const embedding_set set = embedding_fixture_set(&f);
    const score_counts one = count_all(&set, 1, f.arena), three = count_all(&set, 3, f.arena);
    double sum = 0, slow = 0;
    int64_t pairs = 0;
    for (int32_t bin = SCORE_BINS; (bin = score_histogram_below(one.genuine, one.impostor, bin)) >= 0;) {
        assert_int_equal(score_histogram_count(one.impostor, bin), score_histogram_count(three.impostor, bin));
        assert_int_equal(score_histogram_count(one.genuine, bin), score_histogram_count(three.genuine, bin));
        sum += (double)score_histogram_count(one.impostor, bin) * score_of_bin(bin);
    }
    for (size_t i = 0; i < set.count; i++)
        for (size_t j = i + 1; j < set.count; j++)
            if (set.identity[i] != set.identity[j]) {
                slow += embedding_set_score(&set, i, j);
                pairs++;
            }
    assert_int_equal(score_histogram_total(one.impostor), pairs);
    assert_int_equal(score_histogram_total(one.genuine), embedding_set_genuine(&set));
    assert_true(fabs(sum - slow) < 1e-6 * (double)pairs); /* a score is rounded by 1.2e-7 and float products */
    df_arena_free(f.arena);
}

static void equal_embeddings_have_equal_scores_wherever_they_stand(void **state)
{
    (void)state;
    embedding_fixture f = embedding_fixture_new(EMBEDDING_TILE + 50, 61, 0);
    for (size_t i = 1; i < f.count; i++)
        memcpy(f.values + i * f.length, f.values, f.length * sizeof *f.values);
    const embedding_set set = embedding_fixture_set(&f);
    const score_counts c = count_all(&set, 2, f.arena);
    const int32_t bin = score_histogram_below(c.genuine, c.impostor, SCORE_BINS);
    assert_int_equal(score_histogram_below(c.genuine, c.impostor, bin), -1);
    verification v;
    df_error err;
    must(verification_measure(c.genuine, c.impostor, &v, &err), &err);
    assert_true(v.eer == 0.5 && v.auc == 0.5 && v.points[0].frr == 1 && isnan(v.points[0].threshold));
    df_arena_free(f.arena);
}

static void a_curve_goes_from_nothing_accepted_to_all(void **state)
{
    (void)state;
    embedding_fixture f = embedding_fixture_new(150, 12, 0.9F);
    const embedding_set set = embedding_fixture_set(&f);
    const score_counts c = count_all(&set, 1, f.arena);
    verification_curve curve;
    df_error err;
    must(verification_trace(c.genuine, c.impostor, f.arena, &curve, &err), &err);
    assert_true(curve.far[0] == 0 && curve.frr[0] == 1 && curve.far[curve.count - 1] == 1 && curve.frr[curve.count - 1] == 0);
    for (size_t i = 1; i < curve.count; i++)
        assert_true(curve.far[i] >= curve.far[i - 1] && curve.frr[i] <= curve.frr[i - 1] && curve.threshold[i] < curve.threshold[i - 1]);
    df_arena_free(f.arena);
}

static void bad_embeddings_are_refused_with_their_row(void **state)
{
    (void)state;
    embedding_fixture f = embedding_fixture_new(20, 4, 1);
    embedding_set set;
    df_error err = {0};
    f.values[7 * 4 + 2] = NAN;
    must_say(embedding_fixture_read(&f, &set, &err), &err, "row 7");
    memset(f.values + 7 * 4, 0, 4 * sizeof *f.values);
    must_say(embedding_fixture_read(&f, &set, &err), &err, "row 7 is zero");
    f.values[7 * 4] = 1e-45F; /* the least float has a direction */
    must(embedding_fixture_read(&f, &set, &err), &err);
    df_arena_free(f.arena);
}

static void rows_of_a_person_stand_together_in_the_order_of_the_file(void **state)
{
    (void)state;
    embedding_fixture f = embedding_fixture_new(40, 3, 1);
    for (size_t i = 0; i < f.count; i++)
        f.label[i] = i % 3 == 0 ? INT64_MIN : i % 3 == 1 ? 5 : INT64_MAX;
    const embedding_set set = embedding_fixture_set(&f);
    assert_int_equal(set.identity_count, 3);
    for (size_t i = 0; i < set.count; i++) {
        assert_true(set.label[set.identity[i]] == f.label[set.place[i]]);
        assert_true(i == 0 || set.identity[i] != set.identity[i - 1] || set.place[i] > set.place[i - 1]);
    }
    df_arena_free(f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_lists_with_ties_are_as_counted),
        cmocka_unit_test(all_pairs_are_visited_once_with_their_score),
        cmocka_unit_test(equal_embeddings_have_equal_scores_wherever_they_stand),
        cmocka_unit_test(a_curve_goes_from_nothing_accepted_to_all),
        cmocka_unit_test(bad_embeddings_are_refused_with_their_row),
        cmocka_unit_test(rows_of_a_person_stand_together_in_the_order_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
