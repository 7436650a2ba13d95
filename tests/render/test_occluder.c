/* Every kind of occluder before the fixture's face: what its row promises, and what it hides. */
#include "check.h"

#include <math.h>
#include <string.h>

#include "face_fixture.h"
#include "render/engine.h"
#include "render/head.h"

enum { SIZE = 128 };
static const float HIDDEN_BY = 5; /* mm, as image_maker.c has it */

static df_arena *arena;
static face_model model;

static int make_model(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)1 << 29, NULL);
    model = face_fixture(arena);
    return 0;
}

static int free_model(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

typedef struct seen {
    head_labels labels;
    uint8_t regions[SIZE * SIZE];
    float depth[SIZE * SIZE], colour[SIZE * SIZE];
} seen;

static void look(const occluder_params *occluder, seen *out)
{
    head_params params = {.distance = 700, .focal = 60, .crop = CROP_LOOSE, .size = SIZE, .band = BAND_940, .occluder = *occluder};
    person who = {.id = "0", .age = 40, .weight = 0.5f};
    df_error err = {0};
    scene drawn;
    strcpy(params.glasses, "none");
    strcpy(params.hat, "none");
    strcpy(who.looks.hair, "none");
    params.light.sh[0][0] = 1;
    const head_identity *identity = head_identity_new(&model, &who, params.band, arena, &err);
    assert_non_null(identity);
    must(head_scene(identity, &params, NULL, &drawn, &out->labels, arena, &err), &err);
    const engine_row *engine = engine_find("raster");
    void *state = engine->create(SIZE, SIZE, 1, arena, &err);
    assert_non_null(state);
    const scene_picture picture = {.colour = out->colour, .regions = out->regions, .depth = out->depth};
    must(engine->draw(state, &drawn, &picture, arena, &err), &err);
}

static int pixels_of(const seen *s, face_region region)
{
    int count = 0;
    for (int i = 0; i < SIZE * SIZE; i++)
        count += s->regions[i] == region;
    return count;
}

static bool is_hidden(const seen *s, int landmark)
{
    const int x = (int)s->labels.landmarks2d[landmark][0], y = (int)s->labels.landmarks2d[landmark][1];
    return s->labels.landmark_depth[landmark] > s->depth[y * SIZE + x] + HIDDEN_BY;
}

static occluder_params usual(int kind, int style, int side)
{
    return (occluder_params){
        .kind = (occluder_kind)kind, .style = style, .side = side, .place = {0.5f, 0.5f, 0.5f}, .colour = {0.33f, 0.33f, 0.33f}};
}

static void every_row_is_filled_and_found_by_its_name(void **state)
{
    (void)state;
    for (int kind = 0; kind < OCCLUDER_KIND_COUNT; kind++) {
        const occluder_row *row = &occluder_rows[kind];
        assert_non_null(row->name);
        assert_int_equal(occluder_find(row->name), kind);
        assert_true(row->style_count >= 1 && row->style_count <= OCCLUDER_MOST_STYLES);
        for (int style = 0; style < row->style_count; style++)
            assert_non_null(row->styles[style]);
        assert_true(row->build != NULL || kind == OCCLUDER_NONE || kind == OCCLUDER_SUNGLASSES);
    }
    assert_int_equal(occluder_find("umbrella"), OCCLUDER_KIND_COUNT);
}

static void every_style_on_both_sides_is_seen_as_its_class(void **state)
{
    (void)state;
    seen *s = fixture_alloc(arena, 1, sizeof *s);
    for (int kind = 0; kind < OCCLUDER_KIND_COUNT; kind++)
        for (int i = 0; occluder_rows[kind].build && i < 2 * occluder_rows[kind].style_count; i++) {
            const occluder_params occluder = usual(kind, i / 2, i % 2);
            look(&occluder, s);
            if (pixels_of(s, occluder_rows[kind].region) < 5)
                fail_msg("%s, %s: no pixels of its class", occluder_rows[kind].name, occluder_rows[kind].styles[i / 2]);
        }
    look(&(occluder_params){.kind = OCCLUDER_NONE}, s);
    for (int region = FACE_MASK; region < FACE_REGION_COUNT; region++)
        assert_int_equal(pixels_of(s, (face_region)region), 0);
}

static void a_mask_hides_mouth_and_nostrils_and_leaves_the_eyes(void **state)
{
    (void)state;
    seen *s = fixture_alloc(arena, 1, sizeof *s);
    for (int style = 0; style < occluder_rows[OCCLUDER_MASK].style_count; style++) {
        const occluder_params mask = usual(OCCLUDER_MASK, style, 0);
        look(&mask, s);
        for (int i = 30; i < FACE_LANDMARKS; i++)
            if (is_hidden(s, i) != (i < 36 || i >= 48))
                fail_msg("%s: landmark %d", occluder_rows[OCCLUDER_MASK].styles[style], i);
    }
    look(&(occluder_params){.kind = OCCLUDER_NONE}, s);
    for (int i = 30; i < FACE_LANDMARKS; i++)
        assert_false(is_hidden(s, i));
}

static void the_same_numbers_give_the_same_picture(void **state)
{
    (void)state;
    seen *a = fixture_alloc(arena, 2, sizeof *a), *b = a + 1;
    for (int kind = OCCLUDER_MASK; kind < OCCLUDER_SUNGLASSES; kind++) {
        const occluder_params occluder = usual(kind, 0, 1);
        look(&occluder, a);
        look(&occluder, b);
        assert_memory_equal(a->regions, b->regions, sizeof a->regions);
        assert_memory_equal(a->depth, b->depth, sizeof a->depth);
        assert_memory_equal(a->colour, b->colour, sizeof a->colour);
    }
}

static void sunglasses_for_the_near_infrared_are_dark_to_the_eye_alone(void **state)
{
    (void)state;
    must_lie(occluder_tint(BAND_RGB), 0.7f, 1);
    must_lie(occluder_tint(BAND_850), 0, 0.15f);
    must_lie(occluder_tint(BAND_940), 0, 0.15f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_filled_and_found_by_its_name),
        cmocka_unit_test_setup_teardown(every_style_on_both_sides_is_seen_as_its_class, make_model, free_model),
        cmocka_unit_test_setup_teardown(a_mask_hides_mouth_and_nostrils_and_leaves_the_eyes, make_model, free_model),
        cmocka_unit_test_setup_teardown(the_same_numbers_give_the_same_picture, make_model, free_model),
        cmocka_unit_test(sunglasses_for_the_near_infrared_are_dark_to_the_eye_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
