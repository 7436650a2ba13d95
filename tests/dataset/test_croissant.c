/* test_croissant.c: the checker of Croissant descriptions finds nothing in a good one and each of many single faults by name. The good one is
   written after the specification's examples, not by our writer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "dataset/croissant.h"
#include "mutate.h"
#include "scratch.h"

static const char good[] =
    "{\"@context\":{\"@language\":\"en\",\"@vocab\":\"http://schema.org/\",\"sc\":\"http://schema.org/\","
    "\"cr\":\"http://mlcommons.org/croissant/\",\"rai\":\"http://mlcommons.org/croissant/RAI/\",\"dct\":\"http://purl.org/dc/terms/\","
    "\"conformsTo\":\"dct:conformsTo\",\"recordSet\":\"cr:recordSet\",\"field\":\"cr:field\"},\"@type\":\"sc:Dataset\","
    "\"name\":\"movies\",\"conformsTo\":[\"http://mlcommons.org/croissant/1.1\",\"http://mlcommons.org/croissant/RAI/1.0\"],"
    "\"description\":\"Ratings.\",\"url\":\"https://example.org/movies\",\"license\":\"https://spdx.org/licenses/CC0-1.0.html\","
    "\"creator\":{\"@type\":\"sc:Person\",\"name\":\"A. B.\"},\"datePublished\":\"2025-02-28\",\"version\":\"1.0.0\","
    "\"rai:dataBiases\":[\"one\",\"two\"],\"distribution\":["
    "{\"@type\":\"cr:FileObject\",\"@id\":\"all.zip\",\"contentUrl\":\"https://example.org/all.zip\",\"encodingFormat\":\"application/"
    "zip\","
    "\"sha256\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"},"
    "{\"@type\":\"cr:FileObject\",\"@id\":\"table\",\"contentUrl\":\"ratings.csv\",\"containedIn\":{\"@id\":\"all.zip\"},"
    "\"encodingFormat\":\"text/csv\"},"
    "{\"@type\":\"cr:FileSet\",\"@id\":\"posters\",\"containedIn\":{\"@id\":\"all.zip\"},\"encodingFormat\":\"image/png\","
    "\"includes\":\"*.png\"}],\"recordSet\":["
    "{\"@type\":\"cr:RecordSet\",\"@id\":\"ratings\",\"key\":{\"@id\":\"ratings/user\"},\"field\":["
    "{\"@type\":\"cr:Field\",\"@id\":\"ratings/user\",\"dataType\":\"sc:Integer\",\"source\":{\"fileObject\":{\"@id\":\"table\"},"
    "\"extract\":{\"column\":\"user\"}}},"
    "{\"@type\":\"cr:Field\",\"@id\":\"ratings/box\",\"dataType\":[\"sc:Float\",\"cr:BoundingBox\"],\"isArray\":true,"
    "\"arrayShape\":\"-1,4\",\"source\":{\"fileSet\":{\"@id\":\"posters\"},\"extract\":{\"fileProperty\":\"content\"}}},"
    "{\"@type\":\"cr:Field\",\"@id\":\"ratings/both\",\"subField\":[{\"@type\":\"cr:Field\",\"@id\":\"ratings/both/one\","
    "\"dataType\":\"sc:Text\",\"source\":{\"@id\":\"ratings/user\"},\"references\":{\"@id\":\"genders/name\"}}]}]},"
    "{\"@type\":\"cr:RecordSet\",\"@id\":\"genders\",\"dataType\":\"sc:Enumeration\",\"key\":{\"@id\":\"genders/name\"},"
    "\"field\":[{\"@type\":\"cr:Field\",\"@id\":\"genders/name\",\"dataType\":\"sc:Text\"}],"
    "\"data\":[{\"genders/name\":\"female\"},{\"genders/name\":\"male\"}]}]}";

/* One text of the good description by another, and what the sentence must say. */
typedef struct fault {
    const char *from, *to, *says;
} fault;

