#include "face/head_sample.h"

#include <math.h>

#include "check.h"

enum { HEADS = 6000, PAIRS = 2 };

/* Two pairs of sides, one slider without a side that has one end only. */
static const slider_draw sliders[] = {
    {.low = MAKEHUMAN_MACROS, .high = MAKEHUMAN_MACROS + 1, .strength = 0.2f, .twin = -1},
    {.low = MAKEHUMAN_MACROS + 2, .high = MAKEHUMAN_MACROS + 3, .strength = 0.2f, .twin = 0},
    {.low = -1, .high = MAKEHUMAN_MACROS + 4, .strength = 0.5f, .twin = -1},
};
enum { ROWS = MAKEHUMAN_MACROS + 5, MODES = 3 };
static const head_rows with_sliders = {.count = ROWS, .slider_count = 3, .sliders = sliders, .first_mode = ROWS};
static const head_rows with_modes = {.count = MAKEHUMAN_MACROS + MODES, .first_mode = MAKEHUMAN_MACROS, .mode_count = MODES};

static void heads_are_balanced_and_within_their_ranges(void **state)
{
    (void)state;
    int count[MAKEHUMAN_GROUPS] = {0}, men = 0;
    for (int i = 0; i < HEADS; i++) {
        float proportions, sum = 0;
        const traits known = head_traits(1, i, BUILD_GROUPS_PURE, &proportions);
        int largest = 0;
        for (int g = 0; g < MAKEHUMAN_GROUPS; g++) {
            sum += known.group[g];
            largest = known.group[g] > known.group[largest] ? g : largest;
        }
        count[largest]++;
        men += known.gender >= 0.5f;
        must_lie(sum, 1 - 1e-5f, 1 + 1e-5f);
        must_lie(known.age, 16, 80);
        must_lie(known.gender, 0, 1);
        must_lie(known.muscle, 0, 1);
        must_lie(known.weight, 0, 1);
        must_lie(proportions, 0, 1);
    }
    for (int g = 0; g < MAKEHUMAN_GROUPS; g++) /* pure draws hardly ever change sides */
        must_lie((float)count[g], HEADS / 3 - 0.01f * HEADS, HEADS / 3 + 0.01f * HEADS);
    must_lie((float)men, HEADS / 2 - 0.02f * HEADS, HEADS / 2 + 0.02f * HEADS);
}

static void a_head_does_not_depend_on_the_others(void **state)
{
    (void)state;
    float p, q;
    const traits first = head_traits(5, 77, BUILD_GROUPS_SOFT, &p);
    for (int i = 0; i < 100; i++)
        head_traits(5, i, BUILD_GROUPS_SOFT, &q);
    const traits again = head_traits(5, 77, BUILD_GROUPS_SOFT, &q);
    assert_memory_equal(&first, &again, sizeof first);
    assert_true(p == q);
    const traits other_seed = head_traits(6, 77, BUILD_GROUPS_SOFT, &q);
    assert_true(first.age != other_seed.age);
}

/* Dirichlet(9, .6, .6) has mean 9 / 10.2 for its first; Dirichlet(3, .8, .8) 3 / 4.6; Beta(9, 1) 0.9 and Beta(4, 1.5) 4 / 5.5. */
static void membership_has_the_means_of_its_distributions(void **state)
{
    (void)state;
    static const struct {
        build_groups groups;
        float own, gender;
    } rows[] = {{BUILD_GROUPS_PURE, 9 / 10.2f, 0.9f}, {BUILD_GROUPS_SOFT, 3 / 4.6f, 4 / 5.5f}};
    for (size_t r = 0; r < DF_ARRAY_LEN(rows); r++) {
        double own = 0, gender = 0;
        for (int i = 0; i < HEADS; i++) {
            float proportions;
            const traits known = head_traits(1, i, rows[r].groups, &proportions);
            own += (double)known.group[i % MAKEHUMAN_GROUPS] / HEADS;
            gender += (double)(i / MAKEHUMAN_GROUPS % 2 ? known.gender : 1 - known.gender) / HEADS;
        }
        must_lie((float)own, rows[r].own - 0.01f, rows[r].own + 0.01f); /* standard error 0.003 at most */
        must_lie((float)gender, rows[r].gender - 0.01f, rows[r].gender + 0.01f);
    }
}

