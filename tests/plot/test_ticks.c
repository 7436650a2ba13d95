/* Ticks: properties over random ranges, and labels in closed form. */
#include "check.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "plot/ticks.h"

/* 1, 2 or 5 times a power of ten, to rounding. */
static bool is_nice(double step)
{
    while (step >= 9.999999)
        step /= 10;
    while (step < 0.9999999)
        step *= 10;
    return fabs(step - 1) < 1e-9 || fabs(step - 2) < 1e-9 || fabs(step - 5) < 1e-9;
}

/* What is wrong with the ticks of a range; NULL: nothing. */
static const char *ticks_fault(const ticks *t, double low, double high, int most)
{
    const double slack = 1e-6 * t->step;
    if (t->count < 1 || t->count > most)
        return "count";
    if (!is_nice(t->step))
        return "step";
    if (ticks_value(t, 0) < low - slack || ticks_value(t, t->count - 1) > high + slack)
        return "outside";
    if (ticks_value(t, 0) - t->step >= low - 1e-4 * slack || ticks_value(t, t->count) <= high + 1e-4 * slack)
        return "missing";
    if (fabs(ticks_value(t, 0) / t->step - round(ticks_value(t, 0) / t->step)) > 1e-6)
        return "no multiple";
    return NULL;
}

static double random_number(df_random *random)
{
    double value = (double)df_random_uniform(random) - 0.5;
    for (uint32_t decades = df_random_below(random, 9); decades > 0; decades--)
        value *= 10;
    return value * 1e-3;
}

static void ticks_of_any_range_are_round_and_complete(void **state)
{
    (void)state;
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < 20000; i++) {
        const double a = random_number(&random), b = random_number(&random), low = fmin(a, b), high = fmax(a, b);
        const int most = 2 + (int)df_random_below(&random, 12);
        if (!(high - low > 1e-5 * fmax(fabs(low), fabs(high)))) /* beyond what doubles tell apart comfortably */
            continue;
        const ticks t = ticks_within(low, high, most);
        const char *fault = ticks_fault(&t, low, high, most);
        if (fault)
            fail_msg("[%g, %g] most %d: %s (first %g, step %g, count %d)", low, high, most, fault, t.first, t.step, t.count);
    }
}

static void the_check_of_ticks_finds_wrong_ones(void **state)
{
    (void)state;
    assert_string_equal(ticks_fault(&(ticks){.first = 0, .step = 3, .count = 3}, 0, 6, 5), "step");
    assert_string_equal(ticks_fault(&(ticks){.first = 0, .step = 2, .count = 5}, 0, 6, 6), "outside");
    assert_string_equal(ticks_fault(&(ticks){.first = 0, .step = 2, .count = 3}, 0, 6, 6), "missing");
    assert_string_equal(ticks_fault(&(ticks){.first = 1, .step = 2, .count = 3}, 0, 6, 6), "no multiple");
    assert_string_equal(ticks_fault(&(ticks){.first = 0, .step = 2, .count = 4}, 0, 6, 3), "count");
}

static void labels_tell_neighbours_apart(void **state)
{
    (void)state;
    df_random random = df_random_at(2, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < 2000; i++) {
        const double low = random_number(&random);
        const ticks t = ticks_within(low, low + fabs(random_number(&random)) + 1e-5 * fabs(low) + 1e-6, 8);
        df_text before = {0}, label = {0};
        for (int k = 0; k < t.count; k++) {
            df_text_clear(&label);
            ticks_label(&label, ticks_value(&t, k), t.digits);
            assert_true(k == 0 || strcmp(before.data, label.data) != 0);
            df_text_clear(&before);
            df_text_add(&before, label.data);
        }
        df_text_free(&before);
        df_text_free(&label);
    }
}

static void rounding_out_holds_the_range_in_whole_steps(void **state)
{
    (void)state;
    df_random random = df_random_at(3, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < 5000; i++) {
        const double a = random_number(&random), b = i % 10 ? random_number(&random) : a;
        double low = fmin(a, b), high = fmax(a, b);
        ticks_round_out(&low, &high, 6);
        assert_true(low <= fmin(a, b) + 1e-9 * fabs(a) && high >= fmax(a, b) - 1e-9 * fabs(b) && low < high);
    }
}

static void numbers_have_minus_signs_groups_and_fixed_digits(void **state)
{
    (void)state;
    static const struct {
        double value;
        int digits;
        const char *label;
    } rows[] = {
        {0, 0, "0"},
        {-0.0, 2, "0.00"},
        {1234, 0, "1234"},
        {12345, 0, "12,345"},
        {1234567.5, 1, "1,234,567.5"},
        {-0.5, 1,
         "\xE2\x88\x92"
         "0.5"},
        {0.05, 2, "0.05"},
        {999.996, 2, "1000.00"},
        {-0.001, 2, "0.00"},
        {2.5, 0, "3"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++) {
        df_text label = {0};
        ticks_label(&label, rows[i].value, rows[i].digits);
        assert_string_equal(label.data, rows[i].label);
        df_text_free(&label);
    }
}

static void powers_of_ten_have_raised_exponents(void **state)
{
    (void)state;
    static const struct {
        int exponent;
        const char *label;
    } rows[] = {{0, "1"}, {1, "10"}, {3, "10\xC2\xB3"}, {-5, "10\xE2\x81\xBB\xE2\x81\xB5"}, {-12, "10\xE2\x81\xBB\xC2\xB9\xC2\xB2"}};
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++) {
        df_text label = {0};
        ticks_power_label(&label, rows[i].exponent);
        assert_string_equal(label.data, rows[i].label);
        df_text_free(&label);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_of_any_range_are_round_and_complete),
        cmocka_unit_test(the_check_of_ticks_finds_wrong_ones),
        cmocka_unit_test(labels_tell_neighbours_apart),
        cmocka_unit_test(rounding_out_holds_the_range_in_whole_steps),
        cmocka_unit_test(numbers_have_minus_signs_groups_and_fixed_digits),
        cmocka_unit_test(powers_of_ten_have_raised_exponents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
