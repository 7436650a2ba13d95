/* test_sampling.c: which samples a step takes. */
#include "feed/sampling.h"

#include <math.h>
#include <string.h>

#include "check.h"

enum { MOST = 4096 };

static df_arena *arena_of_test(void)
{
    df_error err;
    df_arena *arena = df_arena_new((size_t)1 << 26, &err);
    must(arena != NULL, &err);
    return arena;
}

static sampling *made(const sampling_rule *rule, df_arena *arena)
{
    df_error err;
    sampling *s = sampling_new(rule, arena, &err);
    must(s != NULL, &err);
    return s;
}

/* The first `steps` batches one behind the other. */
static void draw(sampling *s, int64_t steps, uint32_t *out)
{
    const int batch = sampling_rule_of(s)->batch;
    for (int64_t step = 0; step < steps; step++)
        assert_int_equal(sampling_batch(s, step, out + step * batch), batch);
}

static void must_hold_each_once(const uint32_t *samples, size_t count)
{
    unsigned char seen[MOST] = {0};
    for (size_t i = 0; i < count; i++) {
        assert_in_range(samples[i], 0, count - 1);
        assert_false(seen[samples[i]]++);
    }
}

static void an_epoch_holds_every_sample_once_and_the_next_another_order(void **state)
{
    (void)state;
    enum { COUNT = 35, BATCH = 10, STEPS = 7 }; /* 70 draws: two epochs, the border in the middle of a batch */
    df_arena *arena = arena_of_test();
    uint32_t out[BATCH * STEPS];
    sampling *s = made(&(sampling_rule){.kind = SAMPLING_SHUFFLED, .count = COUNT, .batch = BATCH, .seed = 3}, arena);
    draw(s, STEPS, out);
    must_hold_each_once(out, COUNT);
    must_hold_each_once(out + COUNT, COUNT);
    assert_memory_not_equal(out, out + COUNT, COUNT * sizeof *out);
    assert_int_equal(sampling_epoch_steps(s), 4);
    df_arena_free(arena);
}

static void a_step_is_the_same_whatever_was_asked_before(void **state)
{
    (void)state;
    enum { COUNT = 37, BATCH = 8, STEPS = 20 };
    static const int32_t groups[COUNT] = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0};
    static const sampling_kind kinds[] = {SAMPLING_SHUFFLED, SAMPLING_GROUPS, SAMPLING_IDENTITIES};
    df_arena *arena = arena_of_test();
    for (size_t k = 0; k < DF_ARRAY_LEN(kinds); k++) {
        const sampling_rule rule = {
            .kind = kinds[k], .count = COUNT, .batch = BATCH, .seed = 9, .groups = groups, .group_count = 4, .images_each = 2};
        uint32_t forward[BATCH * STEPS], once[BATCH];
        draw(made(&rule, arena), STEPS, forward);
        sampling *s = made(&rule, arena);
        for (int64_t step = STEPS - 1; step >= 0; step -= 3) {
            sampling_batch(s, step, once);
            assert_memory_equal(once, forward + step * BATCH, sizeof once);
        }
    }
    df_arena_free(arena);
}

static void all_orders_of_four_come_equally_often(void **state)
{
    (void)state;
    enum { EPOCHS = 4800, ORDERS = 24 };
    df_arena *arena = arena_of_test();
    sampling *s = made(&(sampling_rule){.kind = SAMPLING_SHUFFLED, .count = 4, .batch = 4, .seed = 1}, arena);
    int seen[256] = {0}, orders = 0;
    for (int64_t step = 0; step < EPOCHS; step++) {
        uint32_t o[4];
        sampling_batch(s, step, o);
        seen[o[0] | o[1] << 2 | o[2] << 4 | o[3] << 6]++;
    }
    float chi_squared = 0.0f;
    for (int i = 0; i < 256; i++)
        if (seen[i]) {
            const float off = (float)seen[i] - (float)EPOCHS / ORDERS;
            chi_squared += off * off / ((float)EPOCHS / ORDERS);
            orders++;
        }
    assert_int_equal(orders, ORDERS);
    must_lie(chi_squared, 5.0f, 49.7f); /* 23 degrees of freedom: beyond these by chance in 1 of 1000 each */
    df_arena_free(arena);
}

