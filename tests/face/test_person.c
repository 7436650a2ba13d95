/* A person's line: written and read again it is the same, what is silent in it has defaults, and what is wrong in it is named. */
#include "check.h"

#include <math.h>
#include <stdio.h>

#include "face/looks.h"
#include "face/person.h"
#include "face_fixture.h"

static const char usual[] =
    "{\"id\":\"000003\",\"gender\":\"male\",\"gender_value\":0.9566,\"ethnicity\":\"African\",\"mixture\":{\"African\":0.9011,\"Asian\":0."
    "0989},"
    "\"age\":41.84,\"weight\":0.522,\"muscle\":0.2882,\"hair\":\"short02\",\"beard\":\"full_beard\",\"moustache\":\"none\",\"brows\":"
    "\"eyebrow001\","
    "\"lashes\":\"eyelashes01\",\"iris\":\"brown\",\"hair_melanin\":0.9885,\"hair_grey\":0.2101,\"nir_tone\":-0.6677,"
    "\"shape\":[1.5273,-0.01244,48.99999],\"albedo\":[-0.70846,0]}\n";

typedef struct fixture {
    df_arena *arena;
    face_model model;
} fixture;

static int setup(void **state)
{
    static fixture f; /* one test at a time */
    df_error err;
    f.arena = df_arena_new((size_t)16 << 20, &err);
    must(f.arena != NULL, &err);
    f.model = face_fixture(f.arena);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    df_arena_free(((fixture *)*state)->arena);
    return 0;
}

static person parsed(const fixture *f, const char *line)
{
    person who;
    df_error err;
    must(person_parse(line, strlen(line), &f->model, &who, &err), &err);
    return who;
}

static void a_line_that_is_read_and_written_is_the_same_line(void **state)
{
    const fixture *f = *state;
    const person who = parsed(f, usual);
    df_text text = {0};
    person_write(&who, &f->model, &text);
    assert_string_equal(text.data, usual);
    df_text_free(&text);
}

static void numbers_of_more_decimals_survive_too(void **state)
{
    const fixture *f = *state;
    person who = parsed(f, usual), again;
    df_text text = {0};
    who.gender_value = 0.4999999f;
    who.gender = PERSON_FEMALE;
    who.age = 41.123456f;
    who.shape[1] = 1.23456789f;
    person_write(&who, &f->model, &text);
    again = parsed(f, text.data);
    assert_true(again.gender_value == who.gender_value && again.age == who.age && again.shape[1] == who.shape[1]);
    df_text_free(&text);
}

static void fields_come_where_they_belong(void **state)
{
    const person who = parsed(*state, usual);
    assert_string_equal(who.id, "000003");
    assert_int_equal(who.gender, PERSON_MALE);
    assert_int_equal(who.group, 0);
    assert_int_equal(who.mixture_count, 2);
    assert_true(who.mixture[1] == 0.0989f && who.age == 41.84f && who.weight == 0.522f && who.muscle == 0.2882f);
    assert_int_equal(who.shape_count, 3);
    assert_int_equal(who.albedo_count, 2);
    assert_true(who.shape[2] == 48.99999f && who.looks.nir_tone == -0.6677f);
    assert_string_equal(who.looks.beard, "full_beard");
}

static void a_line_of_the_necessary_alone_gets_defaults(void **state)
{
    const fixture *f = *state;
    const person who = parsed(f, "{\"id\":\"x\",\"gender\":\"female\",\"age\":25,\"shape\":[],\"albedo\":[1],\"unknown\":{}}");
    assert_true(who.gender_value == 0 && who.weight == 0.5f && who.muscle == 0.5f);
    assert_int_equal(who.group, -1);
    assert_int_equal(who.mixture_count, 0);
    assert_string_equal(who.ethnicity, "");
    assert_int_equal(who.shape_count, 0);
    assert_string_equal(who.looks.hair, "long01");
    assert_string_equal(who.looks.beard, "none");
    assert_string_equal(who.looks.lashes, "eyelashes01");
    assert_true(who.looks.hair_grey == 0 && who.looks.nir_tone == 0);
}

static void an_ethnicity_alone_is_a_pure_one(void **state)
{
    const person who = parsed(*state, "{\"id\":\"x\",\"gender\":\"male\",\"ethnicity\":\"Asian\",\"age\":25,\"shape\":[],\"albedo\":[]}");
    assert_int_equal(who.group, 1);
    assert_true(who.mixture[0] == 0 && who.mixture[1] == 1);
}