static const fault faults[] = {
    {"\"@context\":{", "\"@context\":\"https://example.org\",\"was\":{", "@context: expected an object"},
    {"\"cr\":\"http://mlcommons.org/croissant/\"", "\"cr\":\"http://mlcommons.org/schema/\"", "expected cr to be"},
    {"\"@vocab\":\"http://schema.org/\"", "\"@vocab\":\"http://example.org/\"", "expected @vocab to be"},
    {"\"dct\":\"http://purl.org/dc/terms/\",", "", "expected dct to be"},
    {"\"rai\":\"http://mlcommons.org/croissant/RAI/\",", "", "expected rai to be"},
    {"\"sc:Dataset\"", "\"sc:Thing\"", "@type: expected sc:Dataset"},
    {"\"sc:Dataset\"", "\"sc:MyDataset\"", "@type: expected sc:Dataset"},
    {"\"name\":\"movies\",", "", "no name"},
    {"\"name\":\"movies\"", "\"name\":\"\"", "name: expected one text"},
    {"\"name\":\"movies\"", "\"name\":[\"a\",\"b\"]", "name: expected one text"},
    {"http://mlcommons.org/croissant/1.1\",", "http://mlcommons.org/croissant/1.0\",", "croissant/1.1 among"},
    {",\"http://mlcommons.org/croissant/RAI/1.0\"", "", "RAI/1.0 among"},
    {"\"description\":\"Ratings.\",", "", "no description"},
    {"\"url\":\"https://example.org/movies\",", "", "no url"},
    {"\"license\":\"https://spdx.org/licenses/CC0-1.0.html\",", "", "no license"},
    {"\"license\":\"https://spdx.org/licenses/CC0-1.0.html\"", "\"license\":{\"name\":\"mine\"}", "expected a URL or a CreativeWork"},
    {"\"creator\":{\"@type\":\"sc:Person\",\"name\":\"A. B.\"},", "", "no creator"},
    {"\"sc:Person\"", "\"sc:Cat\"", "expected a Person or an Organization"},
    {"\"@type\":\"sc:Person\",\"name\":\"A. B.\"", "\"@type\":\"sc:Person\"", "creator: no name"},
    {"\"datePublished\":\"2025-02-28\",", "", "no datePublished"},
    {"2025-02-28", "28.2.2025", "expected a date"},
    {"2025-02-28", "2025-13-28", "expected a date"},
    {"\"version\":\"1.0.0\"", "\"version\":[\"1.0.0\"]", "version: expected one value"},
    {"\"version\":\"1.0.0\"", "\"version\":\"1.0.0\",\"isLiveDataset\":\"no\"", "isLiveDataset"},
    {"rai:dataBiases", "rai:dataBias", "no property of the RAI vocabulary"},
    {"[\"one\",\"two\"]", "[1,2]", "rai:dataBiases: expected texts"},
    {"\"distribution\":[", "\"distribution\":[],\"was\":[", "no distribution"},
    {"cr:FileSet", "cr:FileBag", "expected cr:FileObject or cr:FileSet"},
    {"\"@id\":\"all.zip\",", "", "distribution: no @id"},
    {"\"@id\":\"table\",\"contentUrl\"", "\"@id\":\"all.zip\",\"contentUrl\"", "stands there twice"},
    {"\"contentUrl\":\"https://example.org/all.zip\",", "", "no contentUrl"},
    {"\"encodingFormat\":\"application/zip\",", "", "no encodingFormat"},
    {"\"sha256\":\"0123", "\"sha256\":\"xyz3", "64 hexadecimal digits"},
    {"\"sha256\":\"0123", "\"sha256\":\"", "64 hexadecimal digits"},
    {"\"containedIn\":{\"@id\":\"all.zip\"},\"encodingFormat\":\"text/csv\"",
     "\"containedIn\":{\"@id\":\"none.zip\"},\"encodingFormat\":\"text/csv\"", "'none.zip', which is nowhere"},
    {"\"includes\":\"*.png\"", "\"includes\":7", "includes: expected texts"},
    {"\"containedIn\":{\"@id\":\"all.zip\"},\"encodingFormat\":\"image/png\",\"includes\":\"*.png\"", "\"encodingFormat\":\"image/png\"",
     "expected includes or containedIn"},
    {"cr:RecordSet\",\"@id\":\"ratings\"", "cr:Records\",\"@id\":\"ratings\"", "expected cr:RecordSet"},
    {"\"key\":{\"@id\":\"ratings/user\"}", "\"key\":{\"@id\":\"ratings/movie\"}", "key refers to 'ratings/movie'"},
    {"\"key\":{\"@id\":\"ratings/user\"}", "\"key\":{\"@id\":\"table\"}", "expected one of: field"},
    {"cr:Field\",\"@id\":\"ratings/user\"", "cr:Column\",\"@id\":\"ratings/user\"", "expected cr:Field"},
    {"{\"@id\":\"table\"},\"extract\"", "{\"@id\":\"tables\"},\"extract\"", "fileObject refers to 'tables'"},
    {"\"fileObject\":{\"@id\":\"table\"},", "", "expected one of fileObject, fileSet and recordSet"},
    {"{\"column\":\"user\"}", "{\"column\":\"user\",\"jsonPath\":\"$.x\"}", "expected one of column, jsonPath and fileProperty"},
    {"{\"column\":\"user\"}", "{}", "expected one of column, jsonPath and fileProperty"},
    {"\"fileProperty\":\"content\"", "\"fileProperty\":\"bytes\"", "fileProperty 'bytes'"},
    {"\"isArray\":true,", "", "arrayShape without isArray"},
    {"\"isArray\":true", "\"isArray\":\"yes\"", "isArray: expected true or false"},
    {"\"-1,4\"", "\"-2,4\"", "arrayShape: expected numbers"},
    {"\"-1,4\"", "\"4x4\"", "arrayShape: expected numbers"},
    {"\"references\":{\"@id\":\"genders/name\"}", "\"references\":{\"@id\":\"genders/sex\"}", "references refers to 'genders/sex'"},
    {"\"references\":{\"@id\":\"genders/name\"}", "\"references\":{\"field\":{\"@id\":\"genders/sex\"}}",
     "references refers to 'genders/sex'"},
    {"\"source\":{\"@id\":\"ratings/user\"},", "", "no source, value or subField"},
    {"[{\"genders/name\":\"female\"}", "[{\"genders/sex\":\"female\"}", "'genders/sex' is no field"},
    {"[{\"genders/name\":\"female\"},", "[7,", "data: expected objects"},
};

