#include "face/face_eval.h"

#include "check.h"
#include "face_fixture.h"

static df_arena *arena;
static df_error err;
static face_model model;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)64 << 20, &err);
    model = face_fixture(arena);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static float *vectors(int count)
{
    float *made = df_alloc(arena, (size_t)count, 3 * sizeof *made, &err);
    must(made != NULL, &err);
    return made;
}

static const float coefficients[FIXTURE_SHAPE] = {0.5f, -1.25f, 2};

static float *shaped(void)
{
    float *cage = vectors(model.cage_count);
    face_shape(&model, coefficients, FIXTURE_SHAPE, cage);
    return cage;
}

static void a_shape_is_the_mean_and_the_weighted_components(void **state)
{
    (void)state;
    const float *cage = shaped();
    for (int i = 0; i < 3 * model.cage_count; i++) {
        double expected = (double)model.cage_mean[i];
        for (int k = 0; k < FIXTURE_SHAPE; k++)
            expected += (double)coefficients[k] * (double)model.shape[(size_t)k * 3 * FIXTURE_CAGE + (size_t)i];
        must_lie(cage[i], (float)expected - 1e-4f, (float)expected + 1e-4f); /* some float roundings of 100 mm */
    }
}

static void missing_coefficients_are_zero(void **state)
{
    (void)state;
    float *some = vectors(model.cage_count), *all = vectors(model.cage_count);
    face_shape(&model, coefficients, 1, some);
    face_shape(&model, (float[]){coefficients[0], 0, 0}, FIXTURE_SHAPE, all);
    assert_memory_equal(some, all, sizeof(float) * 3 * FIXTURE_CAGE);
    face_shape(&model, NULL, 0, some);
    assert_memory_equal(some, model.cage_mean, sizeof(float) * 3 * FIXTURE_CAGE);
}

static void expressions_add_up(void **state)
{
    (void)state;
    const float weights[FIXTURE_EXPRESSIONS] = {0.5f, 0, 1};
    float *cage = shaped(), *with = shaped();
    face_express(&model, weights, with);
    for (int i = 0; i < 3 * FIXTURE_CAGE; i++) {
        const float expected = cage[i] + 0.5f * model.expression[i] + model.expression[2 * 3 * FIXTURE_CAGE + i];
        must_lie(with[i], expected - 1e-4f, expected + 1e-4f);
    }
}

/* Fine vertices lie on, or between, those of the grid. */
static void the_skin_is_the_mean_of_the_cage_around_it(void **state)
{
    (void)state;
    const float *cage = shaped();
    float *skin = vectors(model.skin_count);
    face_skin(&model, cage, skin);
    for (int v = 0; v < FIXTURE_VERTICES; v++) {
        const int x = v % FIXTURE_FINE, y = v / FIXTURE_FINE, low = y / 2 * FIXTURE_SIDE + x / 2,
                  high = (y + 1) / 2 * FIXTURE_SIDE + (x + 1) / 2;
        const int a = y / 2 * FIXTURE_SIDE + (x + 1) / 2, b = (y + 1) / 2 * FIXTURE_SIDE + x / 2;
        for (int axis = 0; axis < 3; axis++) {
            const float expected = (cage[3 * low + axis] + cage[3 * high + axis] + cage[3 * a + axis] + cage[3 * b + axis]) / 4;
            must_lie(skin[3 * v + axis], expected - 1e-4f, expected + 1e-4f);
        }
    }
}

static void one_skin_vertex_is_the_same_bytes_as_among_all(void **state)
{
    (void)state;
    const float *cage = shaped();
    float *skin = vectors(model.skin_count);
    face_skin(&model, cage, skin);
    for (int v = 0; v < FIXTURE_VERTICES; v++) {
        float alone[3];
        face_skin_vertex(&model, cage, v, alone);
        assert_memory_equal(alone, skin + 3 * v, sizeof alone);
    }
}

static void without_subdivision_the_skin_is_the_cage(void **state)
{
    (void)state;
    face_model plain = model;
    plain.subdivision = (face_matrix){0};
    plain.skin_count = plain.cage_skin_count;
    const float *cage = shaped();
    float *skin = vectors(plain.skin_count);
    face_skin(&plain, cage, skin);
    assert_memory_equal(skin, cage, sizeof(float) * 3 * FIXTURE_SKIN);
}

static void albedo_is_the_mean_and_the_weighted_components(void **state)
{
    (void)state;
    float *albedo = vectors(model.skin_count);
    face_albedo(&model, (float[]){2, -1}, FIXTURE_ALBEDO, albedo);
    for (int i = 0; i < 3 * FIXTURE_VERTICES; i++) {
        const float expected = model.albedo_mean[i] + 2 * model.albedo[i] - model.albedo[3 * FIXTURE_VERTICES + i];
        must_lie(albedo[i], expected - 1e-6f, expected + 1e-6f);
    }
}

static void a_part_hangs_on_its_vertices_and_scales_with_the_head(void **state)
{
    (void)state;
    const int32_t refs[3] = {0, 20, 40};
    const float weights[3] = {0.5f, 0.75f, -0.25f}, offsets[3] = {1, 2, 3};
    const face_part part = {.vertex_count = 1,
                            .refs = refs,
                            .weights = weights,
                            .offsets = offsets,
                            .scale_refs = {{0, FIXTURE_SIDE - 1}, {0, 0}, {0, 0}},
                            .scale_lengths = {100, 0, 0}};
    const float *cage = shaped();
    float out[3];
    face_part_vertices(&part, cage, out);
    const float width = fabsf(cage[0] - cage[3 * (FIXTURE_SIDE - 1)]);
    for (int axis = 0; axis < 3; axis++) {
        const float scale = axis == 0 ? width / 100 : 1; /* a length of 0 leaves the axis as it is */
        const float expected = 0.5f * cage[axis] + 0.75f * cage[60 + axis] - 0.25f * cage[120 + axis] + scale * offsets[axis];
        must_lie(out[axis], expected - 1e-4f, expected + 1e-4f);
    }
}

