/* test_csv.c: tables are read as RFC 4180 writes them: what a writer of random fields made comes back, and the cases that are easily
   got wrong are decided. */
#include "exchange/csv.h"

#include "base/random.h"
#include "base/text.h"
#include "check.h"

enum { ROWS = 400, FIELDS = 5, LONGEST = 12 };

static df_arena *arena;
static df_error err;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)64 << 20, &err);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static df_bytes bytes_of(const char *text)
{
    return (df_bytes){.data = (const unsigned char *)text, .size = strlen(text)};
}

/* Fields of the characters that matter. */
static void random_field(df_random *random, char out[LONGEST + 1])
{
    static const char letters[] = "ab,\"\n\r\t ;\xC3\xA4";
    const uint32_t length = df_random_below(random, LONGEST);
    for (uint32_t i = 0; i < length; i++)
        out[i] = letters[df_random_below(random, sizeof letters - 1)];
    out[length] = '\0';
}

/* RFC 4180, 2.5 to 2.7: quotes around what needs them, and around some that do not. */
static void write_field(df_text *text, const char *field, char separator, bool is_quoted)
{
    if (!is_quoted && !strpbrk(field, "\"\n\r") && !strchr(field, separator)) {
        df_text_add(text, field);
        return;
    }
    df_text_add(text, "\"");
    for (; *field; field++)
        df_text_add_bytes(text, *field == '"' ? "\"\"" : field, *field == '"' ? 2 : 1);
    df_text_add(text, "\"");
}

static void random_tables_come_back(void **state)
{
    (void)state;
    for (int form = 0; form < 4; form++) {
        const char separator = form & 1 ? '\t' : ',';
        char(*wanted)[FIELDS][LONGEST + 1] = test_calloc(ROWS, sizeof *wanted);
        df_text text = {0};
        df_random random = df_random_at(3, 0, (uint32_t)form, DF_FOR_TEST);
        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < FIELDS; c++) {
                random_field(&random, wanted[r][c]);
                write_field(&text, wanted[r][c], separator, c == 0 || df_random_below(&random, 2));
                df_text_add_bytes(&text, c < FIELDS - 1 ? &separator : form & 2 ? "\r\n" : "\n", c < FIELDS - 1 || !(form & 2) ? 1 : 2);
            }
        }
        csv_reader csv;
        size_t starts[ROWS], lines[ROWS];
        bool found;
        must(csv_open(&csv, (df_bytes){.data = (const unsigned char *)text.data, .size = text.size}, separator, arena, &err), &err);
        for (int r = 0; r < ROWS; r++) {
            must(csv_next(&csv, &found, &err), &err);
            assert_true(found);
            assert_int_equal(csv.count, FIELDS);
            for (int c = 0; c < FIELDS; c++)
                assert_string_equal(csv.fields[c], wanted[r][c]);
            starts[r] = csv.start;
            lines[r] = csv.line;
        }
        must(csv_next(&csv, &found, &err), &err);
        assert_false(found);
        for (int r = ROWS - 1; r >= 0; r -= 7) { /* any row again */
            csv_seek(&csv, starts[r], lines[r]);
            must(csv_next(&csv, &found, &err), &err);
            assert_string_equal(csv.fields[1], wanted[r][1]);
            assert_int_equal(csv.line, lines[r]);
        }
        df_text_free(&text);
        test_free(wanted);
    }
}

/* The fields of all rows, joined by '|', rows by '/'. */
static const char *read_all(const char *text, char separator, df_text *out)
{
    csv_reader csv;
    bool found = true;
    must(csv_open(&csv, bytes_of(text), separator, arena, &err), &err);
    df_text_clear(out);
    for (int r = 0; found; r++) {
        must(csv_next(&csv, &found, &err), &err);
        for (int c = 0; found && c < csv.count; c++)
            df_text_addf(out, "%s%s", c ? "|" : r ? "/" : "", csv.fields[c]);
    }
    return out->data ? out->data : "";
}

