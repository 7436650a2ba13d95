/* What is seen where: depth and interpolation against rays in double precision, cut-outs, veils, and what must not harm. */
#include "check.h"

#include <math.h>

#include "base/random.h"
#include "render/flat_scene.h"

enum { SIDE = 48 };

/* Where the ray of a pixel's centre meets a triangle's plane: depth, and the corners' weights there. */
static bool meet(const float corners[3][3], double px, double py, double *depth, double weight[3])
{
    double p[3][3], m[3][3], determinant = 0;
    for (int k = 0; k < 3; k++) {
        p[k][0] = (double)corners[k][0] * (double)corners[k][2];
        p[k][1] = (double)corners[k][1] * (double)corners[k][2];
        p[k][2] = (double)corners[k][2];
    }
    /* weights times corners = depth * (px, py, 1): solve for weights / depth by Cramer's rule. */
    const double to[3] = {px, py, 1};
    for (int k = 0; k < 3; k++) {
        const double *a = p[(k + 1) % 3], *b = p[(k + 2) % 3];
        m[k][0] = a[1] * b[2] - a[2] * b[1];
        m[k][1] = a[2] * b[0] - a[0] * b[2];
        m[k][2] = a[0] * b[1] - a[1] * b[0];
    }
    for (int i = 0; i < 3; i++)
        determinant += p[0][i] * m[0][i];
    double sum = 0;
    for (int k = 0; k < 3; k++) {
        weight[k] = (m[k][0] * to[0] + m[k][1] * to[1] + m[k][2] * to[2]) / determinant;
        sum += weight[k];
    }
    *depth = 1 / sum;
    bool inside = true;
    for (int k = 0; k < 3; k++) {
        weight[k] /= sum;
        inside &= weight[k] > 1e-4;
    }
    return inside;
}

static void random_corners(df_random *random, float corners[3][3])
{
    for (int k = 0; k < 3; k++) {
        corners[k][0] = df_random_range(random, -10, SIDE + 10);
        corners[k][1] = df_random_range(random, -10, SIDE + 10);
        corners[k][2] = df_random_range(random, 300, 900);
    }
}

/* Corners on 1/256 pixel, so that the rasterizer's triangle is the ray's; its weights are floats of whole numbers. */
static void snap(float corners[3][3])
{
    for (int k = 0; k < 3; k++)
        for (int axis = 0; axis < 2; axis++)
            corners[k][axis] = floorf(corners[k][axis] * 256 + 0.5f) / 256;
}

static void depth_and_albedo_are_interpolated_in_perspective(void **state)
{
    (void)state;
    df_random random = df_random_at(5, 1, 1, DF_FOR_TEST);
    flat_scene f = flat_new(SIDE, SIDE, 1, 3);
    for (int n = 0; n < 100; n++) {
        float corners[3][3], albedo[9];
        random_corners(&random, corners);
        snap(corners);
        for (int i = 0; i < 9; i++)
            albedo[i] = df_random_uniform(&random);
        f.stage.mesh_count = 0;
        flat_add(&f, (const float(*)[3][3])corners, 1)->albedo = albedo;
        flat_draw(&f);
        for (int i = 0; i < SIDE * SIDE; i++) {
            double depth, weight[3];
            if (!meet((const float(*)[3])corners, i % SIDE + 0.5, i / SIDE + 0.5, &depth, weight))
                continue;
            must_lie(f.picture.depth[i], (float)depth * (1 - 2e-4f), (float)depth * (1 + 2e-4f));
            for (int c = 0; c < 3; c++) {
                const float wanted =
                    (float)(weight[0] * (double)albedo[c] + weight[1] * (double)albedo[3 + c] + weight[2] * (double)albedo[6 + c]);
                must_lie(f.picture.colour[3 * i + c], wanted - 2e-3f, wanted + 2e-3f);
            }
        }
    }
    flat_free(&f);
}

enum { CROSSING = 8 };

/* The nearest triangle at a place (from 1; 0: none) and its depth. */
static int nearest_at(const float (*corners)[3][3], double x, double y, double *nearest)
{
    int owner = 0;
    *nearest = 1e9;
    for (int t = 0; t < CROSSING; t++) {
        double depth, weight[3];
        if (meet(corners[t], x, y, &depth, weight) && depth < *nearest) {
            *nearest = depth;
            owner = t + 1;
        }
    }
    return owner;
}

/* Whether the four samples see the same triangle as the pixel's centre. */
static bool is_plain(const float (*corners)[3][3], int x, int y, int owner)
{
    static const double at[4][2] = {{0.375, 0.125}, {0.875, 0.375}, {0.125, 0.625}, {0.625, 0.875}};
    double depth;
    for (int k = 0; k < 4; k++)
        if (nearest_at(corners, x + at[k][0], y + at[k][1], &depth) != owner)
            return false;
    return true;
}

