/* Meshes and targets of MakeHuman's package, in small ones made here. */
#include "face/makehuman_macro.h"
#include "face/makehuman_mesh.h"
#include "face/makehuman_targets.h"

#include "mutate.h"
#include "scratch.h"

enum { ROOM = 16 << 20, VERTICES = 4, CORPUS_BASE = 4 };

static df_arena *arena;
static df_error err;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new(ROOM, &err);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static bool parse(df_bytes bytes, df_error *said)
{
    df_arena *own = df_arena_new(ROOM, said);
    makehuman_mesh mesh;
    const bool ok = makehuman_mesh_parse(bytes, CORPUS_BASE, own, &mesh, said);
    df_arena_free(own);
    return ok;
}

static df_bytes corpus(void)
{
    df_bytes bytes;
    must(df_file_read(TEST_DATA "/../fuzz/corpus/makehuman/quad.json", ROOM, arena, &bytes, &err), &err);
    return bytes;
}

static void a_proxy_is_read_as_it_stands(void **state)
{
    (void)state;
    makehuman_mesh mesh;
    must(makehuman_mesh_parse(corpus(), CORPUS_BASE, arena, &mesh, &err), &err);
    assert_int_equal(mesh.vertex_count, 4);
    assert_int_equal(mesh.uv_count, 4);
    assert_int_equal(mesh.quad_count, 1);
    assert_true(mesh.vertices[6] == 1 && mesh.vertices[7] == 1 && mesh.vertices[8] == 0);
    assert_true(mesh.uv[4] == 1 && mesh.uv[5] == 1);
    for (int k = 0; k < 4; k++) {
        assert_int_equal(mesh.quads[k], k);
        assert_int_equal(mesh.quads_uv[k], k);
    }
    assert_true(mesh.refs[0] == 0 && mesh.refs[1] == 1 && mesh.refs[2] == 2);
    assert_true(mesh.weights[0] == 0.5f && mesh.weights[2] == 0.25f && mesh.offsets[2] == 0.1f);
    assert_string_equal(mesh.author, "somebody");
    assert_string_equal(mesh.license, "CC0");
}

static void a_base_mesh_hangs_on_nothing(void **state)
{
    (void)state;
    makehuman_mesh mesh;
    must(makehuman_mesh_parse(corpus(), 0, arena, &mesh, &err), &err);
    assert_null(mesh.refs);
    assert_null(mesh.weights);
}

static void refusals_name_the_place(void **state)
{
    (void)state;
    mutate_must_say("makehuman", "face-of-other-type.json", parse, "faces: face 0 is not of type 11");
    mutate_must_say("makehuman", "ref-beyond-base.json", parse, "ref_vIdxs: member 0 is no index below 4");
    mutate_must_say("makehuman", "vertex-a-word.json", parse, "vertices: member 2");
}

/* ---- targets ---- */

typedef struct package {
    scratch folder;
    makehuman_targets targets;
} package;

static void put(package *p, const char *folders, const char *name, const void *data, size_t size)
{
    char folder[300], path[600];
    snprintf(folder, sizeof folder, "%s/%s", p->folder.folder, folders);
    must(df_make_folders(folder, &err), &err);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    must(df_file_write(path, data, size, &err), &err);
}

static const char list[] =
    "{\"targets\":{\"data/targets/nose/a-b.target\":[],\"data/targets/nose/a.target\":[],\"data/targets/asym/asym-x-l.target\":[],"
    "\"data/targets/asym/asym-x-r.target\":[],\"data/targets/eyes/r-eye-bag-max.target\":[]}}";
static const char modifiers[] = "[{\"group\":\"nose\",\"modifiers\":[{\"target\":\"a\"},{\"target\":\"a\",\"min\":\"b\",\"max\":\"b\"}]}]";
enum { ASYM_L, ASYM_R, EYE_BAG, NOSE_A_B, NOSE_A, ROWS }; /* bytewise: "a-b.target" comes before "a.target" */

/* Row r moves vertex v by (100 r + v, -v, 1) thousandths of a decimetre. */
static package package_new(size_t missing)
{
    package p = {.folder = scratch_new()};
    int16_t values[ROWS * VERTICES * 3];
    for (int r = 0; r < ROWS; r++)
        for (int v = 0; v < VERTICES; v++) {
            int16_t *to = values + (r * VERTICES + v) * 3;
            to[0] = (int16_t)(100 * r + v);
            to[1] = (int16_t)-v;
            to[2] = 1;
        }
    put(&p, "public/data/targets", "targets.bin", values, sizeof values - missing);
    put(&p, "src/json/targets", "target-list.json", list, sizeof list - 1);
    put(&p, "src/json/modifiers", "modeling_modifiers.json", modifiers, sizeof modifiers - 1);
    return p;
}

