/* The planes beside colour: albedo, texture coordinates and the matte, against closed forms on flat triangles. */
#include "check.h"

#include <math.h>

#include "render/flat_scene.h"

enum { SIDE = 32 };

static flat_scene scene_with_planes(int samples, int channels)
{
    df_error err = {0};
    flat_scene f = flat_new(SIDE, SIDE, samples, channels);
    const size_t pixels = (size_t)SIDE * SIDE;
    f.picture.albedo = df_alloc(f.arena, pixels * (size_t)channels, sizeof(float), &err);
    f.picture.uv = df_alloc(f.arena, pixels * 2, sizeof(float), &err);
    f.picture.matte = df_alloc(f.arena, pixels, sizeof(float), &err);
    must(f.picture.albedo && f.picture.uv && f.picture.matte, &err);
    return f;
}

/* Two triangles that fill columns [left, right) of the picture at one depth. */
static scene_mesh *add_columns(flat_scene *f, float left, float right, float depth)
{
    const float corners[2][3][3] = {{{left, 0, depth}, {right, 0, depth}, {right, SIDE, depth}},
                                    {{left, 0, depth}, {right, SIDE, depth}, {left, SIDE, depth}}};
    return flat_add(f, corners, 2);
}

static float at(const float *plane, int x, int y)
{
    return plane[y * SIDE + x];
}

static void albedo_is_what_reflects_without_light(void **state)
{
    (void)state;
    for (int samples = 1; samples <= 4; samples += 3) {
        flat_scene f = scene_with_planes(samples, 3);
        scene_mesh *mesh = add_columns(&f, 0, 16, 500);
        const float colour[3] = {0.5f, 0.25f, 1};
        memcpy(mesh->material.colour, colour, sizeof colour);
        float albedo[6 * 3];
        for (int i = 0; i < 18; i++)
            albedo[i] = 0.5f;
        mesh->albedo = albedo;
        f.stage.light.sh[0][0] = 7; /* light changes colour, not albedo */
        flat_draw(&f);
        for (int c = 0; c < 3; c++) {
            must_lie(f.picture.albedo[(8 * SIDE + 8) * 3 + c], 0.4999f * colour[c], 0.5001f * colour[c]);
            must_lie(f.picture.albedo[(8 * SIDE + 24) * 3 + c], 0, 0);
        }
        flat_free(&f);
    }
}

static void texture_coordinates_are_linear_on_a_flat_skin(void **state)
{
    (void)state;
    for (int samples = 1; samples <= 4; samples += 3) {
        flat_scene f = scene_with_planes(samples, 1);
        const float uv[12] = {0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0};
        scene_mesh *skin = add_columns(&f, 0, SIDE, 500);
        skin->uv = uv;
        skin->has_skin_uv = true;
        add_columns(&f, 20, SIDE, 400)->uv = uv; /* before it, and no skin */
        flat_draw(&f);
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++) {
                const float *found = f.picture.uv + 2 * (y * SIDE + x), u = ((float)x + 0.5f) / SIDE, v = 1 - ((float)y + 0.5f) / SIDE;
                must_lie(found[0], x < 20 ? u - 1e-4f : -1, x < 20 ? u + 1e-4f : -1);
                must_lie(found[1], x < 20 ? v - 1e-4f : -1, x < 20 ? v + 1e-4f : -1);
            }
        flat_free(&f);
    }
}

/* Matted meshes of opacity a before matted ones of opacity b before an opaque one: 1 - (1 - a)(1 - b); a lens in front takes its share. */
static void the_matte_is_the_share_of_light(void **state)
{
    (void)state;
    for (int samples = 1; samples <= 4; samples += 3) {
        flat_scene f = scene_with_planes(samples, 1);
        add_columns(&f, 0, SIDE, 600); /* skin */
        scene_mesh *far = add_columns(&f, 0, 24, 500), *near = add_columns(&f, 8, 24, 450), *lens = add_columns(&f, 16, SIDE, 300);
        far->is_matted = near->is_matted = true;
        far->material.alpha = near->material.alpha = lens->material.alpha = SCENE_BLEND;
        far->material.opacity = 0.5f;
        near->material.opacity = 0.25f;
        lens->material.opacity = 0.2f;
        flat_draw(&f);
        const float one = 0.5f, two = 1 - 0.5f * 0.75f;
        for (int y = 0; y < SIDE; y++) {
            must_lie(at(f.picture.matte, 4, y), one - 1e-5f, one + 1e-5f);
            must_lie(at(f.picture.matte, 12, y), two - 1e-5f, two + 1e-5f);
            must_lie(at(f.picture.matte, 20, y), 0.8f * two - 1e-5f, 0.8f * two + 1e-5f);
            must_lie(at(f.picture.matte, 28, y), 0, 0);
        }
        flat_free(&f);
    }
}

static void an_edge_is_matted_by_its_samples(void **state)
{
    (void)state;
    flat_scene f = scene_with_planes(4, 1);
    add_columns(&f, 0, 10.5f, 500)->is_matted = true; /* two of four samples in column 10, x at .125 and .375 */
    flat_draw(&f);
    for (int y = 0; y < SIDE; y++) {
        must_lie(at(f.picture.matte, 9, y), 1, 1);
        must_lie(at(f.picture.matte, 10, y), 0.5f, 0.5f);
        must_lie(at(f.picture.matte, 11, y), 0, 0);
    }
    flat_free(&f);
}

static void planes_change_no_colour(void **state)
{
    (void)state;
    flat_scene with = scene_with_planes(4, 3), without = flat_new(SIDE, SIDE, 4, 3);
    flat_scene *const both[] = {&with, &without};
    for (int i = 0; i < 2; i++) {
        add_columns(both[i], 3, 20, 500)->is_matted = true;
        scene_mesh *veil = add_columns(both[i], 10, 30, 400);
        veil->is_matted = true;
        veil->material.alpha = SCENE_BLEND;
        veil->material.opacity = 0.6f;
        flat_draw(both[i]);
    }
    const size_t pixels = (size_t)SIDE * SIDE;
    assert_memory_equal(with.picture.colour, without.picture.colour, 3 * pixels * sizeof(float));
    assert_memory_equal(with.picture.regions, without.picture.regions, pixels);
    assert_memory_equal(with.picture.depth, without.picture.depth, pixels * sizeof(float));
    flat_free(&with);
    flat_free(&without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(albedo_is_what_reflects_without_light),
        cmocka_unit_test(texture_coordinates_are_linear_on_a_flat_skin),
        cmocka_unit_test(the_matte_is_the_share_of_light),
        cmocka_unit_test(an_edge_is_matted_by_its_samples),
        cmocka_unit_test(planes_change_no_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