static void the_nearest_of_crossing_triangles_is_seen(void **state)
{
    (void)state;
    df_random random = df_random_at(5, 1, 2, DF_FOR_TEST);
    for (int samples = 1; samples <= 4; samples += 3) {
        flat_scene f = flat_new(SIDE, SIDE, samples, 1);
        float corners[CROSSING][3][3];
        uint8_t regions[CROSSING];
        int judged = 0;
        for (int t = 0; t < CROSSING; t++) {
            random_corners(&random, corners[t]);
            snap(corners[t]);
            regions[t] = (uint8_t)(t + 1);
        }
        flat_add(&f, (const float(*)[3][3])corners, CROSSING)->regions = regions;
        flat_draw(&f);
        for (int i = 0; i < SIDE * SIDE; i++) {
            double nearest;
            const int x = i % SIDE, y = i / SIDE, owner = nearest_at((const float(*)[3][3])corners, x + 0.5, y + 0.5, &nearest);
            if (!is_plain((const float(*)[3][3])corners, x, y, owner))
                continue;
            assert_int_equal(f.picture.regions[i], owner);
            if (owner)
                must_lie(f.picture.depth[i], (float)nearest * 0.9995f, (float)nearest * 1.0005f);
            if (owner && samples == 1)
                must_lie(raster_depth_at(f.target, x, y), (float)nearest * 0.9995f, (float)nearest * 1.0005f);
            judged++;
        }
        assert_true(judged > 1000);
        flat_free(&f);
    }
}

static void square(float corners[2][3][3], float x0, float y0, float x1, float y1, float depth)
{
    const float all[2][3][3] = {{{x0, y0, depth}, {x0, y1, depth}, {x1, y0, depth}}, {{x1, y0, depth}, {x0, y1, depth}, {x1, y1, depth}}};
    memcpy(corners, all, sizeof all);
}

static scene_mesh *add_square(flat_scene *f, float x0, float y0, float x1, float y1, float depth)
{
    float corners[2][3][3];
    square(corners, x0, y0, x1, y1, depth);
    return flat_add(f, (const float(*)[3][3])corners, 2);
}

static void of_equal_depth_the_earlier_mesh_is_seen(void **state)
{
    (void)state;
    for (int samples = 1; samples <= 4; samples += 3) {
        flat_scene f = flat_new(SIDE, SIDE, samples, 1);
        add_square(&f, 0, 0, SIDE, SIDE, 500);
        add_square(&f, 0, 0, SIDE, SIDE, 500);
        flat_draw(&f);
        for (int i = 0; i < SIDE * SIDE; i++)
            assert_int_equal(f.picture.regions[i], 1);
        flat_free(&f);
    }
}

/* Two texels side by side with two alphas; grey 1. */
static face_texture two_alphas(uint8_t left, uint8_t right, uint8_t texels[8])
{
    const uint8_t all[8] = {255, left, 255, right, 255, left, 255, right};
    memcpy(texels, all, sizeof all);
    return (face_texture){.width = 2, .height = 2, .channels = 2, .levels = 1, .level = {texels}};
}

static const float SQUARE_UV[12] = {0, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 0};

static void what_is_cut_out_shows_what_is_behind_and_its_depth(void **state)
{
    (void)state;
    uint8_t texels[8];
    const face_texture texture = two_alphas(0, 255, texels);
    for (int samples = 1; samples <= 4; samples += 3) {
        flat_scene f = flat_new(SIDE, SIDE, samples, 1);
        scene_mesh *screen = add_square(&f, 0, 0, SIDE, SIDE, 400);
        screen->uv = SQUARE_UV;
        screen->material.texture = &texture;
        screen->material.alpha = SCENE_CUTOUT;
        add_square(&f, 0, 0, SIDE, SIDE, 600);
        flat_draw(&f);
        for (int i = 0; i < SIDE * SIDE; i++) {
            const bool is_cut = i % SIDE < SIDE / 2; /* alpha passes one half in the middle */
            assert_int_equal(f.picture.regions[i], is_cut ? 2 : 1);
            must_lie(f.picture.depth[i], is_cut ? 599.9f : 399.9f, is_cut ? 600.1f : 400.1f);
            must_lie(raster_depth_at(f.target, i % SIDE, i / SIDE), is_cut ? 599.9f : 399.9f, is_cut ? 600.1f : 400.1f);
        }
        flat_free(&f);
    }
}

