#include "face/traits.h"

#include "check.h"
#include "face/makehuman_macro.h"

enum { GROUPS = 3, BY_GROUP = GROUPS * 2 * TRAITS_AGE_KNOTS, FEATURES = BY_GROUP + 54 };

static float sum_of(const float *values, int count)
{
    float sum = 0;
    for (int i = 0; i < count; i++) {
        assert_true(values[i] >= 0 && values[i] <= 1);
        sum += values[i];
    }
    return sum;
}

static void must_be(float value, float expected)
{
    must_lie(value, expected - 1e-6f, expected + 1e-6f);
}

static traits somebody(float age)
{
    return (traits){.gender = 0.3f, .age = age, .weight = 0.8f, .muscle = 0.35f, .group = {0.5f, 0.2f, 0.3f}};
}

static void every_set_of_features_is_a_partition_of_one(void **state)
{
    (void)state;
    assert_int_equal(traits_feature_count(GROUPS), FEATURES);
    for (float age = 0; age < 120; age += 0.5f) {
        const traits known = somebody(age);
        float features[FEATURES], hats[TRAITS_AGE_KNOTS], stages[3];
        traits_features(&known, GROUPS, features);
        must_be(sum_of(features, BY_GROUP), 1);
        must_be(sum_of(features + BY_GROUP, 54), 1);
        traits_age_hats(age, hats);
        must_be(sum_of(hats, TRAITS_AGE_KNOTS), 1);
        traits_stages(age, stages);
        must_be(sum_of(stages, 3), 1);
    }
}

static void age_hats_peak_at_their_knots(void **state)
{
    (void)state;
    for (int knot = 0; knot < TRAITS_AGE_KNOTS; knot++) {
        float hats[TRAITS_AGE_KNOTS];
        traits_age_hats(traits_age_knots[knot], hats);
        for (int i = 0; i < TRAITS_AGE_KNOTS; i++)
            must_be(hats[i], i == knot);
    }
    float half[TRAITS_AGE_KNOTS];
    traits_age_hats((traits_age_knots[1] + traits_age_knots[2]) / 2, half);
    must_be(half[1], 0.5f);
    must_be(half[2], 0.5f);
}

/* MakeHuman: a = (y - 1) / 48 below 25 years; child until 0.1875, old = 2 a - 1. Above, 0.5 + (y - 25) / 130 would be old at 90; ours is at 75. */
static void stages_are_makehumans_but_old_comes_sooner(void **state)
{
    (void)state;
    for (float years = 10; years <= 75; years++) {
        const float a = years < 25 ? (years - 1) / 48 : 0.5f + (years - 25) / 100;
        const float young = a < 0.5f ? (a - 0.1875f) / 0.3125f : 2 - 2 * a;
        float stages[3];
        traits_stages(years, stages);
        must_be(stages[0], a < 0.5f ? 1 - young : 0);
        must_be(stages[1], young);
        must_be(stages[2], a < 0.5f ? 0 : 2 * a - 1);
    }
}

static void levels_are_hats_about_the_average(void **state)
{
    (void)state;
    static const float expected[][4] = {{0, 1, 0, 0}, {0.25f, 0.5f, 0.5f, 0}, {0.5f, 0, 1, 0}, {0.75f, 0, 0.5f, 0.5f},
                                        {1, 0, 0, 1}, {2, 0, 0, 1},           {-1, 1, 0, 0}};
    for (size_t i = 0; i < DF_ARRAY_LEN(expected); i++) {
        float levels[3];
        traits_levels(expected[i][0], levels);
        for (int l = 0; l < 3; l++)
            must_be(levels[l], expected[i][1 + l]);
    }
}

static void ages_outside_of_the_knots_count_as_the_nearest(void **state)
{
    (void)state;
    const traits infant = somebody(1), child = somebody(10), aged = somebody(90), old = somebody(75);
    float a[FEATURES], b[FEATURES];
    traits_features(&infant, GROUPS, a);
    traits_features(&child, GROUPS, b);
    assert_memory_equal(a, b, sizeof a);
    traits_features(&aged, GROUPS, a);
    traits_features(&old, GROUPS, b);
    assert_memory_equal(a, b, sizeof a);
}

/* Every macro weight is a sum of features, but for those of proportions. */
static void macro_weights_follow_from_the_features(void **state)
{
    (void)state;
    const traits known = somebody(52);
    float weights[MAKEHUMAN_MACROS], features[FEATURES], stages[3];
    makehuman_macro_weights(&known, 0.5f, weights);
    traits_features(&known, GROUPS, features);
    traits_stages(known.age, stages);
    must_be(sum_of(weights, 18), 1);
    for (int group = 0; group < GROUPS; group++)
        for (int gender = 0; gender < 2; gender++)
            for (int stage = 0; stage < 3; stage++)
                must_be(weights[(group * 2 + gender) * 3 + stage],
                        known.group[group] * (gender ? known.gender : 1 - known.gender) * stages[stage]);
    for (int i = 0; i < 54; i++) { /* each universal target is followed by its two of proportions, which average ones do not have */
        must_be(weights[18 + 3 * i], features[BY_GROUP + i]);
        must_be(weights[18 + 3 * i + 1], 0);
        must_be(weights[18 + 3 * i + 2], 0);
    }
}

static void proportions_weigh_one_end(void **state)
{
    (void)state;
    const traits known = somebody(30);
    float weights[MAKEHUMAN_MACROS];
    makehuman_macro_weights(&known, 0.75f, weights);
    for (int i = 0; i < 54; i++) {
        must_be(weights[18 + 3 * i + 1], 0);
        must_be(weights[18 + 3 * i + 2], 0.5f * weights[18 + 3 * i]);
    }
    makehuman_macro_weights(&known, 0, weights);
    for (int i = 0; i < 54; i++) {
        must_be(weights[18 + 3 * i + 1], weights[18 + 3 * i]);
        must_be(weights[18 + 3 * i + 2], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_of_features_is_a_partition_of_one),
        cmocka_unit_test(age_hats_peak_at_their_knots),
        cmocka_unit_test(stages_are_makehumans_but_old_comes_sooner),
        cmocka_unit_test(levels_are_hats_about_the_average),
        cmocka_unit_test(ages_outside_of_the_knots_count_as_the_nearest),
        cmocka_unit_test(macro_weights_follow_from_the_features),
        cmocka_unit_test(proportions_weigh_one_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
