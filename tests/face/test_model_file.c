#include "face/model_file.h"

#include "face_fixture.h"
#include "mutate.h"
#include "scratch.h"

enum { ROOM = 64 << 20, MUTATIONS = 1000 };

static df_arena *arena;
static df_error err;
static face_model model;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new(ROOM, &err);
    model = face_fixture(arena);
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
    face_model read;
    const bool ok = face_model_parse(bytes, own, &read, said);
    df_arena_free(own);
    return ok;
}

#define SAME(field, count) assert_memory_equal(read->field, model.field, (size_t)(count) * sizeof *model.field)

static void assert_same_parts(const face_model *read)
{
    assert_int_equal(read->part_count, model.part_count);
    for (int i = 0; i < model.part_count; i++) {
        const face_part *a = &read->parts[i], *b = &model.parts[i];
        assert_string_equal(a->name, b->name);
        assert_int_equal(a->kind, b->kind);
        assert_int_equal(a->texture, b->texture);
        assert_int_equal(a->vertex_count, b->vertex_count);
        assert_int_equal(a->triangle_count, b->triangle_count);
        SAME(parts[i].refs, 3 * b->vertex_count);
        SAME(parts[i].weights, 3 * b->vertex_count);
        SAME(parts[i].offsets, 3 * b->vertex_count);
        SAME(parts[i].uv, 2 * b->vertex_count);
        SAME(parts[i].triangles, 3 * b->triangle_count);
        SAME(parts[i].regions, b->triangle_count);
        assert_int_equal(a->eye != NULL, b->eye != NULL);
        assert_memory_equal(a->scale_refs, b->scale_refs, sizeof a->scale_refs);
        assert_memory_equal(a->scale_lengths, b->scale_lengths, sizeof a->scale_lengths);
    }
}

static void assert_same_people(const face_model *read)
{
    const int n = FIXTURE_SHAPE + FIXTURE_ALBEDO;
    assert_int_equal(read->group_count, model.group_count);
    assert_memory_equal(read->group_names, model.group_names, sizeof read->group_names[0] * FIXTURE_GROUPS);
    assert_int_equal(read->law.features, model.law.features);
    SAME(law.shape, model.law.features * FIXTURE_SHAPE);
    SAME(law.albedo, model.law.features * FIXTURE_ALBEDO);
    SAME(law.shape_residual, FIXTURE_SHAPE * FIXTURE_SHAPE);
    SAME(law.albedo_residual, FIXTURE_ALBEDO * FIXTURE_ALBEDO);
    SAME(group_mean, FIXTURE_GROUPS * 2 * n);
    SAME(group_covariance, FIXTURE_GROUPS * 2 * n * n);
    SAME(attribute_directions, FACE_ATTRIBUTE_COUNT * n);
}

static void what_is_saved_is_opened_again(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    const char *const notes[][2] = {{"license", "none of \"ours\""}, {NULL, NULL}};
    must(face_model_save(scratch_path(&folder, "model"), &model, notes, &err), &err);
    face_model_handle *handle = face_model_open(folder.path, &err);
    must(handle != NULL, &err);
    const face_model *read = face_model_of(handle);
    assert_string_equal(read->name, "fixture");
    assert_int_equal(strlen(read->sha256), 64);
    assert_int_equal(read->cage_skin_count, FIXTURE_SKIN);
    SAME(cage_mean, 3 * FIXTURE_CAGE);
    SAME(shape, FIXTURE_SHAPE * 3 * FIXTURE_CAGE);
    SAME(expression, FIXTURE_EXPRESSIONS * 3 * FIXTURE_CAGE);
    SAME(expression_names, FIXTURE_EXPRESSIONS);
    SAME(albedo_mean, 3 * FIXTURE_VERTICES);
    SAME(albedo, FIXTURE_ALBEDO * 3 * FIXTURE_VERTICES);
    SAME(triangles, 3 * FIXTURE_TRIANGLES);
    SAME(regions, FIXTURE_TRIANGLES);
    SAME(uv, 2 * FIXTURE_VERTICES);
    SAME(occlusion, FIXTURE_VERTICES);
    SAME(subdivision.start, FIXTURE_VERTICES + 1);
    SAME(subdivision.column, model.subdivision.start[FIXTURE_VERTICES]);
    SAME(subdivision.weight, model.subdivision.start[FIXTURE_VERTICES]);
    assert_true(read->has_landmarks);
    assert_memory_equal(read->landmarks, model.landmarks, sizeof model.landmarks);
    assert_int_equal(read->eye_ref_count, 8);
    assert_memory_equal(read->eye_refs, model.eye_refs, sizeof model.eye_refs);
    assert_same_people(read);
    assert_same_parts(read);
    face_model_close(handle);
    scratch_free(&folder);
}

