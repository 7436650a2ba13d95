#include "face/subdivide.h"

#include "check.h"

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

/* Corners at +-1: bit 0 of the number is x, bit 1 y, bit 2 z. */
static const int32_t cube[24] = {0, 2, 3, 1, 4, 5, 7, 6, 0, 1, 5, 4, 2, 6, 7, 3, 0, 4, 6, 2, 1, 3, 7, 5};
static const int32_t pair[8] = {0, 1, 4, 3, 1, 2, 5, 4}; /* two quads side by side in a plane, a 3 x 2 grid */

static void cube_corners(float corners[24])
{
    for (int v = 0; v < 8; v++)
        for (int axis = 0; axis < 3; axis++)
            corners[3 * v + axis] = v >> axis & 1 ? 1 : -1;
}

static void must_be(const float *p, float x, float y, float z)
{
    const float expected[3] = {x, y, z};
    for (int axis = 0; axis < 3; axis++)
        must_lie(p[axis], expected[axis] - 1e-6f, expected[axis] + 1e-6f);
}

static void a_cube_becomes_the_known_polyhedron(void **state)
{
    (void)state;
    subdivision sub;
    float corners[24], fine[26 * 3];
    cube_corners(corners);
    must(subdivide(8, 6, cube, arena, &sub, &err), &err);
    assert_int_equal(sub.vertex_count, 8 + 12 + 6);
    assert_int_equal(sub.quad_count, 24);
    subdivide_apply(&sub, corners, 3, fine);
    for (int v = 0; v < 8; v++) /* (face points' mean + 2 edge middles' mean + 0) / 3 = (1/3 + 2 * 2/3 + 0) / 3 of the corner */
        must_be(fine + 3 * v, corners[3 * v] * 5 / 9, corners[3 * v + 1] * 5 / 9, corners[3 * v + 2] * 5 / 9);
    for (int v = 8; v < 20; v++) { /* two of three coordinates at (1 + 1/2) / 2, in length */
        const float *p = fine + 3 * v, square = p[0] * p[0] + p[1] * p[1] + p[2] * p[2];
        must_lie(square, 2 * 0.75f * 0.75f - 1e-6f, 2 * 0.75f * 0.75f + 1e-6f);
    }
    for (int v = 20; v < 26; v++) {
        const float *p = fine + 3 * v, square = p[0] * p[0] + p[1] * p[1] + p[2] * p[2];
        must_lie(square, 1 - 1e-6f, 1 + 1e-6f);
    }
}

static void rows_sum_to_one(void **state)
{
    (void)state;
    subdivision sub;
    const float ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    float fine[26];
    must(subdivide(8, 6, cube, arena, &sub, &err), &err);
    subdivide_apply(&sub, ones, 1, fine);
    for (int v = 0; v < 26; v++)
        must_lie(fine[v], 1 - 1e-6f, 1 + 1e-6f);
}

static void borders_are_smoothed_along_themselves(void **state)
{
    (void)state;
    /* the middle of the lower border is lifted; nothing off the border may follow it there */
    static const float height[6] = {0, 8, 0, 100, 100, 100};
    subdivision sub;
    float fine[15];
    must(subdivide(6, 2, pair, arena, &sub, &err), &err);
    assert_int_equal(sub.vertex_count, 6 + 7 + 2);
    subdivide_apply(&sub, height, 1, fine);
    must_lie(fine[1], 6 - 1e-5f, 6 + 1e-5f);         /* 6/8 of 8 */
    must_lie(fine[0], 13.5f - 1e-5f, 13.5f + 1e-5f); /* 1/8 (8 + 100) */
}

static void fine_quads_begin_at_their_corner_and_keep_the_side(void **state)
{
    (void)state;
    subdivision sub;
    must(subdivide(6, 2, pair, arena, &sub, &err), &err);
    for (int q = 0; q < 2; q++)
        for (int k = 0; k < 4; k++) {
            const int32_t *fine = sub.quads + 4 * (4 * q + k), *before = sub.quads + 4 * (4 * q + (k + 3) % 4);
            assert_int_equal(fine[0], pair[4 * q + k]);
            assert_int_equal(fine[2], 6 + 7 + q);
            assert_int_equal(fine[3], before[1]); /* the side that both touch */
        }
}

static void uvs_are_means_of_their_side_of_a_seam(void **state)
{
    (void)state;
    static const int32_t corners[8] = {0, 1, 2, 3, 4, 5, 6, 7}; /* each quad has its own: the edge between is a seam */
    static const float uv[16] = {0, 0, 1, 0, 1, 1, 0, 1, 10, 0, 11, 0, 11, 1, 10, 1};
    subdivision sub;
    float out[30];
    must(subdivide(6, 2, pair, arena, &sub, &err), &err);
    must(subdivide_uv(&sub, 2, corners, uv, 0, arena, out, &err), &err);
    assert_true(out[2 * 1] == 1 && out[2 * 1 + 1] == 0); /* the first quad's */
    assert_true(out[2 * 2] == 11 && out[2 * 2 + 1] == 0);
    assert_true(out[2 * 13] == 0.5f && out[2 * 13 + 1] == 0.5f);
    assert_true(out[2 * 14] == 10.5f && out[2 * 14 + 1] == 0.5f);

    must(subdivide_uv(&sub, 2, corners, uv, 0.5f, arena, out, &err), &err);
    assert_true(out[2 * 1] == 0.75f && out[2 * 1 + 1] == 0.25f); /* drawn in */
    assert_true(out[2 * 2] == 11 && out[2 * 2 + 1] == 0);        /* not on the seam */
}

static void an_edge_of_three_quads_is_refused(void **state)
{
    (void)state;
    static const int32_t fan[12] = {0, 1, 2, 3, 0, 1, 4, 5, 0, 1, 6, 7};
    subdivision sub;
    must_say(subdivide(8, 3, fan, arena, &sub, &err), &err, "edge 0-1: more than two quads");
}

static void a_vertex_of_no_quad_is_refused(void **state)
{
    (void)state;
    subdivision sub;
    must_say(subdivide(7, 2, pair, arena, &sub, &err), &err, "vertex 6 belongs to no quad");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cube_becomes_the_known_polyhedron),   cmocka_unit_test(rows_sum_to_one),
        cmocka_unit_test(borders_are_smoothed_along_themselves), cmocka_unit_test(fine_quads_begin_at_their_corner_and_keep_the_side),
        cmocka_unit_test(uvs_are_means_of_their_side_of_a_seam), cmocka_unit_test(an_edge_of_three_quads_is_refused),
        cmocka_unit_test(a_vertex_of_no_quad_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
