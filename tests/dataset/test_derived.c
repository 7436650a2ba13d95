/* What a derived set says of where it came from: read back, asked line by line, and refused where it is damaged. */
#include "check.h"

#include "dataset/derived.h"
#include "mutate.h"
#include "scratch.h"

static const char good[] = "{\"written-by\":\"diffuse\",\"made-by\":\"merge\",\"how\":\"\",\"sources\":["
                           "{\"name\":\"a\",\"manifest-sha256\":\"00\",\"images\":2,\"job\":{\"seed\":1}},"
                           "{\"name\":\"b\",\"manifest-sha256\":\"01\",\"images\":3,\"job\":null},"
                           "{\"name\":\"c\",\"manifest-sha256\":\"02\",\"images\":1,\"job\":{\"seed\":2}}]}";

/* Whether a set with these bytes as derived.json can be read. */
static bool read_bytes(df_bytes bytes, df_error *err)
{
    scratch s = scratch_new();
    json_t *root = NULL;
    bool found = false;
    must(df_make_folders(scratch_path(&s, ".diffuse"), err), err);
    scratch_file(&s, ".diffuse/derived.json", bytes.data, bytes.size);
    const bool is_good = derived_read(s.folder, &root, &found, err);
    assert_true(!is_good || found);
    json_decref(root);
    scratch_free(&s);
    return is_good;
}

static bool read_text(const char *text, df_error *err)
{
    return read_bytes((df_bytes){.data = (const unsigned char *)text, .size = strlen(text)}, err);
}

static void every_line_has_the_job_of_its_source(void **state)
{
    (void)state;
    static const int seeds[] = {1, 1, 0, 0, 0, 2, 0}; /* 0: no job */
    df_error err;
    json_t *root = df_json_parse(good, sizeof good - 1, &err);
    for (int line = 0; line < 7; line++) {
        const json_t *job = derived_job_at(root, line);
        assert_int_equal(job ? json_integer_value(json_object_get(job, "seed")) : 0, seeds[line]);
    }
    json_decref(root);
}

static void a_set_without_the_file_was_not_derived(void **state)
{
    (void)state;
    scratch s = scratch_new();
    df_error err;
    bool found = true;
    json_t *root = NULL;
    must(derived_read(s.folder, &root, &found, &err), &err);
    assert_true(!found && !root);
    scratch_free(&s);
}

static void damaged_files_are_refused_with_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "derived.json"},
        {"[]", "sources: expected a list"},
        {"{\"sources\":[]}", "sources: expected a list of 1 to"},
        {"{\"sources\":[7]}", "sources[0]: name: missing"},
        {"{\"sources\":[{\"name\":\"a\",\"manifest-sha256\":\"0\",\"images\":-1,\"job\":null}]}", "images: -1, expected 0"},
        {"{\"sources\":[{\"name\":\"a\",\"manifest-sha256\":\"0\",\"images\":1.5,\"job\":null}]}", "images: a fraction"},
        {"{\"sources\":[{\"name\":\"a\",\"manifest-sha256\":\"0\",\"images\":1,\"job\":[]}]}", "job: expected an object or null"},
        {"{\"sources\":[{\"name\":\"a\",\"manifest-sha256\":\"0\",\"images\":1}]}", "job: expected an object or null"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        df_error err = {0};
        must_say(read_text(cases[i].text, &err), &err, cases[i].says);
    }
    df_error err = {0};
    must(read_text(good, &err), &err);
}

static void damaged_bytes_never_crash(void **state)
{
    (void)state;
    const df_bytes bytes = {.data = (const unsigned char *)good, .size = sizeof good - 1};
    assert_int_equal(mutate_cuts_accepted(bytes, read_bytes), 0);
    const size_t accepted = mutate_accepted(bytes, read_bytes, 1000);
    print_message("%zu bytes cut, 1000 mutations tried, %zu still read\n", bytes.size, accepted);
    assert_true(accepted < 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_has_the_job_of_its_source),
        cmocka_unit_test(a_set_without_the_file_was_not_derived),
        cmocka_unit_test(damaged_files_are_refused_with_a_sentence),
        cmocka_unit_test(damaged_bytes_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
