/* test_manifest.c: a line written and read is the same; its numbers agree with each other; strangers' lines are refused with a
   sentence, whatever they hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "dataset/manifest_read.h"
#include "face_fixture.h"

typedef struct line_fixture {
    df_arena *arena;
    face_model model;
    person who;
    drawn_image drawn;
    camera view;
    head_labels labels;
    manifest_shot shot;
    df_text line;
} line_fixture;

static void make_labels(line_fixture *f)
{
    df_random random = df_random_at(3, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        for (int axis = 0; axis < 3; axis++)
            f->labels.landmarks3d[i][axis] = df_random_range(&random, -80, 80);
        f->shot.visible[i] = i % 3 != 0;
    }
    for (int i = 0; i < 4; i++)
        f->labels.box[i] = 10.5f + (float)i;
    f->labels.gaze[0][2] = f->labels.gaze[1][2] = 1;
}

static int setup(void **state)
{
    df_error err;
    df_arena *arena = df_arena_new(32 << 20, &err);
    line_fixture *f = df_alloc(arena, 1, sizeof *f, &err);
    f->arena = arena;
    f->model = face_fixture(arena);
    snprintf(f->who.id, sizeof f->who.id, "p0007");
    snprintf(f->who.ethnicity, sizeof f->who.ethnicity, "Asian");
    snprintf(f->who.looks.hair, FACE_NAME, "short02");
    snprintf(f->who.looks.beard, FACE_NAME, "none");
    snprintf(f->who.looks.moustache, FACE_NAME, "none");
    f->who.age = 41.25f;
    render_job job = job_defaults(BAND_940);
    draw_image(&job, &f->model, f->who.id, 3, 0, &f->drawn);
    f->view = (camera){.width = 112,
                       .height = 112,
                       .fx = 171.23456f,
                       .fy = 171.23456f,
                       .cx = 55.98765f,
                       .cy = 56.4321f,
                       .extrinsic = {{0.8f, -0.6f, 0, 3.33333f}, {-0.6f, -0.8f, 0, 1.23456f}, {0, 0, -1, 601.98765f}}};
    f->shot = (manifest_shot){.model = &f->model, .who = &f->who, .index = 3, .drawn = &f->drawn, .camera = &f->view, .labels = &f->labels};
    make_labels(f);
    manifest_image_path(f->shot.image.path, f->who.id, 3);
    memset(f->shot.image.sha256, 'a', 64);
    manifest_label_path(f->shot.label_files[LABEL_DEPTH].path, LABEL_DEPTH, f->who.id, 3);
    memset(f->shot.label_files[LABEL_DEPTH].sha256, 'b', 64);
    manifest_write(&f->shot, &f->line);
    *state = f;
    return f->line.failed;
}

static int teardown(void **state)
{
    line_fixture *f = *state;
    df_text_free(&f->line);
    df_arena_free(f->arena);
    return 0;
}

static void a_line_reads_back_as_it_was_written(void **state)
{
    const line_fixture *f = *state;
    df_error err = {0};
    manifest_entry e;
    assert_true(f->line.data[f->line.size - 1] == '\n');
    if (!manifest_parse(f->line.data, f->line.size - 1, &e, NULL, &err))
        fail_msg("%s", err.text);
    assert_string_equal(e.image, "p0007/0003.png");
    assert_string_equal(e.identity, "p0007");
    assert_int_equal(e.index, 3);
    assert_true(e.yaw == f->drawn.head.yaw && e.pitch == f->drawn.head.pitch && e.roll == f->drawn.head.roll);
    assert_true(e.age == 41.25f && e.size == 112 && e.bits == 8 && e.band == BAND_940);
    assert_string_equal(e.gender, "female");
    assert_string_equal(e.hair, "short02");
    assert_string_equal(e.labels[LABEL_DEPTH].path, "labels/depth/p0007/0003.png");
    assert_string_equal(e.labels[LABEL_DEPTH].sha256, f->shot.label_files[LABEL_DEPTH].sha256);
    assert_string_equal(e.labels[LABEL_NORMALS].path, "");
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        assert_true(e.visible[i] == f->shot.visible[i]);
        assert_true(fabsf(e.landmarks3d[i][1] - f->labels.landmarks3d[i][1]) < 1e-4f);
    }
}

static void landmarks_in_2d_are_those_in_3d_through_the_written_camera(void **state)
{
    const line_fixture *f = *state;
    df_error err;
    manifest_entry e;
    assert_true(manifest_parse(f->line.data, f->line.size - 1, &e, NULL, &err));
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        double axes[3];
        for (int r = 0; r < 3; r++)
            axes[r] = (double)e.extrinsic[r][0] * (double)e.landmarks3d[i][0] + (double)e.extrinsic[r][1] * (double)e.landmarks3d[i][1] +
                      (double)e.extrinsic[r][2] * (double)e.landmarks3d[i][2] + (double)e.extrinsic[r][3];
        assert_true(fabs((double)e.fx * axes[0] / axes[2] + (double)e.cx - (double)e.landmarks2d[i][0]) < 1e-3);
        assert_true(fabs((double)e.fy * axes[1] / axes[2] + (double)e.cy - (double)e.landmarks2d[i][1]) < 1e-3);
    }
}

/* The line with one text in it replaced. */
static bool parses_with(const line_fixture *f, const char *from, const char *to, df_error *err)
{
    df_text text = {0};
    manifest_entry e;
    const char *at = strstr(f->line.data, from);
    assert_non_null(at);
    df_text_add_bytes(&text, f->line.data, (size_t)(at - f->line.data));
    df_text_add(&text, to);
    df_text_add(&text, at + strlen(from));
    const bool is_read = manifest_parse(text.data, text.size - 1, &e, NULL, err);
    df_text_free(&text);
    return is_read;
}

