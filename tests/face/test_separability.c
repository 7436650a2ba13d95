#include "face/separability.h"

#include <math.h>

#include "base/random.h"
#include "check.h"

enum { HEADS = 4000, TRAIN = 3000, WIDTH = 5, CLASSES = 3 };

static df_arena *arena;
static df_error err;
static float coefficients[HEADS * WIDTH];
static int labels[HEADS];

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)64 << 20, &err);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

/* Two classes `distance` standard deviations apart along an axis that other, much larger variation hides; three in a row are
   labelled by thirds. */
static void draw(float distance, int classes)
{
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < HEADS; i++) {
        labels[i] = (int)df_random_below(&random, (uint32_t)classes);
        const float large = 100 * df_random_normal(&random);
        for (int k = 0; k < WIDTH; k++)
            coefficients[i * WIDTH + k] = df_random_normal(&random);
        coefficients[i * WIDTH] += distance * (float)labels[i] + large;
        coefficients[i * WIDTH + 1] += large;
    }
}

/* x0 - x1 has standard deviation sqrt 2; the best rule errs at Phi(-distance / (2 sqrt 2)). */
static void a_known_overlap_is_found(void **state)
{
    (void)state;
    float share;
    draw(4, 2);
    must(linear_separability(coefficients, labels, HEADS, WIDTH, 2, TRAIN, arena, &share, &err), &err);
    const float expected = 1 - 0.5f * erfcf(4 / (2 * sqrtf(2)) / sqrtf(2)); /* 0.921 */
    must_lie(share, expected - 0.026f, expected + 0.026f);                  /* three standard errors of 1000 */
}

static void far_classes_are_told_apart_without_fail(void **state)
{
    (void)state;
    float share;
    draw(20, CLASSES);
    must(linear_separability(coefficients, labels, HEADS, WIDTH, CLASSES, TRAIN, arena, &share, &err), &err);
    assert_true(share == 1);
}

static void equal_classes_are_guessed(void **state)
{
    (void)state;
    float share;
    draw(0, CLASSES);
    must(linear_separability(coefficients, labels, HEADS, WIDTH, CLASSES, TRAIN, arena, &share, &err), &err);
    must_lie(share, 1.0f / CLASSES - 0.045f, 1.0f / CLASSES + 0.045f);
}

static void a_class_without_heads_is_refused(void **state)
{
    (void)state;
    float share;
    draw(1, 2);
    must_say(linear_separability(coefficients, labels, HEADS, WIDTH, CLASSES, TRAIN, arena, &share, &err), &err,
             "class 2 of 3 has no heads");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_overlap_is_found),
        cmocka_unit_test(far_classes_are_told_apart_without_fail),
        cmocka_unit_test(equal_classes_are_guessed),
        cmocka_unit_test(a_class_without_heads_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
