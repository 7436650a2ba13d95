/* test_model_notes.c: what a model says of its sources survives its file and a dressing, within limits. */
#include "face/model_notes.h"

#include "face/model_file.h"
#include "face_fixture.h"
#include "scratch.h"

static df_arena *arena;
static df_error err;
static face_model model;
static scratch place;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)128 << 20, &err);
    model = face_fixture(arena);
    place = scratch_new();
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_free(&place);
    df_arena_free(arena);
    return 0;
}

static const char *note(const face_model *of, const char *key)
{
    for (int i = 0; i < of->note_count; i++)
        if (strcmp(of->notes[i][0], key) == 0)
            return of->notes[i][1];
    return "";
}

/* The model as its file gives it back, or NULL with err set. */
static face_model_handle *saved(const char *name, const face_model *what, const char *const (*notes)[2])
{
    must(face_model_save(scratch_path(&place, name), what, notes, &err), &err);
    return face_model_open(place.path, &err);
}

static void notes_come_back_and_the_format_is_none(void **state)
{
    (void)state;
    const char *const notes[][2] = {{"license-x", "MIT, \"quoted\"\nand more: ü"}, {"source", "a scan"}, {NULL, NULL}};
    face_model_handle *handle = saved("m", &model, notes);
    assert_non_null(handle);
    const face_model *read = face_model_of(handle);
    assert_int_equal(read->note_count, 2);
    assert_string_equal(note(read, "license-x"), notes[0][1]);
    assert_string_equal(note(read, "source"), notes[1][1]);
    face_model_close(handle);
}

static void a_model_without_notes_has_none(void **state)
{
    (void)state;
    face_model_handle *handle = saved("m", &model, NULL);
    assert_non_null(handle);
    assert_int_equal(face_model_of(handle)->note_count, 0);
    face_model_close(handle);
}

static void too_many_and_too_long_notes_are_refused_by_name(void **state)
{
    (void)state;
    const char *many[MODEL_MAX_NOTES + 2][2] = {{NULL}};
    char keys[MODEL_MAX_NOTES + 1][8];
    for (int i = 0; i <= MODEL_MAX_NOTES; i++) {
        snprintf(keys[i], sizeof keys[i], "k%d", i);
        many[i][0] = keys[i];
        many[i][1] = "x";
    }
    assert_null(saved("many", &model, (const char *const(*)[2])many));
    assert_non_null(strstr(err.text, "more than 64 notes"));

    char *text = df_alloc(arena, MODEL_NOTE_TEXT + 1, 1, &err);
    memset(text, 'y', MODEL_NOTE_TEXT);
    const char *const longer[][2] = {{"essay", text}, {NULL, NULL}};
    assert_null(saved("long", &model, longer));
    assert_non_null(strstr(err.text, "'essay'"));

    char key[MODEL_NOTE_KEY + 1];
    memset(key, 'z', sizeof key - 1);
    key[sizeof key - 1] = '\0';
    const char *const long_key[][2] = {{key, "x"}, {NULL, NULL}};
    assert_null(saved("key", &model, long_key));
    assert_non_null(strstr(err.text, "a key of"));
}

/* Dressing twice: the second parts' notes replace the first ones', the base's stay. */
static void a_dressed_model_carries_the_notes_of_both(void **state)
{
    (void)state;
    face_model base = model, parts = model;
    const char *const base_notes[][2] = {{"credit", "the scanner"}, {"parts-license-parts", "old hair"}, {"dressed-from-sha256", "0"}};
    const char *const parts_notes[][2] = {{"license-parts", "hair: somebody, CC BY"}};
    const char *const more[][2] = {{"parts-of", "m"}, {NULL, NULL}};
    base.notes = base_notes;
    base.note_count = 3;
    parts.notes = parts_notes;
    parts.note_count = 1;
    const char *const(*joined)[2] = model_notes_joined(&base, &parts, more, arena, &err);
    assert_non_null(joined);
    face_model_handle *handle = saved("dressed", &model, joined);
    assert_non_null(handle);
    const face_model *read = face_model_of(handle);
    assert_int_equal(read->note_count, 3);
    assert_string_equal(note(read, "credit"), "the scanner");
    assert_string_equal(note(read, "parts-license-parts"), "hair: somebody, CC BY");
    assert_string_equal(note(read, "parts-of"), "m");
    face_model_close(handle);
}

static void licences_are_told_from_other_notes(void **state)
{
    (void)state;
    static const char *const yes[] = {"license-makehuman", "parts-license-parts", "credit", "licence"};
    static const char *const no[] = {"built-from", "sampled-groups", "source"};
    for (size_t i = 0; i < DF_ARRAY_LEN(yes); i++)
        assert_true(model_note_is_licence(yes[i]));
    for (size_t i = 0; i < DF_ARRAY_LEN(no); i++)
        assert_false(model_note_is_licence(no[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(notes_come_back_and_the_format_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_model_without_notes_has_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_and_too_long_notes_are_refused_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_dressed_model_carries_the_notes_of_both, set_up, tear_down),
        cmocka_unit_test_setup_teardown(licences_are_told_from_other_notes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
