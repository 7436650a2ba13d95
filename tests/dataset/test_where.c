/* Conditions on manifest lines: what is true, what is refused and why. The oracle is a table of sentences that anybody can check; a
   script compares thousands of random conditions with Python's. */
#include "check.h"

#include "dataset/where.h"
#include "mutate.h"

static const char line_text[] =
    "{\"yaw\":-12.5,\"index\":3,\"gender\":\"male\",\"glasses\":\"none\",\"age\":null,\"flag\":true,\"off\":false,"
    "\"light\":{\"strength\":0.25,\"sh\":[[1,2],[3,4]]},\"box\":[1,2,30,40],\"name\":\"\xC3\xBC\\\"b\",\"expression\":{\"jaw-open\":0.5},"
    "\"attributes\":{\"5_o_Clock_Shadow\":1,\"Smiling\":-1}}";

static json_t *line(void)
{
    df_error err;
    json_t *parsed = df_json_parse(line_text, sizeof line_text - 1, &err);
    must(parsed != NULL, &err);
    return parsed;
}

/* 1, 0, or -1 with *err. */
static int ask(const char *condition, df_error *err)
{
    bool matches = false;
    df_arena *arena = df_arena_new((size_t)1 << 22, err);
    json_t *parsed = line();
    where *w = where_parse(condition, arena, err);
    const bool is_good = w && where_matches(w, parsed, &matches, err);
    json_decref(parsed);
    df_arena_free(arena);
    return is_good ? matches : -1;
}

static void conditions_say_what_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_true;
    } cases[] = {
        {"abs(yaw) < 30 and glasses == \"none\"", true},
        {"abs(yaw) < 12.5", false},
        {"abs(yaw) <= 12.5", true},
        {"yaw + 2 * 5 - -2.5 == 0", true},
        {"(yaw + 2) * 5 == -52.5", true},
        {"10 - 4 - 3 == 3 and 24 / 4 / 2 == 3", true},
        {"- -3 == 3", true},
        {"not flag or off", false},
        {"not (flag and off)", true},
        {"not not flag", true},
        {"true or false and false", true},
        {"not off == flag", true}, /* not (off == flag) */
        {"gender in (\"female\", 'male')", true},
        {"gender not in ('female')", true},
        {"index in (1, 2, 3) and index not in (4)", true},
        {"light.strength >= .25 and light . strength < 2.6e-1", true},
        {"light.sh[1][0] == 3 and box[2] * box[3] == 1200", true},
        {"box[9] == null and nothing.at.all == null", true},
        {"len(box) == 4 and len(light) == 2 and len(name) == 3 and len(gender) == 4", true},
        {"name == 'ü\"b' and name == \"ü\\\"b\"", true},
        {"expression.\"jaw-open\" > 0.4", true},
        {"attributes.5_o_Clock_Shadow == 1 and attributes.Smiling == -1", true},
        {"min(3, index, 9) == 3 and max(yaw, -20) == -12.5 and min(2) == 2", true},
        {"has(gender) and has(light.strength) and not has(age) and not has(smile)", true},
        {"age == null and age != 3 and not (age > 3) and not (age <= 3)", true},
        {"age + 1 == null and abs(age) == null and max(1, age) == null and len(age) == null", true},
        {"age", false},
        {"not age", true},
        {"gender < \"n\" and gender > 'female'", true},
        {"off and gender > 3", false}, /* the other side decides */
        {"gender > 3 and off", false},
        {"flag or yaw", true},
        {"gender in ('male', 3)", true},
        {"andy == null and inn == null and nots == null", true}, /* names that begin as words do */
        {"abs == null", true},                                   /* a function's name without parentheses */
        {"true != false and null == null", true},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        df_error err = {0};
        const int got = ask(cases[i].text, &err);
        if (got != cases[i].is_true)
            fail_msg("%s: %d %s", cases[i].text, got, err.text);
    }
}

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "column 1: the condition ends, expected a value or a name"},
        {"yaw <", "column 6: the condition ends"},
        {"yaw < 3 < 4", "column 9: '<', expected 'and' or 'or' between two comparisons"},
        {"yaw = 3", "column 5: '=', expected an operator or the end"},
        {"yaw 3", "column 5: '3', expected an operator"},
        {"(yaw < 3", "expected ')'"},
        {"foo(yaw) < 3", "column 1: 'foo', expected abs, min, max, len or has"},
        {"abs(yaw, 3) < 3", "column 8: ',', expected ')'"},
        {"has(3)", "has(): expected a name"},
        {"'abc == gender", "column 1: the text that begins here has no end, expected '"},
        {"3a == 1", "column 1: '3a == 1': expected a number, or a name"},
        {"box[x] == 1", "column 5: 'x', expected a place in the list"},
        {"box[1.5] == 1", "expected a place in the list"},
        {"light. == 1", "expected a key behind the dot"},
        {"gender in 'male'", "column 11: ''male'', expected '('"},
        {"gender not 'male'", "expected 'in'"},
        {"and", "column 1: 'and', expected a value or a name"},
        {"yaw < \"x\"", "yaw: the number -12.5, expected a text"},
        {"gender > 3", "gender: the text \"male\", expected a number"},
        {"3 == gender", "gender: the text \"male\", expected a number"},
        {"gender + 1 == 2", "gender: the text \"male\", expected a number"},
        {"-gender == 2", "gender: the text \"male\", expected a number"},
        {"flag > true", "flag: true or false, expected a number or a text"},
        {"gender and flag", "gender: the text \"male\", expected true or false"},
        {"not yaw", "yaw: the number -12.5, expected true or false"},
        {"box == 1", "box: a list or an object, expected a number, a text, true or false"},
        {"len(yaw) == 1", "yaw: the number -12.5, expected a text, a list or an object"},
        {"yaw / (index - 3) > 0", "column 14 of the condition: the number 0, expected a divisor other than 0"},
        {"1e200 * 1e200 > 0", "column 7 of the condition: expected a number up to 1e300"},
        {"1e999 > 0", "expected a number up to 1e300"},
        {"yaw", "yaw: the number -12.5, expected true or false"},
        {"yaw + 1", "column 5 of the condition: the number -11.5, expected true or false"},
        {"gender in (3, 4)", "gender: the text \"male\", expected a number"},
        {"yaw # 3", "column 5: '#'"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        df_error err = {0};
        if (ask(cases[i].text, &err) != -1 || !strstr(err.text, cases[i].says))
            fail_msg("%s: '%s', expected '%s'", cases[i].text, err.text, cases[i].says);
    }
}

