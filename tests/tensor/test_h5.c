#include "tensor/h5.h"

#include "mutate.h"
#include "tensor/h5_visit.h"

static df_arena *arena;
static df_error err;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)128 << 20, &err);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static df_bytes corpus_file(const char *name)
{
    char path[1024];
    df_bytes bytes = {0};
    must(df_path_join(path, sizeof path, TEST_DATA "/../fuzz/corpus/h5", name, &err), &err);
    must(df_file_read(path, 1 << 20, arena, &bytes, &err), &err);
    return bytes;
}

static const tensor *expect(const tensor_list *list, const char *name, tensor_type type, int rank, const int64_t *shape)
{
    const tensor *t = tensor_expect(list, name, type, rank, shape, &err);
    must(t != NULL, &err);
    return t;
}

static void must_be(const tensor *t, size_t index, double expected)
{
    if (tensor_number(t, index) != expected)
        fail_msg("%s[%zu] is %.17g, expected %.17g", t->name, index, tensor_number(t, index), expected);
}

/* The data sets that make_h5.py writes, by the same formulas. */
static void must_be_the_good_ones(const tensor_list *list)
{
    const tensor *basis = expect(list, "shape/model/basis", TENSOR_F32, 2, (int64_t[]){20, 3});
    const tensor *big = expect(list, "shape/model/big", TENSOR_F64, 2, (int64_t[]){20, 3});
    for (size_t i = 0; i < 60; i++) {
        must_be(basis, i, (double)i / 8);
        must_be(big, i, (double)i / 8);
    }
    const tensor *cells = expect(list, "shape/cells", TENSOR_U32, 2, (int64_t[]){3, 4});
    for (size_t i = 0; i < 12; i++)
        must_be(cells, i, 4e9 + (double)i);
    must_be(expect(list, "half", TENSOR_F16, 1, (int64_t[]){2}), 1, -2);
    assert_true(*(const int64_t *)expect(list, "wide", TENSOR_I64, 1, (int64_t[]){1})->data == -((int64_t)1 << 62) - 1); /* no double */
    assert_memory_equal(expect(list, "flags", TENSOR_BOOL, 1, (int64_t[]){3})->data, "\1\0\1", 3);
    must_be(expect(list, "scalar", TENSOR_I16, 0, NULL), 0, -5);
    expect(list, "empty", TENSOR_F32, 2, (int64_t[]){0, 4});
    assert_int_equal(list->count, 8);
    assert_string_equal(tensor_metadata(list, "text"), "name 1\n");
    assert_int_equal(list->metadata_count, 1);
}

static void every_version_and_storage_gives_the_same_arrays(void **state)
{
    (void)state;
    static const char *const names[] = {"contiguous.h5", "chunked.h5", "latest.h5", "user_block.h5"};
    for (size_t i = 0; i < DF_ARRAY_LEN(names); i++) {
        tensor_list list;
        must(h5_parse(corpus_file(names[i]), NULL, arena, &list, &err), &err);
        must_be_the_good_ones(&list);
    }
}

static void only_wanted_data_sets_are_read(void **state)
{
    (void)state;
    static const char *const wanted[] = {"shape/cells", "text", "none", NULL};
    tensor_list list;
    must(h5_parse(corpus_file("chunked.h5"), wanted, arena, &list, &err), &err);
    assert_int_equal(list.count, 1);
    expect(&list, "shape/cells", TENSOR_U32, 2, (int64_t[]){3, 4});
    assert_string_equal(tensor_metadata(&list, "text"), "name 1\n");
}

static bool reads(df_bytes bytes, df_error *said)
{
    tensor_list list;
    df_arena_reset(arena);
    return h5_parse(bytes, NULL, arena, &list, said);
}

static void refusals_name_data_set_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *file, *says;
    } rows[] = {
        {"data-in-other-file.h5", "data set 'a': its data lie in another file"},
        {"data-virtual.h5", "data set 'a': is a virtual data set"},
        {"data-never-stored-2-to-40.h5", "data set 'a': has a shape but nothing is stored"},
        {"data-2-to-40-with-one-chunk.h5", "data set 'a': 4398046511104 bytes, with what came before more than 67108864"},
        {"chunks-too-large.h5", "data set 'a': chunks of more than 67108864 bytes"},
        {"filter-lzf.h5", "data set 'a': filter 32000, expected deflate, shuffle or Fletcher32"},
        {"link-to-other-file.h5", "'a' is a foreign link, expected the object itself"},
        {"link-circle.h5", "groups nested more than 64 deep, or in a circle"},
        {"links-2-to-40.h5", "more than 20000 objects"},
        {"deflate-damaged.h5", "data set 'a': cannot be read: libhdf5: inflate() failed"},
        {"cut-in-the-middle.h5", "cannot be read as an HDF5 file: libhdf5: truncated file"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        mutate_must_say("h5", rows[i].file, reads, rows[i].says);
}

static void a_limit_of_memory_is_an_error(void **state)
{
    (void)state;
    tensor_list list;
    df_arena *small = df_arena_new(1000, &err);
    must_say(h5_parse(corpus_file("latest.h5"), NULL, small, &list, &err), &err, "the limit of 1000 bytes");
    df_arena_free(small);
}

static bool count_one(void *to, const tensor *t, bool is_text, df_error *said)
{
    (void)t;
    (void)is_text;
    return ++*(int *)to < 3 || df_fail(said, "no more");
}

static void a_receiver_that_fails_ends_the_visit(void **state)
{
    (void)state;
    int count = 0;
    must_say(h5_visit(corpus_file("latest.h5"), NULL, &(h5_sink){.take = count_one, .to = &count}, &err), &err, "no more");
    assert_int_equal(count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_version_and_storage_gives_the_same_arrays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_wanted_data_sets_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals_name_data_set_and_reason, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_limit_of_memory_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_receiver_that_fails_ends_the_visit, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
