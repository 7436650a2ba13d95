/* test_pair_choice.c: the pairs of a verification protocol: balanced, in folds without a common person, different, alike for a seed,
   and every pair as likely as any other. */
#include "base/random.h"
#include "check.h"
#include "exchange/pair_choice.h"

enum { LIMIT = 64 << 20 };

/* `persons` people; person p has 1 + p % most images, all scattered. Returns who is in each image. */
static int64_t *scatter(pair_choice *choice, int64_t persons, int64_t most, size_t *count)
{
    df_error err = {0};
    *count = 0;
    int64_t *who = test_malloc((size_t)(persons * most) * sizeof *who);
    for (int64_t round = 0; round < most; round++)
        for (int64_t p = 0; p < persons; p++)
            if (round <= p % most) {
                who[(*count)++] = p;
                must(pair_choice_add(choice, p, &err), &err);
            }
    return who;
}

static bool equal(const image_pair *a, const image_pair *b)
{
    return (a->a == b->a && a->b == b->b) || (a->a == b->b && a->b == b->a);
}

/* What a reader may rely on; returns the number of faults, so that a planted one can be seen. */
static int faults_of(const image_pair *pairs, size_t each, const int64_t *who)
{
    int faults = 0;
    const size_t fold = 2 * each / PAIR_FOLDS;
    for (size_t i = 0; i < 2 * each; i++) {
        faults += pairs[i].is_same != (who[pairs[i].a] == who[pairs[i].b]) || pairs[i].a == pairs[i].b;
        faults += pairs[i].is_same != (i % fold < fold / 2);
        for (size_t j = 0; j < i; j++) {
            faults += equal(&pairs[i], &pairs[j]);
            faults += i / fold != j / fold && (who[pairs[i].a] == who[pairs[j].a] || who[pairs[i].b] == who[pairs[j].b] ||
                                               who[pairs[i].a] == who[pairs[j].b] || who[pairs[i].b] == who[pairs[j].a]);
        }
    }
    return faults;
}

static void pairs_are_balanced_and_folds_share_nobody(void **state)
{
    (void)state;
    df_error err = {0};
    size_t count;
    df_arena *arena = df_arena_new(LIMIT, &err);
    pair_choice *choice = pair_choice_new(&err);
    int64_t *who = scatter(choice, 103, 7, &count);
    image_pair *pairs, *again, *other;
    must(pair_choice_make(choice, 300, 5, arena, &pairs, &err), &err);
    assert_int_equal(faults_of(pairs, 300, who), 0);
    must(pair_choice_make(choice, 300, 5, arena, &again, &err), &err);
    assert_memory_equal(pairs, again, 600 * sizeof *pairs);
    must(pair_choice_make(choice, 300, 6, arena, &other, &err), &err);
    int common = 0;
    for (int i = 0; i < 600; i++)
        common += equal(&pairs[i], &other[i]);
    assert_true(common < 60);

    const image_pair first = pairs[0]; /* the checker can fail: a pair that comes twice, and one that is not what it says */
    pairs[0] = pairs[1];
    assert_true(faults_of(pairs, 300, who) > 0);
    pairs[0] = first;
    pairs[599].is_same = true;
    assert_true(faults_of(pairs, 300, who) > 0);
    test_free(who);
    pair_choice_free(choice);
    df_arena_free(arena);
}

/* With as many pairs as there are, each comes once: the numbering misses none and doubles none. */
static void all_pairs_are_reached(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new(LIMIT, &err);
    pair_choice *choice = pair_choice_new(&err);
    for (int64_t i = 0; i < 20 * 4; i++)
        must(pair_choice_add(choice, i / 4, &err), &err);
    image_pair *pairs;
    must(pair_choice_make(choice, 120, 1, arena, &pairs, &err), &err); /* of a fold's 12: 2 people x 6 */
    int64_t who[80];
    for (int64_t i = 0; i < 80; i++)
        who[i] = i / 4;
    assert_int_equal(faults_of(pairs, 120, who), 0);
    must_say(pair_choice_make(choice, 130, 1, arena, &pairs, &err), &err, "12 pairs of one person, expected 13");
    pair_choice_free(choice);
    df_arena_free(arena);
}

/* Twenty people of four images: each fold draws 4 of the 12 pairs of one person, so a pair comes with probability 1/3. Two pairs of one
   fold have covariance 1/3 * 3/11 - 1/9, two people share a fold with probability 1/19: the counts' covariance has eigenvalues 0 (once),
   0.1276 (19 times) and 0.2424 (100 times) a run. The sum of squares over runs then has mean 26.67 and standard deviation 3.52; four of
   these to either side. */
static void every_pair_is_as_likely(void **state)
{
    (void)state;
    enum { PEOPLE = 20, IMAGES = 4, RUNS = 3000, EACH = 40 };
    df_error err = {0};
    df_arena *arena = df_arena_new(LIMIT, &err);
    pair_choice *choice = pair_choice_new(&err);
    for (int64_t i = 0; i < PEOPLE * IMAGES; i++)
        must(pair_choice_add(choice, i / IMAGES, &err), &err);
    double seen[PEOPLE][IMAGES][IMAGES] = {{{0}}};
    const df_arena_mark mark = df_arena_save(arena);
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        image_pair *pairs;
        must(pair_choice_make(choice, EACH, seed, arena, &pairs, &err), &err);
        for (int i = 0; i < 2 * EACH; i++)
            if (pairs[i].is_same)
                seen[pairs[i].a / IMAGES][pairs[i].a % IMAGES][pairs[i].b % IMAGES]++;
        df_arena_restore(arena, mark);
    }
    double sum = 0;
    for (int p = 0; p < PEOPLE; p++)
        for (int a = 0; a < IMAGES; a++)
            for (int b = a + 1; b < IMAGES; b++)
                sum += (seen[p][a][b] - RUNS / 3.0) * (seen[p][a][b] - RUNS / 3.0) / RUNS;
    must_lie((float)sum, 26.67f - 4 * 3.52f, 26.67f + 4 * 3.52f);
    pair_choice_free(choice);
    df_arena_free(arena);
}

static void what_cannot_be_chosen_is_said(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new(LIMIT, &err);
    pair_choice *choice = pair_choice_new(&err);
    image_pair *pairs = NULL;
    must_say(pair_choice_make(choice, 10, 1, arena, &pairs, &err), &err, "a fold of 0 people has 0 pairs of one person");
    for (int64_t i = 0; i < 30; i++)
        must(pair_choice_add(choice, i / 2, &err), &err);
    must_say(pair_choice_make(choice, 10, 1, arena, &pairs, &err), &err, "0 pairs of two people, expected 1");
    must_say(pair_choice_make(choice, 15, 1, arena, &pairs, &err), &err, "multiple of 10");
    must_say(pair_choice_make(choice, 0, 1, arena, &pairs, &err), &err, "multiple of 10");
    assert_null(pairs);
    pair_choice_free(choice);
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_balanced_and_folds_share_nobody),
        cmocka_unit_test(all_pairs_are_reached),
        cmocka_unit_test(every_pair_is_as_likely),
        cmocka_unit_test(what_cannot_be_chosen_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
