/* test_manifest_skim.c: what is taken out of lines unparsed is what a parser finds, and nothing that is damaged hurts. */
#include "dataset/set_fixture.h"

#include "dataset/manifest_read.h"
#include "dataset/manifest_skim.h"
#include "mutate.h"

static void assert_skims(const char *line, const char *const *wanted, const char *expected)
{
    df_text out = {0};
    const bool is_object = manifest_skim(line, strlen(line), wanted, &out);
    if (!expected)
        assert_false(is_object);
    else
        assert_true(is_object);
    if (expected)
        assert_string_equal(out.data, expected);
    df_text_free(&out);
}

static void wanted_members_are_taken_and_others_passed_over(void **state)
{
    (void)state;
    static const char *const wanted[] = {"a", "deep.one", "deep.far.two", "list", NULL};
    assert_skims("{}", wanted, "{}");
    assert_skims(" { \"a\" : 1 , \"b\" : [1,{\"a\":2}] } ", wanted, "{\"a\":1 }");
    assert_skims("{\"x\":\"}\\\"]{,\",\"a\":\"\\\\\"}", wanted, "{\"a\":\"\\\\\"}");
    assert_skims("{\"deep\":{\"one\":1,\"three\":3,\"far\":{\"two\":2,\"a\":0}},\"aa\":5}", wanted,
                 "{\"deep\":{\"one\":1,\"far\":{\"two\":2}}}");
    assert_skims("{\"deep\":7,\"list\":[[1,2],\"]\"],\"a\":null}", wanted, "{\"list\":[[1,2],\"]\"],\"a\":null}");
    static const char *const none[] = {"",           "[1]",       "{", "{\"a\"",    "{\"a\":", "{\"a\":1", "{\"a\":\"x}",
                                       "{\"a\":1}x", "{\"a\" 1}", "7", "{\"b\":[1}"};
    for (size_t i = 0; i < DF_ARRAY_LEN(none); i++)
        assert_skims(none[i], wanted, NULL);
}

static void assert_same_summary(const summary *a, const summary *b)
{
    assert_int_equal(a->images, b->images);
    assert_int_equal(a->identities, b->identities);
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    assert_int_equal(a->channels, b->channels);
    assert_int_equal(a->bits, b->bits);
    assert_int_equal(a->band, b->band);
    assert_memory_equal(a->labels, b->labels, sizeof a->labels);
    assert_memory_equal(&a->people, &b->people, sizeof a->people);
    for (int m = 0; m < SUMMARY_MEASURE_COUNT; m++) {
        assert_int_equal(a->measures[m].total, b->measures[m].total);
        assert_memory_equal(a->measures[m].counts, b->measures[m].counts, sizeof a->measures[m].counts);
        assert_true(a->measures[m].sum == b->measures[m].sum && a->measures[m].low == b->measures[m].low);
    }
    for (int t = 0; t < SUMMARY_TOPIC_COUNT; t++) {
        assert_int_equal(a->topics[t].count, b->topics[t].count);
        for (int i = 0; i < a->topics[t].count; i++) {
            assert_string_equal(a->topics[t].items[i].name, b->topics[t].items[i].name);
            assert_int_equal(a->topics[t].items[i].images, b->topics[t].items[i].images);
        }
    }
}

static void the_summary_is_that_of_whole_lines(void **state)
{
    set_fixture *f = *state;
    df_error err;
    const summary *whole, *few;
    f->job.labels[LABEL_DEPTH] = true;
    assert_int_equal(set_run(f), 0);
    assert_true(summary_read(f->out, f->arena, NULL, &whole, &err));
    bool begins[256] = {0};
    assert_true(manifest_skim_summary(f->out, f->arena, NULL, &few, begins, &err));
    for (int c = 0; c < 256; c++)
        assert_int_equal(begins[c], c == 'p');
    assert_true(few->images > 0 && few->topics[SUMMARY_TOPIC_BACKGROUND].count > 0 && few->measures[SUMMARY_GAIN].total > 0);
    assert_same_summary(whole, few);
}

static void a_line_that_is_no_object_is_named(void **state)
{
    set_fixture *f = *state;
    df_error err;
    const summary *few;
    char path[2 * SET_PATH];
    assert_int_equal(set_run(f), 0);
    set_path(f, "manifest.jsonl", path);
    FILE *file = fopen(path, "a");
    fputs("{\"identity\":\n", file);
    fclose(file);
    bool begins[256] = {0};
    assert_false(manifest_skim_summary(f->out, f->arena, NULL, &few, begins, &err));
    assert_non_null(strstr(err.text, "manifest.jsonl, line 16"));
}

static bool skim(df_bytes bytes, df_error *err)
{
    static const char *const wanted[] = {"identity", "light.strength", "sensor.bits", "expression", "labels", NULL};
    df_text out = {0};
    const bool is_object = manifest_skim((const char *)bytes.data, bytes.size, wanted, &out);
    const bool is_small = out.size <= bytes.size + 1;
    df_text_free(&out);
    assert_true(is_small);
    return is_object || df_fail(err, "no object");
}

static void damaged_lines_are_survived(void **state)
{
    (void)state;
    static const char line[] =
        "{\"image\":\"a/0000.png\",\"identity\":\"a\\\"b\",\"light\":{\"strength\":0.5,\"sh\":[[1,2],[3,4]]},"
        "\"sensor\":{\"bits\":8},\"expression\":{\"smile\":0.25},\"labels\":{\"depth\":\"labels/depth/a/0000.png\"}}";
    const df_bytes whole = {.data = (const unsigned char *)line, .size = sizeof line - 1};
    assert_int_equal(mutate_cuts_accepted(whole, skim), 0);
    print_message("5000 damaged lines, %zu still objects\n", mutate_accepted(whole, skim, 5000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wanted_members_are_taken_and_others_passed_over),
        cmocka_unit_test_setup_teardown(the_summary_is_that_of_whole_lines, set_setup, set_teardown),
        cmocka_unit_test_setup_teardown(a_line_that_is_no_object_is_named, set_setup, set_teardown),
        cmocka_unit_test(damaged_lines_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
