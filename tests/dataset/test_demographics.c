/* Counts of people by gender, group and age. */
#include <math.h>

#include "dataset/demographics.h"
#include "scratch.h"

static const demographics_count person = {.people = 1, .images = 20};

static void cells_add_up_along_each_axis(void **state)
{
    (void)state;
    demographics d = demographics_empty();
    demographics_add(&d, "female", "African", 20, person);
    demographics_add(&d, "male", "African", 30, person);
    demographics_add(&d, "female", "Asian", 29.99f, person);
    assert_int_equal(d.gender_count, 2);
    assert_int_equal(d.group_count, 2);
    assert_string_equal(d.genders[0], "female");
    assert_int_equal(demographics_sum(&d, -1, -1, -1).people, 3);
    assert_int_equal(demographics_sum(&d, -1, -1, -1).images, 60);
    assert_int_equal(demographics_sum(&d, 0, -1, -1).people, 2);
    assert_int_equal(demographics_sum(&d, -1, 0, -1).people, 2);
    assert_int_equal(demographics_sum(&d, -1, -1, 0).people, 2);
    assert_int_equal(demographics_sum(&d, 1, 0, 1).people, 1);
    assert_int_equal(demographics_sum(&d, 1, 1, -1).people, 0);
}

static void ages_beyond_the_bins_count_in_the_outermost(void **state)
{
    (void)state;
    demographics d = demographics_empty();
    static const float ages[] = {1, 17.9f, 76, 120};
    for (size_t i = 0; i < DF_ARRAY_LEN(ages); i++)
        demographics_add(&d, "male", "x", ages[i], person);
    assert_int_equal(demographics_sum(&d, -1, -1, 0).people, 2);
    assert_int_equal(demographics_sum(&d, -1, -1, d.age_count - 1).people, 2);
}

static void more_names_than_fit_are_counted_as_other(void **state)
{
    (void)state;
    demographics d = demographics_empty();
    for (int i = 0; i < 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "group%d", i);
        demographics_add(&d, "male", name, 40, person);
    }
    assert_int_equal(d.group_count, DEMOGRAPHICS_GROUPS);
    assert_string_equal(d.groups[DEMOGRAPHICS_GROUPS - 1], "other");
    assert_int_equal(demographics_sum(&d, -1, -1, -1).people, 100);
    assert_int_equal(demographics_sum(&d, -1, DEMOGRAPHICS_GROUPS - 1, -1).people, 100 - (DEMOGRAPHICS_GROUPS - 1));
}

static void who_says_neither_group_nor_age_is_counted_once_and_in_no_bin(void **state)
{
    (void)state;
    demographics d = demographics_empty();
    for (int i = 0; i < 20; i++)
        demographics_add(&d, "", "", NAN, (demographics_count){.people = 1, .images = 2});
    demographics_add(&d, "", "", 20, (demographics_count){.people = 1, .images = 2});
    assert_true(d.gender_count == 1 && d.group_count == 1 && demographics_group(&d, "") == 0);
    assert_int_equal(demographics_sum(&d, -1, -1, -1).images, 42);
    assert_int_equal(demographics_sum(&d, 0, 0, 0).people, 1);
    assert_int_equal(demographics_sum(&d, 0, 0, -1).people, 21);
}

static void people_are_counted_from_their_file(void **state)
{
    (void)state;
    df_error err;
    scratch s = scratch_new();
    demographics d = demographics_empty();
    static const char lines[] = "{\"id\":\"a\",\"gender\":\"male\",\"ethnicity\":\"Asian\",\"age\":33.5,\"shape\":[1]}\n"
                                "{\"id\":\"b\",\"gender\":\"female\",\"ethnicity\":null,\"age\":61}\n";
    must(demographics_read_people(scratch_file(&s, "people.jsonl", lines, sizeof lines - 1), &d, &err), &err);
    assert_int_equal(demographics_sum(&d, -1, -1, -1).people, 2);
    assert_string_equal(d.groups[1], "unknown");
    scratch_free(&s);
}

static void a_broken_line_is_named(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "{\"gender\":\"male\",\"age\":3}\n{\"gender\":\"male\"}\n", "{\"gender\":\"male\",\"age\":3}\n[]\n",
        "{\"gender\":\"male\",\"age\":3}\n{\"gender\":7,\"age\":1}\n", "{\"gender\":\"male\",\"age\":3}\n{\"ag",
        "{\"gender\":\"male\",\"age\":3}\n{\"gender\":\"male\",\"age\":1e9}\n"};
    scratch s = scratch_new();
    for (size_t i = 0; i < DF_ARRAY_LEN(broken); i++) {
        df_error err = {0};
        demographics d = demographics_empty();
        must_say(demographics_read_people(scratch_file(&s, "people.jsonl", broken[i], strlen(broken[i])), &d, &err), &err,
                 "people.jsonl: line 2");
    }
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_add_up_along_each_axis),
        cmocka_unit_test(ages_beyond_the_bins_count_in_the_outermost),
        cmocka_unit_test(more_names_than_fit_are_counted_as_other),
        cmocka_unit_test(who_says_neither_group_nor_age_is_counted_once_and_in_no_bin),
        cmocka_unit_test(people_are_counted_from_their_file),
        cmocka_unit_test(a_broken_line_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
