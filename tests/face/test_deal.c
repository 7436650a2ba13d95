/* Tijdeman's bound on every prefix, the exact totals that follow from it, and a checker that a wrong rule does not pass. */
#include "check.h"

#include "base/random.h"
#include "face/deal.h"

typedef int (*dealer)(deal *d);

/* The first category that is owed anything: right in total, careless of who falls behind meanwhile. */
static int deal_to_first_owed(deal *d)
{
    int64_t sum = 0;
    int next = 0;
    for (int i = 0; i < d->count; i++)
        sum += d->share[i];
    d->cards++;
    while (d->share[next] * d->cards <= sum * d->dealt[next])
        next++;
    d->dealt[next]++;
    return next;
}

/* How many of the first `cards` prefixes have a category off its share by more than 1 - 1 / (2k - 2), k of them above 0. */
static int prefixes_out_of_bound(deal d, dealer next, int cards)
{
    int64_t sum = 0;
    int k = 0, out = 0;
    for (int i = 0; i < d.count; i++) {
        sum += d.share[i];
        k += d.share[i] > 0;
    }
    const int64_t parts = k > 1 ? 2 * k - 2 : 1;
    for (int n = 1; n <= cards; n++) {
        next(&d);
        bool is_out = false;
        for (int i = 0; i < d.count; i++) {
            const int64_t off = d.share[i] * n - sum * d.dealt[i]; /* below 1e9 * 2e3: fits */
            is_out |= (off < 0 ? -off : off) * parts > sum * (parts - 1);
        }
        out += is_out;
    }
    return out;
}

static deal random_deal(df_random *random, uint32_t largest)
{
    deal d = {.count = 1 + (int)df_random_below(random, DEAL_MAX)};
    for (int i = 0; i < d.count; i++)
        d.share[i] = df_random_below(random, 8) == 0 ? 0 : df_random_below(random, largest);
    d.share[0]++;
    return d;
}

static void every_prefix_keeps_every_share(void **state)
{
    (void)state;
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int trial = 0; trial < 1000; trial++)
        assert_int_equal(prefixes_out_of_bound(random_deal(&random, trial % 2 ? 12 : DEAL_UNIT), deal_next, 300), 0);
    for (int trial = 0; trial < 100; trial++)
        assert_int_equal(prefixes_out_of_bound(random_deal(&random, DEAL_UNIT), deal_next, 2000), 0);
}

static void the_check_of_prefixes_finds_a_wrong_rule(void **state)
{
    (void)state;
    const deal uneven = {.count = 5, .share = {50, 3, 3, 3, 3}};
    assert_int_equal(prefixes_out_of_bound(uneven, deal_next, 300), 0);
    assert_true(prefixes_out_of_bound(uneven, deal_to_first_owed, 300) > 0);
}

static void totals_are_exact_where_the_share_is_a_whole_number(void **state)
{
    (void)state;
    df_random random = df_random_at(2, 0, 0, DF_FOR_TEST);
    for (int trial = 0; trial < 500; trial++) {
        deal d = random_deal(&random, 20);
        int64_t sum = 0;
        for (int i = 0; i < d.count; i++)
            sum += d.share[i];
        for (int64_t n = 0; n < 3 * sum; n++)
            deal_next(&d);
        for (int i = 0; i < d.count; i++)
            assert_int_equal(d.dealt[i], 3 * d.share[i]);
    }
}

static void twelve_percent_of_25_are_3(void **state)
{
    (void)state;
    deal d = {.count = 2, .share = {120000000, 880000000}};
    for (int n = 0; n < 25; n++)
        deal_next(&d);
    assert_int_equal(d.dealt[0], 3);
    assert_int_equal(d.dealt[1], 22);
}

static void equal_shares_take_turns(void **state)
{
    (void)state;
    deal d = {.count = 3, .share = {1, 1, 1}};
    for (int n = 0; n < 30; n++)
        assert_int_equal(deal_next(&d), n % 3);
}

static void a_single_category_gets_all_and_a_share_of_nothing_none(void **state)
{
    (void)state;
    deal d = {.count = 3, .share = {0, 7, 0}};
    for (int n = 0; n < 10; n++)
        assert_int_equal(deal_next(&d), 1);
}

static void counts_in_the_billions_do_not_overflow(void **state)
{
    (void)state;
    deal d = {
        .count = 2, .share = {DEAL_UNIT, DEAL_UNIT}, .dealt = {3000000000000000000, 3000000000000000000}, .cards = 6000000000000000000};
    assert_int_equal(deal_next(&d), 0);
    assert_int_equal(deal_next(&d), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_prefix_keeps_every_share),
        cmocka_unit_test(the_check_of_prefixes_finds_a_wrong_rule),
        cmocka_unit_test(totals_are_exact_where_the_share_is_a_whole_number),
        cmocka_unit_test(twelve_percent_of_25_are_3),
        cmocka_unit_test(equal_shares_take_turns),
        cmocka_unit_test(a_single_category_gets_all_and_a_share_of_nothing_none),
        cmocka_unit_test(counts_in_the_billions_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
