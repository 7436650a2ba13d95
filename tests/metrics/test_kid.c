#include "metrics/kid.h"

#include <math.h>
#include <stdio.h>

#include "metrics/feature_fixture.h"
#include "metrics/subsets.h"
#include "arena_fixture.h" /* behind what names its own arenas */

static void must_be(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.15g, expected %.15g within %g", value, expected, tolerance);
}

/* Mean of the kernel over all pairs, by loops. */
static double plain_mean(const feature_set *a, const feature_set *b, bool is_within)
{
    double sum = 0;
    for (int64_t i = 0; i < a->count; i++)
        for (int64_t j = 0; j < b->count; j++) {
            double product = 0;
            for (int k = 0; k < a->dims; k++)
                product += feature_data(a)[i * a->dims + k] * feature_data(b)[j * b->dims + k];
            sum += is_within && i == j ? 0 : pow(product / a->dims + 1, 3);
        }
    return sum / (double)(a->count * (is_within ? a->count - 1 : b->count));
}

static void the_estimate_is_that_of_plain_loops(void **state)
{
    (void)state;
    const feature_set a = random_features(1, 530, 7, 1, 0, arena), b = random_features(2, 1040, 7, 1.2, 0.1, arena);
    const double expected = plain_mean(&a, &a, true) + plain_mean(&b, &b, true) - 2 * plain_mean(&a, &b, false);
    const feature_rows rows_a = feature_rows_all(&a), rows_b = feature_rows_all(&b);
    double value;
    must(kid_of_rows(&rows_a, &rows_b, arena, &value, &err), &err);
    must_be(value, expected, 1e-12 * plain_mean(&b, &b, true));
}

/* Over the same law the estimate has mean 0; the spread over subsets of a larger set is that of the estimate. */
static void equal_laws_have_none_within_the_spread(void **state)
{
    (void)state;
    const feature_set a = random_features(1, 150, 8, 1, 0, arena), b = random_features(2, 400, 8, 1, 0, arena);
    kid_result r, again;
    must(kid_between(&a, &b, 1, NULL, arena, &r, &err), &err);
    assert_true(r.std > 0 && fabs(r.mean) < 5 * r.std && fabs(r.all) < 5 * r.std);
    must(kid_between(&a, &b, 1, NULL, arena, &again, &err), &err);
    assert_memory_equal(&r, &again, sizeof r);
    must(kid_between(&a, &b, 2, NULL, arena, &again, &err), &err);
    assert_true(r.mean != again.mean && r.all == again.all);
}

static void the_reference_case_comes_out(void **state)
{
    (void)state;
    feature_set a = golden_features("kid_whole/A.npz", arena), b = golden_features("kid_whole/B.npz", arena);
    kid_result r;
    must(kid_between(&a, &b, 1, NULL, arena, &r, &err), &err);
    must_be(r.all, 0.2210650947038193, 8.5e-6);
    assert_true(r.mean == r.all && r.std == 0);
    feature_set_close(&a);
    feature_set_close(&b);
}

static void moments_alone_are_refused(void **state)
{
    (void)state;
    static const double mu[1], sigma[1] = {1};
    const feature_set moments = {.path = "cache.npz", .dims = 1, .mu = mu, .sigma = sigma};
    kid_result r;
    must_say(kid_between(&moments, &moments, 1, NULL, arena, &r, &err), &err, "cache.npz: only mu and sigma");
}

static void subsets_are_random_and_without_repetition(void **state)
{
    (void)state;
    enum { N = 6, DRAWS = 6000 };
    int counts[N] = {0};
    for (int draw = 0; draw < DRAWS; draw++) {
        int64_t order[N] = {0, 1, 2, 3, 4, 5};
        unsigned seen = 0;
        df_random random = subset_random(1, "test", draw);
        subset_draw(order, N, 3, &random);
        for (int i = 0; i < N; i++)
            seen |= 1u << order[i];
        assert_int_equal(seen, (1u << N) - 1);
        for (int i = 0; i < 3; i++)
            counts[order[i]]++;
    }
    double chi_squared =
        0; /* each is drawn in half of the draws; 5 degrees of freedom, and draws of 3 of 6 vary by 3/5 of independent ones */
    for (int i = 0; i < N; i++)
        chi_squared += (counts[i] - DRAWS / 2.0) * (counts[i] - DRAWS / 2.0) / (DRAWS / 2.0);
    assert_true(chi_squared < 20.5); /* 0.1 % */
    const double values[] = {1, 2, 6};
    const subset_spread spread = subset_spread_of(values, 3);
    must_be(spread.mean, 3, 1e-15);
    must_be(spread.std, sqrt(7), 1e-15);
    assert_true(subset_spread_of(values, 1).std == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_estimate_is_that_of_plain_loops, set_up, tear_down),
        cmocka_unit_test_setup_teardown(equal_laws_have_none_within_the_spread, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_reference_case_comes_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(moments_alone_are_refused, set_up, tear_down),
        cmocka_unit_test(subsets_are_random_and_without_repetition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