static void add_glass(flat_scene *f, float depth, float opacity, float colour)
{
    scene_material *material = &add_square(f, 0, 0, SIDE, SIDE, depth)->material;
    material->alpha = SCENE_BLEND;
    material->opacity = opacity;
    material->colour[0] = colour;
}

/* Far to near: each pane takes its opacity of what is behind and adds its own colour. */
static void panes_blend_from_far_to_near_in_any_order_of_meshes(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++)
        for (int samples = 1; samples <= 4; samples += 3) {
            flat_scene f = flat_new(SIDE, SIDE, samples, 1);
            if (order)
                add_glass(&f, 400, 0.25f, 0.2f);
            add_glass(&f, 500, 0.6f, 0.9f);
            add_square(&f, 0, 0, SIDE, SIDE, 600);
            if (!order)
                add_glass(&f, 400, 0.25f, 0.2f);
            add_glass(&f, 700, 0.5f, 0.1f); /* behind the wall */
            flat_draw(&f);
            const float wanted = 0.75f * (0.4f * 1 + 0.6f * 0.9f) + 0.25f * 0.2f;
            for (int i = 0; i < SIDE * SIDE; i++)
                must_lie(f.picture.colour[i], wanted - 1e-5f, wanted + 1e-5f);
            flat_free(&f);
        }
}

static void a_veil_counts_for_labels_from_half_coverage_on(void **state)
{
    (void)state;
    for (int samples = 1; samples <= 4; samples += 3)
        for (int panes = 1; panes <= 2; panes++) {
            flat_scene f = flat_new(SIDE, SIDE, samples, 1);
            add_square(&f, 0, 0, SIDE, SIDE, 600);
            for (int p = 0; p < panes; p++)
                add_glass(&f, 500 - 10 * (float)p, 0.4f, 1);
            flat_draw(&f);
            const float depth = panes == 2 ? 500 : 600; /* two of 0.4 cover 0.64: the farther of them passes one half */
            for (int i = 0; i < SIDE * SIDE; i++) {
                assert_int_equal(f.picture.regions[i], panes == 2 ? 2 : 1);
                must_lie(f.picture.depth[i], depth - 0.1f, depth + 0.1f);
                must_lie(raster_depth_at(f.target, i % SIDE, i / SIDE), depth - 0.1f, depth + 0.1f);
                must_lie(f.picture.normals[3 * i + 2], -1.001f, -0.999f);
            }
            flat_free(&f);
        }
}

static void the_background_stays_where_nothing_is(void **state)
{
    (void)state;
    flat_scene f = flat_new(SIDE, SIDE, 4, 3);
    float *background = df_alloc(f.arena, SIDE * SIDE, 3 * sizeof(float), NULL);
    for (int i = 0; i < SIDE * SIDE * 3; i++)
        background[i] = 0.25f * (float)(i % 3 + 1);
    f.stage.background = background;
    add_square(&f, 10, 10, 20.5f, 20, 500);
    flat_draw(&f);
    for (int i = 0; i < SIDE * SIDE; i++) {
        const int x = i % SIDE, y = i / SIDE;
        const float cover = y >= 10 && y < 20 ? (x >= 10 && x < 20 ? 1 : x == 20 ? 0.5f : 0) : 0;
        for (int c = 0; c < 3; c++) {
            const float wanted = cover + (1 - cover) * background[3 * i + c];
            must_lie(f.picture.colour[3 * i + c], wanted - 1e-5f, wanted + 1e-5f);
        }
        if (cover == 0)
            assert_true(f.picture.regions[i] == 0 && f.picture.depth[i] == 0 && f.picture.normals[3 * i + 2] == 0);
    }
    flat_free(&f);
}

/* Corners that are nowhere, behind, about the camera, or far outside drop their triangles and harm no others. */
static void broken_and_far_triangles_are_dropped(void **state)
{
    (void)state;
    static const float odd[] = {NAN, INFINITY, -INFINITY, 1e6f, -1e6f, 1e30f, 0, -500, 1e-30f};
    df_random random = df_random_at(5, 1, 3, DF_FOR_TEST);
    for (int samples = 1; samples <= 4; samples += 3) {
        flat_scene f = flat_new(SIDE, SIDE, samples, 1);
        for (int n = 0; n < 300; n++) {
            float corners[3][3];
            random_corners(&random, corners);
            f.stage.mesh_count = 0;
            scene_mesh *mesh = flat_add(&f, (const float(*)[3][3])corners, 1);
            float positions[9];
            memcpy(positions, mesh->positions, sizeof positions);
            for (int k = 0; k < 2; k++)
                positions[df_random_below(&random, 9)] = odd[df_random_below(&random, DF_ARRAY_LEN(odd))];
            mesh->positions = positions;
            mesh->material.alpha = (scene_alpha)(n % 3);
            mesh->material.opacity = 0.5f;
            add_square(&f, 0, 0, 8, 8, 20);
            flat_draw(&f);
            for (int i = 0; i < SIDE * SIDE; i++)
                assert_true(isfinite(f.picture.colour[i]) && isfinite(f.picture.depth[i]));
            assert_int_equal(f.picture.regions[0], 2);
        }
        flat_free(&f);
    }
}

