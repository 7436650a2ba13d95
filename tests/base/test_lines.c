#include "base/file.h"

#include "base/random.h"
#include "scratch.h"

static void lines_come_one_by_one_without_their_ends(void **state)
{
    (void)state;
    df_error err;
    scratch s = scratch_new();
    static const char text[] = "one\n\ntwo\r\n three \nlast";
    static const char *const expected[] = {"one", "", "two", " three ", "last"};
    df_lines *lines = df_lines_open(scratch_file(&s, "file", text, sizeof text - 1), 100, &err);
    assert_non_null(lines);
    const char *line;
    size_t length;
    for (size_t i = 0; i < DF_ARRAY_LEN(expected); i++) {
        must(df_lines_next(lines, &line, &length, &err), &err);
        assert_string_equal(line, expected[i]);
        assert_int_equal(length, strlen(expected[i]));
        assert_int_equal(df_lines_number(lines), i + 1);
    }
    for (int i = 0; i < 2; i++) {
        must(df_lines_next(lines, &line, &length, &err), &err);
        assert_null(line);
    }
    df_lines_close(lines);
    df_lines_close(NULL);
    scratch_free(&s);
}

static void empty_files_and_lone_newlines(void **state)
{
    (void)state;
    df_error err;
    scratch s = scratch_new();
    static const char *const texts[] = {"", "\n", "\n\n"};
    for (size_t expected = 0; expected < DF_ARRAY_LEN(texts); expected++) {
        df_lines *lines = df_lines_open(scratch_file(&s, "file", texts[expected], expected), 100, &err);
        const char *line;
        size_t length, count = 0;
        for (;; count++) {
            must(df_lines_next(lines, &line, &length, &err), &err);
            if (!line)
                break;
            assert_int_equal(length, 0);
        }
        assert_int_equal(count, expected);
        df_lines_close(lines);
    }
    scratch_free(&s);
}

/* Lengths around the buffer's size, against the text that was written. */
static void long_lines_cross_the_buffer_unharmed(void **state)
{
    (void)state;
    df_error err;
    scratch s = scratch_new();
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    size_t lengths[60];
    df_writer *writer = df_writer_open(scratch_path(&s, "file"), &err);
    for (size_t i = 0; i < DF_ARRAY_LEN(lengths); i++) {
        lengths[i] = i % 3 ? df_random_below(&random, 300) : df_random_below(&random, 200000);
        const char letter = (char)('a' + i % 26);
        for (size_t k = 0; k < lengths[i]; k++)
            must(df_writer_put(writer, &letter, 1, &err), &err);
        must(df_writer_put(writer, "\n", 1, &err), &err);
    }
    must(df_writer_commit(writer, &err), &err);
    df_lines *lines = df_lines_open(s.path, 200000, &err);
    for (size_t i = 0; i < DF_ARRAY_LEN(lengths); i++) {
        const char *line;
        size_t length;
        must(df_lines_next(lines, &line, &length, &err), &err);
        assert_int_equal(length, lengths[i]);
        for (size_t k = 0; k < length; k++)
            assert_int_equal(line[k], 'a' + i % 26);
    }
    df_lines_close(lines);
    scratch_free(&s);
}

static bool reads_to_end(const char *path, size_t limit, df_error *err)
{
    df_lines *lines = df_lines_open(path, limit, err);
    const char *line = "";
    size_t length;
    bool ok = lines != NULL;
    while (ok && line)
        ok = df_lines_next(lines, &line, &length, err);
    df_lines_close(lines);
    return ok;
}

static void a_line_may_have_as_many_bytes_as_the_limit(void **state)
{
    (void)state;
    df_error err = {0};
    scratch s = scratch_new();
    static const char *const ends[] = {"", "\n", "\r\n"};
    for (size_t i = 0; i < DF_ARRAY_LEN(ends); i++) {
        char text[32];
        snprintf(text, sizeof text, "x\n12345%s", ends[i]);
        scratch_file(&s, "file", text, strlen(text));
        must(reads_to_end(s.path, 5, &err), &err);
        must_say(reads_to_end(s.path, 4, &err), &err, "file: line 2: longer than 4 bytes");
    }
    scratch_free(&s);
}

static void an_endless_line_is_refused_at_the_limit(void **state)
{
    (void)state;
    df_error err = {0};
    scratch s = scratch_new();
    FILE *file = fopen(scratch_path(&s, "file"), "w"); /* 1 GB with a hole in place of its bytes */
    assert_non_null(file);
    assert_int_equal(fseek(file, 1 << 30, SEEK_SET), 0);
    fputc('x', file);
    fclose(file);
    must_say(reads_to_end(s.path, 1 << 20, &err), &err, "file: line 1: longer than 1048576 bytes");
    scratch_free(&s);
}

static void a_zero_byte_is_no_text(void **state)
{
    (void)state;
    df_error err = {0};
    scratch s = scratch_new();
    must_say(reads_to_end(scratch_file(&s, "file", "a\nb\0c\n", 6), 100, &err), &err, "line 2: holds a zero byte");
    must_say(reads_to_end(s.folder, 100, &err), &err, "is a folder");
    must_say(reads_to_end(scratch_path(&s, "none"), 100, &err), &err, "none: cannot open");
    scratch_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_one_by_one_without_their_ends), cmocka_unit_test(empty_files_and_lone_newlines),
        cmocka_unit_test(long_lines_cross_the_buffer_unharmed),     cmocka_unit_test(a_line_may_have_as_many_bytes_as_the_limit),
        cmocka_unit_test(an_endless_line_is_refused_at_the_limit),  cmocka_unit_test(a_zero_byte_is_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
