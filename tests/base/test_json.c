#include "base/json.h"

#include "check.h"

static json_t *parse(const char *text)
{
    df_error err;
    json_t *value = df_json_parse(text, strlen(text), &err);
    must(value != NULL, &err);
    return value;
}

static void what_is_not_json_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "line 1, column 0: "}, {"{\"a\":1,\n \"a\":2}", "line 2"},   {"{} x", "line 1, column 4"}, {"[1,]", "line 1"},
        {"{\"a\":01}", "line 1"},   {"[1e999]", "real number overflow"},  {"[\"\\u0000\"]", "line 1"},  {"[NaN]", "line 1"},
        {"\"\xFF\"", "line 1"},     {"[9999999999999999999]", "too big"}, {"{'a':1}", "line 1"},        {"tru", "line 1"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++) {
        df_error err = {0};
        must_say(df_json_parse(rows[i].text, strlen(rows[i].text), &err) != NULL, &err, rows[i].says);
    }
}

static void deep_nesting_is_refused(void **state)
{
    (void)state;
    enum { DEPTH = 100000 };
    char *text = test_malloc(DEPTH);
    memset(text, '[', DEPTH);
    df_error err = {0};
    must_say(df_json_parse(text, DEPTH, &err) != NULL, &err, "maximum parsing depth");
    test_free(text);
}

static void numbers_are_checked_against_their_range(void **state)
{
    (void)state;
    json_t *object = parse("{\"a\":1.5,\"b\":3,\"c\":\"x\",\"d\":null}");
    df_error err = {0};
    double out = 7;
    must(df_json_get_number(object, "a", 1.5, 1.5, &out, &err), &err);
    assert_true(out == 1.5);
    must(df_json_get_number(object, "b", 0, 3, &out, &err), &err);
    assert_true(out == 3);
    must_say(df_json_get_number(object, "b", 3.5, 4, &out, &err), &err, "b: 3, expected 3.5 to 4");
    must_say(df_json_get_number(object, "c", 0, 9, &out, &err), &err, "c: a string, expected a number");
    must_say(df_json_get_number(object, "d", 0, 9, &out, &err), &err, "d: null, expected a number");
    must_say(df_json_get_number(object, "e", 0, 9, &out, &err), &err, "e: missing, expected a number");
    must_say(df_json_get_number(NULL, "e", 0, 9, &out, &err), &err, "e: missing");
    assert_true(out == 3);
    json_decref(object);
}

static void integers_and_strings_are_checked_too(void **state)
{
    (void)state;
    json_t *object = parse("{\"a\":1.0,\"b\":-3,\"c\":\"x\",\"t\":true}");
    df_error err = {0};
    int64_t out = 7;
    const char *text = NULL;
    must(df_json_get_integer(object, "b", -3, 0, &out, &err), &err);
    assert_int_equal(out, -3);
    must_say(df_json_get_integer(object, "b", 0, 5, &out, &err), &err, "b: -3, expected 0 to 5");
    must_say(df_json_get_integer(object, "a", 0, 5, &out, &err), &err, "a: a fraction, expected a whole number");
    must_say(df_json_get_integer(object, "t", 0, 5, &out, &err), &err, "t: true or false, expected a whole number");
    must(df_json_get_string(object, "c", &text, &err), &err);
    assert_string_equal(text, "x");
    must_say(df_json_get_string(object, "b", &text, &err), &err, "b: a number, expected a string");
    json_decref(object);
}

static void arrays_of_floats_are_read_whole_or_not_at_all(void **state)
{
    (void)state;
    json_t *object = parse("{\"a\":[1,2.5],\"b\":[1,\"x\"],\"c\":[1e300],\"d\":{},\"e\":[]}");
    df_error err = {0};
    float out[2] = {9, 9};
    size_t count = 99;
    must_say(df_json_get_floats(object, "a", out, 1, &count, &err), &err, "a: 2 numbers, expected at most 1");
    must_say(df_json_get_floats(object, "b", out, 2, &count, &err), &err, "b[1]: a string, expected a finite number");
    must_say(df_json_get_floats(object, "c", out, 2, &count, &err), &err, "c[0]: too large");
    must_say(df_json_get_floats(object, "d", out, 2, &count, &err), &err, "d: an object, expected an array");
    assert_true(out[0] == 9 && out[1] == 9 && count == 99);
    must(df_json_get_floats(object, "a", out, 2, &count, &err), &err);
    assert_true(out[0] == 1 && out[1] == 2.5f && count == 2);
    must(df_json_get_floats(object, "e", out, 2, &count, &err), &err);
    assert_int_equal(count, 0);
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_json_is_refused_with_its_place),    cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(numbers_are_checked_against_their_range),       cmocka_unit_test(integers_and_strings_are_checked_too),
        cmocka_unit_test(arrays_of_floats_are_read_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
