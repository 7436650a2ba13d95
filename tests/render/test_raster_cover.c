/* Which samples a triangle covers, against plain edge functions in 64 bits, areas, and the rule that neighbours share nothing. */
#include "check.h"

#include <math.h>

#include "base/random.h"
#include "render/flat_scene.h"

enum { SIDE = 48 };

static const int32_t ONE[1][2] = {{128, 128}},
                     FOUR[4][2] = {{96, 32}, {224, 96}, {32, 160}, {160, 224}}; /* as raster.h says, 1/256 pixel */

static int64_t snap(float pixel)
{
    return (int64_t)floorf(pixel * 256 + 0.5f);
}

/* Whether the triangle owns a sample: inside of all edges, or on one that is at its top or left. */
static bool owns(const float corners[3][3], int64_t sx, int64_t sy)
{
    int64_t x[3], y[3];
    for (int k = 0; k < 3; k++) {
        x[k] = snap(corners[k][0]);
        y[k] = snap(corners[k][1]);
    }
    const int64_t area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]);
    for (int k = 0; k < 3; k++) {
        const int a = area > 0 ? k : (k + 1) % 3, b = area > 0 ? (k + 1) % 3 : k;
        const int64_t dx = x[b] - x[a], dy = y[b] - y[a], side = dx * (sy - y[a]) - dy * (sx - x[a]);
        if (side < 0 || (side == 0 && !(dy < 0 || (dy == 0 && dx > 0))))
            return false;
    }
    return area != 0;
}

static float share_owned(const float corners[3][3], int px, int py, int samples)
{
    int owned = 0;
    for (int s = 0; s < samples; s++) {
        const int32_t *at = samples == 1 ? ONE[s] : FOUR[s];
        owned += owns(corners, px * 256 + at[0], py * 256 + at[1]);
    }
    return (float)owned / (float)samples;
}

static void draw_one(flat_scene *f, const float corners[3][3])
{
    f->stage.mesh_count = 0;
    flat_add(f, (const float(*)[3][3])corners, 1);
    flat_draw(f);
}

static void must_cover_as_owned(flat_scene *f, const float corners[3][3], int samples)
{
    for (int i = 0; i < SIDE * SIDE; i++) {
        const float wanted = share_owned(corners, i % SIDE, i / SIDE, samples);
        must_lie(f->picture.colour[i], wanted - 1e-5f, wanted + 1e-5f);
    }
}

/* Triangles from specks to ones so wide that edge functions need 64 bits; some on whole and half pixels, where edges hit samples. */
static void coverage_is_that_of_plain_edge_functions(void **state)
{
    (void)state;
    df_random random = df_random_at(3, 1, 1, DF_FOR_TEST);
    for (int samples = 1; samples <= 4; samples += 3) {
        flat_scene f = flat_new(SIDE, SIDE, samples, 1);
        for (int n = 0; n < 250; n++) {
            const float size = (const float[]){1, 3, 8, 40, 3000}[n % 5],
                        middle[2] = {df_random_range(&random, 0, SIDE), df_random_range(&random, 0, SIDE)};
            float corners[3][3];
            for (int k = 0; k < 3; k++) {
                for (int axis = 0; axis < 2; axis++) {
                    const float at = middle[axis] + df_random_range(&random, -size, size);
                    corners[k][axis] = n % 3 ? at : floorf(at * 8) / 8;
                }
                corners[k][2] = 500;
            }
            draw_one(&f, (const float(*)[3])corners);
            must_cover_as_owned(&f, (const float(*)[3])corners, samples);
        }
        flat_free(&f);
    }
}

static void the_check_of_coverage_sees_a_missing_pixel(void **state)
{
    (void)state;
    const float corners[3][3] = {{5, 5, 500}, {30, 8, 500}, {12, 33, 500}};
    flat_scene f = flat_new(SIDE, SIDE, 1, 1);
    draw_one(&f, corners);
    f.picture.colour[15 * SIDE + 15] = 0;
    int differ = 0;
    for (int i = 0; i < SIDE * SIDE; i++)
        differ += fabsf(f.picture.colour[i] - share_owned(corners, i % SIDE, i / SIDE, 1)) > 1e-5f;
    assert_int_equal(differ, 1);
    flat_free(&f);
}

