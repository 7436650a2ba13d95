/* Intervals by people: replicates against weights put in by hand, the sample against the counts, coverage in a case whose truth is known;
   and the tail against the distribution that its scores were drawn from. */
#include <math.h>
#include <stdlib.h>

#include "metrics/embedding_fixture.h"
#include "metrics/identity_bootstrap.h"
#include "metrics/score_count.h"
#include "metrics/score_tail.h"

static score_sample sample_of(const embedding_set *set, score_counts *counts, int threads, df_arena *arena)
{
    df_error err;
    must(score_count(set, threads, arena, NULL, counts, &err), &err);
    score_sampler *sampler = score_sampler_new(counts->genuine, counts->impostor, arena, &err);
    assert_non_null(sampler);
    must(pair_scores_walk(set, threads, score_sampler_visit, sampler, NULL, &err), &err);
    return score_sampler_finish(sampler);
}

static void a_small_set_is_sampled_whole(void **state)
{
    (void)state;
    embedding_fixture f = embedding_fixture_new(90, 8, 0.8F);
    const embedding_set set = embedding_fixture_set(&f);
    score_counts counts;
    const score_sample sample = sample_of(&set, &counts, 2, f.arena);
    assert_int_equal(sample.genuine_count, score_histogram_total(counts.genuine));
    assert_int_equal(sample.impostor_count, score_histogram_total(counts.impostor));
    for (size_t i = 0; i < sample.impostor_count; i++) {
        assert_int_equal(sample.impostor[i].stands_for, 1);
        assert_true(i == 0 || sample.impostor[i].bin <= sample.impostor[i - 1].bin);
    }
    df_arena_free(f.arena);
}

/* 1200 rows: 719,400 pairs, of which the best 131,072 are there and the others at rates of a half and a quarter. */
static void a_large_set_keeps_its_best_pairs_and_an_honest_part_of_the_others(void **state)
{
    (void)state;
    enum { WHOLE = 1 << 17 };
    embedding_fixture f = embedding_fixture_new(1200, 3, 3);
    const embedding_set set = embedding_fixture_set(&f);
    score_counts counts;
    const score_sample sample = sample_of(&set, &counts, 1, f.arena), again = sample_of(&set, &counts, 3, f.arena);
    assert_int_equal(sample.impostor_count, again.impostor_count);
    assert_memory_equal(sample.impostor, again.impostor, sample.impostor_count * sizeof *sample.impostor);
    int64_t whole = 0, stands_for = 0;
    for (size_t i = 0; i < sample.impostor_count; i++) {
        whole += sample.impostor[i].stands_for == 1;
        stands_for += sample.impostor[i].stands_for;
    }
    assert_true(whole <= WHOLE && whole > WHOLE - 1000); /* a bin has some pairs */
    const double all = (double)score_histogram_total(counts.impostor);
    assert_true(fabs((double)stands_for - all) < 0.01 * all); /* 5 standard deviations of the drawn rest: 0.9 % */
    df_arena_free(f.arena);
}

/* Four people, one pair each and one between neighbours; a person of weight 0 takes its pairs out. */
static void the_value_of_a_replicate_is_that_of_the_weighted_pairs(void **state)
{
    (void)state;
    enum { PEOPLE = 4, REPLICATES = 40 };
    df_error err;
    df_arena *arena = df_arena_new((size_t)1 << 24, &err);
    sampled_pair genuine[PEOPLE], impostor[PEOPLE];
    const uint32_t person[PEOPLE] = {0, 1, 2, 3};
    for (uint32_t p = 0; p < PEOPLE; p++) {
        genuine[p] = (sampled_pair){.bin = SCORE_STEPS + 4000 - 1000 * (int32_t)p, .rows = {p, p}, .stands_for = 1};
        impostor[p] = (sampled_pair){.bin = SCORE_STEPS + 3500 - 1000 * (int32_t)p, .rows = {p, (p + 1) % PEOPLE}, .stands_for = 1};
    }
    const score_sample sample = {.genuine = genuine, .genuine_count = PEOPLE, .impostor = impostor, .impostor_count = PEOPLE};
    double auc[REPLICATES];
    for (int r = 0; r < REPLICATES; r++) {
        uint32_t drawn[PEOPLE];
        double right = 0, g = 0, i = 0;
        bootstrap_draw(9, r, PEOPLE, drawn);
        for (size_t a = 0; a < PEOPLE; a++) {
            g += drawn[a];
            i += drawn[a] * drawn[(a + 1) % PEOPLE];
            for (size_t b = 0; b < PEOPLE; b++)
                right += genuine[a].bin > impostor[b].bin ? (double)drawn[a] * (drawn[b] * drawn[(b + 1) % PEOPLE]) : 0;
        }
        auc[r] = i > 0 ? right / g / i : (double)NAN;
    }
    const interval expected = bootstrap_interval(auc, REPLICATES);
    verification_intervals one, three;
    must(identity_bootstrap(&sample, person, PEOPLE, &(bootstrap_setting){.replicates = REPLICATES, .seed = 9, .threads = 1}, arena, &one,
                            &err),
         &err);
    must(identity_bootstrap(&sample, person, PEOPLE, &(bootstrap_setting){.replicates = REPLICATES, .seed = 9, .threads = 3}, arena, &three,
                            &err),
         &err);
    assert_true(one.auc.has_value && fabs(one.auc.low - expected.low) < 1e-12 && fabs(one.auc.high - expected.high) < 1e-12);
    assert_memory_equal(&one.auc, &three.auc, sizeof one.auc);
    assert_false(one.frr[5].has_value); /* 4 pairs show no such rate */
    df_arena_free(arena);
}

