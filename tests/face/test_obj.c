#include "face/obj.h"

#include "face/pyramid.h"
#include "mutate.h"

static df_arena *arena;
static df_error err;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)16 << 20, &err);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static df_bytes corpus_file(const char *name)
{
    char path[1024];
    df_bytes bytes = {0};
    must(df_path_join(path, sizeof path, TEST_DATA "/../fuzz/corpus/obj", name, &err), &err);
    must(df_file_read(path, 1 << 20, arena, &bytes, &err), &err);
    return bytes;
}

static bool parses(const char *text, scan_mesh *mesh)
{
    return obj_parse((df_bytes){.data = (const unsigned char *)text, .size = strlen(text)}, arena, mesh, &err);
}

static bool reads(df_bytes bytes, df_error *said)
{
    scan_mesh mesh;
    df_arena_reset(arena);
    return obj_parse(bytes, arena, &mesh, said);
}

static void every_kind_of_corner_is_read(void **state)
{
    (void)state;
    static const char *const names[] = {"pyramid.obj", "crlf.obj"};
    static const float uv[] = {0, 0, 0.5F, 0, 0.5F, 0.25F};
    static const int32_t uv_triangles[] = {2, 1, 0, 2, 0, -1, 0, 1, 2, -1, -1, -1, -1, -1, -1, 2, 0, 1};
    for (size_t i = 0; i < DF_ARRAY_LEN(names); i++) {
        scan_mesh mesh;
        must(obj_parse(corpus_file(names[i]), arena, &mesh, &err), &err);
        must_be_pyramid(&mesh);
        assert_int_equal(mesh.uv_count, 3);
        assert_memory_equal(mesh.uv, uv, sizeof uv);
        assert_memory_equal(mesh.uv_triangles, uv_triangles, sizeof uv_triangles);
    }
}

static void points_alone_have_no_colours_and_no_faces(void **state)
{
    (void)state;
    scan_mesh mesh;
    must(parses("v 1 2 3\n\n  v\t-1 +2 3e1 1.0\n#f 1 2 3", &mesh), &err);
    static const float positions[] = {1, 2, 3, -1, 2, 30};
    assert_int_equal(mesh.vertex_count, 2);
    assert_memory_equal(mesh.positions, positions, sizeof positions);
    assert_true(mesh.triangle_count == 0 && !mesh.colours && !mesh.uv && !mesh.uv_triangles && mesh.uv_count == 0);
}

static void negative_indices_count_from_where_the_face_stands(void **state)
{
    (void)state;
    scan_mesh mesh;
    must(parses("v 0 0 0\nv 1 0 0\nv 0 1 0\nf -3 -2 -1\nv 0 0 1\nf -3 -2 -1\n", &mesh), &err);
    static const int32_t triangles[] = {0, 1, 2, 1, 2, 3};
    assert_memory_equal(mesh.triangles, triangles, sizeof triangles);
}

static void refusals_name_line_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *file, *says;
    } rows[] = {
        {"word-unknown.obj", "line 13: begins with 'curv', expected v, vt, vn, f or the like"},
        {"index-6-of-5.obj", "line 18: vertex 6, of which there are 5"},
        {"texture-index-4-of-3.obj", "line 16: texture vertex 4, of which there are 3"},
        {"index-2-to-64.obj", "line 18: '18446744073709551617', expected the index of a vertex"},
        {"vertex-without-colour.obj", "line 5: a vertex without a colour among those with"},
        {"colour-255.obj", "line 5: a colour of 255, expected 0 to 1"},
        {"face-of-two.obj", "line 18: a face of 2 corners, expected 3 or more"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        mutate_must_say("obj", rows[i].file, reads, rows[i].says);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind_of_corner_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(points_alone_have_no_colours_and_no_faces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(negative_indices_count_from_where_the_face_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals_name_line_and_reason, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