static void odd_tables_are_decided(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char separator;
        const char *fields;
    } cases[] = {
        {"a,b\n1,2\n", 0, "a|b/1|2"},
        {"a\tb,c\n1\t2\n", 0, "a|b,c/1|2"},
        {"\xEF\xBB\xBF"
         "a,b\r\n1,2",
         0, "a|b/1|2"},
        {"\n\na,b\n\n1,2\n\r\n\n", 0, "a|b/1|2"},
        {",\n,\n", 0, "|/|"},
        {"a\"b,c\n", 0, "a\"b|c"},
        {"\"\",\"\"\"\"\n", 0, "|\""},
        {"a b,c d\n", 0, "a b|c d"},
        {"  a   b\t c  \r\n d e f\n", ' ', "a|b|c/d|e|f"},
        {"\"a b\n", ' ', "\"a|b"},
        {"a\rb,c\n", 0, "a\rb|c"},
        {"", 0, ""},
        {"   \n  \n", ' ', ""},
    };
    df_text out = {0};
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++)
        assert_string_equal(read_all(cases[i].text, cases[i].separator, &out), cases[i].fields);
    df_text_free(&out);
}

static bool is_read(df_bytes bytes)
{
    csv_reader csv;
    bool found = true;
    const df_arena_mark mark = df_arena_save(arena);
    bool is_good = csv_open(&csv, bytes, 0, arena, &err);
    while (is_good && found)
        is_good = csv_next(&csv, &found, &err);
    df_arena_restore(arena, mark);
    return is_good;
}

static void wrong_tables_are_refused_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"a,b\n1\n", "line 2: 1 fields, expected 2"},           {"a,b\n\n1,2,3\n", "line 3: 3 fields, expected 2"},
        {"a\n\"1\n2\n", "line 2: a quote that nobody closes"},  {"a,b\n\"x\"y,2\n", "line 2: text behind a closing quote"},
        {"a\n\"1\n2\"\n3,4\n", "line 4: 2 fields, expected 1"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++)
        must_say(is_read(bytes_of(cases[i].text)), &err, cases[i].part);
    must_say(is_read((df_bytes){.data = (const unsigned char *)"a\n\0\n", .size = 4}), &err, "line 2: holds a zero byte");
    must_say(is_read((df_bytes){.data = (const unsigned char *)"a\n\"\0\"\n", .size = 6}), &err, "line 2: holds a zero byte");
}

static void rows_have_limits(void **state)
{
    (void)state;
    df_text text = {0};
    for (int i = 0; i < CSV_COLUMNS; i++)
        df_text_add(&text, ",");
    must_say(is_read(bytes_of(text.data)), &err, "more than 1024 fields");
    df_text_clear(&text);
    df_text_add(&text, "\"");
    for (int i = 0; i <= CSV_ROW / 8; i++)
        df_text_add(&text, "12345678");
    must_say(is_read(bytes_of(text.data)), &err, "line 1: a row of more than");
    df_text_free(&text);
}

static void whole_numbers_are_digits_and_nothing_else(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1.0", "0x1", "1e3", "9999999999999999999", "--1"};
    int64_t value = 77;
    for (size_t i = 0; i < DF_ARRAY_LEN(bad); i++)
        assert_false(csv_integer(bad[i], INT64_MIN, INT64_MAX, &value));
    assert_false(csv_integer("2", -1, 1, &value) || csv_integer("-2", -1, 1, &value));
    assert_int_equal(value, 77);
    assert_true(csv_integer("-1", -1, 1, &value) && value == -1);
    assert_true(csv_integer("0012", 0, 12, &value) && value == 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_tables_come_back),
        cmocka_unit_test(odd_tables_are_decided),
        cmocka_unit_test(wrong_tables_are_refused_by_line),
        cmocka_unit_test(rows_have_limits),
        cmocka_unit_test(whole_numbers_are_digits_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