static void weights_of(const head_rows *rows, int index, float *weights)
{
    float proportions;
    const traits known = head_traits(1, index, BUILD_GROUPS_PURE, &proportions);
    head_weights(rows, 1, index, BUILD_GROUPS_PURE, &known, proportions, weights);
}

static float value_of(const float *weights, const slider_draw *slider)
{
    return weights[slider->high] - (slider->low < 0 ? 0 : weights[slider->low]);
}

static void sides_of_a_face_share_a_slider(void **state)
{
    (void)state;
    double square[2] = {0}, product = 0;
    for (int i = 0; i < HEADS; i++) {
        float weights[ROWS];
        weights_of(&with_sliders, i, weights);
        const float a = value_of(weights, &sliders[0]), b = value_of(weights, &sliders[1]);
        assert_true(weights[sliders[0].low] == 0 || weights[sliders[0].high] == 0); /* one end at a time */
        square[0] += (double)(a * a) / HEADS;
        square[1] += (double)(b * b) / HEADS;
        product += (double)(a * b) / HEADS;
    }
    const float sigma = 0.2f * sqrtf(1 + 0.12f * 0.12f), correlation = (float)(product / sqrt(square[0] * square[1]));
    must_lie(sqrtf((float)square[0]), 0.97f * sigma, 1.03f * sigma);
    must_lie(correlation, 1 / (1 + 0.12f * 0.12f) - 0.005f, 1 / (1 + 0.12f * 0.12f) + 0.005f);
}

static void a_slider_of_one_end_has_no_negative_weight(void **state)
{
    (void)state;
    for (int i = 0; i < 500; i++) {
        float weights[ROWS];
        weights_of(&with_sliders, i, weights);
        must_lie(weights[sliders[2].high], 0, 0.8f);
    }
}

static void modes_are_normal_and_the_first_is_damped(void **state)
{
    (void)state;
    double square[MODES] = {0};
    for (int i = 0; i < HEADS; i++) {
        float weights[MAKEHUMAN_MACROS + MODES];
        weights_of(&with_modes, i, weights);
        for (int m = 0; m < MODES; m++)
            square[m] += (double)(weights[MAKEHUMAN_MACROS + m] * weights[MAKEHUMAN_MACROS + m]) / HEADS;
    }
    must_lie(sqrtf((float)square[0]), 0.97f * 0.24f, 1.03f * 0.24f);
    for (int m = 1; m < MODES; m++)
        must_lie(sqrtf((float)square[m]), 0.97f * 0.8f, 1.03f * 0.8f);
}

static void left_out_sliders_have_no_rows(void **state)
{
    (void)state;
    static const char *names[] = {"head/head-trans-in",    "head/head-trans-out", "eyes/r-eye-size-small", "eyes/r-eye-size-big",
                                  "eyes/l-eye-size-small", "eyes/l-eye-size-big", "asym/asymm-trunk-1-l",  "asym/asymm-trunk-1-r"};
    static const makehuman_slider list[] = {
        {"head", "head-trans", 0, 1}, {"eyes", "r-eye-size", 2, 3}, {"eyes", "l-eye-size", 4, 5}, {"asym", "asymm-trunk-1", 6, 7}};
    const makehuman_targets targets = {.count = 8, .names = names};
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    slider_draw *draws;
    int count, rows[8] = {0}, row_count = 0;
    must(slider_draws(&targets, list, 4, arena, &draws, &count, rows, &row_count, &err), &err);
    assert_int_equal(count, PAIRS);
    assert_int_equal(row_count, 4);
    assert_int_equal(rows[0], 2);
    assert_int_equal(rows[3], 5);
    assert_int_equal(draws[0].twin, -1);
    assert_int_equal(draws[1].twin, 0);
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_are_balanced_and_within_their_ranges),
        cmocka_unit_test(a_head_does_not_depend_on_the_others),
        cmocka_unit_test(membership_has_the_means_of_its_distributions),
        cmocka_unit_test(sides_of_a_face_share_a_slider),
        cmocka_unit_test(a_slider_of_one_end_has_no_negative_weight),
        cmocka_unit_test(modes_are_normal_and_the_first_is_damped),
        cmocka_unit_test(left_out_sliders_have_no_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
