#include "face/import.h"

#include "face/face_eval.h"
#include "face/model_npz.h"
#include "face/model_file.h"
#include "miniature.h"
#include "scratch.h"

/* float32 sums of ten terms against double ones. */
static const double tolerance = 1e-5;
enum { CUTS = 200 };
static df_error err;
static const float coefficients[MINI_SHAPE] = {1, -0.5f, 2, 0.25f, -1.5f, 0.75f};

/* The model that `path` gives; its file stays in the scratch folder. */
static face_model_handle *imported(scratch *folder, const char *path, const import_options *options, import_report *report)
{
    char out[MINI_PATH];
    snprintf(out, sizeof out, "%s/model.safetensors", folder->folder);
    must(face_import(path, options, out, report, &err), &err);
    face_model_handle *handle = face_model_open(out, &err);
    must(handle != NULL, &err);
    return handle;
}

static void must_be_close(const float *found, const double *expected, int count)
{
    double difference = 0, size = 0;
    for (int i = 0; i < count; i++) {
        difference += ((double)found[i] - expected[i]) * ((double)found[i] - expected[i]);
        size += expected[i] * expected[i];
    }
    if (!(sqrt(difference) <= tolerance * sqrt(size)))
        fail_msg("off by %g of %g", sqrt(difference), sqrt(size));
}

/* Vertices for the coefficients, and expression weight 0.5 of each, plus `offset` times the expressions' mean. */
static void check_shape(const face_model *m, const double *shift, double expression_scale, bool has_offset)
{
    float cage[MINI_ROWS], weights[FACE_MAX_EXPRESSIONS] = {0};
    double expected[MINI_ROWS];
    face_shape(m, coefficients, m->shape_count, cage);
    for (int e = 0; e < m->expression_count; e++)
        weights[e] = 0.5f;
    face_express(m, weights, cage);
    for (int i = 0; i < MINI_ROWS; i++) {
        expected[i] = mini_mean(i, 0) - (shift ? shift[i % 3] : 0) + (has_offset ? mini_offset(i, 0) : 0);
        for (int k = 0; k < m->shape_count; k++)
            expected[i] += (double)coefficients[k] * mini_deviation(k, 0) * mini_column(i, k);
        for (int e = 0; e < m->expression_count; e++)
            expected[i] += 0.5 * (expression_scale > 0 ? expression_scale : sqrt(mini_expression_variance(e, 0))) * mini_expression(i, e);
    }
    must_be_close(cage, expected, MINI_ROWS);
}

static void check_albedo(const face_model *m)
{
    float albedo[MINI_ROWS];
    double expected[MINI_ROWS];
    assert_int_equal(m->albedo_count, MINI_ALBEDO);
    face_albedo(m, coefficients, m->albedo_count, albedo);
    for (int i = 0; i < MINI_ROWS; i++) {
        expected[i] = mini_colour(i, 0);
        for (int k = 0; k < MINI_ALBEDO; k++)
            expected[i] += (double)coefficients[k] * mini_colour_deviation(k, 0) * mini_colour_column(i, k);
    }
    must_be_close(albedo, expected, MINI_ROWS);
}

static void check_triangles(const face_model *m)
{
    assert_int_equal(m->triangle_count, MINI_TRIANGLES);
    for (int t = 0; t < MINI_TRIANGLES; t++)
        for (int c = 0; c < 3; c++)
            assert_int_equal(m->triangles[3 * t + c], (int)mini_corner(t, c));
}

static void bfm_2009_is_read_in_millimetres_and_turned_outward(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    import_report report;
    mini_bfm2009(scratch_path(&folder, "01_MorphableModel.mat"));
    face_model_handle *handle = imported(&folder, folder.path, &(import_options){0}, &report);
    const face_model *m = face_model_of(handle);
    assert_string_equal(m->name, "bfm2009");
    assert_false(m->has_landmarks); /* they are known for the full model only */
    check_shape(m, NULL, 0, false);
    check_albedo(m);
    check_triangles(m);
    face_model_close(handle);
    scratch_free(&folder);
}