static void deep_and_long_conditions_end_in_a_sentence(void **state)
{
    (void)state;
    enum { ROOM = 40000 };
    char *text = test_malloc(ROOM);
    const struct {
        const char *part, *end, *says;
        int count;
    } cases[] = {{"(", "1", "nested deeper", 9000},     {"not ", "flag", "nested deeper", 3000},
                 {"-", "1", "nested deeper", 9000},     {"1+", "1 > 0", "more than 1024", 3000},
                 {"abs(", "1", "nested deeper", 3000},  {" ", "flag", "longer than 16384", 20000},
                 {"x.", "x", "more than 16 parts", 100}};
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        df_error err = {0};
        text[0] = '\0';
        size_t used = 0;
        for (int k = 0; k < cases[i].count; k++, used += strlen(cases[i].part))
            memcpy(text + used, cases[i].part, strlen(cases[i].part));
        memcpy(text + used, cases[i].end, strlen(cases[i].end) + 1);
        must_say(ask(text, &err) >= 0, &err, cases[i].says);
    }
    test_free(text);
}

static bool check(const char *condition, df_error *err)
{
    bool matches;
    df_arena *arena = df_arena_new((size_t)1 << 22, err);
    json_t *parsed = line();
    where *w = where_parse(condition, arena, err);
    const bool is_good = w && where_matches(w, parsed, &matches, err) && where_check_names(w, parsed, err);
    json_decref(parsed);
    df_arena_free(arena);
    return is_good;
}

static void names_that_no_line_has_are_told_with_near_ones(void **state)
{
    (void)state;
    df_error err = {0};
    must(check("yaw > 0 or light.strength > 0 or not has(smile)", &err), &err);
    must(check("age == 3", &err), &err); /* null is there */
    must_say(check("yav > 0", &err), &err, "no line has 'yav'; near names: yaw");
    must_say(check("light.strenth > 0", &err), &err, "near names: light.strength");
    must_say(check("expression.\"jaw-opn\" > 0", &err), &err, "no line has 'expression.\"jaw-opn\"'");
    must_say(check("completely_other > 0", &err), &err, "no line has 'completely_other' (has(...)");
}

static bool parses(df_bytes bytes, df_error *err)
{
    char *text = test_malloc(bytes.size + 1);
    memcpy(text, bytes.data, bytes.size);
    text[bytes.size] = '\0';
    const bool is_good = ask(text, err) >= 0;
    test_free(text);
    return is_good;
}

static void damaged_conditions_never_crash(void **state)
{
    (void)state;
    static const char good[] =
        "abs(yaw) < 30 and gender in (\"male\", 'x') or not (box[2] / 3.5 >= min(1, light.strength)) and has(a.\"b\")";
    const df_bytes bytes = {.data = (const unsigned char *)good, .size = sizeof good - 1};
    df_error err = {0};
    must(parses(bytes, &err), &err);
    const size_t cuts = mutate_cuts_accepted(bytes, parses), accepted = mutate_accepted(bytes, parses, 3000);
    print_message("%zu bytes cut, 3000 mutations tried, %zu still conditions\n", bytes.size, accepted);
    assert_true(cuts < bytes.size / 2 && accepted < 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_say_what_they_say),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(deep_and_long_conditions_end_in_a_sentence),
        cmocka_unit_test(names_that_no_line_has_are_told_with_near_ones),
        cmocka_unit_test(damaged_conditions_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