/* A jittered grid of triangles that reaches beyond the picture: drawn one by one, each sample must be owned exactly once. */
static void neighbours_divide_the_picture_without_gap_or_overlap(void **state)
{
    (void)state;
    enum { GRID = 7 };
    df_random random = df_random_at(3, 1, 2, DF_FOR_TEST);
    for (int samples = 1; samples <= 4; samples += 3) {
        flat_scene f = flat_new(SIDE, SIDE, samples, 1);
        float points[GRID + 1][GRID + 1][3], sum[SIDE * SIDE] = {0};
        for (int i = 0; i <= GRID; i++)
            for (int j = 0; j <= GRID; j++) {
                const float cell = (float)SIDE / (GRID - 2);
                points[i][j][0] =
                    ((float)j - 1) * cell + (i % 2 ? df_random_range(&random, -2, 2) : floorf(df_random_range(&random, -2, 2)) + 0.5f);
                points[i][j][1] =
                    ((float)i - 1) * cell + (i % 2 ? df_random_range(&random, -2, 2) : floorf(df_random_range(&random, -2, 2)) + 0.375f);
                points[i][j][2] = 500;
            }
        for (int cell = 0; cell < GRID * GRID; cell++)
            for (int half = 0; half < 2; half++) {
                const int i = cell / GRID, j = cell % GRID;
                float corners[3][3];
                memcpy(corners[0], points[i][j + 1], sizeof corners[0]);
                memcpy(corners[1], points[i + 1][j], sizeof corners[1]);
                memcpy(corners[2], half ? points[i + 1][j + 1] : points[i][j], sizeof corners[2]);
                draw_one(&f, (const float(*)[3])corners);
                for (int p = 0; p < SIDE * SIDE; p++)
                    sum[p] += f.picture.colour[p];
            }
        for (int p = 0; p < SIDE * SIDE; p++)
            must_lie(sum[p], 1 - 1e-5f, 1 + 1e-5f);
        flat_free(&f);
    }
}

/* Half a disc's pixels lie on its edge; their coverage is known to a quarter, the errors of hundreds of them cancel. */
static void four_samples_measure_a_discs_area(void **state)
{
    (void)state;
    enum { SPOKES = 64 };
    flat_scene f = flat_new(SIDE, SIDE, 4, 1);
    float fan[SPOKES][3][3];
    const float radius = 20.3f, step = 6.2831853f / SPOKES;
    for (int i = 0; i < SPOKES; i++) {
        const float turns[2] = {step * (float)i, step * (float)(i + 1)};
        for (int k = 0; k < 3; k++) {
            fan[i][k][0] = 24.1f + (k ? radius * cosf(turns[k - 1]) : 0);
            fan[i][k][1] = 23.7f + (k ? radius * sinf(turns[k - 1]) : 0);
            fan[i][k][2] = 500;
        }
    }
    flat_add(&f, (const float(*)[3][3])fan, SPOKES);
    flat_draw(&f);
    float sum = 0;
    for (int p = 0; p < SIDE * SIDE; p++)
        sum += f.picture.colour[p];
    const float area = 0.5f * SPOKES * radius * radius * sinf(step);
    must_lie(sum, area * 0.997f, area * 1.003f);
    flat_free(&f);
}

static void backs_are_drawn_of_two_sided_meshes_only(void **state)
{
    (void)state;
    /* In the picture, y down, a front is counter-clockwise as seen: left, then down, then right. */
    const float front[3][3] = {{10, 10, 500}, {10, 30, 500}, {30, 10, 500}}, back[3][3] = {{10, 10, 500}, {30, 10, 500}, {10, 30, 500}};
    flat_scene f = flat_new(SIDE, SIDE, 1, 1);
    for (int is_back = 0; is_back < 2; is_back++)
        for (int two_sided = 0; two_sided < 2; two_sided++) {
            f.stage.mesh_count = 0;
            flat_add(&f, (const float(*)[3][3])(is_back ? back : front), 1)->two_sided = two_sided;
            flat_draw(&f);
            assert_int_equal(f.picture.regions[15 * SIDE + 15], is_back && !two_sided ? 0 : 1);
        }
    flat_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coverage_is_that_of_plain_edge_functions),
        cmocka_unit_test(the_check_of_coverage_sees_a_missing_pixel),
        cmocka_unit_test(neighbours_divide_the_picture_without_gap_or_overlap),
        cmocka_unit_test(four_samples_measure_a_discs_area),
        cmocka_unit_test(backs_are_drawn_of_two_sided_meshes_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
