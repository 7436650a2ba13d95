/* Rates by group and ranks of a search against loops over all pairs. */
#include <math.h>

#include "metrics/embedding_fixture.h"
#include "metrics/group_intervals.h"
#include "metrics/identification.h"
#include "metrics/score_count.h"

enum { GROUPS = 3 };
static const char *const names[GROUPS] = {"a", "b", "c"};
static const bootstrap_setting replicates = {.replicates = 60, .seed = 3, .threads = 2};

typedef struct both {
    score_sampler *sampler;
    group_counter *counter;
} both;

static bool visit_both(void *user, const pair_run *run, df_error *err)
{
    const both *b = user;
    return score_sampler_visit(b->sampler, run, err) && group_counter_visit(b->counter, run, err);
}

static group_rates rates_of(const embedding_set *set, const group_axis *axis, int32_t kept_out, df_arena *arena)
{
    df_error err;
    score_counts counts;
    group_rates out;
    must(score_count(set, 1, arena, NULL, &counts, &err), &err);
    const both b = {.sampler = score_sampler_new(counts.genuine, counts.impostor, arena, &err),
                    .counter = group_counter_new(set, axis, 1, kept_out, arena, &err)};
    assert_true(b.sampler && b.counter);
    must(pair_scores_walk(set, 2, visit_both, (void *)(uintptr_t)&b, NULL, &err), &err);
    const score_sample sample = score_sampler_finish(b.sampler);
    must(group_counter_finish(b.counter, &sample, &replicates, arena, &out, &err), &err);
    return out;
}

/* Some rows in no group, and people whose images are in several, as with ages. */
static void every_cell_is_as_counted_pair_by_pair(void **state)
{
    (void)state;
    embedding_fixture f = embedding_fixture_new(EMBEDDING_TILE + 60, 6, 0.9F);
    const embedding_set set = embedding_fixture_set(&f);
    int16_t of[EMBEDDING_TILE + 60];
    for (size_t i = 0; i < set.count; i++)
        of[i] = (int16_t)(i % 11 == 0 ? -1 : set.identity[i] % 4 == 3 ? (int)(i % GROUPS) : (int)(set.identity[i] % GROUPS));
    const group_axis axis = {.name = "letter", .names = names, .count = GROUPS, .of = of};
    const int32_t kept_out = score_bin(0.6F);
    const group_rates got = rates_of(&set, &axis, kept_out, f.arena);
    int64_t pairs[GROUPS][GROUPS] = {0}, accepted[GROUPS][GROUPS] = {0}, genuine[GROUPS] = {0}, rejected[GROUPS] = {0};
    for (size_t i = 0; i < set.count; i++)
        for (size_t j = i + 1; j < set.count; j++) {
            if (of[i] < 0 || of[j] < 0)
                continue;
            const bool passes = score_bin_double(embedding_set_score(&set, i, j)) > kept_out;
            if (set.identity[i] == set.identity[j]) {
                genuine[of[i]] += of[i] == of[j];
                rejected[of[i]] += of[i] == of[j] && !passes;
                continue;
            }
            const int low = of[i] < of[j] ? of[i] : of[j], high = of[i] < of[j] ? of[j] : of[i];
            pairs[low][high]++;
            accepted[low][high] += passes;
        }
    for (size_t g = 0; g < GROUPS; g++) {
        assert_int_equal(got.fnmr[g].pairs, genuine[g]);
        assert_int_equal(got.fnmr[g].errors, rejected[g]);
        for (size_t h = g; h < GROUPS; h++) {
            const group_cell *cell = &got.fmr[g * GROUPS + h];
            assert_int_equal(cell->pairs, pairs[g][h]);
            assert_true(llabs(cell->errors - accepted[g][h]) <= 1); /* a float product may round over the threshold */
            assert_true(cell->between.has_value && cell->between.low <= cell->rate * 1.05 && cell->between.high >= cell->rate * 0.95);
        }
    }
    const double fmr[GROUPS] = {got.fmr[0].rate, got.fmr[GROUPS + 1].rate, got.fmr[2 * GROUPS + 2].rate};
    const fairness_spread expected = fairness_of_rates(fmr, GROUPS);
    assert_true(got.fmr_spread.value.worst_to_best == expected.worst_to_best && got.fdr_between.has_value);
    df_arena_free(f.arena);
}

