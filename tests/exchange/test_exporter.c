/* test_exporter.c: the table of formats, and tar archives that are not whole. */
#include "exchange/exporter.h"

#include "exchange/tar_file.h"
#include "mutate.h"
#include "scratch.h"

static void every_row_of_the_table_is_filled(void **state)
{
    (void)state;
    const export_row *row;
    int count = 0;
    for (; (row = export_row_at(count)) != NULL; count++) {
        assert_non_null(row->name);
        assert_non_null(row->summary);
        assert_true(row->open && row->put && row->finish && row->close);
        assert_true(row->takes & EXPORT_SPLIT);
        assert_true(!row->resumes || row->form == EXPORT_FOLDER);
        assert_ptr_equal(export_find(row->name), row); /* also: no name twice */
    }
    assert_true(count >= 6);
    assert_null(export_row_at(-1));
    assert_null(export_find("tiff"));
}

enum { LONG_NAME = 300 };

/* Members of all the lengths around a block, and a name that needs a pax header. */
static void write_archive(const char *path, const char *first)
{
    static const unsigned char content[1100];
    static const size_t sizes[] = {0, 1, 511, 512, 513, 1024, 1100};
    char long_name[LONG_NAME + 1];
    df_error err;
    df_writer *writer = df_writer_open(path, &err);
    must(writer != NULL, &err);
    must(tar_put(writer, first, (df_bytes){content, 5}, &err), &err);
    for (size_t i = 0; i < DF_ARRAY_LEN(sizes); i++)
        must(tar_put(writer, "member", (df_bytes){content, sizes[i]}, &err), &err);
    memset(long_name, 'n', LONG_NAME);
    long_name[LONG_NAME] = '\0';
    must(tar_put(writer, long_name, (df_bytes){content, 3}, &err), &err);
    must(tar_end(writer, &err), &err);
    must(df_writer_commit(writer, &err), &err);
}

static bool is_whole(const char *path, const char *first, int64_t *members)
{
    bool whole;
    df_error err;
    must(tar_is_whole(path, first, &whole, members, &err), &err);
    return whole;
}

static void an_archive_is_whole_from_its_first_name_to_its_end(void **state)
{
    (void)state;
    scratch s = scratch_new();
    int64_t members;
    char path[600];
    snprintf(path, sizeof path, "%s", scratch_path(&s, "a.tar"));
    write_archive(path, "first.png");
    assert_true(is_whole(path, "first.png", &members));
    assert_int_equal(members, 9);
    assert_false(is_whole(path, "other.png", &members));
    scratch_free(&s);
}

static void a_cut_or_damaged_archive_is_not_whole(void **state)
{
    (void)state;
    scratch s = scratch_new();
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    df_bytes good;
    int64_t members;
    char path[600];
    snprintf(path, sizeof path, "%s", scratch_path(&s, "a.tar"));
    write_archive(path, "first.png");
    must(df_file_read(path, 1 << 19, arena, &good, &err), &err);
    size_t cuts = 0, accepted = 0;
    for (size_t size = 0; size < good.size; size += 97, cuts++) {
        scratch_file(&s, "cut.tar", good.data, size);
        accepted += is_whole(s.path, "first.png", &members);
    }
    assert_int_equal(accepted, 0);
    size_t flips = 0;
    for (size_t at = 0; at < 500; at += 3, flips++) { /* any bit of a header is in its sum */
        const df_arena_mark mark = df_arena_save(arena);
        unsigned char *copy = df_copy(arena, good.data, good.size, &err);
        assert_non_null(copy);
        copy[at] ^= 1;
        scratch_file(&s, "flipped.tar", copy, good.size);
        accepted += is_whole(s.path, "first.png", &members);
        df_arena_restore(arena, mark);
    }
    assert_int_equal(accepted, 0);
    print_message("%zu cuts and %zu flipped bits of an archive, none accepted\n", cuts, flips);
    df_arena_free(arena);
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_table_is_filled),
        cmocka_unit_test(an_archive_is_whole_from_its_first_name_to_its_end),
        cmocka_unit_test(a_cut_or_damaged_archive_is_not_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