typedef struct heard {
    char text[4096];
    int count;
} heard;

static void hear(void *user, const char *sentence)
{
    heard *to = user;
    const size_t length = strlen(to->text);
    snprintf(to->text + length, sizeof to->text - length, "%s\n", sentence);
    to->count++;
}

static int check(const char *text, heard *out)
{
    df_error err;
    *out = (heard){0};
    json_t *root = df_json_parse(text, strlen(text), &err);
    if (!root)
        fail_msg("%s: %s", err.text, text);
    const int problems = croissant_check(root, hear, out);
    json_decref(root);
    assert_int_equal(problems, out->count);
    return problems;
}

static void a_description_after_the_specification_has_no_problem(void **state)
{
    (void)state;
    heard said;
    check(good, &said);
    assert_string_equal(said.text, "");

    static const char spec[] = "\"references\":{\"@id\":\"genders/name\"}",
                      theirs[] = "\"references\":{\"field\":{\"@id\":\"genders/name\"}}";
    static char text[sizeof good + 64];
    const char *at = strstr(good, spec);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, theirs, at + strlen(spec));
    check(text, &said);
    assert_string_equal(said.text, "");
}

static void every_single_fault_is_found(void **state)
{
    (void)state;
    static char text[sizeof good + 512];
    heard said;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const char *at = strstr(good, faults[i].from);
        if (!at)
            fail_msg("'%s' is not in the good description", faults[i].from);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, faults[i].to, at + strlen(faults[i].from));
        check(text, &said);
        if (!strstr(said.text, faults[i].says))
            fail_msg("'%s' instead of '%s': expected '%s', heard '%s'", faults[i].to, faults[i].from, faults[i].says, said.text);
    }
    print_message("%zu faults, all found\n", sizeof faults / sizeof faults[0]);
}

static void anything_else_is_no_description(void **state)
{
    (void)state;
    static const char *const texts[] = {"[]",
                                        "7",
                                        "\"x\"",
                                        "null",
                                        "{}",
                                        "{\"distribution\":[7],\"recordSet\":{\"field\":\"x\"}}",
                                        "{\"distribution\":{\"@id\":{}},\"recordSet\":[[[]]],\"creator\":[7],\"license\":[null]}"};
    heard said;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_true(check(texts[i], &said) > 0);
}

