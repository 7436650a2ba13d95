#include "tensor/mat.h"

#include "mutate.h"

static df_arena *arena;
static df_error err;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)16 << 20, &err);
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
    must(df_path_join(path, sizeof path, TEST_DATA "/../fuzz/corpus/mat", name, &err), &err);
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

/* The arrays that make_mat.py writes, by the same formulas. */
static void must_be_the_good_ones(const tensor_list *list)
{
    const tensor *small = expect(list, "small", TENSOR_F64, 2, (int64_t[]){3, 4}),
                 *below = expect(list, "below", TENSOR_F64, 2, (int64_t[]){2, 3});
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 4; j++)
            must_be(small, 4 * i + j, (double)(10 * i + j));
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 3; j++)
            must_be(below, 3 * i + j, -300.0 * (double)i - (double)j);
    const tensor *single = expect(list, "single", TENSOR_F32, 2, (int64_t[]){4, 2});
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 2; j++)
            must_be(single, 2 * i + j, (double)i + (double)j / 4);
    must_be(expect(list, "rounded", TENSOR_F32, 2, (int64_t[]){2, 1}), 0, (double)0.1F);
    must_be(expect(list, "whole", TENSOR_I32, 2, (int64_t[]){1, 3}), 1, -70000);
    const int64_t *wide = expect(list, "wide", TENSOR_I64, 2, (int64_t[]){1, 2})->data; /* not doubles */
    assert_true(wide[0] == -((int64_t)1 << 62) - 1 && wide[1] == ((int64_t)1 << 62) + 1);
    assert_memory_equal(expect(list, "flags", TENSOR_BOOL, 2, (int64_t[]){2, 2})->data, "\1\0\0\1", 4);
    const tensor *cube = expect(list, "cube", TENSOR_I16, 3, (int64_t[]){2, 3, 4});
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 3; j++)
            for (size_t k = 0; k < 4; k++)
                must_be(cube, (i * 3 + j) * 4 + k, (double)(i + 10 * j + 100 * k));
    expect(list, "empty", TENSOR_F64, 2, (int64_t[]){0, 3});
    must_be(expect(list, "model.mean", TENSOR_F64, 2, (int64_t[]){2, 1}), 1, 1e300);
    must_be(expect(list, "model.inner.deep", TENSOR_F32, 2, (int64_t[]){1, 2}), 1, -2.5);
    must_be(expect(list, "parts.0", TENSOR_U8, 2, (int64_t[]){1, 1}), 0, 7);
    must_be(expect(list, "parts.1", TENSOR_I8, 2, (int64_t[]){1, 1}), 0, -7);
    assert_int_equal(list->count, 13);
}

static void both_byte_orders_and_compressed_files_give_the_same_arrays(void **state)
{
    (void)state;
    static const char *const names[] = {"little.mat", "big.mat", "packed.mat"};
    for (size_t i = 0; i < DF_ARRAY_LEN(names); i++) {
        tensor_list list;
        must(mat_parse(corpus_file(names[i]), NULL, arena, &list, &err), &err);
        must_be_the_good_ones(&list);
    }
}

static void a_file_of_scipy_is_read(void **state)
{
    (void)state;
    tensor_list list;
    must(mat_parse(corpus_file("scipy.mat"), NULL, arena, &list, &err), &err);
    assert_int_equal(list.count, 2); /* text and the sparse matrix are skipped */
    const tensor *basis = expect(&list, "basis", TENSOR_F32, 2, (int64_t[]){100, 6});
    for (size_t i = 0; i < 600; i++)
        must_be(basis, i, (double)i / 8);
    must_be(expect(&list, "index", TENSOR_F64, 2, (int64_t[]){10, 3}), 29, 30);
}

static void only_wanted_variables_are_read(void **state)
{
    (void)state;
    static const char *const wanted[] = {"cube", "model", "none", NULL};
    tensor_list list;
    must(mat_parse(corpus_file("packed.mat"), wanted, arena, &list, &err), &err);
    assert_int_equal(list.count, 3);
    expect(&list, "cube", TENSOR_I16, 3, (int64_t[]){2, 3, 4});
    expect(&list, "model.mean", TENSOR_F64, 2, (int64_t[]){2, 1});
}

static void a_bomb_that_nobody_wants_does_not_matter(void **state)
{
    (void)state;
    static const char *const wanted[] = {"b", NULL};
    df_bytes bytes;
    tensor_list list;
    must(df_file_read(TEST_DATA "/broken/mat/packed-bomb.mat", 1 << 20, arena, &bytes, &err), &err);
    must(mat_parse(bytes, wanted, arena, &list, &err), &err);
    assert_int_equal(list.count, 0);
}

static bool reads(df_bytes bytes, df_error *said)
{
    tensor_list list;
    df_arena_reset(arena);
    return mat_parse(bytes, NULL, arena, &list, said);
}

static void refusals_name_variable_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *file, *says;
    } rows[] = {
        {"dimensions-large.mat", "byte 128: variable 'a': 32 bytes of F64, expected 4294967296 numbers"},
        {"cells-2-to-40.mat", "variable 'c': 1099511627776 cells in 0 bytes"},
        {"cells-nested-3000-deep.mat", "arrays nested more than 32 deep"},
        {"packed-bomb.mat", "variable 'a': 130636 bytes unpack to 134217784 or more, which no honest file does"},
        {"packed-longer-than-it-says.mat", "variable 'a': its compressed data are damaged"},
        {"length-4-gigabytes.mat", "an element of type 14: 4294967280 bytes, expected at most the 80 that are left"},
        {"version-7-3.mat", "MATLAB version 0x0200 (7.3, which is HDF5), expected 0x0100"},
        {"fields-missing.mat", "variable 's.12345678': array: 0 bytes are left"},
        {"integer-out-of-range.mat", "variable 'a': number 0 is 256, which is no U8"},
        {"complex.mat", "variable 'a': complex numbers, expected real ones"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        mutate_must_say("mat", rows[i].file, reads, rows[i].says);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_byte_orders_and_compressed_files_give_the_same_arrays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_of_scipy_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_wanted_variables_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bomb_that_nobody_wants_does_not_matter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals_name_variable_and_reason, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
