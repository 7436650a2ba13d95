/* test_stamp.c: what files say of themselves: complete, the same however a set is run, and other where pixels are. */
#include "dataset/set_fixture.h"

#include "base/json.h"
#include "dataset/stamp.h"

static void recipe_of(const render_job *job, char out[DF_SHA256_TEXT])
{
    df_error err;
    stamp made;
    assert_true(stamp_init(&made, job, &err));
    memcpy(out, made.recipe, DF_SHA256_TEXT);
}

static void the_recipe_knows_only_what_moves_pixels(void **state)
{
    (void)state;
    render_job job = job_defaults(BAND_940), same = job;
    same.per_identity = 7;
    same.labels[LABEL_DEPTH] = same.labels[LABEL_NORMALS] = same.normals16 = true;
    same.only_index = 3;
    snprintf(same.only_identity, sizeof same.only_identity, "p0001");
    memset(same.identities_sha256, 'b', DF_SHA256_TEXT - 1); /* other people in the file: this one has a hash of his own */
    char one[DF_SHA256_TEXT], other[DF_SHA256_TEXT];
    recipe_of(&job, one);
    recipe_of(&same, other);
    assert_string_equal(one, other);
}

static void every_option_that_moves_pixels_is_in_the_recipe(void **state)
{
    (void)state;
    char one[DF_SHA256_TEXT], other[DF_SHA256_TEXT];
    const render_job job = job_defaults(BAND_940);
    recipe_of(&job, one);
    render_job changed[12];
    for (size_t i = 0; i < DF_ARRAY_LEN(changed); i++)
        changed[i] = job;
    changed[0].seed = 1;
    changed[1].size = 113;
    changed[2].samples = 1;
    changed[3].bits = 16;
    changed[4].band = BAND_850;
    changed[5].crop = CROP_ARCFACE;
    changed[6].is_peaked = false;
    changed[7].noise = false;
    changed[8].glasses = 0.5f;
    snprintf(changed[9].background, sizeof changed[9].background, "plain");
    memset(changed[10].model_sha256, 'c', DF_SHA256_TEXT - 1);
    memset(changed[11].background_sha256, 'd', DF_SHA256_TEXT - 1);
    for (size_t i = 0; i < DF_ARRAY_LEN(changed); i++) {
        recipe_of(&changed[i], other);
        assert_string_not_equal(one, other);
    }
    for (int id = 0; id < JOB_RANGE_COUNT; id++) {
        render_job ranged = job;
        ranged.ranges[id].high += 0.5f;
        recipe_of(&ranged, other);
        assert_string_not_equal(one, other);
    }
}

/* The texts of a file of the set; returns the object of the `diffuse` one. */
static json_t *read_stamp(const set_fixture *f, const char *file, const char **xmp)
{
    char path[SET_PATH + 64];
    df_error err;
    df_bytes bytes;
    png_note found[PNG_MAX_NOTES];
    size_t count;
    snprintf(path, sizeof path, "%s/%s", f->out, file);
    assert_true(df_file_read(path, 1 << 20, f->arena, &bytes, &err));
    assert_true(png_read_notes(bytes, found, PNG_MAX_NOTES, &count, f->arena, &err));
    assert_int_equal(count, STAMP_TEXTS);
    assert_string_equal(found[0].keyword, "XML:com.adobe.xmp");
    assert_string_equal(found[1].keyword, STAMP_KEYWORD);
    *xmp = found[0].text;
    json_t *root = df_json_parse(found[1].text, strlen(found[1].text), &err);
    assert_non_null(root);
    return root;
}

static void check_stamp(const set_fixture *f, const char *file, const char *what, const char *line)
{
    const char *xmp;
    char hash[DF_SHA256_TEXT], recipe[DF_SHA256_TEXT];
    json_t *root = read_stamp(f, file, &xmp);
    assert_non_null(strstr(xmp, "digitalsourcetype/trainedAlgorithmicMedia\""));
    df_sha256_of(line, strlen(line), hash);
    recipe_of(&f->job, recipe);
    assert_string_equal(json_string_value(json_object_get(root, "what")), what);
    assert_string_equal(json_string_value(json_object_get(root, "identity")), "p0001");
    assert_int_equal(json_integer_value(json_object_get(root, "index")), 2);
    assert_int_equal(json_integer_value(json_object_get(root, "seed")), 7);
    assert_string_equal(json_string_value(json_object_get(root, "person")), hash);
    assert_true(strlen(json_string_value(json_object_get(root, "recipe"))) == DF_SHA256_TEXT - 1);
    json_decref(root);
}