/* Weights of people double pairs as copies of those people would, but for pairs between copies. */
static void weighted_pairs_are_those_of_copies(void **state)
{
    (void)state;
    embedding_fixture f = embedding_fixture_new(40, 3, 1);
    const embedding_set set = embedding_fixture_set(&f);
    int16_t of[40];
    uint32_t drawn[40];
    for (size_t i = 0; i < set.count; i++) {
        of[i] = (int16_t)(i % GROUPS);
        drawn[i] = (uint32_t)(i * 7 % 4);
    }
    const group_axis axis = {.name = "letter", .names = names, .count = GROUPS, .of = of};
    group_share_list shares;
    df_error err;
    double pairs[GROUPS * GROUPS], genuine[GROUPS], slow[GROUPS * GROUPS] = {0}, slow_genuine[GROUPS] = {0};
    must(group_shares(&set, &axis, f.arena, &shares, &err), &err);
    group_pairs(&shares, drawn, GROUPS, pairs, genuine);
    for (size_t i = 0; i < set.count; i++)
        for (size_t j = i + 1; j < set.count; j++) {
            const size_t low = (size_t)(of[i] < of[j] ? of[i] : of[j]), high = (size_t)(of[i] < of[j] ? of[j] : of[i]);
            if (set.identity[i] != set.identity[j])
                slow[low * GROUPS + high] += drawn[set.identity[i]] * drawn[set.identity[j]];
            else if (low == high)
                slow_genuine[low] += drawn[set.identity[i]];
        }
    for (size_t g = 0; g < GROUPS; g++) {
        assert_true(fabs(genuine[g] - slow_genuine[g]) < 1e-9);
        for (size_t h = g; h < GROUPS; h++)
            assert_true(fabs(pairs[g * GROUPS + h] - slow[g * GROUPS + h]) < 1e-9);
    }
    df_arena_free(f.arena);
}

static void ranks_are_as_counted_with_ties_against(void **state)
{
    (void)state;
    embedding_fixture f = embedding_fixture_new(EMBEDDING_TILE * 2, 5, 0.8F);
    memcpy(f.values + 9 * f.length, f.values + 14 * f.length, f.length * sizeof *f.values); /* two people who look the same */
    const embedding_set set = embedding_fixture_set(&f);
    identification got;
    df_error err;
    must(identification_measure(&set, &replicates, f.arena, &got, &err), &err);
    int64_t probes = 0, hits[IDENTIFICATION_RANKS] = {0};
    for (size_t i = 0; i < set.count; i++) {
        const uint32_t k = set.identity[i];
        if (i == set.first[k])
            continue;
        int64_t rank = 0;
        for (size_t other = 0; other < set.identity_count; other++)
            rank += score_bin_double(embedding_set_score(&set, i, set.first[other])) >=
                    score_bin_double(embedding_set_score(&set, i, set.first[k]));
        for (int64_t r = rank; r <= IDENTIFICATION_RANKS; r++)
            hits[r - 1]++;
        probes++;
    }
    assert_int_equal(got.probes, probes);
    assert_int_equal(got.gallery, set.identity_count);
    for (int r = 0; r < IDENTIFICATION_RANKS; r++)
        assert_true(fabs(got.cmc[r] - (double)hits[r] / (double)probes) < 1.5 / (double)probes); /* one float rounding */
    assert_true(got.rank1.has_value && got.rank1.low <= got.cmc[0] && got.rank1.high >= got.cmc[0]);
    df_arena_free(f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_as_counted_pair_by_pair),
        cmocka_unit_test(weighted_pairs_are_those_of_copies),
        cmocka_unit_test(ranks_are_as_counted_with_ties_against),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
