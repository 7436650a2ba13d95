#include "face/lips.h"

#include "face/head_stub.h"

enum { SIDES = 2, COLUMNS = 9, LOWER = 5 };
static const int32_t upper[SIDES][COLUMNS] = {{474, 473, 472, 471, 470, 5362, 469, 419, 418},
                                              {474, 7229, 7228, 7227, 7226, 11964, 7225, 7179, 7178}};
static const int32_t lower[SIDES][LOWER] = {{493, 487, 481, 475, 437}, {493, 7242, 7236, 7230, 7197}};
static const float meeting = -49.3f;

static df_arena *arena;
static df_error err;
static float *rest;
static makehuman_head head;

static void put(float *shape, int32_t vertex, float x, float y, float z)
{
    shape[3 * vertex] = x;
    shape[3 * vertex + 1] = y;
    shape[3 * vertex + 2] = z;
}

/* Rows of lips from the middle to 21 mm beside it, in the front of the mouth, a millimetre apart; all other vertices at the origin. */
static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)16 << 20, &err);
    head = head_stub(arena, &rest);
    for (int side = 0; side < SIDES; side++) {
        const float sign = side ? 1.0f : -1.0f;
        for (int i = 0; i < COLUMNS; i++)
            put(rest, upper[side][i], sign * 21 * (float)i / (COLUMNS - 1), meeting + 0.5f, 105);
        for (int i = 0; i < LOWER; i++)
            put(rest, lower[side][i], sign * 21 * (float)i / (LOWER - 1), meeting - 0.5f, 105);
    }
    put(rest, 1000, 0, meeting + 30, 105);  /* the nose */
    put(rest, 1001, 0, meeting - 0.5f, 60); /* the throat */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static float *opened(float gap)
{
    float *shape = df_copy(arena, rest, sizeof(float) * 3 * MAKEHUMAN_VERTICES, &err);
    must(shape != NULL, &err);
    for (int side = 0; side < SIDES; side++)
        for (int i = side; i < COLUMNS; i++) /* the middle once */
            shape[3 * upper[side][i] + 1] += gap;
    return shape;
}

static float gap_in_the_middle(const float *shape)
{
    return shape[3 * upper[0][0] + 1] - shape[3 * lower[0][0] + 1];
}

static void lips_of_every_head_end_alike(void **state)
{
    (void)state;
    const lips *meeting_line = lips_of(&head, arena, &err);
    must(meeting_line != NULL, &err);
    for (float gap = -2; gap <= 3; gap += 1) {
        float *shape = opened(gap);
        lips_close(meeting_line, shape);
        must_lie(gap_in_the_middle(shape), -1.21f, -1.19f); /* they overlap by 1.2 mm of the cage */
    }
}

static void the_corners_stay(void **state)
{
    (void)state;
    const lips *meeting_line = lips_of(&head, arena, &err);
    float *shape = opened(0);
    const int32_t last = upper[1][COLUMNS - 1];
    must(meeting_line != NULL, &err);
    lips_close(meeting_line, shape);
    const float middle = rest[3 * upper[0][0] + 1] - shape[3 * upper[0][0] + 1], corner = rest[3 * last + 1] - shape[3 * last + 1];
    assert_true(middle > 0.9f && corner > 0 && corner < middle);
}

static void what_is_not_mouth_stays(void **state)
{
    (void)state;
    const lips *meeting_line = lips_of(&head, arena, &err);
    float *shape = opened(3);
    must(meeting_line != NULL, &err);
    lips_close(meeting_line, shape);
    assert_true(shape[3 * 1000 + 1] == rest[3 * 1000 + 1]);
    assert_true(shape[3 * 1001 + 1] == rest[3 * 1001 + 1]);
    for (int v = 0; v < MAKEHUMAN_BODY; v++)
        assert_true(shape[3 * v] == rest[3 * v] && shape[3 * v + 2] == rest[3 * v + 2]); /* only heights change */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lips_of_every_head_end_alike),
        cmocka_unit_test(the_corners_stay),
        cmocka_unit_test(what_is_not_mouth_stays),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
