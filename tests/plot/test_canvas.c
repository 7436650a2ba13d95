/* Drawing: areas in closed form, ink by integration, and coordinates that lie nowhere. */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "plot/canvas.h"

enum { SIDE = 64, GUARD = 4096, BACKGROUND = 200 };

static const canvas_stroke black = {.width = 1, .colour = {0, 0, 0, 255}};

typedef struct guarded { /* an image with bytes around it that nothing may touch */
    uint8_t bytes[GUARD + SIDE * SIDE * 3 + GUARD];
    image picture;
} guarded;

static void clear(guarded *g)
{
    memset(g->bytes, 77, sizeof g->bytes);
    memset(g->bytes + GUARD, BACKGROUND, SIDE * SIDE * 3);
    g->picture = (image){.width = SIDE, .height = SIDE, .channels = 3, .type = IMAGE_U8, .data = g->bytes + GUARD};
}

static void assert_guards(const guarded *g)
{
    for (int i = 0; i < GUARD; i++)
        assert_true(g->bytes[i] == 77 && g->bytes[GUARD + SIDE * SIDE * 3 + i] == 77);
}

static int grey_at(const guarded *g, int x, int y)
{
    return g->bytes[GUARD + (y * SIDE + x) * 3];
}

/* Coverage in pixels, for black on the background. */
static double ink(const guarded *g)
{
    double sum = 0;
    for (int i = 0; i < SIDE * SIDE; i++)
        sum += (BACKGROUND - g->bytes[GUARD + i * 3]) / (double)BACKGROUND;
    return sum;
}

static guarded *fresh(void)
{
    static guarded g;
    clear(&g);
    return &g;
}

static void a_rectangle_covers_whole_pixels_exactly(void **state)
{
    (void)state;
    guarded *g = fresh();
    canvas_rectangle(&g->picture, (canvas_box){.x = 10, .y = 20, .width = 5, .height = 3}, black.colour);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            assert_int_equal(grey_at(g, x, y), x >= 10 && x < 15 && y >= 20 && y < 23 ? 0 : BACKGROUND);
}

static void a_line_through_pixel_centres_is_crisp(void **state)
{
    (void)state;
    guarded *g = fresh();
    canvas_line(&g->picture, (canvas_point){10.5f, 30.5f}, (canvas_point){20.5f, 30.5f}, &black);
    for (int x = 0; x < SIDE; x++)
        assert_int_equal(grey_at(g, x, 30), x >= 10 && x <= 20 ? 0 : BACKGROUND);
    assert_true(fabs(ink(g) - 11) < 1e-9);
}

/* A smoothed line has as much ink as its length times its width plus its two round ends: 3 % for the smoothing. */
static void ink_is_length_times_width_in_any_direction(void **state)
{
    (void)state;
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (int i = 0; i < 300; i++) {
        guarded *g = fresh();
        const canvas_stroke stroke = {.width = df_random_range(&random, 1.5f, 6), .colour = black.colour};
        const float angle = df_random_range(&random, 0, 6.2831853f), length = df_random_range(&random, 10, 40);
        const canvas_point from = {32 - 0.5f * length * cosf(angle), 32 - 0.5f * length * sinf(angle)};
        const canvas_point to = {32 + 0.5f * length * cosf(angle), 32 + 0.5f * length * sinf(angle)};
        canvas_line(&g->picture, from, to, &stroke);
        const double width = (double)stroke.width, area = (double)length * width + 0.78539816 * width * width;
        assert_true(fabs(ink(g) - area) < 0.03 * area + 0.5);
    }
}

static void a_half_transparent_chain_is_even_where_it_crosses_itself(void **state)
{
    (void)state;
    guarded *g = fresh();
    const canvas_point cross[4] = {{10, 10}, {50, 50}, {50, 10}, {10, 50}};
    const canvas_stroke half = {.width = 5, .colour = {0, 0, 0, 128}};
    canvas_polyline(&g->picture, cross, 4, CANVAS_OPEN, &half);
    assert_int_equal(grey_at(g, 30, 30), grey_at(g, 20, 20));
    assert_true(abs(grey_at(g, 30, 30) - BACKGROUND / 2) <= 1);
}

