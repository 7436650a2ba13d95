#include "face/trait_fit.h"

#include <math.h>

#include "base/random.h"
#include "check.h"

enum { HEADS = 3000, FEATURES = 4, WIDTH = 3 };

static df_arena *arena;
static df_error err;
static float features[HEADS * FEATURES], coefficients[HEADS * WIDTH];

/* Features 0 and 1 sum to one, 2 and 3 are free; the law is known, the residual is L z with the lower triangle L. */
static const float law[FEATURES][WIDTH] = {{1, 0, -2}, {-1, 3, 0.5f}, {0.25f, -1, 1}, {2, 2, 0}};
static const float lower[WIDTH][WIDTH] = {{0.5f, 0, 0}, {0.2f, 0.4f, 0}, {-0.1f, 0.3f, 0.6f}};

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)64 << 20, &err);
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < HEADS; i++) {
        float *f = features + i * FEATURES, z[WIDTH];
        f[0] = df_random_uniform(&random);
        f[1] = 1 - f[0];
        f[2] = df_random_uniform(&random);
        f[3] = df_random_uniform(&random);
        for (int k = 0; k < WIDTH; k++)
            z[k] = df_random_normal(&random);
        for (int k = 0; k < WIDTH; k++) {
            float sum = 0;
            for (int j = 0; j < FEATURES; j++)
                sum += f[j] * law[j][k];
            for (int j = 0; j <= k; j++)
                sum += lower[k][j] * z[j];
            coefficients[i * WIDTH + k] = sum;
        }
    }
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

/* Standard error of a coefficient here: 0.7 / sqrt(3000 / 12), some 0.05. */
static void the_law_predicts_and_the_rest_is_its_residual(void **state)
{
    (void)state;
    float fitted[FEATURES * WIDTH], residual[WIDTH * WIDTH];
    must(trait_law_fit(features, FEATURES, coefficients, HEADS, WIDTH, arena, fitted, residual, &err), &err);
    static const float probes[][FEATURES] = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0.5f, 0.5f, 1, 0}, {0.5f, 0.5f, 0, 1}};
    for (size_t p = 0; p < DF_ARRAY_LEN(probes); p++)
        for (int k = 0; k < WIDTH; k++) {
            float expected = 0, found = 0;
            for (int j = 0; j < FEATURES; j++) {
                expected += probes[p][j] * law[j][k];
                found += probes[p][j] * fitted[j * WIDTH + k];
            }
            must_lie(found, expected - 0.1f, expected + 0.1f);
        }
    for (int i = 0; i < WIDTH; i++)
        for (int j = 0; j < WIDTH; j++)
            must_lie(residual[i * WIDTH + j], lower[i][j] - 0.05f, lower[i][j] + 0.05f);
}

static void a_law_without_residual_is_exact(void **state)
{
    (void)state;
    float exact[HEADS * WIDTH], fitted[FEATURES * WIDTH], residual[WIDTH * WIDTH];
    for (int i = 0; i < HEADS; i++)
        for (int k = 0; k < WIDTH; k++) {
            exact[i * WIDTH + k] = 0;
            for (int j = 0; j < FEATURES; j++)
                exact[i * WIDTH + k] += features[i * FEATURES + j] * law[j][k];
        }
    must(trait_law_fit(features, FEATURES, exact, HEADS, WIDTH, arena, fitted, residual, &err), &err);
    for (int i = 0; i < HEADS; i += 100)
        for (int k = 0; k < WIDTH; k++) {
            float found = 0;
            for (int j = 0; j < FEATURES; j++)
                found += features[i * FEATURES + j] * fitted[j * WIDTH + k];
            must_lie(found, exact[i * WIDTH + k] - 2e-3f, exact[i * WIDTH + k] + 2e-3f); /* the ridge's bias */
        }
    for (int k = 0; k < WIDTH; k++)
        must_lie(residual[k * WIDTH + k], 0, 2e-3f);
}

/* value = 3 x0 - 4 x2 (independent, variance 1): the direction is (3, 0, -4) / 25, a step of it changes the value by 1. */
static void a_step_along_a_direction_changes_the_attribute_by_one(void **state)
{
    (void)state;
    float x[HEADS * WIDTH], values[HEADS], direction[WIDTH];
    df_random random = df_random_at(2, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < HEADS * WIDTH; i++)
        x[i] = df_random_normal(&random);
    for (int i = 0; i < HEADS; i++)
        values[i] = 50 + 3 * x[i * WIDTH] - 4 * x[i * WIDTH + 2];
    must(attribute_direction(x, values, HEADS, WIDTH, arena, direction, &err), &err);
    static const float expected[WIDTH] = {3 / 25.0f, 0, -4 / 25.0f};
    for (int k = 0; k < WIDTH; k++)
        must_lie(direction[k], expected[k] - 5e-3f, expected[k] + 5e-3f);
}

static void an_attribute_that_does_not_vary_has_no_direction(void **state)
{
    (void)state;
    static float constant[HEADS];
    float direction[WIDTH];
    must_say(attribute_direction(coefficients, constant, HEADS, WIDTH, arena, direction, &err), &err, "does not vary");
}

static void statistics_join_the_traits_spread_and_the_residual(void **state)
{
    (void)state;
    /* one feature of mean 2 and variance 1 (of two samples 1 and 3: 2), law 3 for shape and -1 for albedo */
    static const float shape_law[1] = {3}, albedo_law[1] = {-1}, shape_residual[1] = {0.5f}, albedo_residual[1] = {2}, samples[2] = {1, 3};
    const face_trait_law one = {
        .features = 1, .shape = shape_law, .albedo = albedo_law, .shape_residual = shape_residual, .albedo_residual = albedo_residual};
    float mean[2], covariance[4];
    must(group_statistics(&one, 1, 1, samples, 2, arena, mean, covariance, &err), &err);
    assert_true(mean[0] == 6 && mean[1] == -2);
    must_lie(covariance[0], 18.25f - 1e-4f, 18.25f + 1e-4f);
    must_lie(covariance[1], -6 - 1e-4f, -6 + 1e-4f);
    must_lie(covariance[2], -6 - 1e-4f, -6 + 1e-4f);
    must_lie(covariance[3], 6 - 1e-4f, 6 + 1e-4f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_law_predicts_and_the_rest_is_its_residual),
        cmocka_unit_test(a_law_without_residual_is_exact),
        cmocka_unit_test(a_step_along_a_direction_changes_the_attribute_by_one),
        cmocka_unit_test(an_attribute_that_does_not_vary_has_no_direction),
        cmocka_unit_test(statistics_join_the_traits_spread_and_the_residual),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
