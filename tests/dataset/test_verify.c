/* test_verify.c: each kind of damage is found and named, and a good set has none. */
#include "dataset/set_fixture.h"

#include "dataset/verify.h"
#include "image/png.h"

typedef struct found {
    int64_t count;
    df_text all;
} found;

static void note(void *user, const char *sentence)
{
    found *f = user;
    f->count++;
    df_text_add(&f->all, sentence);
    df_text_add(&f->all, "\n");
}

/* Verifies top/set; the number of problems, their text in *all. */
static int64_t problems(const set_fixture *f, df_text *all)
{
    found result = {0};
    verify_result counted;
    df_error err = {0};
    if (!verify_dataset(f->out, 1, NULL, note, &result, &counted, &err))
        fail_msg("%s", err.text);
    assert_int_equal(counted.problems, result.count);
    *all = result.all;
    return result.count;
}

static void assert_named(const set_fixture *f, const char *path)
{
    df_text all;
    assert_true(problems(f, &all) > 0);
    if (!strstr(all.data, path))
        fail_msg("'%s' is not among: %s", path, all.data);
    df_text_free(&all);
}

static int setup(void **state)
{
    if (set_setup(state) != 0)
        return 1;
    set_fixture *f = *state;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        f->job.labels[kind] = true;
    return set_run(f);
}

static void read_lines(const set_fixture *f, char **lines, int *count)
{
    df_error err;
    df_bytes bytes;
    char path[2 * SET_PATH];
    set_path(f, "manifest.jsonl", path);
    assert_true(df_file_read(path, 1 << 22, f->arena, &bytes, &err));
    *count = 0;
    for (char *line = df_copy_string(f->arena, (const char *)bytes.data, &err); *line;) {
        char *end = strchr(line, '\n');
        *end = '\0';
        lines[(*count)++] = line;
        line = end + 1;
    }
}

static void write_lines(const set_fixture *f, char *const *lines, int count)
{
    df_error err;
    df_text text = {0};
    char path[2 * SET_PATH];
    for (int i = 0; i < count; i++)
        if (lines[i]) {
            df_text_add(&text, lines[i]);
            df_text_add(&text, "\n");
        }
    set_path(f, "manifest.jsonl", path);
    assert_true(df_file_write(path, text.data, text.size, &err));
    df_text_free(&text);
}

static void a_good_set_has_no_problems(void **state)
{
    df_text all;
    assert_int_equal(problems(*state, &all), 0);
    df_text_free(&all);
}

/* One value of one pixel, in a file that decodes. */
static void change_pixel(const set_fixture *f, const char *name)
{
    df_error err;
    df_bytes bytes;
    image pixels;
    char path[2 * SET_PATH];
    set_path(f, name, path);
    assert_true(df_file_read(path, 1 << 22, f->arena, &bytes, &err) && png_decode(bytes, &pixels, f->arena, &err));
    uint8_t *data = pixels.data;
    data[image_bytes(&pixels) / 2] ^= 1;
    assert_true(png_write_file(path, &pixels, &err));
}

static void one_changed_pixel_is_named(void **state)
{
    change_pixel(*state, "p0001/0002.png");
    assert_named(*state, "p0001/0002.png: other pixels");
}

static void one_changed_label_is_named(void **state)
{
    change_pixel(*state, "labels/depth/p0003/0001.png");
    change_pixel(*state, "labels/normals/p0004/0000.png");
    assert_named(*state, "labels/depth/p0003/0001.png: other pixels");
    assert_named(*state, "labels/normals/p0004/0000.png: other pixels");
}

static void missing_and_cut_files_are_named(void **state)
{
    char path[2 * SET_PATH];
    set_path(*state, "p0000/0000.png", path);
    assert_int_equal(unlink(path), 0);
    set_path(*state, "p0002/0001.png", path);
    assert_int_equal(truncate(path, 200), 0);
    set_path(*state, "labels/segmentation/p0001/0001.png", path);
    assert_int_equal(truncate(path, 0), 0);
    assert_named(*state, "p0000/0000.png: missing");
    assert_named(*state, "p0002/0001.png");
    assert_named(*state, "labels/segmentation/p0001/0001.png");
}

static void files_and_folders_too_many_are_named(void **state)
{
    df_error err;
    static const char *const strangers[] = {"p0001/0003.png", "p0001/notes.txt", "labels/depth/p0002/0009.png", "stranger/0000.png",
                                            "labels/normals/other/x"};
    for (size_t i = 0; i < DF_ARRAY_LEN(strangers); i++) {
        char path[2 * SET_PATH], folder[2 * SET_PATH];
        set_path(*state, strangers[i], path);
        snprintf(folder, sizeof folder, "%s", path);
        *strrchr(folder, '/') = '\0';
        assert_true(df_make_folders(folder, &err) && df_file_write(path, "x", 1, &err));
    }
    assert_named(*state, "p0001/0003.png: not named");
    assert_named(*state, "p0001/notes.txt: not named");
    assert_named(*state, "labels/depth/p0002/0009.png: not named");
    assert_named(*state, "stranger: a folder");
    assert_named(*state, "labels/normals/other: a folder");
}

