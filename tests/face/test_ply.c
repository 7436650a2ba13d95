#include "face/ply.h"

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
    must(df_path_join(path, sizeof path, TEST_DATA "/../fuzz/corpus/ply", name, &err), &err);
    must(df_file_read(path, 1 << 20, arena, &bytes, &err), &err);
    return bytes;
}

static bool parses(const char *text, scan_mesh *mesh)
{
    return ply_parse((df_bytes){.data = (const unsigned char *)text, .size = strlen(text)}, arena, mesh, &err);
}

static bool reads(df_bytes bytes, df_error *said)
{
    scan_mesh mesh;
    df_arena_reset(arena);
    return ply_parse(bytes, arena, &mesh, said);
}

static void every_format_gives_the_same_mesh(void **state)
{
    (void)state;
    static const char *const names[] = {"ascii.ply", "crlf.ply", "little.ply", "big.ply"};
    for (size_t i = 0; i < DF_ARRAY_LEN(names); i++) {
        scan_mesh mesh;
        must(ply_parse(corpus_file(names[i]), arena, &mesh, &err), &err);
        must_be_pyramid(&mesh);
        assert_int_equal(mesh.uv_count, 5);
        for (size_t v = 0; v < 5; v++) {
            assert_true(mesh.uv[2 * v] == mesh.positions[3 * v] / 2);
            assert_true(mesh.uv[2 * v + 1] == mesh.positions[3 * v + 1] / 4);
        }
        assert_memory_equal(mesh.uv_triangles, mesh.triangles, 6 * 3 * sizeof(int32_t));
    }
}

static void points_alone_and_what_is_unknown_are_read(void **state)
{
    (void)state;
    scan_mesh mesh;
    must(parses("ply\nformat ascii 1.0\nelement camera 1\nproperty list int float view\nelement vertex 2\nproperty float z\n"
                "property list uchar int neighbours\nproperty float y\nproperty float x\nproperty float confidence\nend_header\n"
                "3 .1 .2 .3\n1 2 7 7 2 3 0.5\n4 0 5 6 0\n",
                &mesh),
         &err);
    static const float positions[] = {3, 2, 1, 6, 5, 4};
    assert_int_equal(mesh.vertex_count, 2);
    assert_memory_equal(mesh.positions, positions, sizeof positions);
    assert_true(mesh.triangle_count == 0 && !mesh.colours && !mesh.uv && !mesh.uv_triangles && mesh.uv_count == 0);
}

static void float_colours_are_taken_as_they_are(void **state)
{
    (void)state;
    scan_mesh mesh;
    must(
        parses("ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nproperty float diffuse_red\n"
               "property float diffuse_green\nproperty ushort diffuse_blue\nend_header\n0 0 0 0.25 1 65535\n",
               &mesh),
        &err);
    assert_true(mesh.colours[0] == 0.25F && mesh.colours[1] == 1 && mesh.colours[2] == 1);
}

static void refusals_name_place_and_reason(void **state)
{
    (void)state;
    static const struct {
        const char *file, *says;
    } rows[] = {
        {"vertices-2-to-40.ply", "element vertex: 1099511627776 rows of 8 properties, which"},
        {"rows-without-properties.ply", "element nothing: 1000000000000 rows of 0 properties"},
        {"type-unknown.ply", "line 6: expected a property's type"},
        {"index-5-of-5.ply", "face 4: vertex_indices: vertex 5, of which there are 5"},
        {"face-of-4-billion.ply", "face 0: vertex_indices: a list of "},
        {"word-no-number.ply", "vertex 1: s: 'half', expected a number"},
        {"colour-256.ply", "vertex 1: red: a colour of 256, expected 0 to 255"},
        {"binary-cut.ply", "face 4: vertex_indices: the file ends before it"},
        {"binary-bytes-behind.ply", "more behind the last element"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        mutate_must_say("ply", rows[i].file, reads, rows[i].says);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_format_gives_the_same_mesh, set_up, tear_down),
        cmocka_unit_test_setup_teardown(points_alone_and_what_is_unknown_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(float_colours_are_taken_as_they_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals_name_place_and_reason, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
