/* Sheets and summaries of a small data set that is really drawn. */
#include "dataset/set_fixture.h"

#include <math.h>

#include "dataset/face_layers.h"
#include "dataset/face_sheet.h"
#include "dataset/summary.h"
#include "image/png.h"

static int setup(void **state)
{
    if (set_setup(state) != 0)
        return 1;
    set_fixture *f = *state;
    f->job.labels[LABEL_DEPTH] = true;
    return set_run(f);
}

static image draw(set_fixture *f, face_sheet_options how, int *shown)
{
    df_error err = {0};
    df_bytes bytes;
    image out = {0};
    char path[2 * SET_PATH];
    snprintf(path, sizeof path, "%s/sheet.png", f->top);
    if (!face_sheet_write(f->out, &how, path, shown, &err) || !df_file_read(path, 1 << 24, f->arena, &bytes, &err) ||
        !png_decode(bytes, &out, f->arena, &err))
        fail_msg("%s", err.text);
    return out;
}

static bool is_same(const image *a, const image *b)
{
    return a->width == b->width && a->height == b->height && memcmp(a->data, b->data, image_bytes(a)) == 0;
}

static void a_sheet_shows_as_many_images_as_there_are(void **state)
{
    set_fixture *f = *state;
    int shown;
    for (int count = 1; count <= 3 * SET_PEOPLE * SET_PER_IDENTITY; count += 3) {
        const image sheet = draw(f, (face_sheet_options){.count = count, .cell = 32, .columns = 4}, &shown);
        const int whole = SET_PEOPLE * SET_PER_IDENTITY;
        assert_int_equal(shown, count < whole ? count : whole);
        assert_true(sheet.width > 4 * 32);
    }
}

static void the_seed_chooses_and_nothing_else_does(void **state)
{
    set_fixture *f = *state;
    const face_sheet_options how = {.count = 4, .cell = 32, .seed = 1};
    const image first = draw(f, how, NULL), again = draw(f, how, NULL);
    assert_true(is_same(&first, &again));
    int different = 0;
    for (uint64_t seed = 2; seed < 8; seed++) {
        const image other = draw(f, (face_sheet_options){.count = 4, .cell = 32, .seed = seed}, NULL);
        different += !is_same(&first, &other);
    }
    assert_true(different >= 5);
}

static void labels_change_pixels_inside_cells_only(void **state)
{
    set_fixture *f = *state;
    const face_sheet_options plain = {.count = 15, .cell = 64, .columns = 5},
                             labelled = {.count = 15, .cell = 64, .columns = 5, .labels = FACE_SHEET_LABELS};
    const image a = draw(f, plain, NULL), b = draw(f, labelled, NULL);
    assert_true(a.width == b.width && a.height == b.height);
    int changed = 0, coloured = 0;
    for (int i = 0; i < a.width * a.height; i++) {
        const uint8_t *p = (const uint8_t *)a.data + 3 * i, *q = (const uint8_t *)b.data + 3 * i;
        changed += memcmp(p, q, 3) != 0;
        coloured += abs(q[0] - q[2]) > 60;
    }
    assert_true(changed > 15 * 100 && coloured > 15 * 50);
    for (int y = 0; y < a.height; y++) /* the margin */
        assert_memory_equal((const uint8_t *)a.data + (size_t)y * (size_t)a.width * 3,
                            (const uint8_t *)b.data + (size_t)y * (size_t)a.width * 3, 16 * 3);
}

static void dense_labels_stand_beside_their_images(void **state)
{
    set_fixture *f = *state;
    int shown;
    const image plain = draw(f, (face_sheet_options){.count = 2, .cell = 40, .columns = 2}, NULL);
    const image dense = draw(f, (face_sheet_options){.count = 2, .cell = 40, .columns = 2, .labels = FACE_SHEET_DENSE}, &shown);
    assert_int_equal(shown, 2);
    assert_true(dense.width == plain.width && dense.height > plain.height); /* image and depth: four cells instead of two */
}

/* Every region but the background has a colour of its own. */
static void regions_can_be_told_apart(void **state)
{
    (void)state;
    for (int a = 0; a < FACE_REGION_COUNT; a++) {
        const canvas_colour x = face_region_colour(a);
        assert_int_equal(x.a, 255);
        for (int b = -1; b < a; b++) {
            const canvas_colour y = face_region_colour(b);
            assert_true(abs(x.r - y.r) + abs(x.g - y.g) + abs(x.b - y.b) > 30);
        }
    }
}

