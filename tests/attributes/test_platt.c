/* Corrected probabilities: recovered from labels that were drawn by known ones, and better than every neighbour. */
#include "attributes/platt.h"

#include <math.h>

#include "base/random.h"
#include "check.h"

enum { COUNT = 4000 };
static float logits[COUNT];
static bool truths[COUNT];

/* Truths that are yes as often as sigmoid(slope z + offset) says. */
static void draw(double slope, double offset)
{
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < COUNT; i++) {
        logits[i] = 3 * df_random_normal(&random);
        truths[i] = (double)df_random_uniform(&random) < 1 / (1 + exp(-(slope * (double)logits[i] + offset)));
    }
}

static double likelihood(double slope, double offset)
{
    double sum = 0, positives = 0;
    for (int i = 0; i < COUNT; i++)
        positives += truths[i];
    const double yes = (positives + 1) / (positives + 2), no = 1 / (COUNT - positives + 2);
    for (int i = 0; i < COUNT; i++) {
        const double p = 1 / (1 + exp(-(slope * (double)logits[i] + offset))), t = truths[i] ? yes : no;
        sum += t * log(p) + (1 - t) * log(1 - p);
    }
    return sum;
}

static void the_numbers_that_the_truths_were_drawn_by_come_back(void **state)
{
    (void)state;
    const double pairs[][2] = {{1, 0}, {0.5, 1}, {2, -3}, {0.2, -2}};
    for (size_t i = 0; i < 4; i++) {
        double slope, offset;
        draw(pairs[i][0], pairs[i][1]);
        assert_true(platt_fit(logits, truths, COUNT, &slope, &offset));
        must_lie((float)(slope / pairs[i][0]), 0.85f, 1.15f); /* three standard errors of 4000 images */
        must_lie((float)(offset - pairs[i][1]), -0.25f, 0.25f);
        const double best = likelihood(slope, offset);
        for (int d = 0; d < 4; d++)
            assert_true(best > likelihood(slope + (d == 0 ? 1e-3 : d == 1 ? -1e-3 : 0), offset + (d == 2 ? 1e-3 : d == 3 ? -1e-3 : 0)));
    }
}

static void separated_classes_have_finite_numbers(void **state)
{
    (void)state;
    const float z[] = {-2, -1, 1, 2};
    const bool t[] = {false, false, true, true};
    double slope, offset;
    assert_true(platt_fit(z, t, 4, &slope, &offset));
    assert_true(isfinite(slope) && slope > 0);
    must_lie((float)offset, -1e-4f, 1e-4f); /* by symmetry */
}

static void one_class_and_scores_the_wrong_way_round_change_nothing(void **state)
{
    (void)state;
    const float z[] = {-2, -1, 1, 2};
    const bool all[] = {true, true, true, true}, wrong[] = {true, true, false, false};
    double slope = 5, offset = 5;
    assert_false(platt_fit(z, all, 4, &slope, &offset));
    assert_true(slope == 1 && offset == 0);
    assert_false(platt_fit(z, wrong, 4, &slope, &offset));
    assert_true(slope == 1 && offset == 0);
    assert_false(platt_fit(z, all, 0, &slope, &offset));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_that_the_truths_were_drawn_by_come_back),
        cmocka_unit_test(separated_classes_have_finite_numbers),
        cmocka_unit_test(one_class_and_scores_the_wrong_way_round_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
