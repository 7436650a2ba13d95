#include "face/proxy_mesh.h"
#include "face/proxy_texture.h"

#include <math.h>

#include "face/head_stub.h"
#include "image/colour.h"
#include "image/png.h"
#include "scratch.h"

static df_arena *arena;
static df_error err;
static float *rest;
static makehuman_head head;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)64 << 20, &err);
    head = head_stub(arena, &rest);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

/* Two quads side by side whose common edge has two uvs at vertex 1, one at vertex 4. */
static const float vertices[18], uv[14] = {0, 0, 0.5f, 0, 0.5f, 0.5f, 0, 0.5f, 0.6f, 0, 1, 0, 1, 0.5f};
static const int32_t quads[8] = {0, 1, 4, 3, 1, 2, 5, 4}, quads_uv[8] = {0, 1, 2, 3, 4, 5, 6, 2};
static const int32_t refs[18] = {7, 8, 9, 10, 10, 10, 11, 11, 11, 12, 12, 12, 13, 13, 13, 14, 14, 14};
static const float weights[18] = {0.5f, 0.25f, 0.25f, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0}, offsets[18] = {0.01f, 0, 0};
static const makehuman_mesh two_quads = {.vertex_count = 6,
                                         .uv_count = 7,
                                         .quad_count = 2,
                                         .vertices = vertices,
                                         .uv = uv,
                                         .quads = quads,
                                         .quads_uv = quads_uv,
                                         .refs = refs,
                                         .weights = weights,
                                         .offsets = offsets};

static void vertices_split_where_uvs_differ(void **state)
{
    (void)state;
    face_part part = {.kind = FACE_PART_HAT};
    must(proxy_part(&two_quads, &head, NULL, 0, arena, &part, &err), &err);
    assert_int_equal(part.vertex_count, 7);
    assert_int_equal(part.triangle_count, 4);
    for (int t = 0; t < 4; t++)
        assert_int_equal(part.regions[t], FACE_HAT);
    int on_ten = 0;
    for (int i = 0; i < part.vertex_count; i++)
        on_ten += part.refs[3 * i] == 10;
    assert_int_equal(on_ten, 2); /* vertex 1, twice */
    assert_int_equal(part.refs[0], 7);
    assert_true(part.weights[0] == 0.5f && part.offsets[0] == 1 && part.uv[2] == 0.5f); /* mm */
    assert_null(part.eye);
}

static void glass_lies_where_the_texture_says(void **state)
{
    (void)state;
    static const float lens[1][4] = {{0.55f, 0, 1, 1}};
    face_part part = {.kind = FACE_PART_GLASSES};
    must(proxy_part(&two_quads, &head, lens, 1, arena, &part, &err), &err);
    assert_int_equal(part.regions[0], FACE_GLASSES);
    assert_int_equal(part.regions[1], FACE_GLASSES);
    assert_int_equal(part.regions[2], FACE_LENS);
    assert_int_equal(part.regions[3], FACE_LENS);
}

static void a_proxy_that_hangs_outside_of_the_head_is_refused(void **state)
{
    (void)state;
    int32_t *cage_of = df_copy(arena, head.cage_of, MAKEHUMAN_VERTICES * sizeof *cage_of, &err);
    makehuman_head without = head;
    face_part part = {.kind = FACE_PART_HAT};
    must(cage_of != NULL, &err);
    cage_of[12] = -1;
    without.cage_of = cage_of;
    must_say(proxy_part(&two_quads, &without, NULL, 0, arena, &part, &err), &err, "vertex 12 of the base mesh, which is not in the head");
    cage_of[12] = 12;
    cage_of[8] = -1; /* weight 0.25 at vertex 0 */
    part = (face_part){.kind = FACE_PART_HAT};
    must_say(proxy_part(&two_quads, &without, NULL, 0, arena, &part, &err), &err, "vertex 8");
}

static void eyes_need_two_balls(void **state)
{
    (void)state;
    face_part part = {.kind = FACE_PART_EYES};
    must_say(proxy_part(&two_quads, &head, NULL, 0, arena, &part, &err), &err, "0 vertices in eyeballs, expected two of 276");
}

static const char *write_texture(scratch *folder, int width, const uint8_t *rgba)
{
    union {
        const void *constant;
        void *data;
    } texels = {.constant = rgba};
    const image made = {.width = width, .height = 1, .channels = 4, .type = IMAGE_U8, .data = texels.data};
    must(png_write_file(scratch_path(folder, "t.png"), &made, &err), &err);
    return folder->path;
}

/* Two opaque texels of linear luminance 0.1 and 0.3 (mean 0.2, gain 3) and a transparent one, which does not count. */
static void strands_get_a_common_mean(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    const uint8_t dark = (uint8_t)lroundf(255 * linear_to_srgb(0.1f)), light = (uint8_t)lroundf(255 * linear_to_srgb(0.3f));
    const uint8_t rgba[12] = {dark, dark, dark, 255, light, light, light, 255, 255, 255, 255, 0};
    face_texture texture;
    must(proxy_texture_read(write_texture(&folder, 3, rgba), "t", PROXY_STRANDS, 64, arena, &texture, &err), &err);
    assert_int_equal(texture.channels, 2);
    must_lie(srgb_to_linear((float)texture.level[0][0] / 255), 0.3f - 0.01f, 0.3f + 0.01f);
    must_lie(srgb_to_linear((float)texture.level[0][2] / 255), 0.9f - 0.02f, 0.9f + 0.02f);
    assert_int_equal(texture.level[0][1], 255);
    assert_int_equal(texture.level[0][5], 0);
    scratch_free(&folder);
}

static void black_strands_do_not_turn_into_noise(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    const uint8_t rgba[8] = {0, 0, 0, 255, 2, 2, 2, 255};
    face_texture texture;
    must(proxy_texture_read(write_texture(&folder, 2, rgba), "t", PROXY_STRANDS, 64, arena, &texture, &err), &err);
    for (int i = 0; i < 2; i++)
        must_lie(srgb_to_linear((float)texture.level[0][2 * i] / 255), 0.58f, 0.62f);
    scratch_free(&folder);
}

static void colours_stay_and_large_textures_shrink(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    const uint8_t rgba[16] = {10, 20, 30, 40, 10, 20, 30, 40, 50, 60, 70, 80, 50, 60, 70, 80};
    face_texture texture;
    must(proxy_texture_read(write_texture(&folder, 4, rgba), "t", PROXY_RGBA, 4, arena, &texture, &err), &err);
    assert_int_equal(texture.width, 4);
    assert_memory_equal(texture.level[0], rgba, sizeof rgba);
    must(proxy_texture_read(folder.path, "t", PROXY_RGB, 2, arena, &texture, &err), &err);
    assert_int_equal(texture.width, 2);
    assert_int_equal(texture.channels, 3);
    scratch_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vertices_split_where_uvs_differ),
        cmocka_unit_test(glass_lies_where_the_texture_says),
        cmocka_unit_test(a_proxy_that_hangs_outside_of_the_head_is_refused),
        cmocka_unit_test(eyes_need_two_balls),
        cmocka_unit_test(strands_get_a_common_mean),
        cmocka_unit_test(black_strands_do_not_turn_into_noise),
        cmocka_unit_test(colours_stay_and_large_textures_shrink),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
