/* Hair, beards and irises: the shares that looks.c claims from its sources, and nothing that a model does not have. */
#include "check.h"

#include <math.h>

#include "face/looks.h"
#include "face_fixture.h"

enum { DRAWS = 8000 };

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

static person somebody(person_gender gender, float low, float high, float african, float asian, df_random *random)
{
    return (person){.gender = gender, .age = df_random_range(random, low, high), .mixture_count = 2, .mixture = {african, asian}};
}

/* The share of draws for which `is_so`, people of both genders in turn or of one. */
typedef bool (*question)(const person_looks *looks);

static double share_of(const fixture *f, int genders, float low, float high, float african, question is_so)
{
    df_random random = df_random_at(21, 0, 0, DF_FOR_TEST);
    int count = 0;
    for (int i = 0; i < DRAWS; i++) {
        person_looks looks;
        const person who = somebody(genders == 2 ? (person_gender)(i % 2) : PERSON_MALE, low, high, african, 0, &random);
        looks_draw(&f->model, &who, &random, &looks);
        count += is_so(&looks);
    }
    return (double)count / DRAWS;
}

static bool is_grey(const person_looks *looks)
{
    return looks->hair_grey > 0;
}

static bool is_bearded(const person_looks *looks)
{
    return strcmp(looks->beard, "none") != 0;
}

static bool has_blue_eyes(const person_looks *looks)
{
    return strcmp(looks->iris, "blue") == 0;
}

static bool is_fair(const person_looks *looks)
{
    return looks->hair_melanin < 0.8f;
}

static bool is_something_else(const person_looks *looks)
{
    return strcmp(looks->brows, "eyebrow001") != 0 && strcmp(looks->brows, "eyebrow002") != 0;
}

/* Panhard and others: 63, 78, 86 and 91 %. One normal distribution of the onset holds them to 3 %. */
static void grey_hair_comes_at_the_measured_ages(void **state)
{
    static const struct {
        float low, high;
        double share;
    } rows[] = {{45, 51, 0.63}, {51, 56, 0.78}, {56, 61, 0.86}, {61, 66, 0.91}};
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        assert_true(fabs(share_of(*state, 2, rows[i].low, rows[i].high, 0, is_grey) - rows[i].share) < 0.03);
    assert_true(share_of(*state, 2, 18, 30, 0, is_grey) == 0);
    assert_true(share_of(*state, 2, 45, 51, 1, is_grey) < 0.55); /* later in people of African descent */
}

static void a_fifth_of_men_wear_a_beard_and_no_boys(void **state)
{
    assert_true(fabs(share_of(*state, 1, 35, 55, 0, is_bearded) - 0.18) < 4 * 0.0045); /* four standard errors */
    assert_true(share_of(*state, 1, 14, 20, 0, is_bearded) == 0);
    assert_true(fabs(share_of(*state, 2, 35, 55, 0, is_bearded) - 0.09) < 4 * 0.0032); /* half are women */
}

static void blue_eyes_and_fair_hair_come_without_african_or_asian_descent(void **state)
{
    assert_true(fabs(share_of(*state, 2, 18, 76, 0, has_blue_eyes) - 0.12 / (0.12 + 0.30)) <
                4 * 0.0051); /* the fixture has blue and brown */
    assert_true(share_of(*state, 2, 18, 76, 1, has_blue_eyes) == 0);
    assert_true(share_of(*state, 2, 18, 76, 0, is_fair) > 0.5);
    assert_true(share_of(*state, 2, 18, 76, 1, is_fair) == 0);
}

static void brows_are_among_the_models(void **state)
{
    assert_true(share_of(*state, 2, 18, 76, 0, is_something_else) == 0);
}

static void a_model_without_parts_leaves_all_away(void **state)
{
    const fixture *f = *state;
    face_model bare = f->model;
    bare.part_count = bare.texture_count = 0;
    df_random random = df_random_at(22, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < 100; i++) {
        person_looks looks;
        const person who = somebody(PERSON_MALE, 30, 60, 0, 0, &random);
        looks_draw(&bare, &who, &random, &looks);
        const char *const names[] = {looks.hair, looks.beard, looks.moustache, looks.brows, looks.lashes, looks.iris};
        for (size_t n = 0; n < DF_ARRAY_LEN(names); n++)
            assert_string_equal(names[n], "none");
    }
}

static void the_likeliest_looks_are_those_of_the_largest_weight(void **state)
{
    const fixture *f = *state;
    df_random random = df_random_at(23, 0, 0, DF_FOR_TEST);
    person_looks looks;
    const person woman = somebody(PERSON_FEMALE, 20, 30, 0, 0, &random), man = somebody(PERSON_MALE, 60, 61, 0, 0, &random);
    looks_likeliest(&f->model, &woman, &looks);
    assert_string_equal(looks.hair, "long01");
    assert_string_equal(looks.iris, "brown");
    looks_likeliest(&f->model, &man, &looks);
    assert_string_equal(looks.hair, "short02");
    assert_string_equal(looks.beard, "none");
    assert_true(looks.hair_grey > 0.3f && looks.hair_grey < 0.4f); /* 0.018 a year since 40.7 years */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grey_hair_comes_at_the_measured_ages),
        cmocka_unit_test(a_fifth_of_men_wear_a_beard_and_no_boys),
        cmocka_unit_test(blue_eyes_and_fair_hair_come_without_african_or_asian_descent),
        cmocka_unit_test(brows_are_among_the_models),
        cmocka_unit_test(a_model_without_parts_leaves_all_away),
        cmocka_unit_test(the_likeliest_looks_are_those_of_the_largest_weight),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