static void package_free(package *p)
{
    makehuman_targets_close(&p->targets);
    scratch_free(&p->folder);
}

static void rows_are_found_by_name_in_bytewise_order(void **state)
{
    (void)state;
    package p = package_new(0);
    must(makehuman_targets_open(p.folder.folder, VERTICES, arena, &p.targets, &err), &err);
    assert_int_equal(p.targets.count, ROWS);
    assert_int_equal(makehuman_target_find(&p.targets, "nose/a"), NOSE_A);
    assert_int_equal(makehuman_target_find(&p.targets, "nose/a-b"), NOSE_A_B);
    assert_int_equal(makehuman_target_find(&p.targets, "nose/b"), -1);
    float out[6];
    must(makehuman_target_read(&p.targets, NOSE_A, (int32_t[]){3, 0}, 2, out, &err), &err);
    static const float expected[6] = {40.3f, -0.3f, 0.1f, 40, 0, 0.1f}; /* mm */
    for (int i = 0; i < 6; i++)
        must_lie(out[i], expected[i] - 1e-5f, expected[i] + 1e-5f);
    package_free(&p);
}

static void a_file_of_another_size_is_refused(void **state)
{
    (void)state;
    package p = package_new(2);
    must_say(makehuman_targets_open(p.folder.folder, VERTICES, arena, &p.targets, &err), &err,
             "118 bytes, expected 120 for 5 targets of 4 vertices");
    package_free(&p);
}

static void a_row_that_throws_a_vertex_far_is_refused(void **state)
{
    (void)state;
    package p = package_new(0);
    must(makehuman_targets_open(p.folder.folder, VERTICES, arena, &p.targets, &err), &err);
    unsigned char *forged = test_malloc(p.targets.bytes.size);
    memcpy(forged, p.targets.bytes.data, p.targets.bytes.size);
    makehuman_targets damaged = p.targets;
    damaged.bytes.data = forged;
    forged[((size_t)NOSE_A * VERTICES + 2) * 6 + 1] = 0x7F; /* some 3.2 m */
    float out[12];
    must_say(makehuman_target_read(&damaged, NOSE_A, (int32_t[]){0, 1, 2, 3}, 4, out, &err), &err, "target 'nose/a': moves vertex 2");
    test_free(forged);
    package_free(&p);
}

static void sliders_are_pairs_of_rows(void **state)
{
    (void)state;
    package p = package_new(0);
    makehuman_slider *sliders;
    int count;
    must(makehuman_targets_open(p.folder.folder, VERTICES, arena, &p.targets, &err), &err);
    must(makehuman_sliders_read(p.folder.folder, &p.targets, (const char *const[]){"nose", NULL}, arena, &sliders, &count, &err), &err);
    assert_int_equal(count, 3);
    assert_true(sliders[0].low == -1 && sliders[0].high == NOSE_A);
    assert_true(sliders[1].low == NOSE_A_B && sliders[1].high == NOSE_A_B);
    assert_true(sliders[2].low == ASYM_L && sliders[2].high == ASYM_R);
    assert_string_equal(sliders[2].group, "asym");
    must_say(makehuman_sliders_read(p.folder.folder, &p.targets, (const char *const[]){"chin", NULL}, arena, &sliders, &count, &err), &err,
             "no group 'chin'");
    package_free(&p);
}

static void missing_macro_targets_are_named(void **state)
{
    (void)state;
    package p = package_new(0);
    int rows[MAKEHUMAN_MACROS];
    must(makehuman_targets_open(p.folder.folder, VERTICES, arena, &p.targets, &err), &err);
    must_say(makehuman_macro_rows(&p.targets, rows, &err), &err, "no target 'macrodetails/african-female-child'");
    package_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proxy_is_read_as_it_stands),      cmocka_unit_test(a_base_mesh_hangs_on_nothing),
        cmocka_unit_test(refusals_name_the_place),           cmocka_unit_test(rows_are_found_by_name_in_bytewise_order),
        cmocka_unit_test(a_file_of_another_size_is_refused), cmocka_unit_test(a_row_that_throws_a_vertex_far_is_refused),
        cmocka_unit_test(sliders_are_pairs_of_rows),         cmocka_unit_test(missing_macro_targets_are_named),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
