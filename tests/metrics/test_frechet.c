#include "metrics/frechet.h"

#include <math.h>
#include <stdio.h>

#include "metrics/feature_fixture.h"

static df_arena *arena;
static df_error err;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)1 << 30, &err);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static double distance(const feature_set *a, const feature_set *b)
{
    gaussian first, second;
    double out;
    must(gaussian_of_set(a, arena, &first, &err), &err);
    must(gaussian_of_set(b, arena, &second, &err), &err);
    must(frechet_distance(&first, &second, arena, &out, &err), &err);
    return out;
}

static void must_be(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.15g, expected %.15g within %g", value, expected, tolerance);
}

/* mean and covariance H diag(variances) H of a reflection H = 1 - 2vv', so that axes mix and the trace is known. */
static feature_set reflected(int d, const double *mean, const double *variances)
{
    double *sigma = df_alloc(arena, (size_t)(d * d), sizeof *sigma, &err), *v = df_alloc(arena, (size_t)d, sizeof *v, &err), norm = 0;
    assert_true(sigma && v);
    for (int i = 0; i < d; i++)
        norm += (i % 7 + 1) * (i % 7 + 1);
    for (int i = 0; i < d; i++)
        v[i] = (i % 7 + 1) / sqrt(norm);
    double middle = 0; /* v' diag v */
    for (int i = 0; i < d; i++)
        middle += v[i] * v[i] * variances[i];
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++)
            sigma[i * d + j] = (i == j ? variances[i] : 0) - 2 * v[i] * v[j] * (variances[i] + variances[j]) + 4 * middle * v[i] * v[j];
    return (feature_set){.path = "moments", .dims = d, .mu = mean, .sigma = sigma};
}

/* Covariances that commute: the sum of (root of one - root of the other)^2 and of the squared differences of the means. Zeros make them
   singular; 1100 dimensions take the way of large matrices. */
static void commuting_covariances_have_the_closed_form(void **state)
{
    (void)state;
    static const int sides[] = {1, 2, 30, 1100};
    for (size_t s = 0; s < 4; s++)
        for (int zeros = 0; zeros < 2; zeros++) {
            const int d = sides[s];
            double *numbers = df_alloc(arena, 4 * (size_t)d, sizeof *numbers, &err), expected = 0, trace = 0;
            assert_non_null(numbers);
            double *mean_a = numbers, *mean_b = mean_a + d, *a = mean_b + d, *b = a + d;
            for (int i = 0; i < d; i++) {
                mean_a[i] = i % 3;
                mean_b[i] = i % 5;
                a[i] = zeros && i % 2 ? 0 : 1 + i % 4;
                b[i] = zeros && i % 3 ? 0 : 2 + i % 9;
                trace += a[i] + b[i];
                expected += (mean_a[i] - mean_b[i]) * (mean_a[i] - mean_b[i]) + (sqrt(a[i]) - sqrt(b[i])) * (sqrt(a[i]) - sqrt(b[i]));
            }
            const feature_set set_a = reflected(d, mean_a, a), set_b = reflected(d, mean_b, b);
            /* rounding of a singular covariance enters by its root, 1e-8 an axis */
            must_be(distance(&set_a, &set_b), expected, zeros ? 1e-8 * trace : 1e-12 * trace);
            must_be(distance(&set_a, &set_a), 0, zeros ? 1e-8 * trace : 1e-12 * trace);
        }
}

/* In two dimensions tr (S1 S2)^1/2 = (tr S1 S2 + 2 (det S1 S2)^1/2)^1/2. */
static void covariances_that_do_not_commute_have_the_closed_form(void **state)
{
    (void)state;
    static const double zero[2], s1[] = {2, 1, 1, 3}, s2[] = {5, -2, -2, 1};
    const feature_set a = {.path = "a", .dims = 2, .mu = zero, .sigma = s1}, b = {.path = "b", .dims = 2, .mu = zero, .sigma = s2};
    const double trace_of_product = 2 * 5 + 2 * (1 * -2) + 3 * 1, determinant = (2 * 3 - 1) * (5 - 4);
    must_be(distance(&a, &b), 5 + 6 - 2 * sqrt(trace_of_product + 2 * sqrt(determinant)), 1e-13);
}

static void a_moved_set_is_as_far_as_it_was_moved(void **state)
{
    (void)state;
    static const int64_t counts[] = {20, 700}; /* fewer than dimensions, and more, in several blocks */
    for (int k = 0; k < 2; k++) {
        const feature_set a = random_features(1, counts[k], 60, 2, 100, arena), b = random_features(1, counts[k], 60, 2, 100, arena);
        for (int64_t i = 0; i < counts[k] * 60; i++)
            feature_data(&b)[i] += i % 60 == 7 ? 3 : i % 60 == 8 ? -4 : 0;
        must_be(distance(&a, &b), 25, 1e-9);
        must_be(distance(&a, &a), 0, 1e-9);
    }
}

