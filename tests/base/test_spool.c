/* test_spool.c: what is put aside comes back, from any place, and leaves nothing behind. */
#include "base/random.h"
#include "base/spool.h"
#include "scratch.h"

enum { PIECES = 400, LONGEST = 3000, MOST = PIECES * LONGEST };

/* Pieces of every length, with reads in between, against one plain array. */
static void what_is_put_comes_back(void **state)
{
    (void)state;
    scratch s = scratch_new();
    df_error err = {0};
    unsigned char *plain = test_malloc(MOST), *back = test_malloc(MOST);
    df_spool *spool = df_spool_open(scratch_path(&s, "not yet there"), &err);
    must(spool != NULL, &err);
    df_random random = df_random_at(1, 2, 3, DF_FOR_TEST);
    size_t size = 0;
    for (int i = 0; i < PIECES; i++) {
        const size_t length = df_random_below(&random, LONGEST);
        for (size_t j = 0; j < length; j++)
            plain[size + j] = (unsigned char)df_random_u32(&random);
        must(df_spool_put(spool, plain + size, length, &err), &err);
        size += length;
        assert_int_equal(df_spool_size(spool), size);
        const size_t from = df_random_below(&random, (uint32_t)size + 1), count = df_random_below(&random, (uint32_t)(size - from) + 1);
        must(df_spool_read(spool, from, back, count, &err), &err);
        assert_memory_equal(back, plain + from, count);
    }
    assert_int_equal(scratch_entries(&s), 0);
    must_say(df_spool_read(spool, size - 1, back, 2, &err), &err, "ends at byte");

    df_writer *writer = df_writer_open(scratch_path(&s, "copy"), &err);
    must(writer && df_spool_copy(spool, writer, &err) && df_writer_commit(writer, &err), &err);
    df_bytes copy;
    must(df_file_map(scratch_path(&s, "copy"), &copy, &err), &err);
    assert_int_equal(copy.size, size);
    assert_memory_equal(copy.data, plain, size);
    df_file_unmap(&copy);
    df_spool_close(spool);
    assert_int_equal(scratch_entries(&s), 1);
    test_free(plain);
    test_free(back);
    scratch_free(&s);
}

static void a_place_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    df_error err = {0};
    must_say(df_spool_open("/nonexistent/folder/file", &err) != NULL, &err, "/nonexistent/folder: cannot create a temporary file");
    df_spool_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_comes_back),
        cmocka_unit_test(a_place_that_cannot_be_written_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
