#include "tensor/npz.h"

#include "mutate.h"
#include "scratch.h"
#include "tensor/list_fixture.h"

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

/* The fixture without the type that NumPy lacks. */
static void numpy_fixture(list_fixture *f)
{
    list_fixture_init(f);
    for (size_t i = 0; i < f->list.count; i++)
        if (f->tensors[i].type == TENSOR_BF16)
            f->tensors[i] = f->tensors[--f->list.count];
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    scratch s = scratch_new();
    list_fixture f;
    numpy_fixture(&f);
    must(npz_write(scratch_path(&s, "file"), &f.list, &err), &err);
    df_bytes bytes;
    tensor_list read;
    must(df_file_map(s.path, &bytes, &err), &err);
    must(npz_parse(bytes, arena, &read, &err), &err);
    assert_int_equal(read.count, TENSOR_TYPE_COUNT - 1);
    for (size_t i = 0; i < read.count; i++)
        assert_same_tensor(&f.tensors[i], &read.tensors[i]);
    df_file_unmap(&bytes);
    scratch_free(&s);
}

static df_bytes corpus_file(const char *name)
{
    char path[1024];
    df_bytes bytes = {0};
    must(df_path_join(path, sizeof path, TEST_DATA "/../fuzz/corpus/npz", name, &err), &err);
    must(df_file_read(path, 1 << 20, arena, &bytes, &err), &err);
    return bytes;
}

/* Files that Python's zipfile made. */
static void other_peoples_archives_are_read(void **state)
{
    (void)state;
    tensor_list read;
    must(npz_parse(corpus_file("stored.npz"), arena, &read, &err), &err);
    assert_true(read.count == 1 && strcmp(read.tensors[0].name, "a") == 0 && read.tensors[0].rank == 2);
    must(npz_parse(corpus_file("deflated.npz"), arena, &read, &err), &err);
    for (int i = 0; i < 24; i++)
        assert_int_equal(((const unsigned char *)read.tensors[0].data)[i], i);
    must(npz_parse(corpus_file("version2.npz"), arena, &read, &err), &err);
    assert_int_equal(read.count, 2);
    assert_int_equal(read.tensors[1].type, TENSOR_BOOL);
    must(npz_parse(corpus_file("fortran.npz"), arena, &read, &err), &err);
    assert_int_equal(read.tensors[1].rank, 0);
}

/* The .npy bytes of an array 0, 1, 2 ... of int32 in Fortran order. */
static size_t fortran_bytes(unsigned char *out, const char *shape, int count)
{
    char text[119];
    memset(text, ' ', sizeof text);
    const int size = snprintf(text, sizeof text, "{'shape':%s,'fortran_order':True,'descr':'<i4'}", shape);
    text[size] = ' ';
    text[sizeof text - 1] = '\n';
    memcpy(out, "\x93NUMPY\1\0\x77\0", 10);
    memcpy(out + 10, text, sizeof text);
    for (int32_t i = 0; i < count; i++)
        memcpy(out + 10 + sizeof text + 4 * i, &i, 4);
    return 10 + sizeof text + 4 * (size_t)count;
}

static void fortran_order_is_transposed(void **state)
{
    (void)state;
    unsigned char file[512];
    tensor t;
    must(npy_parse((df_bytes){.data = file, .size = fortran_bytes(file, "(2, 3, 4)", 24)}, "x", arena, &t, &err), &err);
    assert_true(t.rank == 3 && t.shape[0] == 2 && t.shape[1] == 3 && t.shape[2] == 4);
    const int32_t *values = t.data;
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 4; k++)
                assert_int_equal(values[(i * 3 + j) * 4 + k], i + 2 * (j + 3 * k)); /* the first index runs fastest in the file */
    must(npy_parse((df_bytes){.data = file, .size = fortran_bytes(file, "(5,)", 5)}, "x", arena, &t, &err), &err);
    assert_int_equal(((const int32_t *)t.data)[3], 3);
    must(npy_parse((df_bytes){.data = file, .size = fortran_bytes(file, "(0, 3)", 0)}, "x", arena, &t, &err), &err);
    assert_int_equal(tensor_elements(&t), 0);
}

static void what_numpy_cannot_hold_is_not_written(void **state)
{
    (void)state;
    scratch s = scratch_new();
    static const uint16_t value;
    tensor t = {.name = "half", .type = TENSOR_BF16, .data = &value};
    must_say(npz_write(scratch_path(&s, "file"), &(tensor_list){.tensors = &t, .count = 1}, &err), &err,
             "array 'half': NumPy has no type BF16");
    assert_int_equal(scratch_entries(&s), 0);
    scratch_free(&s);
}

static bool reads(df_bytes bytes, df_error *said)
{
    tensor_list list;
    df_arena_reset(arena);
    return npz_parse(bytes, arena, &list, said);
}

static void refusals_name_member_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *file, *says;
    } rows[] = {
        {"npy-elements-2-to-40.npz", "member 'a.npy': array 'a': 24 bytes of data, expected 4398046511104"},
        {"npy-objects.npz", "descr: '|O', expected numbers or truth values"},
        {"bomb.npz", "unpack to 134217856, more than an honest archive"},
        {"deflate-size-impossible.npz", "which is impossible"},
        {"members-overlap.npz", "overlap in the file"},
        {"check-sum-wrong.npz", "member 'a.npy': its check sum is wrong"},
        {"encrypted.npz", "member 1: encrypted"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        mutate_must_say("npz", rows[i].file, reads, rows[i].says);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_peoples_archives_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fortran_order_is_transposed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_numpy_cannot_hold_is_not_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals_name_member_and_reason, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