static void triangles_without_area_are_not_drawn(void **state)
{
    (void)state;
    const float corners[3][3][3] = {
        {{5, 5, 500}, {5, 5, 500}, {5, 5, 500}}, {{5, 5, 500}, {40, 40, 500}, {20, 20, 400}}, {{5, 9, 500}, {40, 9, 300}, {5, 9, 500}}};
    flat_scene f = flat_new(SIDE, SIDE, 4, 1);
    flat_add(&f, corners, 3);
    flat_draw(&f);
    for (int i = 0; i < SIDE * SIDE; i++)
        assert_int_equal(f.picture.regions[i], 0);
    flat_free(&f);
}

static void the_smallest_and_a_very_wide_picture_are_drawn(void **state)
{
    (void)state;
    static const int sizes[][2] = {{1, 1}, {8192, 3}, {3, 8192}};
    for (size_t s = 0; s < DF_ARRAY_LEN(sizes); s++)
        for (int samples = 1; samples <= 4; samples += 3) {
            const int width = sizes[s][0], height = sizes[s][1];
            flat_scene f = flat_new(width, height, samples, 1);
            add_square(&f, -5, -5, (float)width + 5, (float)height + 5, 500);
            flat_draw(&f);
            for (int i = 0; i < width * height; i++)
                must_lie(f.picture.colour[i], 1 - 1e-5f, 1 + 1e-5f);
            flat_free(&f);
        }
}

static void what_cannot_be_drawn_is_refused_with_a_sentence(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new((size_t)1 << 24, &err);
    must_say(raster_target_new(0, 5, 1, arena, &err) != NULL, &err, "0 x 5");
    must_say(raster_target_new(5, 5, 2, arena, &err) != NULL, &err, "2 samples");
    must_say(raster_target_new(8192, 8192, 4, arena, &err) != NULL, &err, "limit");
    raster_target *target = raster_target_new(8, 8, 1, arena, &err);
    scene stage = {.channels = 2, .camera = {.width = 8, .height = 8}};
    must_say(raster_draw(target, &stage, &(scene_picture){0}, arena, &err), &err, "2 channels");
    stage.channels = 3;
    stage.camera.width = 9;
    must_say(raster_draw(target, &stage, &(scene_picture){0}, arena, &err), &err, "9 x 8");
    df_arena_free(arena);
}

/* Memory may end at any allocation of a picture with a veil: an error each time, and never a crash. */
static void memory_that_ends_while_drawing_is_an_error(void **state)
{
    (void)state;
    flat_scene f = flat_new(SIDE, SIDE, 4, 1);
    add_square(&f, 0, 0, SIDE, SIDE, 600);
    add_glass(&f, 500, 0.4f, 1);
    f.stage.meshes = f.meshes;
    int failures = 0;
    bool drawn = false;
    for (size_t limit = 1024; !drawn; limit += limit / 16) {
        df_error err = {0};
        df_arena *small = df_arena_new(limit, &err);
        drawn = raster_draw(f.target, &f.stage, &f.picture, small, &err);
        if (!drawn)
            must_say(drawn, &err, "limit");
        failures += !drawn;
        df_arena_free(small);
    }
    assert_true(failures > 10);
    flat_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(depth_and_albedo_are_interpolated_in_perspective),
        cmocka_unit_test(the_nearest_of_crossing_triangles_is_seen),
        cmocka_unit_test(of_equal_depth_the_earlier_mesh_is_seen),
        cmocka_unit_test(what_is_cut_out_shows_what_is_behind_and_its_depth),
        cmocka_unit_test(panes_blend_from_far_to_near_in_any_order_of_meshes),
        cmocka_unit_test(a_veil_counts_for_labels_from_half_coverage_on),
        cmocka_unit_test(the_background_stays_where_nothing_is),
        cmocka_unit_test(broken_and_far_triangles_are_dropped),
        cmocka_unit_test(triangles_without_area_are_not_drawn),
        cmocka_unit_test(the_smallest_and_a_very_wide_picture_are_drawn),
        cmocka_unit_test(what_cannot_be_drawn_is_refused_with_a_sentence),
        cmocka_unit_test(memory_that_ends_while_drawing_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
