#include "face/occlusion.h"

#include <math.h>

#include "check.h"

enum { RAYS = 1024 };

static df_arena *arena;
static df_error err;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)1 << 20, &err);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

/* A small triangle at the origin that looks up: the one whose vertices are measured. */
static const float floor_vertices[9] = {0, 0, 0, 0.01f, 0, 0, 0, 0, -0.01f}, up[9] = {0, 1, 0, 0, 1, 0, 0, 1, 0};
static const int32_t one[3] = {0, 1, 2};

static float openness(const float *vertices, int vertex_count, const int32_t *triangles, int triangle_count, float reach)
{
    float open[3];
    const occluder meshes[2] = {
        {.vertices = floor_vertices, .vertex_count = 3, .triangle_count = 1, .triangles = one},
        {.vertices = vertices, .vertex_count = vertex_count, .triangle_count = triangle_count, .triangles = triangles}};
    must(occlusion_cast(meshes, vertices ? 2 : 1, up, RAYS, reach, arena, open, &err), &err);
    return open[0];
}

static void a_plain_floor_sees_the_whole_sky(void **state)
{
    (void)state;
    assert_true(openness(NULL, 0, NULL, 0, 60) == 1);
}

static void a_wall_of_endless_height_takes_half_the_sky(void **state)
{
    (void)state;
    static const float wall[12] = {0.001f, -1e5f, -1e5f, 0.001f, 1e5f, -1e5f, 0.001f, 1e5f, 1e5f, 0.001f, -1e5f, 1e5f};
    static const int32_t two[6] = {0, 1, 2, 0, 2, 3};
    must_lie(openness(wall, 4, two, 2, 1e6f), 0.49f, 0.51f);
}

static void a_ceiling_takes_the_share_that_its_angle_has(void **state)
{
    (void)state;
    /* A disc (of 64 sides) of radius r at height h takes sin^2 of its half angle: r^2 / (r^2 + h^2). */
    enum { SIDES = 64 };
    const float r = 10, h = 15;
    float disc[3 * (SIDES + 1)] = {0, h, 0};
    int32_t fan[3 * SIDES];
    for (int i = 0; i < SIDES; i++) {
        disc[3 * (i + 1)] = r * cosf(6.2831853f * (float)i / SIDES);
        disc[3 * (i + 1) + 1] = h;
        disc[3 * (i + 1) + 2] = r * sinf(6.2831853f * (float)i / SIDES);
        fan[3 * i] = 0;
        fan[3 * i + 1] = i + 1;
        fan[3 * i + 2] = (i + 1) % SIDES + 1;
    }
    const float lift = 0.3f, expected = 1 - r * r / (r * r + (h - lift) * (h - lift));
    must_lie(openness(disc, SIDES + 1, fan, SIDES, 60), expected - 0.01f, expected + 0.01f);
    assert_true(openness(disc, SIDES + 1, fan, SIDES, 10) == 1); /* out of reach */
}

static void a_closed_box_is_dark(void **state)
{
    (void)state;
    float box[24];
    static const int32_t faces[36] = {0, 1, 3, 0, 3, 2, 4, 5, 7, 4, 7, 6, 0, 1, 5, 0, 5, 4,
                                      2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 3, 7, 1, 7, 5};
    for (int v = 0; v < 8; v++)
        for (int axis = 0; axis < 3; axis++)
            box[3 * v + axis] = v >> axis & 1 ? 5 : -5;
    assert_true(openness(box, 8, faces, 12, 60) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_floor_sees_the_whole_sky),
        cmocka_unit_test(a_wall_of_endless_height_takes_half_the_sky),
        cmocka_unit_test(a_ceiling_takes_the_share_that_its_angle_has),
        cmocka_unit_test(a_closed_box_is_dark),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