/* The same samples with dimensions that are always 0 go the way of few samples; without them the way of many. */
static void few_and_many_samples_agree(void **state)
{
    (void)state;
    enum { N = 40, M = 50, D = 10, WIDE = 100 };
    const feature_set a = random_features(1, N, D, 1, 0, arena), b = random_features(2, M, D, 2, 1, arena);
    const feature_set wide_a = random_features(1, N, WIDE, 0, 0, arena), wide_b = random_features(1, M, WIDE, 0, 0, arena);
    for (int i = 0; i < N * D; i++)
        feature_data(&wide_a)[i / D * WIDE + i % D * 9] = feature_data(&a)[i];
    for (int i = 0; i < M * D; i++)
        feature_data(&wide_b)[i / D * WIDE + i % D * 9] = feature_data(&b)[i];
    const double expected = distance(&a, &b);
    assert_true(expected > 10);
    must_be(distance(&wide_a, &wide_b), expected, 1e-9);
    const feature_set many = random_features(3, 300, WIDE, 1, 0, arena);
    assert_true(isfinite(distance(&wide_a, &many)));
    must_be(distance(&wide_a, &many), distance(&many, &wide_a), 1e-9);
}

static void a_choice_of_rows_is_those_rows(void **state)
{
    (void)state;
    enum { D = 6 };
    static const int64_t order[] = {5, 0, 9, 7};
    const feature_set all = random_features(1, 10, D, 1, 0, arena), other = random_features(2, 12, D, 1, 0, arena),
                      chosen = random_features(1, 4, D, 0, 0, arena);
    for (int i = 0; i < 4 * D; i++)
        feature_data(&chosen)[i] = feature_data(&all)[order[i / D] * D + i % D];
    double distance_of_rows;
    const feature_rows rows = {.set = &all, .order = order, .count = 4}, others = feature_rows_all(&other);
    must(frechet_of_rows(&rows, &others, arena, &distance_of_rows, &err), &err);
    must_be(distance_of_rows, distance(&chosen, &other), 1e-12);
}

static void rows_in_a_spool_are_read_back(void **state)
{
    (void)state;
    enum { N = 700, D = 5 };
    const feature_set table = random_features(4, N, D, 1, 0, arena);
    feature_set spooled = {.path = "spool", .count = N, .dims = D, .spool = df_spool_open("/tmp", &err)};
    assert_non_null(spooled.spool);
    for (int i = 0; i < N * D; i++) {
        const float value = (float)feature_data(&table)[i];
        feature_data(&table)[i] = (double)value;
        must(df_spool_put(spooled.spool, &value, sizeof value, &err), &err);
    }
    double rows[N * D];
    const feature_rows all = feature_rows_all(&spooled);
    must(feature_rows_read(&all, 3, N - 3, rows, &err), &err);
    assert_memory_equal(rows, feature_data(&table) + 3 * D, (N - 3) * D * sizeof *rows);
    must_be(distance(&spooled, &table), 0, 1e-12);
    feature_set_close(&spooled);
}

/* Values of pytorch-fid's routine with the exact square root, from the reference cases. */
static void reference_cases_come_out(void **state)
{
    (void)state;
    feature_set a = golden_features("fid_offset/A.npz", arena), b = golden_features("fid_offset/B.npz", arena);
    must_be(distance(&a, &b), 2.607096687233984, 1e-5 * 2.6);
    feature_set_close(&a);
    feature_set_close(&b);
    a = golden_features("fid_statistics/A.npz", arena);
    b = golden_features("fid_statistics/B.npz", arena);
    assert_true(a.count == 0 && b.count == 0);
    must_be(distance(&a, &b), 4.0081077306716395, 1e-5 * 4);
    feature_set_close(&a);
    feature_set_close(&b);
}

static void what_is_no_covariance_is_refused(void **state)
{
    (void)state;
    static const double zero[2], indefinite[] = {1, 2, 2, 1}, huge[] = {1e200, 0, 0, 1e200};
    const feature_set a = {.path = "a", .dims = 2, .mu = zero, .sigma = indefinite},
                      b = {.path = "b", .dims = 2, .mu = zero, .sigma = huge};
    gaussian out;
    double value;
    must_say(gaussian_of_set(&a, arena, &out, &err), &err, "a: array 'sigma': the covariance has negative eigenvalues");
    must(gaussian_of_set(&b, arena, &out, &err), &err);
    must_say(frechet_distance(&out, &out, arena, &value, &err), &err, "too large");
    const feature_set few = random_features(1, 1, 3, 1, 0, arena), many = random_features(1, 4, 5, 1, 0, arena);
    must_say(gaussian_of_set(&few, arena, &out, &err), &err, "1 sample, expected at least 2");
    must_say(feature_sets_fit(&few, &many, &err), &err, "5 dimensions, but features has 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(commuting_covariances_have_the_closed_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(covariances_that_do_not_commute_have_the_closed_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_moved_set_is_as_far_as_it_was_moved, set_up, tear_down),
        cmocka_unit_test_setup_teardown(few_and_many_samples_agree, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_choice_of_rows_is_those_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_in_a_spool_are_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reference_cases_come_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_covariance_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