static void every_file_says_whose_it_is_and_how_it_was_made(void **state)
{
    set_fixture *f = *state;
    f->job.labels[LABEL_DEPTH] = true;
    assert_int_equal(set_run(f), 0);
    df_error err;
    const char *text = NULL;
    size_t length;
    char line[16384];
    df_lines *lines = df_lines_open(f->identities, sizeof line, &err);
    for (int i = 0; i < 2; i++)
        assert_true(df_lines_next(lines, &text, &length, &err));
    snprintf(line, sizeof line, "%s\n", text); /* the hash is of the person's line as the file has it */
    df_lines_close(lines);
    check_stamp(f, "p0001/0002.png", "image", line);
    check_stamp(f, "labels/depth/p0001/0002.png", "depth", line);
}

/* Labels or other people in the file change no byte of an image. */
static void an_image_has_the_same_bytes_with_and_without_labels(void **state)
{
    set_fixture *f = *state;
    df_error err;
    df_bytes one, other;
    char path[SET_PATH + 64];
    assert_int_equal(set_run(f), 0);
    snprintf(path, sizeof path, "%s/p0001/0002.png", f->out);
    assert_true(df_file_read(path, 1 << 20, f->arena, &one, &err));
    set_use(f, "labelled");
    f->job.labels[LABEL_SEGMENTATION] = true;
    f->job.per_identity = 5;
    set_write_people(f, f->identities, SET_PEOPLE + 3);
    assert_int_equal(set_run(f), 0);
    snprintf(path, sizeof path, "%s/p0001/0002.png", f->out);
    assert_true(df_file_read(path, 1 << 20, f->arena, &other, &err));
    assert_int_equal(one.size, other.size);
    assert_memory_equal(one.data, other.data, one.size);
}

static void a_photograph_behind_the_face_is_a_composite(void **state)
{
    (void)state;
    render_job job = job_defaults(BAND_940);
    memset(job.background_sha256, 'e', DF_SHA256_TEXT - 1);
    df_error err;
    stamp made;
    stamp_file file;
    const stamped_person who = {.id = "p", .sha256 = "0"};
    assert_true(stamp_init(&made, &job, &err));
    stamp_write(&made, &who, 0, NULL, &file);
    assert_non_null(strstr(file.texts[0].text, "digitalsourcetype/compositeSynthetic\""));
    stamp_write(&made, &who, 0, "depth", &file);
    assert_non_null(strstr(file.texts[0].text, "digitalsourcetype/trainedAlgorithmicMedia\""));
}

static void the_longest_id_and_numbers_fit(void **state)
{
    (void)state;
    render_job job = job_defaults(BAND_940);
    job.seed = UINT64_MAX;
    df_error err;
    stamp made;
    stamp_file file;
    stamped_person who = {0};
    memset(who.id, 'x', sizeof who.id - 1);
    memset(who.sha256, 'f', sizeof who.sha256 - 1);
    assert_true(stamp_init(&made, &job, &err));
    stamp_write(&made, &who, UINT32_MAX, "a label of 40 bytes that nobody would use", &file);
    json_t *root = df_json_parse(file.text, strlen(file.text), &err);
    assert_non_null(root);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_recipe_knows_only_what_moves_pixels),
        cmocka_unit_test(every_option_that_moves_pixels_is_in_the_recipe),
        cmocka_unit_test_setup_teardown(every_file_says_whose_it_is_and_how_it_was_made, set_setup, set_teardown),
        cmocka_unit_test_setup_teardown(an_image_has_the_same_bytes_with_and_without_labels, set_setup, set_teardown),
        cmocka_unit_test(a_photograph_behind_the_face_is_a_composite),
        cmocka_unit_test(the_longest_id_and_numbers_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
