/* Spherical harmonics against integration over the sphere, and random light against what is physically possible. */
#include "check.h"

#include <math.h>

#include "render/light.h"
#include "render/spherical_harmonics.h"

enum { DIRECTIONS = 4000 };

/* Directions of equal area, on a spiral. */
static void direction(int i, float out[3])
{
    const float z = 1 - (2 * (float)i + 1) / DIRECTIONS, ring = sqrtf(1 - z * z), turn = 2.3999632f * (float)i;
    out[0] = ring * cosf(turn);
    out[1] = ring * sinf(turn);
    out[2] = z;
}

static float dot(const float a[3], const float b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void random_harmonics(df_random *random, float sh[SH_COUNT])
{
    sh[0] = 3;
    for (int i = 1; i < SH_COUNT; i++)
        sh[i] = df_random_normal(random);
}

static float radiance(const float sh[SH_COUNT], const float to[3])
{
    float basis[SH_COUNT], sum = 0;
    sh_basis(to, basis);
    for (int i = 0; i < SH_COUNT; i++)
        sum += sh[i] * basis[i];
    return sum;
}

static void the_basis_is_orthonormal(void **state)
{
    (void)state;
    double product[SH_COUNT][SH_COUNT] = {{0}};
    for (int d = 0; d < DIRECTIONS; d++) {
        float to[3], basis[SH_COUNT];
        direction(d, to);
        sh_basis(to, basis);
        for (int i = 0; i < SH_COUNT; i++)
            for (int j = 0; j < SH_COUNT; j++)
                product[i][j] += (double)(basis[i] * basis[j]) * 12.566370614 / DIRECTIONS;
    }
    for (int i = 0; i < SH_COUNT; i++)
        for (int j = 0; j < SH_COUNT; j++)
            must_lie((float)product[i][j], (i == j) - 2e-3f, (i == j) + 2e-3f);
}

/* E(n) / pi = 1 / pi * integral of L(w) max(0, n w): for light of order 2 the three factors A_l are exact. */
static void irradiance_is_the_integral_of_radiance_and_cosine(void **state)
{
    (void)state;
    df_random random = df_random_at(1, 2, 3, DF_FOR_TEST);
    for (int n = 0; n < 50; n++) {
        float sh[SH_COUNT], normal[3];
        random_harmonics(&random, sh);
        direction((int)df_random_below(&random, DIRECTIONS), normal);
        double sum = 0;
        for (int d = 0; d < DIRECTIONS; d++) {
            float to[3];
            direction(d, to);
            const float cosine = dot(normal, to);
            sum += cosine > 0 ? (double)(cosine * radiance(sh, to)) * 4 / DIRECTIONS : 0;
        }
        must_lie(light_sh_irradiance(sh, normal), (float)sum - 5e-3f, (float)sum + 5e-3f);
    }
}

static float darkest(const float sh[SH_COUNT])
{
    float least = INFINITY;
    for (int d = 0; d < DIRECTIONS; d += 2) {
        float to[3];
        direction(d, to);
        least = fminf(least, light_sh_irradiance(sh, to));
    }
    return least;
}

static void light_that_was_kept_positive_is_nowhere_darker_than_asked_and_hardly_anywhere_brighter(void **state)
{
    (void)state;
    df_random random = df_random_at(1, 2, 4, DF_FOR_TEST);
    for (int n = 0; n < 500; n++) {
        float sh[SH_COUNT], kept[SH_COUNT];
        random_harmonics(&random, sh);
        memcpy(kept, sh, sizeof kept);
        const float floor = df_random_range(&random, 0, 0.5f), mean = sh[0] * SH_Y0, before = darkest(sh);
        light_keep_positive(kept, floor);
        assert_true(kept[0] == sh[0]);
        must_lie(darkest(kept), (floor - 1e-3f) * mean, INFINITY);
        if (before <
            (floor - 0.01f) * mean) /* scaled, and by no more than is needed: the darkest of the tried directions is close to the floor */
            must_lie(darkest(kept), 0, (floor + 0.01f) * mean);
        if (before > (floor + 0.01f) * mean)
            assert_memory_equal(kept, sh, sizeof kept);
    }
}

static void random_light_is_never_negative_and_of_mean_one(void **state)
{
    (void)state;
    df_random random = df_random_at(1, 2, 5, DF_FOR_TEST);
    for (int n = 0; n < 1000; n++) {
        light drawn = {0};
        const int channels = n % 2 ? 1 : 3;
        light_random(&drawn, channels, df_random_uniform(&random), &random);
        for (int c = 0; c < channels; c++) {
            must_lie(darkest(drawn.sh[c]), 0.01f, 10);
            must_lie(drawn.sh[c][0] * SH_Y0, channels == 1 ? 0.9999f : 0.85f, channels == 1 ? 1.0001f : 1.15f);
        }
        assert_int_equal(drawn.lamp_count, 0);
    }
}

static void light_of_no_strength_is_the_same_from_everywhere(void **state)
{
    (void)state;
    df_random random = df_random_at(1, 2, 6, DF_FOR_TEST);
    light drawn = {0};
    light_random(&drawn, 3, 0, &random);
    for (int d = 0; d < DIRECTIONS; d += 37) {
        float to[3];
        direction(d, to);
        for (int c = 0; c < 3; c++)
            must_lie(light_sh_irradiance(drawn.sh[c], to), 0.9999f, 1.0001f);
    }
}

static void strong_light_comes_from_a_side(void **state)
{
    (void)state;
    df_random random = df_random_at(1, 2, 7, DF_FOR_TEST);
    int one_sided = 0;
    for (int n = 0; n < 200; n++) {
        light drawn = {0};
        light_random(&drawn, 1, 1, &random);
        one_sided += darkest(drawn.sh[0]) < 0.35f;
    }
    must_lie((float)one_sided, 150, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_basis_is_orthonormal),
        cmocka_unit_test(irradiance_is_the_integral_of_radiance_and_cosine),
        cmocka_unit_test(light_that_was_kept_positive_is_nowhere_darker_than_asked_and_hardly_anywhere_brighter),
        cmocka_unit_test(random_light_is_never_negative_and_of_mean_one),
        cmocka_unit_test(light_of_no_strength_is_the_same_from_everywhere),
        cmocka_unit_test(strong_light_comes_from_a_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