static void a_label_of_another_kind_is_refused(void **state)
{
    set_fixture *f = *state;
    df_error err = {0};
    image grey, out = {0};
    assert_true(image_new(&grey, 4, 4, 1, IMAGE_U8, f->arena, &err));
    assert_true(face_layer_picture(LABEL_SEGMENTATION, &grey, &out, f->arena, &err));
    assert_int_equal(out.channels, 3);
    assert_false(face_layer_picture(LABEL_DEPTH, &grey, &out, f->arena, &err));
    assert_false(face_layer_picture(LABEL_NORMALS, &grey, &out, f->arena, &err));
    assert_non_null(strstr(err.text, "normals"));
}

static void a_summary_counts_what_was_drawn(void **state)
{
    set_fixture *f = *state;
    df_error err = {0};
    const summary *s = NULL;
    if (!summary_read(f->out, f->arena, NULL, &s, &err))
        fail_msg("%s", err.text);
    assert_int_equal(s->images, SET_PEOPLE * SET_PER_IDENTITY);
    assert_int_equal(s->identities, SET_PEOPLE);
    assert_int_equal(s->size, SET_SIZE);
    assert_true(s->labels[LABEL_DEPTH] && !s->labels[LABEL_NORMALS]);
    assert_int_equal(demographics_sum(&s->people, -1, -1, -1).people, SET_PEOPLE);
    assert_int_equal(demographics_sum(&s->people, -1, -1, -1).images, s->images);
    for (int m = 0; m < SUMMARY_MEASURE_COUNT; m++)
        if (s->measures[m].total != s->images)
            fail_msg("%s: %d of %d images", summary_measure_rows[m].keys, (int)s->measures[m].total, (int)s->images);
    assert_true(s->measures[SUMMARY_YAW].low >= (double)f->job.ranges[JOB_YAW].low &&
                s->measures[SUMMARY_YAW].high <= (double)f->job.ranges[JOB_YAW].high);
    for (int t = 0; t < SUMMARY_TOPIC_EXPRESSIONS; t++) {
        int64_t sum = s->topics[t].others;
        for (int i = 0; i < s->topics[t].count; i++)
            sum += s->topics[t].items[i].images;
        if (sum != s->images)
            fail_msg("%s: %d of %d images", summary_topic_rows[t].key, (int)sum, (int)s->images);
    }
}

static void brightness_is_measured_for_each_group(void **state)
{
    set_fixture *f = *state;
    df_error err = {0};
    const summary *s = NULL;
    tally *groups = df_alloc(f->arena, DEMOGRAPHICS_GROUPS, sizeof *groups, &err);
    if (!summary_read(f->out, f->arena, NULL, &s, &err) || !summary_read_pixels(f->out, s, 1000, groups, &err))
        fail_msg("%s", err.text);
    int64_t total = 0;
    for (int g = 0; g < s->people.group_count; g++) {
        total += groups[g].total;
        assert_true(groups[g].total == 0 || (groups[g].low > 0 && groups[g].high < 1));
    }
    assert_int_equal(total, s->images);
}

/* The last test: it breaks the set. */
static void a_damaged_set_is_named_and_leaves_no_sheet(void **state)
{
    set_fixture *f = *state;
    df_error err = {0};
    char path[2 * SET_PATH], sheet[2 * SET_PATH];
    snprintf(sheet, sizeof sheet, "%s/damaged.png", f->top);
    set_path(f, "p0002/0001.png", path);
    assert_int_equal(remove(path), 0);
    assert_false(face_sheet_write(f->out, &(face_sheet_options){.count = 100, .cell = 16}, sheet, NULL, &err));
    assert_non_null(strstr(err.text, "p0002/0001.png"));
    assert_false(df_path_exists(sheet));
    set_path(f, "manifest.jsonl", path);
    assert_true(df_file_write(path, "{}\n", 3, &err));
    assert_false(face_sheet_write(f->out, &(face_sheet_options){.count = 1}, sheet, NULL, &err));
    assert_non_null(strstr(err.text, "manifest.jsonl"));
    assert_true(df_file_write(path, "", 0, &err));
    assert_false(face_sheet_write(f->out, &(face_sheet_options){.count = 1}, sheet, NULL, &err));
    assert_false(df_path_exists(sheet));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sheet_shows_as_many_images_as_there_are),
        cmocka_unit_test(the_seed_chooses_and_nothing_else_does),
        cmocka_unit_test(labels_change_pixels_inside_cells_only),
        cmocka_unit_test(dense_labels_stand_beside_their_images),
        cmocka_unit_test(regions_can_be_told_apart),
        cmocka_unit_test(a_label_of_another_kind_is_refused),
        cmocka_unit_test(a_summary_counts_what_was_drawn),
        cmocka_unit_test(brightness_is_measured_for_each_group),
        cmocka_unit_test(a_damaged_set_is_named_and_leaves_no_sheet),
    };
    return cmocka_run_group_tests(tests, setup, set_teardown);
}