/* ---- files ---- */

static void write_text(const char *path, const char *text)
{
    df_error err;
    assert_true(df_file_write(path, text, strlen(text), &err));
}

static void files_beside_are_compared(void **state)
{
    (void)state;
    df_error err;
    heard said = {0};
    int problems = -1;
    char table[600], description[600], text[sizeof good + 512], hash[DF_SHA256_TEXT];
    scratch s = scratch_new();
    snprintf(table, sizeof table, "%s", scratch_path(&s, "table.csv"));
    snprintf(description, sizeof description, "%s", scratch_path(&s, "croissant.json"));
    write_text(table, "user\n1\n");
    df_sha256_of("user\n1\n", 7, hash);
    const char *object = strstr(good, "{\"@type\":\"cr:FileObject\",\"@id\":\"table\""), *end = strchr(object, '}') + 1;
    end = strchr(end, '}') + 1;
    snprintf(text, sizeof text,
             "%.*s{\"@type\":\"cr:FileObject\",\"@id\":\"table\",\"contentUrl\":\"table.csv\",\"contentSize\":\"7 "
             "B\",\"encodingFormat\":\"text/csv\",\"sha256\":\"%s\"}%s",
             (int)(object - good), good, hash, end);
    write_text(description, text);
    assert_true(croissant_check_file(description, CROISSANT_BESIDE, hear, &said, &problems, &err));
    assert_string_equal(said.text, "");
    assert_int_equal(problems, 0);

    write_text(table, "user\n2\n");
    assert_true(croissant_check_file(description, CROISSANT_BESIDE, hear, &said, &problems, &err));
    assert_int_equal(problems, 1);
    assert_non_null(strstr(said.text, "table.csv: its SHA-256"));
    assert_true(croissant_check_file(description, CROISSANT_ALONE, hear, &said, &problems, &err));
    assert_int_equal(problems, 0);

    said = (heard){0};
    write_text(table, "user\n");
    assert_true(croissant_check_file(description, CROISSANT_BESIDE, hear, &said, &problems, &err));
    assert_non_null(strstr(said.text, "table.csv: its size"));
    said = (heard){0};
    remove(table);
    assert_true(croissant_check_file(description, CROISSANT_BESIDE, hear, &said, &problems, &err));
    assert_non_null(strstr(said.text, "table.csv: is not there"));
    scratch_free(&s);
}

static void what_is_no_json_fails_with_its_name(void **state)
{
    (void)state;
    df_error err;
    int problems;
    heard said = {0};
    scratch s = scratch_new();
    write_text(scratch_path(&s, "croissant.json"), "{\"name\":");
    assert_false(croissant_check_file(s.path, CROISSANT_ALONE, hear, &said, &problems, &err));
    assert_non_null(strstr(err.text, "croissant.json"));
    assert_false(croissant_check_file(scratch_path(&s, "none.json"), CROISSANT_ALONE, hear, &said, &problems, &err));
    scratch_free(&s);
}

static bool parse(df_bytes bytes, df_error *err)
{
    heard said = {0};
    json_t *root = df_json_parse((const char *)bytes.data, bytes.size, err);
    if (!root)
        return false;
    const int problems = croissant_check(root, hear, &said);
    json_decref(root);
    return problems == 0 || df_fail(err, "%.400s", said.text);
}

static void damaged_descriptions_are_survived(void **state)
{
    (void)state;
    const df_bytes whole = {.data = (const unsigned char *)good, .size = sizeof good - 1};
    assert_int_equal(mutate_cuts_accepted(whole, parse), 0);
    const size_t accepted = mutate_accepted(whole, parse, 2000);
    print_message("2000 damaged descriptions, %zu still right\n", accepted);
    assert_true(accepted < 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_description_after_the_specification_has_no_problem),
        cmocka_unit_test(every_single_fault_is_found),
        cmocka_unit_test(anything_else_is_no_description),
        cmocka_unit_test(files_beside_are_compared),
        cmocka_unit_test(what_is_no_json_fails_with_its_name),
        cmocka_unit_test(damaged_descriptions_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