static void a_closed_chain_comes_back_to_its_start(void **state)
{
    (void)state;
    guarded *g = fresh();
    const canvas_point corners[3] = {{10.5f, 10.5f}, {40.5f, 10.5f}, {40.5f, 40.5f}};
    canvas_polyline(&g->picture, corners, 3, CANVAS_OPEN, &black);
    assert_int_equal(grey_at(g, 25, 25), BACKGROUND);
    canvas_polyline(&g->picture, corners, 3, CANVAS_CLOSED, &black);
    assert_int_equal(grey_at(g, 25, 25), 0);
}

static void coordinates_that_lie_nowhere_do_no_harm(void **state)
{
    (void)state;
    static const float wild[] = {NAN, INFINITY, -INFINITY, 1e30f, -1e30f, -5, 0, 63.9f, 64, 70};
    df_random random = df_random_at(2, 0, 0, DF_FOR_TEST);
    guarded *g = fresh();
    const canvas_stroke halo = {.width = 3, .colour = black.colour, .halo = {.a = 100}};
    for (int i = 0; i < 400; i++) {
        float v[4];
        for (int k = 0; k < 4; k++)
            v[k] = wild[df_random_below(&random, DF_ARRAY_LEN(wild))];
        canvas_line(&g->picture, (canvas_point){v[0], v[1]}, (canvas_point){v[2], v[3]}, &halo);
        canvas_arrow(&g->picture, (canvas_point){v[0], v[1]}, (canvas_point){v[2], v[3]}, &halo);
        canvas_dot(&g->picture, (canvas_point){v[0], v[1]}, 4, &halo);
        canvas_frame(&g->picture, (canvas_box){v[0], v[1], v[2], v[3]}, &halo);
        canvas_rectangle(&g->picture, (canvas_box){v[0], v[1], v[2], v[3]}, halo.colour);
        canvas_text(&g->picture, "text", (canvas_point){v[0], v[1]}, 0, &(canvas_type){.scale = 2, .colour = black.colour});
    }
    assert_guards(g);
}

static void a_point_that_is_not_finite_is_left_out_alone(void **state)
{
    (void)state;
    guarded *g = fresh();
    const canvas_point points[4] = {{10.5f, 10.5f}, {30.5f, 10.5f}, {NAN, 20}, {40.5f, 50.5f}};
    canvas_polyline(&g->picture, points, 4, CANVAS_OPEN, &black);
    assert_int_equal(grey_at(g, 20, 10), 0);
    assert_true(fabs(ink(g) - 21) < 1e-9);
}

static void a_picture_keeps_its_proportions_in_the_middle_of_its_box(void **state)
{
    (void)state;
    df_error err;
    df_arena *arena = df_arena_new(1 << 20, &err);
    image wide;
    guarded *g = fresh();
    must(image_new(&wide, 40, 20, 1, IMAGE_U16, arena, &err), &err); /* black */
    must(canvas_picture(&g->picture, &wide, (canvas_box){.x = 8, .y = 8, .width = 48, .height = 48}, arena, &err), &err);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            assert_int_equal(grey_at(g, x, y), x >= 8 && x < 56 && y >= 20 && y < 44 ? 0 : BACKGROUND);
    must(canvas_picture(&g->picture, &wide, (canvas_box){.x = -40, .y = 50, .width = 90, .height = 45}, arena, &err), &err);
    assert_guards(g);
    must_say(canvas_picture(&g->picture, &wide, (canvas_box){.width = NAN, .height = 3}, arena, &err), &err, "expected 1 to");
    df_arena_free(arena);
}

static void no_two_hues_are_the_same(void **state)
{
    (void)state;
    for (int a = 0; a < CANVAS_HUE_COUNT; a++)
        for (int b = 0; b < a; b++) {
            const canvas_colour x = canvas_hue_colour((canvas_hue)a), y = canvas_hue_colour((canvas_hue)b);
            assert_int_equal(x.a, 255);
            assert_true(abs(x.r - y.r) + abs(x.g - y.g) + abs(x.b - y.b) > 60);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rectangle_covers_whole_pixels_exactly),
        cmocka_unit_test(a_line_through_pixel_centres_is_crisp),
        cmocka_unit_test(ink_is_length_times_width_in_any_direction),
        cmocka_unit_test(a_half_transparent_chain_is_even_where_it_crosses_itself),
        cmocka_unit_test(a_closed_chain_comes_back_to_its_start),
        cmocka_unit_test(coordinates_that_lie_nowhere_do_no_harm),
        cmocka_unit_test(a_point_that_is_not_finite_is_left_out_alone),
        cmocka_unit_test(a_picture_keeps_its_proportions_in_the_middle_of_its_box),
        cmocka_unit_test(no_two_hues_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