static void labels_follow_the_numbers(void **state)
{
    const fixture *f = *state;
    person who = {.gender_value = 0.5f, .mixture_count = 2, .mixture = {0.3f, 0.7f}};
    person_label(&who, &f->model);
    assert_int_equal(who.gender, PERSON_MALE);
    assert_int_equal(who.group, 1);
    assert_string_equal(who.ethnicity, "Asian");
    who.gender_value = 0.4999f;
    who.mixture[0] = who.mixture[1] = 0.5f;
    person_label(&who, &f->model);
    assert_int_equal(who.gender, PERSON_FEMALE);
    assert_int_equal(who.group, -1);
    assert_string_equal(who.ethnicity, PERSON_MIXTURE);
    who.mixture_count = 0;
    person_label(&who, &f->model);
    assert_string_equal(who.ethnicity, "");
}

static void ids_are_safe_names_of_folders(void **state)
{
    (void)state;
    static const char *const good[] = {"0", "000012b", "A.b_c-d", "-"};
    static const char *const bad[] = {
        "", ".", "..", ".a", "a/b", "a b", "a\n", "\xc3\xa4", "0123456789012345678901234567890123456789012345678901234567890123"};
    for (size_t i = 0; i < DF_ARRAY_LEN(good); i++)
        assert_true(person_id_is_safe(good[i]));
    for (size_t i = 0; i < DF_ARRAY_LEN(bad); i++)
        assert_false(person_id_is_safe(bad[i]));
    assert_true(person_id_is_safe(bad[8] + 1)); /* 63 of them */
}

static void rounding_finds_every_decimal_again(void **state)
{
    (void)state;
    for (int i = -5000000; i <= 5000000; i += 37) {
        const float value = (float)(i / 1e5);
        assert_true(person_round(value, 5) == value);
        assert_true(person_round(nextafterf(value, 100), 5) == value || fabsf(value) > 32); /* there floats are 4e-6 apart */
    }
    assert_true(person_round(0.12345f, 4) == 0.1235f && person_round(-0.126f, 2) == -0.13f && person_round(-0.001f, 2) == 0);
}

static void a_failure_leaves_the_person_as_it_was(void **state)
{
    const fixture *f = *state;
    df_error err;
    person who = parsed(f, usual);
    const person before = who;
    static const char line[] = "{\"id\":\"other\",\"gender\":\"female\",\"age\":25,\"shape\":[1,2,3],\"albedo\":[true]}";
    must_say(person_parse(line, strlen(line), &f->model, &who, &err), &err, "albedo[0]: true or false, expected a finite number");
    assert_memory_equal(&who, &before, sizeof who);
}

static void failures_say_what_was_found_and_what_expected(void **state)
{
    static const struct {
        const char *found, *put, *sentence;
    } rows[] = {
        {"\"gender\":\"male\"", "\"gender\":\"m\"", "gender: 'm', expected female or male"},
        {"0.9566", "0.2", "gender_value: 0.2"},
        {"\"ethnicity\":\"African\"", "\"ethnicity\":\"Martian\"",
         "ethnicity: 'Martian' is no group of the model, expected one of African, Asian"},
        {"\"ethnicity\":\"African\"", "\"ethnicity\":\"Asian\"", "the largest weight in mixture is that of 'African'"},
        {"0.9011", "0.5", "mixture: the weights sum to 0.5989, expected 1"},
        {"short02", "mullet", "hair: the model has no 'mullet', expected none, short02, long01"},
        {"\"brown\"", "\"violet\"", "iris: the model has no texture 'iris-violet'"},
        {"48.99999", "50.1", "shape[2]: 50.1"},
        {"[-0.70846,0]", "[1,2,3]", "albedo: 3 numbers, expected at most 2"},
        {"41.84", "-1", "age: -1, expected 0 to 120"},
        {"000003", "a/b", "id: 'a/b', expected"},
        {"\"age\":41.84,", "", "age: missing"},
        {"{\"id\"", "[\"id\"", "column"},
    };
    const fixture *f = *state;
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++) {
        char line[1024];
        person who;
        df_error err;
        const char *at = strstr(usual, rows[i].found);
        assert_non_null(at);
        const int length = snprintf(line, sizeof line, "%.*s%s%s", (int)(at - usual), usual, rows[i].put, at + strlen(rows[i].found));
        must_say(person_parse(line, (size_t)length, &f->model, &who, &err), &err, rows[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_that_is_read_and_written_is_the_same_line),
        cmocka_unit_test(numbers_of_more_decimals_survive_too),
        cmocka_unit_test(fields_come_where_they_belong),
        cmocka_unit_test(a_line_of_the_necessary_alone_gets_defaults),
        cmocka_unit_test(an_ethnicity_alone_is_a_pure_one),
        cmocka_unit_test(labels_follow_the_numbers),
        cmocka_unit_test(ids_are_safe_names_of_folders),
        cmocka_unit_test(rounding_finds_every_decimal_again),
        cmocka_unit_test(a_failure_leaves_the_person_as_it_was),
        cmocka_unit_test(failures_say_what_was_found_and_what_expected),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