static void eyes_turn_about_their_own_centres(void **state)
{
    (void)state;
    const face_part *eyes = &model.parts[face_model_part(&model, FACE_PART_EYES, "eyes")];
    const float *cage = shaped();
    float *still = vectors(eyes->vertex_count), *turned = vectors(eyes->vertex_count), centre[2][3];
    face_part_vertices(eyes, cage, still);
    face_part_vertices(eyes, cage, turned);
    /* a quarter turn about y for the right eye, nothing for the left */
    const float rotation[2][9] = {{0, 0, 1, 0, 1, 0, -1, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    face_turn_eyes(&model, eyes, cage, rotation, turned);
    for (int eye = 0; eye < 2; eye++)
        face_eye_centre(&model, cage, eye, centre[eye]);
    assert_true(centre[0][0] < 0 && centre[1][0] > 0);
    for (int i = 0; i < eyes->vertex_count; i++) {
        const float *c = centre[eyes->eye[i] - 1], *a = still + 3 * i, *b = turned + 3 * i;
        const float x = a[0] - c[0], z = a[2] - c[2],
                    expected[3] = {eyes->eye[i] == 1 ? c[0] + z : a[0], a[1], eyes->eye[i] == 1 ? c[2] - x : a[2]};
        for (int axis = 0; axis < 3; axis++)
            must_lie(b[axis], expected[axis] - 1e-3f, expected[axis] + 1e-3f);
    }
}

static void normals_of_an_octahedron_point_outwards(void **state)
{
    (void)state;
    static const float corners[18] = {5, 0, 0, -5, 0, 0, 0, 5, 0, 0, -5, 0, 0, 0, 5, 0, 0, -5};
    static const int32_t faces[24] = {0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 4, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3, 5};
    float normals[18];
    mesh_normals(corners, 6, faces, 8, normals);
    for (int i = 0; i < 18; i++)
        must_lie(normals[i], corners[i] / 5 - 1e-6f, corners[i] / 5 + 1e-6f);
}

static void larger_triangles_bend_a_normal_more(void **state)
{
    (void)state;
    /* a triangle of area 2 in the plane z = 0 and one of area 1/2 in the plane x = 0 share vertex 0 */
    static const float corners[15] = {0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 1};
    static const int32_t faces[6] = {0, 1, 2, 0, 3, 4};
    float normals[15];
    mesh_normals(corners, 5, faces, 2, normals);
    const float length = sqrtf(4 * 4 + 1);
    must_lie(normals[0], 1 / length - 1e-6f, 1 / length + 1e-6f);
    must_lie(normals[2], 4 / length - 1e-6f, 4 / length + 1e-6f);
}

static void a_vertex_of_no_triangle_looks_forward(void **state)
{
    (void)state;
    static const float corners[12] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 9, 9};
    static const int32_t flat[3] = {0, 1, 2};
    float normals[12];
    mesh_normals(corners, 4, flat, 1, normals);
    for (int i = 0; i < 4; i++)
        assert_true(normals[3 * i] == 0 && normals[3 * i + 1] == 0 && normals[3 * i + 2] == 1);
}

static void every_region_and_kind_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < FACE_REGION_COUNT; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(face_region_names[i], face_region_names[j]);
    for (int i = 0; i < FACE_PART_KIND_COUNT; i++) {
        assert_true(face_part_rows[i].region > FACE_EYE_SOCKET && face_part_rows[i].region < FACE_REGION_COUNT);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(face_part_rows[i].name, face_part_rows[j].name);
    }
}

static void things_are_found_by_name(void **state)
{
    (void)state;
    assert_int_equal(face_model_group(&model, "Asian"), 1);
    assert_int_equal(face_model_group(&model, "asian"), -1);
    assert_int_equal(face_model_expression(&model, "eye-left-closure"), 2);
    assert_int_equal(face_model_expression(&model, ""), -1);
    assert_string_equal(model.parts[face_model_part(&model, FACE_PART_HAIR, "long01")].name, "long01");
    assert_int_equal(face_model_part(&model, FACE_PART_HAT, "long01"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shape_is_the_mean_and_the_weighted_components),
        cmocka_unit_test(missing_coefficients_are_zero),
        cmocka_unit_test(expressions_add_up),
        cmocka_unit_test(the_skin_is_the_mean_of_the_cage_around_it),
        cmocka_unit_test(one_skin_vertex_is_the_same_bytes_as_among_all),
        cmocka_unit_test(without_subdivision_the_skin_is_the_cage),
        cmocka_unit_test(albedo_is_the_mean_and_the_weighted_components),
        cmocka_unit_test(a_part_hangs_on_its_vertices_and_scales_with_the_head),
        cmocka_unit_test(eyes_turn_about_their_own_centres),
        cmocka_unit_test(normals_of_an_octahedron_point_outwards),
        cmocka_unit_test(larger_triangles_bend_a_normal_more),
        cmocka_unit_test(a_vertex_of_no_triangle_looks_forward),
        cmocka_unit_test(every_region_and_kind_has_a_name_of_its_own),
        cmocka_unit_test(things_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