static void what_a_model_lacks_stays_away(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    face_model bare = model;
    bare.subdivision = (face_matrix){0};
    bare.skin_count = bare.cage_skin_count = FIXTURE_SKIN;
    bare.triangle_count = 0;
    bare.regions = NULL;
    bare.uv = bare.occlusion = bare.group_mean = bare.group_covariance = bare.attribute_directions = NULL;
    bare.has_landmarks = false;
    bare.eye_ref_count = bare.group_count = bare.part_count = bare.texture_count = bare.law.features = 0;
    must(face_model_save(scratch_path(&folder, "model"), &bare, NULL, &err), &err);
    face_model_handle *handle = face_model_open(folder.path, &err);
    must(handle != NULL, &err);
    const face_model *read = face_model_of(handle);
    assert_null(read->regions);
    assert_null(read->uv);
    assert_null(read->occlusion);
    assert_null(read->subdivision.start);
    assert_null(read->group_mean);
    assert_null(read->attribute_directions);
    assert_false(read->has_landmarks);
    assert_int_equal(read->eye_ref_count + read->group_count + read->part_count + read->texture_count + read->law.features, 0);
    face_model_close(handle);
    scratch_free(&folder);
}

static void textures_have_all_their_smaller_copies(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    /* 4 x 2 texels of grey and alpha: left half opaque, of 0 and 200; right half transparent, but for one texel of 100 */
    static const uint8_t texels[16] = {0, 255, 0, 255, 9, 0, 9, 0, 200, 255, 200, 255, 9, 0, 100, 255};
    const face_texture texture = {.name = "t", .width = 4, .height = 2, .channels = 2, .levels = 1, .level = {texels}};
    face_model one = model;
    one.part_count = 0;
    one.texture_count = 1;
    one.textures = &texture;
    must(face_model_save(scratch_path(&folder, "model"), &one, NULL, &err), &err);
    face_model_handle *handle = face_model_open(folder.path, &err);
    must(handle != NULL, &err);
    const face_texture *read = &face_model_of(handle)->textures[0];
    assert_int_equal(read->levels, 3);
    assert_int_equal(read->level[1][0], 141); /* root of (0 + 200^2) / 2 */
    assert_int_equal(read->level[1][1], 255);
    assert_int_equal(read->level[1][2], 100); /* what is transparent lends no colour */
    assert_int_equal(read->level[1][3], 64);
    assert_int_equal(read->level[2][1], 160); /* (255 + 64) / 2 */
    face_model_close(handle);
    scratch_free(&folder);
}

static void a_file_that_is_no_model_is_named(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    assert_null(face_model_open(scratch_path(&folder, "missing"), &err));
    assert_non_null(strstr(err.text, folder.path));
    scratch_file(&folder, "text", "hello", 5);
    assert_null(face_model_open(folder.path, &err));
    assert_non_null(strstr(err.text, folder.path));
    face_model_close(NULL);
    scratch_free(&folder);
}

static df_bytes good_file(scratch *folder)
{
    df_bytes bytes;
    face_model small = model;
    small.part_count = 2;
    must(face_model_save(scratch_path(folder, "model"), &small, NULL, &err), &err);
    must(df_file_map(folder->path, &bytes, &err), &err);
    return bytes;
}

static void cut_files_are_refused(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    df_bytes bytes = good_file(&folder);
    assert_int_equal(mutate_cuts_accepted(bytes, parse), 0);
    df_file_unmap(&bytes);
    scratch_free(&folder);
}

static void damaged_files_are_read_or_refused(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    df_bytes bytes = good_file(&folder);
    mutate_accepted(bytes, parse, MUTATIONS);
    df_file_unmap(&bytes);
    scratch_free(&folder);
}

static void refusals_name_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *file, *part;
    } rows[] = {
        {"other-format.safetensors", "'format' is 'onnx', expected 'diffuse-face-model'"},
        {"mean-not-a-number.safetensors", "'cage.mean': number 4 is not finite"},
        {"triangle-beyond-skin.safetensors", "'skin.triangles': number 2 is 3, expected 0 to 2"},
        {"subdivision-row-not-one.safetensors", "'skin.subdivision.weight': row 2 sums to 1.25, expected 1"},
        {"occlusion-above-one.safetensors", "'skin.occlusion': number 0 is 1.5, expected 0 to 1"},
        {"part-of-no-kind.safetensors", "part 0: kind: 'wig'"},
        {"part-refs-beyond-cage.safetensors", "part 0: tensor 'part.0.refs': number 8 is 3, expected 0 to 2"},
        {"part-doubled.safetensors", "part 1: a second hat 'cap'"},
        {"groups-doubled.safetensors", "'groups': 'a' stands there twice"},
        {"texture-of-one-channel.safetensors", "'texture.0'"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        mutate_must_say("model", rows[i].file, parse, rows[i].part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_saved_is_opened_again),
        cmocka_unit_test(what_a_model_lacks_stays_away),
        cmocka_unit_test(textures_have_all_their_smaller_copies),
        cmocka_unit_test(a_file_that_is_no_model_is_named),
        cmocka_unit_test(cut_files_are_refused),
        cmocka_unit_test(damaged_files_are_read_or_refused),
        cmocka_unit_test(refusals_name_the_place),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
