/* Arrays of texts of both kinds and byte orders, and what is none. */
#include <stdio.h>

#include "check.h"
#include "tensor/npz.h"

enum { ROOM = 512 };

/* An array of that description and shape with these bytes. */
static df_bytes array_of(unsigned char *room, const char *description, const char *shape, const void *data, size_t size)
{
    char header[200];
    const int length = snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n", description, shape);
    memcpy(room, "\x93NUMPY\1\0", 8);
    room[8] = (unsigned char)length;
    room[9] = 0;
    memcpy(room + 10, header, (size_t)length);
    memcpy(room + 10 + length, data, size);
    return (df_bytes){.data = room, .size = 10 + (size_t)length + size};
}

static void bytes_lose_their_padding_alone(void **state)
{
    (void)state;
    unsigned char room[ROOM];
    df_error err;
    df_arena *arena = df_arena_new(1 << 16, &err);
    npy_texts texts;
    must(npy_parse_texts(array_of(room, "|S3", "(3,)", "ab\0abc\0\0\0", 9), "x", arena, &texts, &err), &err);
    assert_int_equal(texts.count, 3);
    assert_string_equal(texts.items[0], "ab");
    assert_string_equal(texts.items[1], "abc");
    assert_string_equal(texts.items[2], "");
    df_arena_free(arena);
}

static void code_points_become_utf8_in_either_order(void **state)
{
    (void)state;
    static const unsigned char little[] = {0x41, 0, 0, 0, 0xE9, 0, 0, 0, 0xAC, 0x20, 0, 0, 0, 0xF6, 1, 0};
    static const unsigned char big[] = {0, 0, 0, 0x41, 0, 0, 0, 0xE9, 0, 0, 0x20, 0xAC, 0, 1, 0xF6, 0};
    unsigned char room[ROOM];
    df_error err;
    df_arena *arena = df_arena_new(1 << 16, &err);
    npy_texts texts;
    must(npy_parse_texts(array_of(room, "<U4", "(1,)", little, sizeof little), "x", arena, &texts, &err), &err);
    assert_string_equal(texts.items[0], "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    must(npy_parse_texts(array_of(room, ">U2", "(2,)", big, sizeof big), "x", arena, &texts, &err), &err);
    assert_string_equal(texts.items[0], "A\xC3\xA9");
    assert_string_equal(texts.items[1], "\xE2\x82\xAC\xF0\x9F\x98\x80");
    df_arena_free(arena);
}

static void what_is_no_list_of_texts_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *description, *shape;
        const char data[8];
        size_t size;
        const char *said;
    } bad[] = {
        {"<f4", "(2,)", "\0\0\0\0\0\0\0", 8, "expected texts"},  {"<U", "(2,)", "\0\0\0\0\0\0\0", 8, "expected texts"},
        {"|S99999999999", "(2,)", "", 0, "bytes of texts"},      {"|S4", "(1, 2)", "abcdefg", 8, "2 dimensions"},
        {"|S4", "(3,)", "abcdefg", 8, "expected 3 of 4"},        {"|S0", "(3,)", "", 0, "of texts"},
        {"|S4", "(1,)", "a\0bc", 4, "element 0: a zero within"}, {"<U1", "(2,)", "a\0\0\0\0\0\x11", 8, "element 1: 0x110000"},
        {"<U1", "(1,)", "\0\xD8\0\0", 4, "no code point"},
    };
    unsigned char room[ROOM];
    df_error err;
    df_arena *arena = df_arena_new(1 << 16, &err);
    npy_texts texts;
    for (size_t i = 0; i < DF_ARRAY_LEN(bad); i++)
        must_say(npy_parse_texts(array_of(room, bad[i].description, bad[i].shape, bad[i].data, bad[i].size), "x", arena, &texts, &err),
                 &err, bad[i].said);
    df_arena_free(arena);
}

/* An archive may hold arrays that one does not want, of kinds that npz_parse refuses. */
static void only_wanted_arrays_are_read(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    df_bytes bytes;
    tensor_list list;
    npy_texts texts;
    must(df_file_read(TEST_DATA "/../fuzz/corpus/embeddings/unicode.npz", 1 << 16, arena, &bytes, &err), &err);
    assert_false(npz_parse(bytes, arena, &list, &err));
    must(npz_parse_some(bytes, (const char *const[]){"label", "nothing", NULL}, arena, &list, &err), &err);
    assert_int_equal(list.count, 1);
    must(npz_parse_texts(bytes, "name", arena, &texts, &err), &err);
    assert_int_equal(texts.count, 4);
    assert_string_equal(texts.items[2], "b\xC3\xA9_0001");
    must(npz_parse_texts(bytes, "names", arena, &texts, &err), &err);
    assert_null(texts.items);
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_lose_their_padding_alone),
        cmocka_unit_test(code_points_become_utf8_in_either_order),
        cmocka_unit_test(what_is_no_list_of_texts_is_refused),
        cmocka_unit_test(only_wanted_arrays_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
