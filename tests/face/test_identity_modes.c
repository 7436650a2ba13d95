#include "face/identity_modes.h"

#include <math.h>

#include "face/head_stub.h"
#include "scratch.h"
#include "tensor/npz.h"

enum { MODES = 2, ROOM = 64 << 20, STRANDS = 4, CAGE = MAKEHUMAN_TEETH_END + STRANDS };

static df_arena *arena;
static df_error err;
static float *rest;
static makehuman_head head;
static int32_t landmarks[FACE_LANDMARKS];

/* Lids about +-30 mm, the mouth 60 mm below, all else far away. Of the hair's helpers only a few, behind the teeth, to save time. */
static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new(ROOM, &err);
    head = head_stub(arena, &rest);
    int32_t *base = df_copy(arena, head.base, CAGE * sizeof *base, &err);
    must(base != NULL, &err);
    for (int i = 0; i < STRANDS; i++)
        base[MAKEHUMAN_TEETH_END + i] = MAKEHUMAN_HAIR + i;
    head.base = base;
    head.cage_count = CAGE;
    makehuman_landmarks(&head, landmarks);
    for (int v = 0; v < MAKEHUMAN_VERTICES; v++)
        rest[3 * v + 1] = 1000 + (float)v;
    for (int i = 36; i < FACE_LANDMARKS; i++) {
        const float angle = (float)i, x = i < 42 ? -30.0f : i < 48 ? 30.0f : 0.0f;
        rest[3 * landmarks[i]] = x + 10 * cosf(angle);
        rest[3 * landmarks[i] + 1] = (i < 48 ? 0.0f : -60.0f) + 5 * sinf(angle);
        rest[3 * landmarks[i] + 2] = 90;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

/* Mode 0 moves every vertex by (100, 20, -50) steps, mode 1 vertex v by v % 100 steps in x. */
static const char *write_table(scratch *folder, const float *scale, int vertices)
{
    int8_t *modes = df_alloc(arena, (size_t)MODES * (size_t)vertices, 3, &err);
    must(modes != NULL, &err);
    for (int v = 0; v < vertices; v++) {
        modes[3 * v] = 100;
        modes[3 * v + 1] = 20;
        modes[3 * v + 2] = -50;
        modes[3 * (vertices + v)] = (int8_t)(v % 100);
    }
    tensor tensors[2] = {{.name = "modes", .type = TENSOR_I8, .rank = 3, .shape = {MODES, vertices, 3}, .data = modes},
                         {.name = "scale", .type = TENSOR_F32, .rank = 1, .shape = {MODES}, .data = scale}};
    const tensor_list list = {.tensors = tensors, .count = 2};
    must(npz_write(scratch_path(folder, "modes.npz"), &list, &err), &err);
    return folder->path;
}

static void a_shift_of_the_face_takes_everything_along(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    float *rows;
    int count;
    must(identity_modes_read(write_table(&folder, (float[]){0.01f, 0.02f}, MAKEHUMAN_BODY), &head, arena, &rows, &count, &err), &err);
    assert_int_equal(count, MODES);
    for (int v = 0; v < CAGE; v++) {
        must_lie(rows[3 * v], 1 - 1e-4f, 1 + 1e-4f);
        must_lie(rows[3 * v + 1], 0.2f - 1e-4f, 0.2f + 1e-4f);
        must_lie(rows[3 * v + 2], -0.5f - 1e-4f, -0.5f + 1e-4f);
    }
    scratch_free(&folder);
}

static void eyes_and_teeth_move_as_one_with_their_rim(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    float *rows;
    int count;
    must(identity_modes_read(write_table(&folder, (float[]){0.01f, 0.02f}, MAKEHUMAN_BODY), &head, arena, &rows, &count, &err), &err);
    const float *mode = rows + 3 * (size_t)CAGE;
    float lids = 0;
    for (int i = 42; i < 48; i++)
        lids += 0.02f * (float)(landmarks[i] % 100) / 6;
    for (int v = MAKEHUMAN_EYES; v < MAKEHUMAN_EYES + 72; v++)
        must_lie(mode[3 * v], lids - 1e-4f, lids + 1e-4f); /* the left eye; lids keep their mean when they are held */
    for (int v = MAKEHUMAN_TEETH + 1; v < MAKEHUMAN_TEETH_END; v++)
        assert_true(mode[3 * v] == mode[3 * MAKEHUMAN_TEETH]);
    scratch_free(&folder);
}

static void helpers_follow_the_skin_beside_them(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    float *rows;
    int count;
    rest[3 * MAKEHUMAN_TEETH_END + 1] = rest[3 * 5050 + 1]; /* the first strand lies on skin vertex 5050 */
    must(identity_modes_read(write_table(&folder, (float[]){0.01f, 1e-2f}, MAKEHUMAN_BODY), &head, arena, &rows, &count, &err), &err);
    /* its neighbours move by 0.46 to 0.54 mm, the nearest by 0.5 */
    must_lie(rows[3 * (size_t)(CAGE + MAKEHUMAN_TEETH_END)], 0.49f, 0.51f);
    scratch_free(&folder);
}

static void tables_of_other_heads_or_scales_are_refused(void **state)
{
    (void)state;
    scratch folder = scratch_new();
    float *rows;
    int count;
    must_say(identity_modes_read(write_table(&folder, (float[]){0.01f, 0.02f}, 100), &head, arena, &rows, &count, &err), &err, "modes");
    must_say(identity_modes_read(write_table(&folder, (float[]){0.01f, 2}, MAKEHUMAN_BODY), &head, arena, &rows, &count, &err), &err,
             "scale of mode 1 is 2, expected 0 to 1 mm");
    must_say(identity_modes_read(write_table(&folder, (float[]){NAN, 0.1f}, MAKEHUMAN_BODY), &head, arena, &rows, &count, &err), &err,
             "scale of mode 0");
    scratch_file(&folder, "modes.npz", "PK", 2);
    must_say(identity_modes_read(folder.path, &head, arena, &rows, &count, &err), &err, "modes.npz");
    scratch_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shift_of_the_face_takes_everything_along),
        cmocka_unit_test(eyes_and_teeth_move_as_one_with_their_rim),
        cmocka_unit_test(helpers_follow_the_skin_beside_them),
        cmocka_unit_test(tables_of_other_heads_or_scales_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