static void attributes_of_bfm_2009_become_directions(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    char attributes[MINI_PATH];
    import_report report;
    snprintf(attributes, sizeof attributes, "%s/a.mat", folder.folder);
    mini_attributes(attributes);
    mini_bfm2009(scratch_path(&folder, "m.mat"));
    face_model_handle *handle = imported(&folder, folder.path, &(import_options){.attributes = attributes}, &report);
    const face_model *m = face_model_of(handle);
    const int n = MINI_SHAPE + MINI_ALBEDO;
    for (int a = 0; a < FACE_AMOUNT_COUNT; a++)
        for (int i = 0; i < n; i++) {
            const double factor = i < MINI_SHAPE ? 1.0 + 2 * a : -1.0;
            must_lie(m->amount_directions[a * n + i] / (float)(factor * mini_direction(i < MINI_SHAPE ? i : i - MINI_SHAPE, 0)), 0.99999f,
                     1.00001f);
        }
    float along = 0; /* one standard deviation along the direction of age is 12 years */
    for (int i = 0; i < n; i++)
        along += m->attribute_directions[FACE_AGE * n + i] * m->attribute_directions[FACE_AGE * n + i];
    must_lie(sqrtf(along) * 12, 0.9999f, 1.0001f);
    face_model_close(handle);
    scratch_free(&folder);
}

static void deep3d_is_centred_and_has_its_keypoints(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    import_report report;
    double centre[3] = {0};
    for (int i = 0; i < MINI_ROWS; i++)
        centre[i % 3] += mini_mean(i, 0) / MINI_VERTICES;
    mini_deep3d(scratch_path(&folder, "BFM_model_front.mat"));
    face_model_handle *handle = imported(&folder, folder.path, &(import_options){0}, &report);
    const face_model *m = face_model_of(handle);
    check_shape(m, centre, 1, false);
    check_albedo(m);
    check_triangles(m);
    for (int i = 0; i < FACE_LANDMARKS; i++)
        assert_int_equal(m->landmarks[i], mini_landmark(i));
    face_model_close(handle);
    scratch_free(&folder);
}

static void statismo_keeps_the_expressions_mean_and_the_named_landmarks(void **state)
{
    (void)state;
    for (int has_expressions = 0; has_expressions < 2; has_expressions++) {
        scratch folder = scratch_new();
        import_report report;
        mini_statismo(scratch_path(&folder, "m.h5"), has_expressions);
        face_model_handle *handle = imported(&folder, folder.path, &(import_options){0}, &report);
        const face_model *m = face_model_of(handle);
        assert_int_equal(m->expression_count, has_expressions ? MINI_EXPRESSIONS : 0);
        assert_int_equal(m->expression_mean != NULL, has_expressions);
        check_shape(m, NULL, 0, has_expressions);
        check_albedo(m);
        check_triangles(m);
        assert_int_equal(m->named_count, MINI_LANDMARKS);
        for (int i = 0; i < MINI_LANDMARKS; i++)
            assert_int_equal(m->named_landmarks[i], mini_landmark(i));
        assert_string_equal(m->named_names[2], "side.part_2");
        face_model_close(handle);
        scratch_free(&folder);
    }
}

static void icts_folder_gives_modes_and_expressions_by_their_names(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    import_report report;
    mini_ict_folder(scratch_path(&folder, "FaceXModel"));
    face_model_handle *handle = imported(&folder, folder.path, &(import_options){0}, &report);
    const face_model *m = face_model_of(handle);
    assert_int_equal(m->shape_count, MINI_SHAPE);
    assert_int_equal(m->albedo_count, 0);
    assert_int_equal(face_model_expression(m, "jawOpen"), 0);
    assert_int_equal(face_model_expression(m, "mouthSmile_L"), 1);
    check_shape(m, NULL, 10, false);
    assert_int_equal(m->triangle_count, MINI_TRIANGLES); /* quads, split either way */
    face_model_close(handle);
    scratch_free(&folder);
}

