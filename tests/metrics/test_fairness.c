/* Measures of unequal rates against sums by hand, and their bounds. */
#include <math.h>

#include "check.h"
#include "metrics/fairness.h"

static const double CLOSE = 1e-12;

static void equal_rates_are_fair_by_every_measure(void **state)
{
    (void)state;
    const fairness_spread s = fairness_of_rates((const double[]){0.02, 0.02, 0.02}, 3);
    assert_true(fabs(s.worst_to_best - 1) < CLOSE && fabs(s.worst_to_mean - 1) < CLOSE && s.deviation < CLOSE && s.range == 0 &&
                s.gini < CLOSE);
    assert_true(fairness_fdr(&s, &s) == 1 && fairness_garbe(&s, &s) < CLOSE);
}

/* 0.01, 0.02, 0.04: mean 7/300, geometric mean 0.02; the differences 0.01, 0.02, 0.03 count twice each. */
static void three_rates_are_as_computed_by_hand(void **state)
{
    (void)state;
    const fairness_spread s = fairness_of_rates((const double[]){0.02, (double)NAN, 0.04, 0.01}, 4),
                          none = fairness_of_rates((const double[]){0, 0}, 2);
    assert_true(fabs(s.worst_to_best - 4) < CLOSE && fabs(s.worst_to_mean - 2) < CLOSE && fabs(s.range - 0.03) < CLOSE);
    assert_true(fabs(s.deviation - sqrt((0.01 * 0.01 + 0.02 * 0.02 + 0.04 * 0.04) / 3 - 49.0 / 90000)) < CLOSE);
    assert_true(fabs(s.gini - 1.5 * 0.12 / (18 * 0.07 / 3)) < CLOSE);
    assert_true(fabs(fairness_fdr(&s, &none) - 0.985) < CLOSE && fabs(fairness_garbe(&s, &none) - s.gini / 2) < CLOSE);
}

static void one_group_that_bears_all_errors_has_gini_one_and_no_ratio(void **state)
{
    (void)state;
    const fairness_spread s = fairness_of_rates((const double[]){0, 0.3, 0, 0, 0}, 5);
    assert_true(fabs(s.gini - 1) < CLOSE && isnan(s.worst_to_best) && isnan(s.worst_to_mean));
}

static void one_group_alone_has_no_measure(void **state)
{
    (void)state;
    const fairness_spread s = fairness_of_rates((const double[]){0.1, (double)NAN}, 2);
    assert_true(isnan(s.gini) && isnan(s.range) && isnan(s.deviation) && isnan(fairness_fdr(&s, &s)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_rates_are_fair_by_every_measure),
        cmocka_unit_test(three_rates_are_as_computed_by_hand),
        cmocka_unit_test(one_group_that_bears_all_errors_has_gini_one_and_no_ratio),
        cmocka_unit_test(one_group_alone_has_no_measure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
