#include "face/pca.h"

#include <math.h>

#include "base/random.h"
#include "arena_fixture.h" /* behind what names its own arenas */

enum { SAMPLES = 600, WIDTH = 40, STRIDE = WIDTH + 3, AXES = 3, MOST = 10 };

static const float deviations[AXES] = {9, 4, 1};
/* Samples of a plane of AXES dimensions: axis a is the unit vector along columns 4 a .. 4 a + 3, each by 1/2; a helper column beyond
   WIDTH follows axis 1 with 5 a unit. Latent values are made exactly uncorrelated by a design of cosines. */
static float *planar(float noise)
{
    float *rows = df_alloc(arena, (size_t)SAMPLES * STRIDE, sizeof *rows, &err);
    must(rows != NULL, &err);
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < SAMPLES; i++)
        for (int a = 0; a < AXES; a++) {
            const float latent = sqrtf(2) * cosf(3.14159265f * (float)(a + 1) * ((float)i + 0.5f) / SAMPLES) * deviations[a];
            for (int c = 0; c < 4; c++)
                rows[i * STRIDE + 4 * a + c] += 0.5f * latent;
            if (a == 1)
                rows[i * STRIDE + WIDTH] += 5 * latent;
        }
    for (int i = 0; i < SAMPLES; i++)
        for (int c = 0; c < STRIDE; c++)
            rows[i * STRIDE + c] += 100 + noise * df_random_normal(&random);
    return rows;
}

static void known_axes_and_variances_are_found(void **state)
{
    (void)state;
    float *rows = planar(0), mean[STRIDE], components[AXES * STRIDE];
    pca fit;
    pca_centre(rows, SAMPLES, STRIDE, mean);
    for (int c = 0; c < STRIDE; c++)
        must_lie(mean[c], 100 - 1e-2f, 100 + 1e-2f);
    must(pca_fit(rows, SAMPLES, WIDTH, STRIDE, AXES, arena, &fit, &err), &err);
    pca_components(&fit, rows, STRIDE, components);
    const double unbiased = (double)SAMPLES / (SAMPLES - 1);
    for (int a = 0; a < AXES; a++) {
        const float variance = deviations[a] * deviations[a] * (float)unbiased, sign = components[a * STRIDE + 4 * a] > 0 ? 1.0f : -1.0f;
        must_lie(fit.variance[a], 0.999f * variance, 1.001f * variance);
        for (int c = 0; c < WIDTH; c++) {
            const float expected = c / 4 == a ? sign * 0.5f * sqrtf(variance) : 0;
            must_lie(components[a * STRIDE + c], expected - 5e-3f, expected + 5e-3f);
        }
    }
    /* what was not looked at goes along */
    const float helper = components[1 * STRIDE + WIDTH] / components[1 * STRIDE + 4];
    must_lie(helper, 9.99f, 10.01f);
}

static void coefficients_are_whitened(void **state)
{
    (void)state;
    float *rows = planar(0.3f), mean[STRIDE];
    pca fit;
    pca_centre(rows, SAMPLES, STRIDE, mean);
    must(pca_fit(rows, SAMPLES, WIDTH, STRIDE, MOST, arena, &fit, &err), &err);
    for (int a = 0; a < MOST; a++)
        for (int b = 0; b <= a; b++) {
            double sum = 0, product = 0;
            for (int i = 0; i < SAMPLES; i++) {
                sum += (double)fit.coefficients[i * MOST + a];
                product += (double)fit.coefficients[i * MOST + a] * (double)fit.coefficients[i * MOST + b];
            }
            must_lie((float)(sum / SAMPLES), -1e-3f, 1e-3f);
            must_lie((float)(product / (SAMPLES - 1)), (a == b) - 1e-3f, (a == b) + 1e-3f);
        }
}

static void all_components_give_the_samples_back(void **state)
{
    (void)state;
    float *rows = planar(0), mean[STRIDE], components[AXES * STRIDE];
    pca fit;
    pca_centre(rows, SAMPLES, STRIDE, mean);
    must(pca_fit(rows, SAMPLES, WIDTH, STRIDE, AXES, arena, &fit, &err), &err);
    pca_components(&fit, rows, STRIDE, components);
    for (int i = 0; i < SAMPLES; i += 37)
        for (int c = 0; c < STRIDE; c++) {
            float sum = 0;
            for (int a = 0; a < AXES; a++)
                sum += fit.coefficients[i * AXES + a] * components[a * STRIDE + c];
            must_lie(sum, rows[i * STRIDE + c] - 2e-2f, rows[i * STRIDE + c] + 2e-2f);
        }
}

static void shares_add_up_to_all(void **state)
{
    (void)state;
    float *rows = planar(0), mean[STRIDE];
    pca fit;
    pca_centre(rows, SAMPLES, STRIDE, mean);
    must(pca_fit(rows, SAMPLES, WIDTH, STRIDE, AXES, arena, &fit, &err), &err);
    const float first = 81.0f / 98, second = 97.0f / 98;
    must_lie(pca_share(&fit, 1), first - 1e-3f, first + 1e-3f);
    must_lie(pca_share(&fit, 2), second - 1e-3f, second + 1e-3f);
    must_lie(pca_share(&fit, AXES), 1 - 1e-3f, 1 + 1e-3f);
    assert_int_equal(pca_meaningful(&fit, 0.5), 1);
    assert_int_equal(pca_meaningful(&fit, 0.9), 2);
    assert_int_equal(pca_meaningful(&fit, 0.995), 3);
    assert_int_equal(pca_meaningful(&fit, 1.5), fit.looked_at + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_axes_and_variances_are_found),
        cmocka_unit_test(coefficients_are_whitened),
        cmocka_unit_test(all_components_give_the_samples_back),
        cmocka_unit_test(shares_add_up_to_all),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
