#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "check.h"

static const char *number(df_text *text, double value, int digits)
{
    df_text_clear(text);
    df_text_number(text, value, digits);
    return text->data;
}

static void numbers_are_short_decimals(void **state)
{
    (void)state;
    static const struct {
        double value;
        int digits;
        const char *text;
    } rows[] = {
        {0, 4, "0"},
        {-0.0, 4, "0"},
        {1, 4, "1"},
        {-1.5, 4, "-1.5"},
        {0.0001, 4, "0.0001"},
        {0.00004, 4, "0"},
        {-0.00004, 4, "0"},
        {10, 0, "10"},
        {100.5, 0, "101"},
        {-100.5, 0, "-101"},
        {2.5, 0, "3"},
        {0.125, 2, "0.13"},
        {1234.5678, 2, "1234.57"},
        {99.999, 2, "100"},
        {1e-9, 9, "0.000000001"},
        {9e9, 9, "9000000000"},
        {1e300, 4, "1e+300"},
        {-1e300, 4, "-1e+300"},
        {1.25e17, 4, "1.25e+17"},
        {(double)NAN, 4, "null"},
        {(double)INFINITY, 4, "null"},
        {-(double)INFINITY, 4, "null"},
    };
    df_text text = {0};
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        assert_string_equal(number(&text, rows[i].value, rows[i].digits), rows[i].text);
    df_text_free(&text);
}

/* snprintf's text with trailing zeros dropped and no negative zero. */
static void slow_number(char *out, size_t size, double value, int digits)
{
    snprintf(out, size, "%.*f", digits, value);
    size_t end = strlen(out);
    if (strchr(out, '.')) {
        while (out[end - 1] == '0')
            end--;
        if (out[end - 1] == '.')
            end--;
        out[end] = '\0';
    }
    if (strcmp(out, "-0") == 0)
        snprintf(out, size, "0");
}

/* The distance of value * 10^digits from the middle between two whole numbers. */
static double distance_from_tie(double value, int digits)
{
    double scaled = fabs(value);
    for (int i = 0; i < digits; i++)
        scaled *= 10;
    return fabs(scaled - floor(scaled) - 0.5);
}

static void numbers_are_what_snprintf_writes_but_for_ties(void **state)
{
    (void)state;
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    df_text text = {0};
    int compared = 0;
    for (int i = 0; i < 200000; i++) {
        const int digits = (int)df_random_below(&random, 10);
        const double scale = ldexp(1, (int)df_random_below(&random, 40) - 20);
        const double value = (double)df_random_normal(&random) * scale;
        const char *ours = number(&text, value, digits);
        const double unit = pow(10, -digits);
        /* half a unit of the place, and the rounding of the scaled double and of strtod */
        assert_true(fabs(strtod(ours, NULL) - value) <= 0.5 * unit * (1 + 1e-6) + 4 * fabs(value) * 0x1p-53);
        if (distance_from_tie(value, digits) < 1e-4) /* snprintf rounds the exact value, half to even */
            continue;
        char slow[64];
        slow_number(slow, sizeof slow, value, digits);
        assert_string_equal(ours, slow);
        compared++;
    }
    assert_true(compared > 190000);
    df_text_free(&text);
}

static void integers_are_whole_to_the_ends_of_their_range(void **state)
{
    (void)state;
    static const int64_t values[] = {0, 1, -1, 9, 10, -10, 1234567890123, INT64_MAX, INT64_MIN};
    df_text text = {0};
    for (size_t i = 0; i < DF_ARRAY_LEN(values); i++) {
        char slow[32];
        snprintf(slow, sizeof slow, "%jd", (intmax_t)values[i]);
        df_text_clear(&text);
        df_text_integer(&text, values[i]);
        assert_string_equal(text.data, slow);
    }
    df_text_free(&text);
}

static void numbers_too_large_for_an_integer_are_nine_digits(void **state)
{
    (void)state;
    df_random random = df_random_at(2, 0, 0, DF_FOR_TEST);
    df_text text = {0};
    for (int i = 0; i < 10000; i++) {
        const double value = (double)df_random_normal(&random) * ldexp(1, 80 + (int)df_random_below(&random, 900));
        const double read = strtod(number(&text, value, 9), NULL);
        assert_true(fabs(read - value) <= 0.5000001e-8 * fabs(value)); /* half a unit of the ninth digit, at worst of 1.00000000 */
        assert_true(text.size <= strlen("-1.23456789e+300"));
    }
    df_text_free(&text);
}

static void strings_are_escaped_and_made_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"", "\"\""},
        {"a b", "\"a b\""},
        {"\"\\\n\t\x01", "\"\\\"\\\\\\n\\u0009\\u0001\""},
        {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""},
        {"\xFF", "\"\xEF\xBF\xBD\""},                                                 /* never in UTF-8 */
        {"\xC0\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},                                 /* overlong */
        {"\xE0\x80\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},                 /* overlong */
        {"\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},                 /* half of a surrogate pair */
        {"\xF4\x90\x80\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""}, /* beyond U+10FFFF */
        {"\xE2\x82", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},                                 /* cut */
    };
    df_text text = {0};
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++) {
        df_text_clear(&text);
        df_text_json_string(&text, rows[i].in);
        assert_string_equal(text.data, rows[i].out);
    }
    df_text_free(&text);
}

static void arrays_of_floats_have_their_commas(void **state)
{
    (void)state;
    df_text text = {0};
    df_text_json_floats(&text, (const float[]){1, 0.5f, -2.25f}, 3, 2);
    df_text_json_floats(&text, NULL, 0, 2);
    assert_string_equal(text.data, "[1,0.5,-2.25][]");
    df_text_free(&text);
}

static void a_text_grows_and_keeps_its_end(void **state)
{
    (void)state;
    df_text text = {0};
    df_error err;
    for (int i = 0; i < 1000; i++) {
        df_text_addf(&text, "%03d,", i);
        assert_int_equal(text.size, 4 * (i + 1));
        assert_int_equal(text.data[text.size], 0);
    }
    assert_memory_equal(text.data + 4 * 999, "999,", 4);
    must(df_text_ok(&text, &err), &err);
    df_text_free(&text);
    assert_null(text.data);
}

static void a_text_that_cannot_grow_says_so_and_stays(void **state)
{
    (void)state;
    df_text text = {0};
    df_error err = {0};
    df_text_add(&text, "abc");
    df_text_add_bytes(&text, NULL, SIZE_MAX / 2); /* no memory is that large */
    df_text_add(&text, "def");
    assert_string_equal(text.data, "abc");
    must_say(df_text_ok(&text, &err), &err, "out of memory");
    df_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_short_decimals),
        cmocka_unit_test(numbers_are_what_snprintf_writes_but_for_ties),
        cmocka_unit_test(integers_are_whole_to_the_ends_of_their_range),
        cmocka_unit_test(numbers_too_large_for_an_integer_are_nine_digits),
        cmocka_unit_test(strings_are_escaped_and_made_utf8),
        cmocka_unit_test(arrays_of_floats_have_their_commas),
        cmocka_unit_test(a_text_grows_and_keeps_its_end),
        cmocka_unit_test(a_text_that_cannot_grow_says_so_and_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
