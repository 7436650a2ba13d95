/* Histograms of unknown range against plain counting. */
#include "check.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "dataset/tally.h"

enum { MOST_VALUES = 4000 };

/* Numbers of some spread somewhere, now and then one far away. */
static int random_values(df_random *random, double *values)
{
    const int count = 1 + (int)df_random_below(random, MOST_VALUES);
    const double middle = 100 * (double)df_random_normal(random), spread = exp(4 * (double)df_random_normal(random));
    for (int i = 0; i < count; i++)
        values[i] = middle + spread * (double)df_random_normal(random) * (df_random_below(random, 500) ? 1 : 100);
    return count;
}

static int64_t plain_count(const double *values, int count, double low, double high)
{
    int64_t sum = 0;
    for (int i = 0; i < count; i++)
        sum += values[i] >= low && values[i] < high;
    return sum;
}

/* Whether bins hold what plain counting finds between their edges. */
static bool agrees(const tally *t, int most, const double *values, int count)
{
    int64_t counts[TALLY_BINS], sum = 0;
    double low, high;
    const int bins = tally_bins(t, most, &low, &high, counts);
    if (bins < 1 || bins > most || counts[0] == 0 || counts[bins - 1] == 0)
        return false;
    for (int i = 0; i < bins; i++) {
        const double width = (high - low) / bins; /* a power of two times 0.25: exact */
        if (counts[i] != plain_count(values, count, low + i * width, low + (i + 1) * width))
            return false;
        sum += counts[i];
    }
    return sum == t->total;
}

static void bins_hold_what_plain_counting_finds(void **state)
{
    (void)state;
    static double values[MOST_VALUES];
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int trial = 0; trial < 60; trial++) {
        static tally t;
        const int count = random_values(&random, values), most = 1 + (int)df_random_below(&random, TALLY_BINS);
        t = (tally){.width = 0.25};
        for (int i = 0; i < count; i++)
            tally_add(&t, values[i]);
        assert_int_equal(t.total, count);
        assert_true(agrees(&t, most, values, count));
        t.counts[TALLY_BINS / 2] += 1; /* a planted fault is seen */
        t.total++;
        assert_false(agrees(&t, most, values, count));
    }
}

static void the_order_of_numbers_does_not_matter(void **state)
{
    (void)state;
    static double values[MOST_VALUES];
    static tally forward, backward;
    df_random random = df_random_at(2, 0, 0, DF_FOR_TEST);
    const int count = random_values(&random, values);
    forward = backward = (tally){.width = 0.25};
    for (int i = 0; i < count; i++) {
        tally_add(&forward, values[i]);
        tally_add(&backward, values[count - 1 - i]);
    }
    int64_t a[40], b[40];
    double low[2], high[2];
    const int bins = tally_bins(&forward, 40, &low[0], &high[0], a);
    assert_int_equal(bins, tally_bins(&backward, 40, &low[1], &high[1], b));
    assert_true(low[0] == low[1] && high[0] == high[1]);
    assert_memory_equal(a, b, (size_t)bins * sizeof *a);
}

static void what_is_no_number_or_immense_is_left_out(void **state)
{
    (void)state;
    static tally t;
    t = (tally){.width = 1e-3};
    tally_add(&t, (double)NAN);
    tally_add(&t, HUGE_VAL);
    tally_add(&t, -1e300);
    assert_int_equal(t.left_out, 3);
    int64_t counts[3];
    double low, high;
    assert_int_equal(tally_bins(&t, 3, &low, &high, counts), 0);
    tally_add(&t, 1e12);
    tally_add(&t, -1e12);
    assert_int_equal(t.total, 2);
    assert_true(t.low == -1e12 && t.high == 1e12);
    assert_true(tally_bins(&t, 3, &low, &high, counts) >= 2 && low <= -1e12 && high > 1e12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bins_hold_what_plain_counting_finds),
        cmocka_unit_test(the_order_of_numbers_does_not_matter),
        cmocka_unit_test(what_is_no_number_or_immense_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
