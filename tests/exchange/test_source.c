/* test_source.c: the table of sources, the names of identities, and the lines of imported images. */
#include "exchange/source.h"

#include <stdio.h>

#include "check.h"
#include "exchange/source_id.h"
#include "exchange/source_line.h"

static df_error err;

static void every_row_is_filled_and_found(void **state)
{
    (void)state;
    int count = 0;
    for (; source_row_at(count); count++) {
        const source_row *row = source_row_at(count);
        assert_non_null(row->name);
        assert_true(row->summary && strlen(row->summary) > 10);
        assert_true(row->recognises && row->open && row->next);
        assert_ptr_equal(source_find(row->name), row);
        for (int other = 0; other < count; other++)
            assert_string_not_equal(source_row_at(other)->name, row->name);
    }
    assert_true(count >= 5);
    assert_null(source_row_at(-1));
    assert_null(source_find("nonsense"));
    assert_null(source_guess("/no/such/place", &err));
    must_say(false, &err, "not there");
}

static void splits_have_three_names(void **state)
{
    (void)state;
    static const struct {
        const char *word, *name;
    } cases[] = {{"train", "train"}, {"Training", "train"}, {"0", "train"}, {"val", "valid"},   {"VALIDATION", "valid"},
                 {"1", "valid"},     {"test", "test"},      {"2", "test"},  {"testing", "test"}};
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++)
        assert_string_equal(source_split_name(cases[i].word), cases[i].name);
    assert_null(source_split_name("dev"));
    assert_null(source_split_name("3"));
    assert_null(source_split_name(""));
}

static void names_become_safe_and_stay_apart(void **state)
{
    (void)state;
    static const char *const plain[] = {"a", "A.b_c-9", "007"};
    static const char *const odd[] = {"a b",    "a_b",     "a\tb",           "..",      ".hidden", "\xC3\xA4", "\xFF",     "x/y",
                                      "labels", "unknown", "manifest.jsonl", "card.md", "\n",      "_",        "a\xC3\xA4"};
    char ids[DF_ARRAY_LEN(odd)][PERSON_ID], id[PERSON_ID];
    source_ids set = {0};
    for (size_t i = 0; i < DF_ARRAY_LEN(plain); i++) {
        must(source_ids_next(&set, plain[i], id, &err), &err);
        assert_string_equal(id, plain[i]);
    }
    for (size_t i = 0; i < DF_ARRAY_LEN(odd); i++) {
        must(source_ids_next(&set, odd[i], ids[i], &err), &err);
        assert_true(person_id_is_safe(ids[i]));
        assert_string_not_equal(ids[i], SOURCE_UNKNOWN);
        assert_string_not_equal(ids[i], "labels");
        for (size_t other = 0; other < i; other++)
            assert_string_not_equal(ids[i], ids[other]);
    }
    must(source_ids_next(&set, "", id, &err), &err);
    assert_string_equal(id, SOURCE_UNKNOWN);
    must_say(source_ids_next(&set, "a b", id, &err), &err, "comes again");
    source_ids_free(&set);
}

static void long_names_are_cut_and_stay_apart(void **state)
{
    (void)state;
    char name[200], ids[20][PERSON_ID];
    source_ids set = {0};
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (int i = 0; i < 20; i++) {
        name[150] = (char)('a' + i);
        must(source_ids_next(&set, name, ids[i], &err), &err);
        assert_true(person_id_is_safe(ids[i]));
        for (int other = 0; other < i; other++)
            assert_string_not_equal(ids[i], ids[other]);
    }
    name[PERSON_ID - 1] = '\0';
    must(source_ids_next(&set, name, ids[0], &err), &err);
    assert_string_equal(ids[0], name); /* the longest that fits stays */
    source_ids_free(&set);
}