static void paths_out_of_the_folder_are_refused(void **state)
{
    static const char *const bad[] = {"../x.png", "/etc/passwd", "a/../../x.png", "", "a//b.png", "a/.", ".hidden/x.png", "a/"};
    for (size_t i = 0; i < DF_ARRAY_LEN(bad); i++) {
        df_error err = {0};
        char picture[64], label[64];
        snprintf(picture, sizeof picture, "\"image\":\"%s\"", bad[i]);
        snprintf(label, sizeof label, "\"depth\":\"%s\"", bad[i]);
        assert_false(parses_with(*state, "\"image\":\"p0007/0003.png\"", picture, &err));
        assert_false(parses_with(*state, "\"depth\":\"labels/depth/p0007/0003.png\"", label, &err));
    }
}

static void an_ethnicity_that_is_not_said_is_null_and_read_as_nothing(void **state)
{
    line_fixture *f = *state;
    df_error err;
    manifest_entry e;
    df_text line = {0};
    person silent = f->who;
    manifest_shot shot = f->shot;
    silent.ethnicity[0] = '\0';
    shot.who = &silent;
    manifest_write(&shot, &line);
    assert_non_null(strstr(line.data, "\"ethnicity\":null"));
    assert_true(manifest_parse(line.data, line.size - 1, &e, NULL, &err));
    assert_string_equal(e.ethnicity, "");
    df_text_free(&line);
}

static void wrong_types_lengths_and_values_are_named(void **state)
{
    static const char *const swaps[][3] = {
        {"\"index\":3", "\"index\":-1", "index"},
        {"\"index\":3", "\"index\":1e99", "index"},
        {"\"size\":112", "\"size\":99999999", "size"},
        {"\"gender\":\"female\"", "\"gender\":1", "gender"},
        {"\"landmarks2d\":[[", "\"landmarks2d\":[[1,", "landmarks2d"},
        {"\"visible\":[0", "\"visible\":[null", "visible"},
        {"\"camera\":{", "\"camera\":[], \"c\":{", "camera"},
        {"\"band\":\"940\"", "\"band\":\"941\"", "band"},
        {"\"identity\":\"p0007\"", "\"identity\":\"0123456789012345678901234567890123456789012345678901234567890123\"", "identity"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(swaps); i++) {
        df_error err = {0};
        assert_false(parses_with(*state, swaps[i][0], swaps[i][1], &err));
        assert_non_null(strstr(err.text, swaps[i][2]));
    }
}

static void a_file_is_read_line_by_line_and_goes_on_after_a_wrong_one(void **state)
{
    const line_fixture *f = *state;
    df_error err = {0};
    char path[64] = "/tmp/diffuse-manifest-XXXXXX";
    df_text file = {0};
    manifest_entry e;
    bool found;
    double value;
    close(mkstemp(path));
    df_text_add(&file, f->line.data);
    df_text_add(&file, "garbage\n");
    df_text_add(&file, f->line.data);
    assert_true(df_file_write(path, file.data, file.size, &err));
    df_text_free(&file);
    manifest_reader *reader = manifest_open(path, &err);
    assert_non_null(reader);
    assert_true(manifest_next(reader, &e, &found, &err) && found);
    assert_true(manifest_number(reader, "light.strength", &value) && (float)value == f->drawn.light_strength);
    assert_false(manifest_number(reader, "light.nothing", &value));
    assert_false(manifest_next(reader, &e, &found, &err));
    assert_non_null(strstr(err.text, "line 2"));
    assert_false(manifest_is_over(reader));
    assert_true(manifest_next(reader, &e, &found, &err) && found);
    assert_true(manifest_next(reader, &e, &found, &err) && !found);
    manifest_close(reader);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_reads_back_as_it_was_written),
        cmocka_unit_test(landmarks_in_2d_are_those_in_3d_through_the_written_camera),
        cmocka_unit_test(paths_out_of_the_folder_are_refused),
        cmocka_unit_test(an_ethnicity_that_is_not_said_is_null_and_read_as_nothing),
        cmocka_unit_test(wrong_types_lengths_and_values_are_named),
        cmocka_unit_test(a_file_is_read_line_by_line_and_goes_on_after_a_wrong_one),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