static void sheets_and_hidden_files_are_free(void **state)
{
    df_error err;
    df_text all;
    char path[2 * SET_PATH];
    set_path(*state, "sheet.png", path);
    assert_true(df_file_write(path, "x", 1, &err));
    set_path(*state, "p0001/.hidden", path);
    assert_true(df_file_write(path, "x", 1, &err));
    assert_int_equal(problems(*state, &all), 0);
    df_text_free(&all);
}

static void two_swapped_images_are_both_named(void **state)
{
    char a[2 * SET_PATH], b[2 * SET_PATH], c[2 * SET_PATH];
    set_path(*state, "p0001/0000.png", a);
    set_path(*state, "p0003/0002.png", b);
    set_path(*state, "p0001/swap", c);
    assert_true(rename(a, c) == 0 && rename(b, a) == 0 && rename(c, b) == 0);
    assert_named(*state, "p0001/0000.png: other pixels");
    assert_named(*state, "p0003/0002.png: other pixels");
}

static void a_lost_line_is_named(void **state)
{
    char *lines[64];
    int count;
    read_lines(*state, lines, &count);
    lines[4] = NULL; /* p0001/0001 */
    write_lines(*state, lines, count);
    assert_named(*state, "p0001/0001.png: not named");
    assert_named(*state, "p0001/0002.png: line 5 has index 2, expected 1");
    assert_named(*state, "14 lines, expected 15");
}

static void the_last_line_lost_is_named(void **state)
{
    char *lines[64];
    int count;
    read_lines(*state, lines, &count);
    lines[count - 1] = NULL;
    write_lines(*state, lines, count);
    assert_named(*state, "p0004/0002.png: not named");
    assert_named(*state, "p0004: ends at image 1");
}

static void a_whole_identity_lost_is_named(void **state)
{
    char *lines[64];
    int count;
    read_lines(*state, lines, &count);
    lines[3] = lines[4] = lines[5] = NULL;
    write_lines(*state, lines, count);
    assert_named(*state, "p0001: a folder");
}

static void a_doubled_line_is_named(void **state)
{
    char *lines[64];
    int count;
    read_lines(*state, lines, &count);
    lines[5] = lines[4];
    write_lines(*state, lines, count);
    assert_named(*state, "p0001/0001.png: line 6 has index 1, expected 2");
    lines[4] = lines[3] = lines[5] = NULL;
    lines[0] = lines[1];
    write_lines(*state, lines, count);
    assert_named(*state, "p0000/0001.png: line 1 has index 1, expected 0");
}

static void swapped_lines_and_identities_are_named(void **state)
{
    char *lines[64], *kept;
    int count;
    read_lines(*state, lines, &count);
    kept = lines[3];
    lines[3] = lines[4];
    lines[4] = kept;
    write_lines(*state, lines, count);
    assert_named(*state, "p0001/0001.png: line 4");
    lines[4] = lines[3];
    lines[3] = kept;
    for (int i = 0; i < SET_PER_IDENTITY; i++) { /* p0001 and p0002 as wholes */
        kept = lines[3 + i];
        lines[3 + i] = lines[6 + i];
        lines[6 + i] = kept;
    }
    write_lines(*state, lines, count);
    assert_named(*state, "in another order");
}

static void a_broken_line_is_named_and_the_rest_checked(void **state)
{
    char *lines[64], broken[] = "{\"image\":\"p0001/0000.png\"}";
    int count;
    read_lines(*state, lines, &count);
    lines[3] = broken;
    write_lines(*state, lines, count);
    change_pixel(*state, "p0004/0002.png");
    assert_named(*state, "manifest.jsonl, line 4");
    assert_named(*state, "p0004/0002.png: other pixels");
}

static void a_landmark_that_left_its_camera_is_named(void **state)
{
    set_fixture *f = *state;
    char *lines[64];
    int count;
    read_lines(f, lines, &count);
    char *first = strstr(lines[2], "\"landmarks2d\":[[") + strlen("\"landmarks2d\":[[");
    *first = *first == '1' ? '2' : '1';
    write_lines(f, lines, count);
    assert_named(f, "p0000/0002.png: landmark 0");
}

static void no_manifest_is_one_sentence(void **state)
{
    set_fixture *f = *state;
    df_error err = {0};
    found result = {0};
    verify_result counted;
    set_use(f, "nothing");
    assert_false(verify_dataset(f->out, 1, NULL, note, &result, &counted, &err));
    assert_non_null(strstr(err.text, "no manifest.jsonl"));
}

int main(void)
{
#define SET_TEST(name) cmocka_unit_test_setup_teardown(name, setup, set_teardown)
    const struct CMUnitTest tests[] = {
        SET_TEST(a_good_set_has_no_problems),
        SET_TEST(one_changed_pixel_is_named),
        SET_TEST(one_changed_label_is_named),
        SET_TEST(missing_and_cut_files_are_named),
        SET_TEST(files_and_folders_too_many_are_named),
        SET_TEST(sheets_and_hidden_files_are_free),
        SET_TEST(two_swapped_images_are_both_named),
        SET_TEST(a_lost_line_is_named),
        SET_TEST(the_last_line_lost_is_named),
        SET_TEST(a_whole_identity_lost_is_named),
        SET_TEST(a_doubled_line_is_named),
        SET_TEST(swapped_lines_and_identities_are_named),
        SET_TEST(a_broken_line_is_named_and_the_rest_checked),
        SET_TEST(a_landmark_that_left_its_camera_is_named),
        SET_TEST(no_manifest_is_one_sentence),
    };
#undef SET_TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
