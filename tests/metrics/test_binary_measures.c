/* Measures of two classes against counting all pairs, and against numbers worked out by hand. */
#include "metrics/binary_measures.h"

#include <math.h>

#include "base/random.h"
#include "check.h"

enum { MOST = 200 };

static df_error err;
static df_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new(1 << 20, &err);
    return arena ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static binary_measures measure(const float *scores, const bool *truths, size_t count, double threshold)
{
    binary_measures m;
    must(binary_measure(&(binary_scores){scores, truths, count}, threshold, arena, &m, &err), &err);
    return m;
}

static void must_be(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-12))
        fail_msg("%.17g, expected %.17g", value, expected);
}

static void numbers_by_hand(void **state)
{
    (void)state;
    const float scores[] = {.9f, .6f, .6f, .2f, .1f};
    const bool truths[] = {true, true, false, false, true};
    const binary_measures m = measure(scores, truths, 5, .5);
    must_be(m.accuracy, 3. / 5);
    must_be(m.balanced, (2. / 3 + 1. / 2) / 2);
    must_be(m.auc, (2 + 1.5 + 0) / 6);
    assert_int_equal(m.positives, 3);
    assert_int_equal(m.true_negatives, 1);
    assert_int_equal(m.bins[9].count, 2);
    assert_int_equal(m.bins[9].positives, 1);
    must_be(m.ece, (fabs(1 - (double).9f) + fabs(1 - 2 * (double).6f) + (double).2f + fabs(1 - (double).1f)) / 5);
}

static void perfect_and_reversed_scores_are_one_and_zero(void **state)
{
    (void)state;
    const float scores[] = {0, 0, 1, 1};
    const bool right[] = {false, false, true, true}, wrong[] = {true, true, false, false};
    const binary_measures good = measure(scores, right, 4, .5), bad = measure(scores, wrong, 4, .5);
    must_be(good.auc, 1);
    must_be(good.balanced, 1);
    must_be(good.ece, 0);
    must_be(good.brier, 0);
    must_be(bad.auc, 0);
    must_be(bad.accuracy, 0);
    must_be(bad.ece, 1);
    assert_int_equal(good.bins[BINARY_BINS - 1].count, 2);
}

static void one_class_alone_has_accuracy_but_no_auc(void **state)
{
    (void)state;
    const float scores[] = {.2f, .7f};
    const bool truths[] = {true, true};
    double threshold;
    const binary_measures m = measure(scores, truths, 2, .5);
    must_be(m.accuracy, .5);
    assert_true(isnan(m.auc) && isnan(m.balanced));
    must_say(binary_best_threshold(&(binary_scores){scores, truths, 2}, arena, &threshold, &err), &err, "one class");
}

static void draw(uint64_t seed, float *scores, bool *truths, size_t *count)
{
    df_random random = df_random_at(seed, 0, 0, DF_FOR_TEST);
    *count = 2 + df_random_below(&random, MOST - 2);
    const uint32_t levels = 1 + df_random_below(&random, 30); /* few levels: many ties */
    for (size_t i = 0; i < *count; i++) {
        truths[i] = i == 0 || (i > 1 && df_random_below(&random, 3) == 0);
        scores[i] = (float)df_random_below(&random, levels + 1) / (float)levels;
    }
}

static double balanced_at(const float *scores, const bool *truths, size_t count, double threshold)
{
    double right[2] = {0}, all[2] = {0};
    for (size_t i = 0; i < count; i++) {
        all[truths[i]]++;
        right[truths[i]] += ((double)scores[i] >= threshold) == truths[i];
    }
    return (right[0] / all[0] + right[1] / all[1]) / 2;
}

static void auc_and_threshold_are_those_of_counting(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        float scores[MOST];
        bool truths[MOST];
        size_t count;
        double higher = 0, pairs = 0, threshold, best = 0;
        draw(seed, scores, truths, &count);
        for (size_t i = 0; i < count; i++) {
            best = fmax(best, balanced_at(scores, truths, count, (double)scores[i]));
            for (size_t j = 0; j < count; j++)
                if (truths[i] && !truths[j]) {
                    pairs++;
                    higher += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? .5 : 0;
                }
        }
        const binary_measures m = measure(scores, truths, count, .5);
        must_be(m.auc, higher / pairs);
        must_be(m.balanced, balanced_at(scores, truths, count, .5));
        must(binary_best_threshold(&(binary_scores){scores, truths, count}, arena, &threshold, &err), &err);
        must_be(balanced_at(scores, truths, count, threshold), best);
    }
}

static void the_area_under_the_curve_is_auc(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        float scores[MOST];
        bool truths[MOST];
        double x[MOST + 2], y[MOST + 2], area = 0;
        size_t count, points;
        draw(seed, scores, truths, &count);
        must(binary_roc(&(binary_scores){scores, truths, count}, MOST + 2, arena, x, y, &points, &err), &err);
        assert_true(x[0] == 0 && y[0] == 0 && x[points - 1] == 1 && y[points - 1] == 1);
        for (size_t i = 1; i < points; i++)
            area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
        must_be(area, measure(scores, truths, count, .5).auc);
        must(binary_roc(&(binary_scores){scores, truths, count}, 5, arena, x, y, &points, &err), &err);
        assert_true(points <= 5 && x[points - 1] == 1 && y[points - 1] == 1);
    }
}

static void bad_scores_are_refused(void **state)
{
    (void)state;
    binary_measures m;
    const bool truths[] = {true, false};
    must_say(binary_measure(&(binary_scores){0}, .5, arena, &m, &err), &err, "no image");
    must_say(binary_measure(&(binary_scores){(const float[]){.5f, NAN}, truths, 2}, .5, arena, &m, &err), &err, "score 1");
    must_say(binary_measure(&(binary_scores){(const float[]){1.5f, 0}, truths, 2}, .5, arena, &m, &err), &err, "score 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_by_hand),
        cmocka_unit_test(perfect_and_reversed_scores_are_one_and_zero),
        cmocka_unit_test(one_class_alone_has_accuracy_but_no_auc),
        cmocka_unit_test(auc_and_threshold_are_those_of_counting),
        cmocka_unit_test(the_area_under_the_curve_is_auc),
        cmocka_unit_test(bad_scores_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
