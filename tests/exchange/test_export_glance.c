/* test_export_glance.c: a glance says what the parser says, or leaves the line to the parser. */
#include "exchange/export_glance.h"

#include "exchange/json_members.h"
#include "mutate.h"

static const char good[] = "{\"image\":\"a/0001.png\", "
                           "\"identity\":\"a\",\"index\":1,\"imported\":\"csv\",\"note\":\"},{[\\\"\\\\\",\"split\":\"train\",\"width\":12,"
                           "\"height\":9,\"channels\":3,\"bits\":8,\"sha256\":\"0000\",\"deep\":{\"index\":[7,{\"image\":\"no\"}]},"
                           "\"landmarks5\":[[1,2],[3,4],[5,6],"
                           "[7,8],[9,10.5]]}";

static void assert_agrees(const char *line, size_t length, const manifest_entry *glanced)
{
    manifest_entry parsed;
    df_error err;
    if (!manifest_parse(line, length, &parsed, NULL, &err))
        return; /* the second pass will say so */
    assert_string_equal(glanced->image, parsed.image);
    assert_string_equal(glanced->identity, parsed.identity);
    assert_string_equal(glanced->split, parsed.split);
    assert_int_equal(glanced->index, parsed.index);
    assert_int_equal(glanced->width, parsed.width);
    assert_int_equal(glanced->height, parsed.height);
    assert_int_equal(glanced->channels, parsed.channels);
}

static void a_glance_finds_what_the_parser_finds(void **state)
{
    (void)state;
    manifest_entry entry;
    assert_true(export_glance(good, strlen(good), &entry));
    assert_string_equal(entry.image, "a/0001.png");
    assert_int_equal(entry.index, 1);
    assert_int_equal(entry.channels, 3);
    assert_agrees(good, strlen(good), &entry);
}

static void unusual_lines_are_left_to_the_parser(void **state)
{
    (void)state;
    static const char *const unusual[] = {
        "",
        "{}",
        "{",
        "[1]",
        "{nonsense",
        "{\"image\":\"a\",\"identity\":\"\\u0061\",\"index\":0,\"width\":1,\"height\":1,\"channels\":1}", /* an escape */
        "{\"image\":\"a\",\"identity\":\"a\",\"index\":0.5,\"width\":1,\"height\":1,\"channels\":1}",
        "{\"image\":\"a\",\"identity\":\"a\",\"index\":-1,\"width\":1,\"height\":1,\"channels\":1}",
        "{\"image\":\"a\",\"identity\":\"a\",\"index\":0,\"width\":1,\"height\":1,\"channels\":5}",
        "{\"image\":\"a\",\"identity\":\"a\",\"index\":0,\"size\":8,\"band\":\"x\"}",
        "{\"image\":\"a\",\"identity\":\"a\",\"index\":12345678901,\"size\":8,\"band\":\"rgb\"}",
        "{\"image\":\"a\",\"identity\":\"a\",\"index\":0,\"size\":99999,\"band\":\"rgb\"}",
    };
    manifest_entry entry;
    for (size_t i = 0; i < DF_ARRAY_LEN(unusual); i++)
        if (export_glance(unusual[i], strlen(unusual[i]), &entry))
            fail_msg("took: %s", unusual[i]);
}

static size_t disagreements;

/* What a glance takes and the parser takes too has to be the same; mutate.h puts the line before memory that nobody may touch. */
static bool read_line(df_bytes bytes, df_error *err)
{
    manifest_entry entry, parsed;
    const char *line = (const char *)bytes.data;
    if (bytes.size == 0 || !export_glance(line, bytes.size, &entry))
        return df_fail(err, "left to the parser");
    if (manifest_parse(line, bytes.size, &parsed, NULL, err))
        disagreements += strcmp(entry.image, parsed.image) != 0 || strcmp(entry.identity, parsed.identity) != 0 ||
                         strcmp(entry.split, parsed.split) != 0 || entry.index != parsed.index || entry.width != parsed.width ||
                         entry.height != parsed.height || entry.channels != parsed.channels;
    return true;
}

static void damaged_lines_never_lead_out_of_the_text(void **state)
{
    (void)state;
    enum { MUTATIONS = 20000 };
    const df_bytes line = {(const unsigned char *)good, strlen(good)};
    assert_int_equal(mutate_cuts_accepted(line, read_line), 0);
    guarded g = guarded_new(line.size);
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    size_t accepted = 0;
    for (int i = 0; i < MUTATIONS; i++) {
        unsigned char copy[sizeof good];
        memcpy(copy, good, line.size);
        mutate_once(copy, line.size, &random);
        accepted += guarded_read(&g, copy, line.size, read_line);
    }
    guarded_free(&g);
    print_message("%zu cuts and %d mutations of a line, %zu accepted\n", line.size, MUTATIONS, accepted);
    assert_true(accepted > 0);
    assert_int_equal(disagreements, 0);
}

static void members_come_in_order_and_whole(void **state)
{
    (void)state;
    static const char text[] = " { \"a\" : [1, {\"b\":\"]\"}] ,\"c\\\"\":-1.5e3,\"d\":null , \"e\":{} }";
    static const char *const expected[][2] = {{"a", "[1, {\"b\":\"]\"}]"}, {"c\\\"", "-1.5e3"}, {"d", "null"}, {"e", "{}"}};
    json_members members = json_members_of(text, strlen(text));
    json_part key, value;
    for (size_t i = 0; i < DF_ARRAY_LEN(expected); i++) {
        assert_true(json_members_next(&members, &key, &value));
        assert_true(json_part_is(key, expected[i][0]));
        while (value.length > 0 && value.text[value.length - 1] == ' ')
            value.length--;
        assert_true(json_part_is(value, expected[i][1]));
    }
    assert_false(json_members_next(&members, &key, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_glance_finds_what_the_parser_finds),
        cmocka_unit_test(unusual_lines_are_left_to_the_parser),
        cmocka_unit_test(damaged_lines_never_lead_out_of_the_text),
        cmocka_unit_test(members_come_in_order_and_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
