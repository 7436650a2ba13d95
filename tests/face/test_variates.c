/* Gamma, beta and Dirichlet variates against their distribution functions where these are closed forms (Kolmogorov-Smirnov with
   20000 draws of a fixed seed; a right generator fails at 1.95 / sqrt(n) once in a thousand seeds). */
#include "check.h"

#include <math.h>
#include <stdlib.h>

#include "face/variates.h"

enum { DRAWS = 20000 };

typedef double (*distribution)(double x, double shape);

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Largest distance of the draws' distribution from the wanted one, in units of 1 / sqrt(n). Sorts the draws. */
static double ks(float *draws, distribution wanted, double shape)
{
    double most = 0;
    qsort(draws, DRAWS, sizeof *draws, ascending);
    for (int i = 0; i < DRAWS; i++) {
        const double p = wanted((double)draws[i], shape);
        most = fmax(most, fmax(fabs(p - (double)i / DRAWS), fabs(p - (double)(i + 1) / DRAWS)));
    }
    return most * sqrt(DRAWS);
}

/* Of whole shapes: 1 - e^-x sum over i < shape of x^i / i!. */
static double erlang(double x, double shape)
{
    double term = 1, sum = 0;
    for (int i = 0; i < (int)shape; i++) {
        sum += term;
        term *= x / (i + 1);
    }
    return 1 - exp(-x) * sum;
}

static double gamma_half(double x, double shape)
{
    (void)shape;
    return erf(sqrt(x)); /* a squared normal over 2 */
}

static double beta_power(double x, double shape)
{
    return pow(x, shape); /* Beta(shape, 1) */
}

static double gamma_ks(float shape, distribution wanted)
{
    float *draws = test_malloc(DRAWS * sizeof *draws);
    df_random random = df_random_at(11, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < DRAWS; i++)
        draws[i] = variate_gamma(&random, shape);
    const double distance = ks(draws, wanted, (double)shape);
    test_free(draws);
    return distance;
}

static void gamma_follows_its_distribution(void **state)
{
    (void)state;
    assert_true(gamma_ks(0.5f, gamma_half) < 1.95);
    for (int shape = 1; shape < 10; shape++)
        assert_true(gamma_ks((float)shape, erlang) < 1.95);
}

static void the_comparison_finds_a_wrong_shape(void **state)
{
    (void)state;
    assert_true(gamma_ks(0.55f, gamma_half) > 1.95);
    assert_true(gamma_ks(3.1f, erlang) > 1.95); /* against 3 */
}

static void beta_follows_its_distribution(void **state)
{
    (void)state;
    float *draws = test_malloc(DRAWS * sizeof *draws);
    df_random random = df_random_at(12, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < DRAWS; i++)
        draws[i] = variate_beta(&random, 9, 1);
    assert_true(ks(draws, beta_power, 9) < 1.95);
    test_free(draws);
}

static void dirichlet_sums_to_one_and_has_its_means(void **state)
{
    (void)state;
    const float shapes[3] = {3, 0.8f, 0.8f};
    double sums[3] = {0};
    df_random random = df_random_at(13, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < DRAWS; i++) {
        float w[3];
        variate_dirichlet(&random, shapes, 3, w);
        assert_true(fabsf(w[0] + w[1] + w[2] - 1) < 1e-6f); /* three roundings */
        for (int j = 0; j < 3; j++)
            sums[j] += (double)w[j];
    }
    for (int j = 0; j < 3; j++) /* four standard errors: a weight's deviation is below 0.22 */
        assert_true(fabs(sums[j] / DRAWS - (double)shapes[j] / 4.6) < 4 * 0.22 / sqrt(DRAWS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gamma_follows_its_distribution),
        cmocka_unit_test(the_comparison_finds_a_wrong_shape),
        cmocka_unit_test(beta_follows_its_distribution),
        cmocka_unit_test(dirichlet_sums_to_one_and_has_its_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
