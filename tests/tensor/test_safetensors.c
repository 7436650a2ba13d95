#include "tensor/safetensors.h"

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

static void what_is_written_is_read_back_in_order_and_aligned(void **state)
{
    (void)state;
    scratch s = scratch_new();
    list_fixture f;
    list_fixture_init(&f);
    must(safetensors_write(scratch_path(&s, "file"), &f.list, &err), &err);
    df_bytes bytes;
    tensor_list read;
    must(df_file_map(s.path, &bytes, &err), &err);
    must(safetensors_parse(bytes, arena, &read, &err), &err);
    assert_int_equal(read.count, f.list.count);
    for (size_t i = 0; i < read.count; i++) {
        assert_same_tensor(&f.tensors[i], &read.tensors[i]);
        const unsigned char *data = read.tensors[i].data;
        assert_true(data >= bytes.data && data <= bytes.data + bytes.size); /* none needed a copy */
    }
    assert_int_equal(read.metadata_count, 2);
    assert_string_equal(tensor_metadata(&read, "model"), f.metadata[0][1]);
    assert_string_equal(tensor_metadata(&read, "empty"), "");
    df_file_unmap(&bytes);
    scratch_free(&s);
}

static void an_unaligned_file_is_read_too(void **state)
{
    (void)state;
    static const char file[] =
        "\x3b\0\0\0\0\0\0\0{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}     \0\0\x80\x3f\0\0\0\xc0";
    unsigned char shifted[sizeof file];
    tensor_list read;
    for (size_t shift = 0; shift < 2; shift++) {
        memcpy(shifted + shift, file, sizeof file - 1);
        must(safetensors_parse((df_bytes){.data = shifted + shift, .size = sizeof file - 1}, arena, &read, &err), &err);
        const float *values = read.tensors[0].data;
        assert_int_equal((uintptr_t)values % sizeof(float), 0);
        assert_true(values[0] == 1 && values[1] == -2);
    }
}

static void a_list_without_tensors_is_a_file_too(void **state)
{
    (void)state;
    scratch s = scratch_new();
    df_bytes bytes;
    tensor_list read;
    must(safetensors_write(scratch_path(&s, "file"), &(tensor_list){0}, &err), &err);
    must(df_file_map(s.path, &bytes, &err), &err);
    must(safetensors_parse(bytes, arena, &read, &err), &err);
    assert_int_equal(read.count, 0);
    df_file_unmap(&bytes);
    scratch_free(&s);
}

static void doubled_names_are_not_written(void **state)
{
    (void)state;
    scratch s = scratch_new();
    static const float value;
    tensor twice[2] = {{.name = "a", .type = TENSOR_F32, .data = &value}, {.name = "a", .type = TENSOR_F32, .data = &value}};
    must_say(safetensors_write(scratch_path(&s, "file"), &(tensor_list){.tensors = twice, .count = 2}, &err), &err,
             "two arrays are called 'a'");
    assert_int_equal(scratch_entries(&s), 0);
    scratch_free(&s);
}

static bool reads(df_bytes bytes, df_error *said)
{
    tensor_list list;
    df_arena_reset(arena);
    return safetensors_parse(bytes, arena, &list, said);
}

static void refusals_name_tensor_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *file, *says;
    } rows[] = {
        {"shape-2-to-40.safetensors", "tensor 'a': data_offsets: 24 bytes, expected 4398046511104 by type and shape"},
        {"length-2-to-63.safetensors", "header of 9223372036854775808 bytes in a file of"},
        {"offsets-overlap.safetensors", "overlap in the file"},
        {"offsets-leave-a-hole.safetensors", "tensor 'b' starts at 16, expected 12"},
        {"header-of-brackets.safetensors", "not a list of tensors"},
        {"name-doubled.safetensors", "duplicate object key"},
        {"type-unknown.safetensors", "tensor 'a': dtype: 'F13' is unknown"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        mutate_must_say("safetensors", rows[i].file, reads, rows[i].says);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_back_in_order_and_aligned, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unaligned_file_is_read_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_without_tensors_is_a_file_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(doubled_names_are_not_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals_name_tensor_and_reason, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