static void other_seeds_give_other_orders(void **state)
{
    (void)state;
    df_arena *arena = arena_of_test();
    uint32_t a[100], b[100];
    draw(made(&(sampling_rule){.kind = SAMPLING_SHUFFLED, .count = 100, .batch = 100, .seed = 1}, arena), 1, a);
    draw(made(&(sampling_rule){.kind = SAMPLING_SHUFFLED, .count = 100, .batch = 100, .seed = 2}, arena), 1, b);
    assert_memory_not_equal(a, b, sizeof a);
    df_arena_free(arena);
}

static void classes_are_in_exact_balance(void **state)
{
    (void)state;
    enum { COUNT = 100, BATCH = 8, STEPS = 90 };
    df_arena *arena = arena_of_test();
    int32_t groups[COUNT];
    uint32_t out[BATCH * STEPS];
    for (int i = 0; i < COUNT; i++)
        groups[i] = i < 5 ? 1 : i == 50 ? -1 : 0; /* 5 of class 1, 94 of class 0, one of none */
    draw(made(&(sampling_rule){.kind = SAMPLING_GROUPS, .count = COUNT, .batch = BATCH, .groups = groups, .group_count = 2}, arena), STEPS,
         out);
    for (int step = 0; step < STEPS; step++) {
        int ones = 0;
        for (int i = 0; i < BATCH; i++) {
            assert_int_not_equal(out[step * BATCH + i], 50);
            ones += groups[out[step * BATCH + i]];
        }
        assert_int_equal(ones, BATCH / 2);
    }
    /* 360 draws of each: every rare one 72 times, each of the others once in 94 */
    int times[COUNT] = {0};
    for (int i = 0; i < BATCH * STEPS; i++)
        times[out[i]]++;
    for (int i = 0; i < COUNT; i++)
        assert_in_range(times[i], i < 5 ? 72 : i == 50 ? 0 : 3, i < 5 ? 72 : i == 50 ? 0 : 4);
    df_arena_free(arena);
}

static void sets_are_mixed_by_their_ratio(void **state)
{
    (void)state;
    enum { COUNT = 60, BATCH = 6, STEPS = 20 };
    df_arena *arena = arena_of_test();
    int32_t sets[COUNT];
    static const uint32_t ratio[] = {3, 0, 2, 1};
    uint32_t out[BATCH * STEPS];
    for (int i = 0; i < COUNT; i++)
        sets[i] = i % 4;
    draw(made(&(sampling_rule){.kind = SAMPLING_GROUPS, .count = COUNT, .batch = BATCH, .groups = sets, .group_count = 4, .weights = ratio},
              arena),
         STEPS, out);
    for (int step = 0; step < STEPS; step++) {
        uint32_t got[4] = {0};
        for (int i = 0; i < BATCH; i++)
            got[sets[out[step * BATCH + i]]]++;
        assert_memory_equal(got, ratio, sizeof got);
    }
    df_arena_free(arena);
}

/* 12 identities; identity i has 1 + i images. */
static size_t identities_of_test(int32_t out[MOST])
{
    size_t count = 0;
    for (int32_t i = 0; i < 12; i++)
        for (int32_t k = 0; k <= i; k++)
            out[count++] = i;
    return count;
}