/* Each person has 4 images; one in five people is never recognized, so the FRR's standard deviation is that of a share of people. Pairs
   drawn one by one would give an interval a third as wide. */
static void intervals_are_as_wide_as_people_make_them(void **state)
{
    (void)state;
    enum { PEOPLE = 100, EACH = 6, REPLICATES = 400 };
    df_error err;
    df_arena *arena = df_arena_new((size_t)1 << 26, &err);
    static sampled_pair genuine[PEOPLE * EACH], impostor[PEOPLE];
    static uint32_t person[PEOPLE];
    for (uint32_t p = 0; p < PEOPLE; p++) {
        person[p] = p;
        for (uint32_t k = 0; k < EACH; k++)
            genuine[p * EACH + k] = (sampled_pair){.bin = p < PEOPLE / 5 ? 100 : SCORE_BINS - 1, .rows = {p, p}, .stands_for = 1};
        impostor[p] = (sampled_pair){.bin = 1000, .rows = {p, (p + 1) % PEOPLE}, .stands_for = 1};
    }
    score_sample sample = {.genuine = genuine, .genuine_count = PEOPLE * EACH, .impostor = impostor, .impostor_count = PEOPLE};
    verification_intervals got;
    score_sample_sort(&sample);
    must(identity_bootstrap(&sample, person, PEOPLE, &(bootstrap_setting){.replicates = REPLICATES, .seed = 4}, arena, &got, &err), &err);
    const double wide = 2 * 1.96 * sqrt(0.2 * 0.8 / PEOPLE); /* 0.157; of pairs alone 0.064 */
    assert_true(got.frr[0].has_value && got.frr[0].low < 0.2 && got.frr[0].high > 0.2);
    assert_true(fabs(got.frr[0].high - got.frr[0].low - wide) < 0.2 * wide);
    df_arena_free(arena);
}

static void percentiles_leave_out_what_has_no_value(void **state)
{
    (void)state;
    double values[] = {5, (double)NAN, 1, 3, 2, 4, (double)NAN}, none[] = {(double)NAN, (double)NAN, 1};
    const interval i = bootstrap_interval(values, DF_ARRAY_LEN(values));
    assert_true(i.has_value && i.low == 1 && i.high == 5);
    assert_false(bootstrap_interval(none, DF_ARRAY_LEN(none)).has_value);
}

/* Scores whose tail is known: 0.5 - 0.5 u^(1/4) has shape -1/4 exactly (a power law that ends at 0.5). */
static void a_known_tail_is_found_again(void **state)
{
    (void)state;
    enum { SCORES = 100000 };
    df_error err;
    df_arena *arena = df_arena_new((size_t)1 << 28, &err);
    score_histogram *h = score_histogram_new(arena, &err);
    assert_non_null(h);
    for (int i = 0; i < SCORES; i++)
        must(score_histogram_add(h, score_bin_double(0.5 - 0.5 * pow((i + 0.5) / SCORES, 0.25)), &err), &err);
    score_tail tail;
    must(score_tail_fit(h, arena, &tail, &err), &err);
    assert_true(tail.has_value && tail.exceedances == 1000);
    assert_true(fabs(tail.shape + 0.25) < 0.01);
    assert_true(fabs(tail.start - tail.scale / tail.shape - 0.5) < 0.002);
    const double threshold = score_tail_threshold(&tail, 1e-6); /* true: 0.5 - 0.5 * 1e-6^(1/4) = 0.48419 */
    assert_true(fabs(threshold - (0.5 - 0.5 * pow(1e-6, 0.25))) < 0.001);
    assert_true(fabs(score_histogram_share_below(h, 0.25) - (1 - 0.0625)) < 1e-4);
    df_arena_free(arena);
}

static void too_few_or_equal_scores_have_no_tail(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new((size_t)1 << 28, &err);
    score_histogram *h = score_histogram_new(arena, &err);
    score_tail tail = {.has_value = true};
    for (int i = 0; i < 5000; i++) {
        if (i == 900) {
            must(score_tail_fit(h, arena, &tail, &err), &err);
            assert_false(tail.has_value);
        }
        must(score_histogram_add(h, 5000, &err), &err);
    }
    must(score_tail_fit(h, arena, &tail, &err), &err);
    assert_false(tail.has_value);
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_set_is_sampled_whole),
        cmocka_unit_test(a_large_set_keeps_its_best_pairs_and_an_honest_part_of_the_others),
        cmocka_unit_test(the_value_of_a_replicate_is_that_of_the_weighted_pairs),
        cmocka_unit_test(intervals_are_as_wide_as_people_make_them),
        cmocka_unit_test(percentiles_leave_out_what_has_no_value),
        cmocka_unit_test(a_known_tail_is_found_again),
        cmocka_unit_test(too_few_or_equal_scores_have_no_tail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