static double dot(const float *a, const float *b)
{
    double sum = 0;
    for (int i = 0; i < MINI_ROWS; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

/* The scan as the model's own: coefficients by projection (components are orthogonal), evaluated. Largest difference in mm. */
static double error_of_scan(const face_model *m, int scan)
{
    float c[MINI_SCANS], cage[MINI_ROWS], difference[MINI_ROWS];
    double worst = 0;
    for (int i = 0; i < MINI_ROWS; i++)
        difference[i] = (float)(mini_scan(scan, i) - (double)m->cage_mean[i]);
    for (int k = 0; k < m->shape_count; k++)
        c[k] = (float)(dot(difference, m->shape + (size_t)k * MINI_ROWS) /
                       dot(m->shape + (size_t)k * MINI_ROWS, m->shape + (size_t)k * MINI_ROWS));
    face_shape(m, c, m->shape_count, cage);
    for (int i = 0; i < MINI_ROWS; i++)
        worst = fmax(worst, fabs((double)cage[i] - mini_scan(scan, i)));
    return worst;
}

/* Sine of the angle between a known column and the model's subspace. */
static double sine_to_subspace(const face_model *m, int column)
{
    float rest[MINI_ROWS];
    for (int i = 0; i < MINI_ROWS; i++)
        rest[i] = (float)mini_column(i, column);
    const double length = dot(rest, rest);
    for (int k = 0; k < m->shape_count; k++) {
        const float *axis = m->shape + (size_t)k * MINI_ROWS;
        const float share = (float)(dot(rest, axis) / dot(axis, axis));
        for (int i = 0; i < MINI_ROWS; i++)
            rest[i] -= share * axis[i];
    }
    return sqrt(dot(rest, rest) / length);
}

static void a_model_is_learned_again_from_its_scans(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    import_report report;
    mini_scans(scratch_path(&folder, "scans"));
    face_model_handle *handle = imported(&folder, folder.path, &(import_options){0}, &report);
    const face_model *m = face_model_of(handle);
    assert_int_equal(m->shape_count, MINI_SCAN_COMPONENTS); /* what is beyond is rounding */
    assert_int_equal(m->albedo_count, 1);
    check_triangles(m);
    for (int k = 0; k < MINI_SCAN_COMPONENTS; k++)
        assert_true(sine_to_subspace(m, k) < 1e-4);
    assert_true(sine_to_subspace(m, MINI_SCAN_COMPONENTS) > 0.05); /* the check can fail */
    for (int i = 0; i < MINI_SCANS; i++)
        assert_true(error_of_scan(m, i) < 1e-4 * 40);
    face_model_close(handle);
    scratch_free(&folder);
}

static void scans_of_other_poses_need_aligning(void **state)
{
    (void)state;
    for (int align = 0; align < 2; align++) {
        scratch folder = scratch_new();
        char path[MINI_PATH];
        import_report report;
        snprintf(path, sizeof path, "%s/scans", folder.folder);
        mkdir(path, 0777);
        for (int i = 0; i < MINI_SCANS; i++) {
            snprintf(path, sizeof path, "%s/scans/s%d.obj", folder.folder, i);
            mini_scan_obj(path, i, 0.2 * i);
        }
        face_model_handle *handle = imported(&folder, scratch_path(&folder, "scans"), &(import_options){.align = align}, &report);
        const face_model *m = face_model_of(handle);
        const double first = sqrt(dot(m->shape, m->shape) / MINI_VERTICES); /* RMS of the first component, mm */
        assert_true(align ? first < 4 : first > 20);
        face_model_close(handle);
        scratch_free(&folder);
    }
}

static void components_can_be_left_out_and_landmarks_given(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    char landmarks[MINI_PATH], text[1024] = "";
    import_report report;
    for (int i = 0; i < FACE_LANDMARKS; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d\n", mini_landmark(i));
    snprintf(landmarks, sizeof landmarks, "%s", scratch_file(&folder, "landmarks.txt", text, strlen(text)));
    mini_bfm2009(scratch_path(&folder, "m.mat"));
    face_model_handle *handle = imported(&folder, folder.path, &(import_options){.components = 2, .landmarks = landmarks}, &report);
    const face_model *m = face_model_of(handle);
    assert_int_equal(m->shape_count, 2);
    assert_int_equal(m->albedo_count, 2);
    assert_true(m->has_landmarks);
    assert_int_equal(m->landmarks[67], mini_landmark(67));
    check_shape(m, NULL, 0, false);
    face_model_close(handle);
    scratch_free(&folder);
}

static void must_refuse(scratch *folder, const char *path, const import_options *options, const char *part)
{
    char out[MINI_PATH];
    import_report report;
    const size_t before = scratch_entries(folder);
    snprintf(out, sizeof out, "%s/refused.safetensors", folder->folder);
    must_say(face_import(path, options, out, &report, &err), &err, part);
    assert_int_equal(scratch_entries(folder), before);
}

static void what_is_no_model_is_refused_by_name(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    char path[MINI_PATH], other[MINI_PATH];
    must_refuse(&folder, scratch_path(&folder, "missing"), &(import_options){0}, "missing");
    must_refuse(&folder, scratch_file(&folder, "text", "hello", 5), &(import_options){0}, "text: expected a MATLAB 5 file");
    snprintf(path, sizeof path, "%s", scratch_path(&folder, "a.mat"));
    mini_attributes(path);
    must_refuse(&folder, path, &(import_options){0}, "a.mat: no model of a known form");
    snprintf(other, sizeof other, "%s", scratch_path(&folder, "d.mat"));
    mini_deep3d(other);
    must_refuse(&folder, other, &(import_options){.attributes = path}, "a.mat: attributes belong to");
    must_refuse(&folder, other, &(import_options){.landmarks = scratch_file(&folder, "l.txt", "1 2 x", 5)}, "l.txt: landmark 2");
    scratch_free(&folder);
}

static void cut_files_are_refused_and_leave_nothing(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    df_arena *arena = df_arena_new((size_t)1 << 24, &err);
    void (*const writers[])(const char *) = {mini_bfm2009, mini_deep3d};
    for (size_t w = 0; w < DF_ARRAY_LEN(writers); w++) {
        df_bytes whole;
        writers[w](scratch_path(&folder, "whole.mat"));
        must(df_file_read(folder.path, 1 << 20, arena, &whole, &err), &err);
        for (size_t cut = 0; cut < CUTS; cut++) {
            scratch_file(&folder, "cut.mat", whole.data, whole.size * cut / CUTS);
            must_refuse(&folder, folder.path, &(import_options){0}, "cut.mat");
        }
    }
    df_arena_free(arena);
    scratch_free(&folder);
}

static void scans_of_other_topology_are_refused(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    char scans[MINI_PATH], path[MINI_PATH + 8];
    snprintf(scans, sizeof scans, "%s", scratch_path(&folder, "scans"));
    mini_scans(scans);
    static const char triangle[] = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n";
    snprintf(path, sizeof path, "%s/x.obj", scans);
    must(df_file_write(path, triangle, sizeof triangle - 1, &err), &err);
    must_refuse(&folder, scans, &(import_options){0}, "x.obj: 3 vertices, expected 225");
    mini_scan_obj(path, 0, 0);
    must_refuse(&folder, scans, &(import_options){0}, "x.obj: has no colours");
    scratch_free(&folder);
}

static void a_model_survives_npz_byte_for_byte(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    df_arena *arena = df_arena_new((size_t)1 << 24, &err);
    char model[MINI_PATH], npz[MINI_PATH], back[MINI_PATH];
    import_report report;
    df_bytes first, last;
    mini_statismo(scratch_path(&folder, "m.h5"), 1);
    face_model_close(imported(&folder, folder.path, &(import_options){0}, &report));
    snprintf(model, sizeof model, "%s", scratch_path(&folder, "model.safetensors"));
    snprintf(npz, sizeof npz, "%s", scratch_path(&folder, "m.npz"));
    snprintf(back, sizeof back, "%s", scratch_path(&folder, "back.safetensors"));
    must(face_model_convert(model, npz, &err) && face_model_convert(npz, back, &err), &err);
    must(df_file_read(model, 1 << 22, arena, &first, &err) && df_file_read(back, 1 << 22, arena, &last, &err), &err);
    assert_int_equal(first.size, last.size);
    assert_memory_equal(first.data, last.data, first.size);
    must_say(face_model_convert(model, scratch_path(&folder, "m.txt"), &err), &err, "expected a name that ends in");
    df_arena_free(arena);
    scratch_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bfm_2009_is_read_in_millimetres_and_turned_outward),
        cmocka_unit_test(attributes_of_bfm_2009_become_directions),
        cmocka_unit_test(deep3d_is_centred_and_has_its_keypoints),
        cmocka_unit_test(statismo_keeps_the_expressions_mean_and_the_named_landmarks),
        cmocka_unit_test(icts_folder_gives_modes_and_expressions_by_their_names),
        cmocka_unit_test(a_model_is_learned_again_from_its_scans),
        cmocka_unit_test(scans_of_other_poses_need_aligning),
        cmocka_unit_test(components_can_be_left_out_and_landmarks_given),
        cmocka_unit_test(what_is_no_model_is_refused_by_name),
        cmocka_unit_test(cut_files_are_refused_and_leave_nothing),
        cmocka_unit_test(scans_of_other_topology_are_refused),
        cmocka_unit_test(a_model_survives_npz_byte_for_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
