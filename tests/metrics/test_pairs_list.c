/* Lists of pairs as LFW has them, good ones and each kind of bad one. */
#include "check.h"
#include "metrics/pairs_list.h"

enum { IMAGES = 5 };

static embedding_set some_set(void)
{
    static const char *const names[IMAGES] = {"Ann_0001", "Bo_Li_0012", "Ann_0002", "Bo_Li_0001", "Cy_0001"};
    static uint32_t place[IMAGES] = {4, 3, 2, 1, 0};
    return (embedding_set){.count = IMAGES, .place = place, .names = names};
}

static bool read(const char *text, df_arena *arena, pairs_list *out, df_error *err)
{
    const embedding_set set = some_set();
    return pairs_list_read((df_bytes){.data = (const unsigned char *)text, .size = strlen(text)}, &set, arena, out, err);
}

static void pairs_are_found_by_name_and_number(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    pairs_list list;
    must(read("2\t1\r\nAnn\t1\t2\r\nAnn\t2\tCy\t1\r\nBo_Li\t12\t1\nCy\t1\tBo_Li\t1", arena, &list, &err), &err);
    assert_int_equal(list.count, 4);
    assert_int_equal(list.people, 3);
    assert_true(list.pairs[0].is_genuine && list.pairs[0].rows[0] == 4 && list.pairs[0].rows[1] == 2);
    assert_true(!list.pairs[1].is_genuine && list.pairs[1].rows[0] == 2 && list.pairs[1].rows[1] == 0);
    assert_true(list.pairs[2].is_genuine && list.pairs[2].rows[0] == 3 && list.pairs[2].rows[1] == 1);
    assert_int_equal(list.pairs[0].people[0], list.pairs[1].people[0]);
    assert_int_equal(list.pairs[1].people[1], list.pairs[3].people[0]);
    assert_int_equal(list.pairs[2].people[0], list.pairs[2].people[1]);
    must(read("1\nAnn\t1\t2\nAnn\t2\tCy\t1\n\n", arena, &list, &err), &err); /* one fold, as the development list has it */
    assert_int_equal(list.count, 2);
    df_arena_free(arena);
}

static void bad_lists_are_refused_with_their_line(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"", "empty"},
        {"ten\t300\n", "line 1"},
        {"0\t1\nAnn\t1\t2\n", "line 1"},
        {"999999999\t999999999\n", "promises"},
        {"1\t1\nAnn\t1\t2\t3\t4\nAnn\t2\tCy\t1\n", "line 2: more than 4"},
        {"1\t1\nAnn\t1\t2\nAnn\t1\t2\n", "line 3: 3 fields"},
        {"1\t1\nAnn\t1\t3\nAnn\t2\tCy\t1\n", "'Ann_0003'"},
        {"1\t1\nAnn\t1\t0\nAnn\t2\tCy\t1\n", "line 2: expected the number"},
        {"1\t1\nAnn\t1\tx\nAnn\t2\tCy\t1\n", "line 2: expected the number"},
        {"1\t1\nAnn\t1\t2\nAnn\t2\tAnn\t1\n", "line 3"},
        {"1\t1\nAnn\t1\t2\n", "ends after line 2"},
        {"1\t1\nAnn\t1\t2\nAnn\t2\tCy\t1\nAnn\t1\t2\n", "line 4: expected the end"},
    };
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    pairs_list list;
    for (size_t i = 0; i < DF_ARRAY_LEN(bad); i++)
        must_say(read(bad[i][0], arena, &list, &err), &err, bad[i][1]);
    df_arena_free(arena);
}

static void names_must_be_there_and_differ(void **state)
{
    (void)state;
    static const char *const twice[IMAGES] = {"a_0001", "b_0001", "c_0001", "b_0001", "d_0001"};
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    embedding_set set = some_set();
    pairs_list list;
    const df_bytes text = {.data = (const unsigned char *)"1\t1\n", .size = 4};
    set.names = NULL;
    must_say(pairs_list_read(text, &set, arena, &list, &err), &err, "'name'");
    set.names = twice;
    must_say(pairs_list_read(text, &set, arena, &list, &err), &err, "two embeddings are named 'b_0001'");
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_found_by_name_and_number),
        cmocka_unit_test(bad_lists_are_refused_with_their_line),
        cmocka_unit_test(names_must_be_there_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
