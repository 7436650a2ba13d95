#include "base/arena.h"

#include "base/size.h"
#include "check.h"

static bool all_zero(const unsigned char *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (data[i])
            return false;
    return true;
}

static void memory_is_zero_aligned_and_nobody_elses(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    unsigned char *blocks[200];
    for (size_t i = 0; i < DF_ARRAY_LEN(blocks); i++) {
        blocks[i] = df_alloc(arena, i, 7, &err);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 64, 0);
        assert_true(all_zero(blocks[i], 7 * i));
        memset(blocks[i], (int)i + 1, 7 * i);
    }
    for (size_t i = 0; i < DF_ARRAY_LEN(blocks); i++)
        for (size_t k = 0; k < 7 * i; k++)
            assert_int_equal(blocks[i][k], i + 1);
    df_arena_free(arena);
}

static void what_a_reset_gives_back_is_zero_again(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    unsigned char *first = df_alloc(arena, 100, 1, &err);
    memset(first, 255, 100);
    df_arena_reset(arena);
    unsigned char *again = df_alloc(arena, 100, 1, &err);
    assert_ptr_equal(first, again);
    assert_true(all_zero(again, 100));
    df_arena_free(arena);
}

static void a_mark_gives_back_what_came_after_it_only(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(8 << 20, &err);
    char *kept = df_copy_string(arena, "kept", &err);
    const df_arena_mark mark = df_arena_save(arena);
    for (int round = 0; round < 100; round++) { /* 100 MB in all: each round must use the memory of the one before */
        assert_non_null(df_alloc(arena, 1 << 20, 1, &err));
        df_arena_restore(arena, mark);
    }
    assert_string_equal(kept, "kept");
    df_arena_free(arena);
}

static void the_limit_holds_and_the_arena_lives_on(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new(100000, &err);
    assert_null(df_alloc(arena, 100001, 1, &err));
    must_say(false, &err, "100000 bytes");
    assert_non_null(df_alloc(arena, 50000, 1, &err));
    assert_null(df_alloc(arena, 60000, 1, &err));
    assert_non_null(df_alloc(arena, 1000, 1, &err));
    df_arena_free(arena);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new(SIZE_MAX, &err);
    assert_null(df_alloc(arena, SIZE_MAX / 2, 3, &err));
    assert_null(df_alloc(arena, SIZE_MAX - 10, 1, &err));
    size_t out = 5;
    assert_false(df_size_mul(SIZE_MAX, 2, &out));
    assert_false(df_size_add(SIZE_MAX, 1, &out));
    assert_int_equal(out, 5);
    assert_true(df_size_mul(SIZE_MAX, 1, &out));
    df_arena_free(arena);
}

static void an_arena_remembers_that_it_refused(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1000, &err);
    assert_non_null(df_alloc(arena, 1, 8, &err));
    assert_false(df_arena_was_refused(arena));
    assert_null(df_alloc(arena, 2000, 1, &err));
    assert_non_null(df_alloc(arena, 1, 8, &err));
    assert_true(df_arena_was_refused(arena));
    df_arena_reset(arena);
    assert_true(df_arena_was_refused(arena));
    df_arena_free(arena);
}

static void nothing_is_a_valid_pointer(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1000, &err);
    assert_non_null(df_alloc(arena, 0, 8, &err));
    assert_non_null(df_alloc(arena, 8, 0, &err));
    assert_non_null(df_copy(arena, NULL, 0, &err));
    df_arena_free(arena);
    df_arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zero_aligned_and_nobody_elses),   cmocka_unit_test(what_a_reset_gives_back_is_zero_again),
        cmocka_unit_test(a_mark_gives_back_what_came_after_it_only), cmocka_unit_test(the_limit_holds_and_the_arena_lives_on),
        cmocka_unit_test(sizes_that_overflow_are_refused),           cmocka_unit_test(nothing_is_a_valid_pointer),
        cmocka_unit_test(an_arena_remembers_that_it_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
