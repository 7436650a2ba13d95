#include "base/random.h"

#include <math.h>

#include "check.h"

enum { DRAWS = 200000 };

static void philox_gives_the_published_numbers(void **state)
{
    (void)state;
    /* Random123 1.14, examples/kat_vectors, "philox4x32 10". */
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}, {UINT32_MAX, UINT32_MAX}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}, {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t out[4];
        df_philox(known[i].counter, known[i].key, out);
        assert_memory_equal(out, known[i].out, sizeof out);
    }
}

static void a_stream_is_the_blocks_of_its_counter(void **state)
{
    (void)state;
    df_random random = df_random_at(0x0123456789ABCDEFu, 0xFEDCBA9876543210u, 0x00ABCDEFu, DF_FOR_POSE);
    const uint32_t key[2] = {0x89ABCDEFu, 0x01234567u};
    for (uint32_t block = 0; block < 5; block++) {
        const uint32_t counter[4] = {block, 0x00ABCDEFu | (uint32_t)DF_FOR_POSE << 24, 0x76543210u, 0xFEDCBA98u};
        uint32_t expected[4];
        df_philox(counter, key, expected);
        for (int i = 0; i < 4; i++)
            assert_int_equal(df_random_u32(&random), expected[i]);
    }
}

static void each_part_of_the_name_gives_another_stream(void **state)
{
    (void)state;
    const df_random streams[] = {
        df_random_at(1, 1, 1, DF_FOR_POSE), df_random_at(2, 1, 1, DF_FOR_POSE), df_random_at(1, 2, 1, DF_FOR_POSE),
        df_random_at(1, 1, 2, DF_FOR_POSE), df_random_at(1, 1, 1, DF_FOR_GAZE), df_random_at(1, 1ull << 32 | 1, 1, DF_FOR_POSE),
    };
    enum { COUNT = sizeof streams / sizeof *streams };
    for (int i = 0; i < COUNT; i++)
        for (int k = 0; k < i; k++) {
            df_random a = streams[i], b = streams[k];
            int equal = 0;
            for (int n = 0; n < 1000; n++)
                equal += df_random_u32(&a) == df_random_u32(&b);
            assert_true(equal <= 1); /* 1000 / 2^32 are expected */
        }
}

typedef float (*sampler)(df_random *random);

/* Mean, variance, third and fourth moment about `centre`. */
static void moments(sampler draw, double centre, double out[4])
{
    df_random random = df_random_at(7, 0, 0, DF_FOR_TEST);
    out[0] = out[1] = out[2] = out[3] = 0;
    for (int i = 0; i < DRAWS; i++) {
        const double x = (double)draw(&random), d = x - centre;
        out[0] += x / DRAWS;
        out[1] += d * d / DRAWS;
        out[2] += d * d * d / DRAWS;
        out[3] += d * d * d * d / DRAWS;
    }
}

static void uniform_numbers_have_their_moments(void **state)
{
    (void)state;
    double m[4];
    moments(df_random_uniform, 0.5, m);
    /* five standard errors each: sqrt(1/12/n), sqrt((1/80 - 1/144)/n) */
    assert_true(fabs(m[0] - 0.5) < 5 * sqrt(1.0 / 12 / DRAWS));
    assert_true(fabs(m[1] - 1.0 / 12) < 5 * sqrt((1.0 / 80 - 1.0 / 144) / DRAWS));
}

static void normal_numbers_have_their_moments(void **state)
{
    (void)state;
    double m[4];
    moments(df_random_normal, 0, m);
    /* five standard errors each: variances of x, x^2, x^3, x^4 are 1, 2, 15, 96 */
    assert_true(fabs(m[0]) < 5 * sqrt(1.0 / DRAWS));
    assert_true(fabs(m[1] - 1) < 5 * sqrt(2.0 / DRAWS));
    assert_true(fabs(m[2]) < 5 * sqrt(15.0 / DRAWS));
    assert_true(fabs(m[3] - 3) < 5 * sqrt(96.0 / DRAWS));
}

static void ranges_hold(void **state)
{
    (void)state;
    df_random random = df_random_at(3, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < DRAWS; i++) {
        const float uniform = df_random_uniform(&random), range = df_random_range(&random, -2, 5);
        assert_true(uniform >= 0 && uniform < 1);
        assert_true(range >= -2 && range < 5);
    }
}

/* Pearson's statistic of `draw` below `count` against equal shares. */
static double chi_squared(uint32_t (*draw)(df_random *, uint32_t), uint32_t count)
{
    uint32_t seen[16] = {0};
    df_random random = df_random_at(11, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < DRAWS; i++)
        seen[draw(&random, count)]++;
    double sum = 0;
    for (uint32_t k = 0; k < count; k++) {
        const double expected = (double)DRAWS / count, d = seen[k] - expected;
        sum += d * d / expected;
    }
    return sum;
}

static uint32_t biased(df_random *random, uint32_t count)
{
    return df_random_u32(random) % 11 % count;
}

enum { LIMIT_9_FREEDOMS = 34 }; /* passed by 1 of 10 000 fair samples: chi-squared at 9 degrees is below 33.7 */

static void numbers_below_a_bound_are_fair(void **state)
{
    (void)state;
    assert_true(chi_squared(df_random_below, 10) < LIMIT_9_FREEDOMS);
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < 100; i++)
        assert_int_equal(df_random_below(&random, 1), 0);
}

static void the_fairness_check_sees_a_bias(void **state)
{
    (void)state;
    assert_true(chi_squared(biased, 10) > LIMIT_9_FREEDOMS);
}

/* With 3 * 2^30 as bound, plain scaling favours every third number by a third; rejection does not. */
static void a_large_bound_is_fair_too(void **state)
{
    (void)state;
    df_random random = df_random_at(5, 0, 0, DF_FOR_TEST);
    int thirds[3] = {0};
    for (int i = 0; i < DRAWS; i++)
        thirds[df_random_below(&random, 3u << 30) % 3]++;
    for (int k = 0; k < 3; k++)
        assert_true(fabs(thirds[k] - DRAWS / 3.0) < 5 * sqrt(DRAWS * 2.0 / 9));
}

static void identities_have_published_keys(void **state)
{
    (void)state;
    /* FNV-1a, 64 bit: draft-eastlake-fnv, test vectors */
    assert_true(df_identity_key("") == 0xcbf29ce484222325u);
    assert_true(df_identity_key("a") == 0xaf63dc4c8601ec8cu);
    assert_true(df_identity_key("foobar") == 0x85944171f73967e8u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_numbers),
        cmocka_unit_test(a_stream_is_the_blocks_of_its_counter),
        cmocka_unit_test(each_part_of_the_name_gives_another_stream),
        cmocka_unit_test(uniform_numbers_have_their_moments),
        cmocka_unit_test(normal_numbers_have_their_moments),
        cmocka_unit_test(ranges_hold),
        cmocka_unit_test(numbers_below_a_bound_are_fair),
        cmocka_unit_test(the_fairness_check_sees_a_bias),
        cmocka_unit_test(a_large_bound_is_fair_too),
        cmocka_unit_test(identities_have_published_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
