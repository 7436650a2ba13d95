#include <stdio.h>

#include "check.h"

static void a_failure_returns_false_and_keeps_its_sentence(void **state)
{
    (void)state;
    df_error err = {0};
    assert_false(df_fail(&err, "line %d: %s", 3, "bad"));
    assert_string_equal(err.text, "line 3: bad");
}

static void a_place_goes_before_the_sentence(void **state)
{
    (void)state;
    df_error err = {0};
    df_fail(&err, "expected 3 numbers");
    assert_false(df_fail_in(&err, "%s", "a.npz"));
    assert_string_equal(err.text, "a.npz: expected 3 numbers");
}

static void a_sentence_is_one_line_whatever_the_names_hold(void **state)
{
    (void)state;
    df_error err = {0};
    df_fail(&err, "%s: missing", "two\nlines\x1b[31m");
    assert_string_equal(err.text, "two?lines?[31m: missing");
}

static void a_long_sentence_is_cut_and_still_ends(void **state)
{
    (void)state;
    df_error err = {0};
    char name[2000];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    df_fail(&err, "%s", name);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    df_fail_in(&err, "%s", name);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void nobody_needs_to_listen(void **state)
{
    (void)state;
    assert_false(df_fail(NULL, "x"));
    assert_false(df_fail_in(NULL, "x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_returns_false_and_keeps_its_sentence),
        cmocka_unit_test(a_place_goes_before_the_sentence),
        cmocka_unit_test(a_sentence_is_one_line_whatever_the_names_hold),
        cmocka_unit_test(a_long_sentence_is_cut_and_still_ends),
        cmocka_unit_test(nobody_needs_to_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