static void a_batch_holds_so_many_images_of_so_many_identities(void **state)
{
    (void)state;
    enum { EACH = 4, BATCH = 20, STEPS = 40 };
    df_arena *arena = arena_of_test();
    int32_t identities[MOST];
    const size_t count = identities_of_test(identities);
    uint32_t out[BATCH * STEPS];
    sampling *s = made(&(sampling_rule){.kind = SAMPLING_IDENTITIES,
                                        .count = count,
                                        .batch = BATCH,
                                        .seed = 5,
                                        .groups = identities,
                                        .group_count = 12,
                                        .images_each = EACH},
                       arena);
    draw(s, STEPS, out);
    assert_int_equal(sampling_epoch_steps(s), 2);
    int visits[12] = {0};
    for (int step = 0; step < STEPS; step++) {
        unsigned seen_people = 0;
        for (int p = 0; p < BATCH / EACH; p++) {
            const uint32_t *images = out + step * BATCH + p * EACH;
            const int32_t who = identities[images[0]];
            assert_false(seen_people & 1u << who);
            seen_people |= 1u << who;
            visits[who]++;
            for (int a = 0; a < EACH; a++) {
                assert_int_equal(identities[images[a]], who);
                for (int b = 0; b < a && who >= EACH - 1; b++)
                    assert_int_not_equal(images[a], images[b]);
            }
        }
    }
    for (int i = 0; i < 12; i++) /* 20 epochs, each without two of the twelve */
        assert_in_range(visits[i], 11, 20);
    df_arena_free(arena);
}

static void two_ranks_take_what_one_would_with_twice_the_batch(void **state)
{
    (void)state;
    enum { COUNT = 78, BATCH = 8, STEPS = 9 };
    df_arena *arena = arena_of_test();
    int32_t identities[MOST];
    assert_int_equal(identities_of_test(identities), COUNT);
    static const sampling_kind kinds[] = {SAMPLING_IN_ORDER, SAMPLING_SHUFFLED, SAMPLING_GROUPS, SAMPLING_IDENTITIES};
    for (size_t k = 0; k < DF_ARRAY_LEN(kinds); k++) {
        sampling_rule rule = {
            .kind = kinds[k], .count = COUNT, .batch = 2 * BATCH, .groups = identities, .group_count = 12, .images_each = 2};
        sampling *one = made(&rule, arena), *halves[2];
        rule.batch = BATCH;
        rule.ranks = 2;
        for (rule.rank = 0; rule.rank < 2; rule.rank++)
            halves[rule.rank] = made(&rule, arena);
        for (int64_t step = 0; step < STEPS; step++) {
            uint32_t whole[2 * BATCH], parts[2 * BATCH];
            const int used = sampling_batch(one, step, whole);
            const int left = sampling_batch(halves[0], step, parts);
            assert_int_equal(used, left + sampling_batch(halves[1], step, parts + left));
            assert_memory_equal(whole, parts, (size_t)used * sizeof *whole);
        }
    }
    df_arena_free(arena);
}

static void in_order_the_last_batch_is_short_and_then_there_is_none(void **state)
{
    (void)state;
    df_arena *arena = arena_of_test();
    uint32_t out[4];
    sampling *s = made(&(sampling_rule){.kind = SAMPLING_IN_ORDER, .count = 10, .batch = 4}, arena);
    assert_int_equal(sampling_batch(s, 0, out), 4);
    assert_int_equal(out[3], 3);
    assert_int_equal(sampling_batch(s, 2, out), 2);
    assert_int_equal(out[1], 9);
    assert_int_equal(sampling_batch(s, 3, out), 0);
    assert_int_equal(sampling_epoch_steps(s), 3);
    df_arena_free(arena);
}

static void a_sample_gives_way_to_those_of_its_group_first(void **state)
{
    (void)state;
    static const int32_t groups[] = {0, 1, 0, -1, 1, 0};
    static const uint32_t expected[] = {0, 2, 1, 4};
    df_arena *arena = arena_of_test();
    uint32_t out;
    const sampling *s = made(&(sampling_rule){.kind = SAMPLING_GROUPS, .count = 6, .batch = 1, .groups = groups, .group_count = 2}, arena);
    for (size_t attempt = 1; attempt <= 4; attempt++) {
        assert_true(sampling_substitute(s, 5, attempt, &out));
        assert_int_equal(out, expected[attempt - 1]);
    }
    assert_false(sampling_substitute(s, 5, 5, &out));
    const sampling *all = made(&(sampling_rule){.kind = SAMPLING_SHUFFLED, .count = 3, .batch = 1}, arena);
    assert_true(sampling_substitute(all, 2, 1, &out));
    assert_int_equal(out, 0);
    assert_false(sampling_substitute(all, 2, 3, &out));
    df_arena_free(arena);
}

