#include "image/colour.h"

#include <math.h>

#include "check.h"

/* IEC 61966-2-1 in double. */
static double slow_linear(double v)
{
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static void the_curve_is_the_standards(void **state)
{
    (void)state;
    for (int i = 0; i <= 10000; i++) {
        const float v = (float)i / 10000.0f;
        assert_true(fabs((double)srgb_to_linear(v) - slow_linear((double)v)) <
                    4e-7); /* the base, off by 1.5 roundings, to the power of 2.4 */
        assert_true(fabsf(linear_to_srgb(srgb_to_linear(v)) - v) < 2e-6f);
    }
    assert_true(srgb_to_linear(0) == 0 && srgb_to_linear(1) == 1);
    assert_true(linear_to_srgb(0) == 0 && linear_to_srgb(1) <= 1);
}

static void the_table_is_the_curve_at_the_codes(void **state)
{
    (void)state;
    for (int i = 0; i < 256; i++)
        assert_true(fabs((double)srgb_table()[i] - slow_linear(i / 255.0)) <= 6e-8 * slow_linear(i / 255.0));
}

static void codes_survive_the_way_to_linear_and_back(void **state)
{
    (void)state;
    for (int i = 0; i < 256; i++)
        assert_int_equal((int)(linear_to_srgb(srgb_table()[i]) * 255.0f + 0.5f), i);
}

static void what_is_out_of_range_is_clamped(void **state)
{
    (void)state;
    static const float low[] = {-1, -INFINITY, NAN}, high[] = {2, INFINITY};
    for (int i = 0; i < 3; i++)
        assert_true(srgb_to_linear(low[i]) == 0 && linear_to_srgb(low[i]) == 0);
    for (int i = 0; i < 2; i++)
        assert_true(srgb_to_linear(high[i]) == 1 && linear_to_srgb(high[i]) == linear_to_srgb(1));
}

static void luminance_weights_sum_to_one(void **state)
{
    (void)state;
    assert_true(fabsf(luminance((const float[]){1, 1, 1}) - 1) < 1e-6f);
    assert_true(luminance((const float[]){0, 1, 0}) == 0.7152f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_curve_is_the_standards),
        cmocka_unit_test(the_table_is_the_curve_at_the_codes),
        cmocka_unit_test(codes_survive_the_way_to_linear_and_back),
        cmocka_unit_test(what_is_out_of_range_is_clamped),
        cmocka_unit_test(luminance_weights_sum_to_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
