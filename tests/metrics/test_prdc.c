#include "metrics/prdc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "metrics/feature_fixture.h"
#include "arena_fixture.h" /* behind what names its own arenas */

static double square(const feature_set *a, int64_t i, const feature_set *b, int64_t j)
{
    double sum = 0;
    for (int k = 0; k < a->dims; k++) {
        const double difference = feature_data(a)[i * a->dims + k] - feature_data(b)[j * b->dims + k];
        sum += difference * difference;
    }
    return sum;
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double *plain_radii(const feature_set *set, int k)
{
    double *out = df_alloc(arena, (size_t)set->count, sizeof *out, &err), *all = df_alloc(arena, (size_t)set->count, sizeof *all, &err);
    assert_true(out && all);
    for (int64_t i = 0; i < set->count; i++) {
        size_t count = 0;
        for (int64_t j = 0; j < set->count; j++)
            if (j != i)
                all[count++] = square(set, i, set, j);
        qsort(all, count, sizeof *all, rising);
        out[i] = all[k - 1];
    }
    return out;
}

/* By the definitions, with loops. */
static prdc_result plain(const feature_set *real, const feature_set *generated, int k)
{
    const double *real_radii = plain_radii(real, k), *generated_radii = plain_radii(generated, k);
    int64_t precise = 0, recalled = 0, balls = 0, covered = 0;
    for (int64_t j = 0; j < generated->count; j++) {
        int64_t in = 0;
        for (int64_t i = 0; i < real->count; i++)
            in += square(real, i, generated, j) < real_radii[i];
        precise += in > 0;
        balls += in;
    }
    for (int64_t i = 0; i < real->count; i++) {
        bool is_recalled = false, is_covered = false;
        for (int64_t j = 0; j < generated->count; j++) {
            is_recalled |= square(real, i, generated, j) < generated_radii[j];
            is_covered |= square(real, i, generated, j) < real_radii[i];
        }
        recalled += is_recalled;
        covered += is_covered;
    }
    return (prdc_result){.precision = (double)precise / (double)generated->count,
                         .recall = (double)recalled / (double)real->count,
                         .density = (double)balls / ((double)k * (double)generated->count),
                         .coverage = (double)covered / (double)real->count};
}

static void must_equal(const prdc_result *a, const prdc_result *b)
{
    if (a->precision != b->precision || a->recall != b->recall || a->density != b->density || a->coverage != b->coverage)
        fail_msg("%g %g %g %g, expected %g %g %g %g", a->precision, a->recall, a->density, a->coverage, b->precision, b->recall, b->density,
                 b->coverage);
}

/* Also far from the origin, where products alone would lose the distances, and with every sample of B in A too, whose distance to
   a neighbour is exactly a radius. */
static void shares_are_those_of_plain_loops(void **state)
{
    (void)state;
    static const double means[] = {0, 1e5};
    for (int m = 0; m < 2; m++)
        for (int k = 1; k <= 5; k += 4) {
            const feature_set a = random_features(1, 530, 3, 1, means[m], arena), b = random_features(2, 600, 3, 1, means[m] + 0.5, arena);
            feature_set copies = a;
            copies.count = 200;
            prdc_result r, expected = plain(&a, &b, k);
            must(prdc_between(&a, &b, k, NULL, arena, &r, &err), &err);
            must_equal(&r, &expected);
            assert_true(r.precision > 0.3 && r.precision < 1 && r.coverage > 0.1 && r.coverage < 1);
            expected = plain(&a, &copies, k);
            must(prdc_between(&a, &copies, k, NULL, arena, &r, &err), &err);
            must_equal(&r, &expected);
        }
}

static void reference_cases_come_out(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int k;
        prdc_result expected;
    } cases[] = {
        {"prdc/A.npz", "prdc/B.npz", 5, {0.9712918660287081, 0.6741071428571429, 1.2813397129186603, 0.8526785714285714}},
        {"prdc/A.npz", "prdc/B.npz", 3, {0.9473684210526315, 0.5848214285714286, 1.2695374800637957, 0.7232142857142857}},
        {"prdc/B.npz", "prdc/A.npz", 5, {0.6741071428571429, 0.9712918660287081, 0.40267857142857144, 0.7511961722488039}},
        {"prdc_ties/A.npz", "prdc_ties/B.npz", 5, {0.5980392156862745, 0.5806451612903226, 0.3588235294117647, 0.41935483870967744}},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        feature_set a = golden_features(cases[i].a, arena), b = golden_features(cases[i].b, arena);
        prdc_result r;
        must(prdc_between(&a, &b, cases[i].k, NULL, arena, &r, &err), &err);
        assert_true(fabs(r.precision - cases[i].expected.precision) < 1e-9 && fabs(r.recall - cases[i].expected.recall) < 1e-9);
        assert_true(fabs(r.density - cases[i].expected.density) < 1e-9 && fabs(r.coverage - cases[i].expected.coverage) < 1e-9);
        feature_set_close(&a);
        feature_set_close(&b);
    }
}

static void too_few_samples_are_refused(void **state)
{
    (void)state;
    static const double mu[2], sigma[4] = {1, 0, 0, 1};
    const feature_set a = random_features(1, 6, 2, 1, 0, arena), b = random_features(2, 5, 2, 1, 0, arena),
                      moments = {.path = "cache.npz", .dims = 2, .mu = mu, .sigma = sigma};
    prdc_result r;
    must_say(prdc_between(&a, &b, 5, NULL, arena, &r, &err), &err, "5 samples, expected at least 6 for 5 neighbours");
    must_say(prdc_between(&a, &moments, 5, NULL, arena, &r, &err), &err, "cache.npz: only mu and sigma");
    must(prdc_between(&a, &b, 4, NULL, arena, &r, &err), &err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(shares_are_those_of_plain_loops, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reference_cases_come_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_few_samples_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