static void rules_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const int32_t groups[] = {0, 0, 2, 1}, far[] = {0, 3, 1, 2}, nobody[] = {-1, -1, -1, -1};
    static const uint32_t heavy[] = {65536, 1, 1}, none[] = {0, 0, 0};
    static const struct {
        sampling_rule rule;
        const char *says;
    } cases[] = {
        {{.kind = SAMPLING_SHUFFLED, .count = 0, .batch = 1}, "0 samples"},
        {{.kind = SAMPLING_SHUFFLED, .count = 4, .batch = 0}, "batch of 0"},
        {{.kind = SAMPLING_GROUPS, .count = 4, .batch = 1, .groups = far, .group_count = 3}, "sample 1: group 3, expected -1 to 2"},
        {{.kind = SAMPLING_GROUPS, .count = 4, .batch = 1, .groups = groups, .group_count = 4}, "group 3 has no samples"},
        {{.kind = SAMPLING_GROUPS, .count = 4, .batch = 1, .groups = nobody, .group_count = 1}, "no sample belongs"},
        {{.kind = SAMPLING_GROUPS, .count = 4, .batch = 1, .groups = groups, .group_count = 3, .weights = heavy}, "sum above 65536"},
        {{.kind = SAMPLING_GROUPS, .count = 4, .batch = 1, .groups = groups, .group_count = 3, .weights = none}, "no group has a weight"},
        {{.kind = SAMPLING_IDENTITIES, .count = 4, .batch = 4, .groups = groups, .group_count = 3, .images_each = 3}, "no multiple of 3"},
        {{.kind = SAMPLING_IDENTITIES, .count = 4, .batch = 8, .groups = groups, .group_count = 3, .images_each = 2}, "at least the 4"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        df_arena *arena = arena_of_test();
        df_error err;
        must_say(sampling_new(&cases[i].rule, arena, &err) != NULL, &err, cases[i].says);
        df_arena_free(arena);
    }
}

static void groups_are_the_combinations_of_labels_that_occur(void **state)
{
    (void)state;
    static const sample_label label[] = {{.name = "male"}, {.name = "smile"}, {.name = "tall"}};
    float labels[] = {0, 1, 1, 1, 1, 1, 0, 0, 1, NAN, 1, 1, 1, 1, 1};
    static const int columns[] = {0, 1}, constant[] = {2};
    const sample_list list = {.count = 5, .labels = labels, .label_count = 3, .label = label};
    int32_t out[5];
    int count;
    df_error err;
    must(sampling_groups_of_labels(&list, columns, 2, out, &count, &err), &err);
    assert_int_equal(count, 3);
    static const int32_t expected[] = {1, 2, 0, -1, 2};
    assert_memory_equal(out, expected, sizeof expected);
    must_say(sampling_groups_of_labels(&list, constant, 1, out, &count, &err), &err, "label 'tall': no sample is 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_epoch_holds_every_sample_once_and_the_next_another_order),
        cmocka_unit_test(a_step_is_the_same_whatever_was_asked_before),
        cmocka_unit_test(all_orders_of_four_come_equally_often),
        cmocka_unit_test(other_seeds_give_other_orders),
        cmocka_unit_test(classes_are_in_exact_balance),
        cmocka_unit_test(sets_are_mixed_by_their_ratio),
        cmocka_unit_test(a_batch_holds_so_many_images_of_so_many_identities),
        cmocka_unit_test(two_ranks_take_what_one_would_with_twice_the_batch),
        cmocka_unit_test(in_order_the_last_batch_is_short_and_then_there_is_none),
        cmocka_unit_test(a_sample_gives_way_to_those_of_its_group_first),
        cmocka_unit_test(rules_that_cannot_be_are_refused),
        cmocka_unit_test(groups_are_the_combinations_of_labels_that_occur),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
