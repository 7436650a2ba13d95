/* DCI, MIG and SAP against closed forms. */
#include <math.h>

#include "check.h"
#include "metrics/disentanglement.h"

static const double EXACT = 1e-12; /* some roundings of numbers near 1 */

static tensor matrix(const char *name, tensor_type type, int64_t rows, int64_t columns, const void *data)
{
    return (tensor){.name = name, .type = type, .rank = 2, .shape = {rows, columns}, .data = data};
}

static disentanglement_dci dci_of(const double *importance, int64_t codes, int64_t factors)
{
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    disentanglement_dci out = {0};
    const tensor t = matrix("importance", TENSOR_F64, codes, factors, importance);
    must(disentanglement_of_importance(&t, arena, &out, &err), &err);
    df_arena_free(arena);
    return out;
}

static void one_code_for_each_factor_is_perfect(void **state)
{
    (void)state;
    const disentanglement_dci got = dci_of((const double[]){0, 3, 0, 0, 0, 2, 5, 0, 0}, 3, 3);
    assert_true(fabs(got.disentanglement - 1) < EXACT && fabs(got.completeness - 1) < EXACT);
}

static void codes_that_say_a_bit_of_all_are_worth_nothing(void **state)
{
    (void)state;
    const disentanglement_dci got = dci_of((const double[]){1, 1, 1, 1, 1, 1, 1, 1}, 4, 2);
    assert_true(fabs(got.disentanglement) < EXACT && fabs(got.completeness) < EXACT);
}

/* Code 0 of weight 3/4 is split evenly (0), code 1 of weight 1/4 is pure (1); factor 0 has (3, 2) of 5, factor 1 only code 0. */
static void codes_count_by_their_importance_and_factors_alike(void **state)
{
    (void)state;
    const disentanglement_dci got = dci_of((const double[]){3, 3, 2, 0}, 2, 2);
    const double first = 1 + (0.6 * log2(0.6) + 0.4 * log2(0.4));
    assert_true(fabs(got.disentanglement - 0.25) < EXACT);
    assert_true(fabs(got.completeness - (first + 1) / 2) < EXACT);
}

static disentanglement_gap gap_of(const float *codes, const int32_t *factors, int64_t n, int64_t width, int64_t count)
{
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    disentanglement_gap out = {0};
    const tensor z = matrix("codes", TENSOR_F32, n, width, codes), f = matrix("factors", TENSOR_I32, n, count, factors);
    must(disentanglement_of_codes(&z, &f, arena, &out, &err), &err);
    df_arena_free(arena);
    return out;
}

static void a_code_that_is_the_factor_beside_a_constant_is_perfect(void **state)
{
    (void)state;
    const disentanglement_gap got =
        gap_of((const float[]){0, 5, 1, 5, 2, 5, 0, 5, 1, 5, 2, 5}, (const int32_t[]){0, 7, 14, 0, 7, 14}, 6, 2, 1);
    assert_true(fabs(got.mig - 1) < EXACT && fabs(got.sap - 1) < EXACT);
}

static void two_codes_that_are_the_factor_leave_no_gap(void **state)
{
    (void)state;
    const disentanglement_gap got = gap_of((const float[]){0, 1, 1, 0, 0, 1, 1, 0}, (const int32_t[]){3, -2, 3, -2}, 4, 2, 1);
    assert_true(fabs(got.mig) < EXACT && fabs(got.sap) < EXACT);
}

/* Code 0 is right in 3 of 4: correlation 1/sqrt(3), information H(1/4) less the conditional entropy; code 1 knows nothing. */
static void a_noisy_code_scores_its_information_and_squared_correlation(void **state)
{
    (void)state;
    const disentanglement_gap got = gap_of((const float[]){0, 0, 0, 1, 1, 0, 0, 1}, (const int32_t[]){0, 0, 1, 1}, 4, 2, 1);
    const double conditional = 0.75 * -(2.0 / 3 * log2(2.0 / 3) + 1.0 / 3 * log2(1.0 / 3));
    assert_true(fabs(got.mig - (1 - conditional)) < EXACT);
    assert_true(fabs(got.sap - 1.0 / 3) < EXACT);
}

static void what_cannot_be_scored_is_refused_with_its_place(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    disentanglement_dci dci;
    disentanglement_gap gap;
    tensor r = matrix("importance", TENSOR_F64, 2, 2, (const double[]){1, 1, -1, 1});
    must_say(disentanglement_of_importance(&r, arena, &dci, &err), &err, "[1][0]");
    r.data = (const double[]){0, 0, 0, 0};
    must_say(disentanglement_of_importance(&r, arena, &dci, &err), &err, "sum is 0");
    r.data = (const double[]){0, (double)NAN, 0, 0};
    must_say(disentanglement_of_importance(&r, arena, &dci, &err), &err, "[0][1]");
    r.shape[1] = 1;
    must_say(disentanglement_of_importance(&r, arena, &dci, &err), &err, "2 or more");
    const tensor z = matrix("codes", TENSOR_F32, 2, 2, (const float[]){1, 2, 3, 4});
    tensor f = matrix("factors", TENSOR_I32, 2, 1, (const int32_t[]){4, 4});
    must_say(disentanglement_of_codes(&z, &f, arena, &gap, &err), &err, "2 values");
    f.shape[0] = 1;
    must_say(disentanglement_of_codes(&z, &f, arena, &gap, &err), &err, "1 samples");
    f = matrix("factors", TENSOR_F32, 2, 1, (const float[]){1, 2});
    must_say(disentanglement_of_codes(&z, &f, arena, &gap, &err), &err, "integers");
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_code_for_each_factor_is_perfect),
        cmocka_unit_test(codes_that_say_a_bit_of_all_are_worth_nothing),
        cmocka_unit_test(codes_count_by_their_importance_and_factors_alike),
        cmocka_unit_test(a_code_that_is_the_factor_beside_a_constant_is_perfect),
        cmocka_unit_test(two_codes_that_are_the_factor_leave_no_gap),
        cmocka_unit_test(a_noisy_code_scores_its_information_and_squared_correlation),
        cmocka_unit_test(what_cannot_be_scored_is_refused_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