static void a_line_is_read_back(void **state)
{
    (void)state;
    manifest_entry entry;
    json_t *json;
    df_text line = {0};
    source_image from = {.original = "a \"b\"/c\n\xFF.png", .identity = "a \"b\"", .split = "valid"};
    source_placed placed = {.format = "celeba",
                            .image = "a__b_/0012.jpg",
                            .identity = "a__b_",
                            .index = 12,
                            .form = {.width = 178, .height = 218, .channels = 3, .bits = 8}};
    memset(placed.form.sha256, 'e', DF_SHA256_TEXT - 1);
    from.fields = json_pack("{s:s, s:i, s:[i,i,i,i], s:{s:b}, s:[[f,f],[f,f],[f,f],[f,f],[f,f]]}", "gender", "male", "age", 30, "box", 1, 2,
                            3, 4, "attributes", "Young", 1, "landmarks5", 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5);
    must(source_line(&from, &placed, &line, &err), &err);
    must(manifest_parse(line.data, line.size, &entry, &json, &err), &err);
    assert_string_equal(entry.image, placed.image);
    assert_string_equal(entry.split, "valid");
    assert_string_equal(entry.imported, "celeba");
    assert_string_equal(entry.gender, "male");
    assert_true(manifest_is_in_place(&entry));
    assert_true(entry.has_five && entry.has_box && entry.has_age && !entry.has_pose && !entry.has_landmarks);
    assert_true(entry.five[4][1] == 10.5f && entry.box[3] == 4 && entry.width == 178 && entry.height == 218); /* exact: halves */
    assert_string_equal(json_string_value(json_object_get(json, "original")), "a \"b\"/c\n\xEF\xBF\xBD.png");
    assert_string_equal(json_string_value(json_object_get(json, "original_identity")), "a \"b\"");
    assert_true(json_is_true(manifest_value(json, "attributes.Young")));
    json_decref(json);
    json_decref(from.fields);
    df_text_free(&line);
}

/* An imported line with one member more, or another. */
static bool parse_with(const char *members, manifest_entry *entry)
{
    char line[1024];
    const int size = snprintf(
        line, sizeof line, "{\"image\":\"a/0000.jpg\",\"identity\":\"a\",\"index\":0,\"imported\":\"folder\",\"sha256\":\"e\"%s}", members);
    return manifest_parse(line, (size_t)size, entry, NULL, &err);
}

static void imported_lines_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *members, *part;
    } cases[] = {
        {"", "width"},
        {",\"width\":0,\"height\":1,\"channels\":1,\"bits\":8", "width"},
        {",\"width\":1,\"height\":99999,\"channels\":1,\"bits\":8", "height"},
        {",\"width\":1,\"height\":1,\"channels\":5,\"bits\":8", "channels"},
        {",\"width\":1,\"height\":1,\"channels\":1,\"bits\":12", "bits"},
        {",\"width\":1,\"height\":1,\"channels\":1,\"bits\":8,\"age\":-1", "age"},
        {",\"width\":1,\"height\":1,\"channels\":1,\"bits\":8,\"box\":[1,2,3]", "box"},
        {",\"width\":1,\"height\":1,\"channels\":1,\"bits\":8,\"landmarks5\":[[1,2]]", "landmarks5"},
        {",\"width\":1,\"height\":1,\"channels\":1,\"bits\":8,\"yaw\":1", "pitch"},
        {",\"width\":1,\"height\":1,\"channels\":1,\"bits\":8,\"split\":1", "split"},
        {",\"width\":1,\"height\":1,\"channels\":1,\"bits\":8,\"version\":2", "version 2, expected 1"},
    };
    manifest_entry entry;
    must(parse_with(",\"width\":1,\"height\":1,\"channels\":1,\"bits\":8,\"version\":1,\"age\":null", &entry), &err);
    assert_true(manifest_is_in_place(&entry) && !entry.has_age);
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++)
        must_say(parse_with(cases[i].members, &entry), &err, cases[i].part);
}

static void notes_end_where_they_would_flood(void **state)
{
    (void)state;
    source_log log = {0};
    for (int i = 0; i < 1000; i++)
        source_say(&log, &log.missing, "%d", i);
    assert_int_equal(log.missing, 1000);
    assert_int_equal(log.named, SOURCE_NAMED + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_filled_and_found),
        cmocka_unit_test(splits_have_three_names),
        cmocka_unit_test(names_become_safe_and_stay_apart),
        cmocka_unit_test(long_names_are_cut_and_stay_apart),
        cmocka_unit_test(a_line_is_read_back),
        cmocka_unit_test(imported_lines_are_checked),
        cmocka_unit_test(notes_end_where_they_would_flood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
