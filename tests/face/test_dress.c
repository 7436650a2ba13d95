/* The fixture is dressed with its own parts: whatever the fitting does must then do nothing. */
#include "check.h"
#include "face/dress.h"
#include "face/face_eval.h"
#include "face_fixture.h"

enum { MEMORY = 64 << 20, MOST = 8 };

static int setup(void **state)
{
    df_error err;
    return (*state = df_arena_new(MEMORY, &err)) ? 0 : -1;
}

static int teardown(void **state)
{
    df_arena_free(*state);
    return 0;
}

static const float still[3] = {0};

/* The fixture's mean scaled about the origin, then shifted. */
static face_model moved(df_arena *arena, float scale, const float shift[3])
{
    face_model m = face_fixture(arena);
    float *mean = fixture_alloc(arena, FIXTURE_CAGE, 3 * sizeof *mean);
    for (int i = 0; i < 3 * FIXTURE_CAGE; i++)
        mean[i] = scale * m.cage_mean[i] + shift[i % 3];
    m.cage_mean = mean;
    m.part_count = 0;
    return m;
}

/* The farthest that a vertex of a dressed part lies from where it should: the fixture's own, scaled and shifted. */
static float worst_distance(const face_model *own, const face_model *dressed, const float *cage, float scale, const float shift[3])
{
    float worst = 0;
    for (int i = 0; i < dressed->part_count; i++) {
        const face_part *part = &dressed->parts[i];
        const int old = face_model_part(own, part->kind, part->name);
        float is[3 * MOST], was[3 * MOST];
        assert_true(old >= 0 && part->vertex_count == own->parts[old].vertex_count && part->vertex_count <= MOST);
        face_part_vertices(part, cage, is);
        face_part_vertices(&own->parts[old], own->cage_mean, was);
        for (int k = 0; k < 3 * part->vertex_count; k++)
            worst = fmaxf(worst, fabsf(is[k] - (scale * was[k] + shift[k % 3])));
    }
    return worst;
}

static void its_own_parts_come_back(void **state)
{
    const face_model own = face_fixture(*state);
    face_model dressed = moved(*state, 1, still);
    df_error err;
    must(face_dress(&own, &dressed, *state, &err), &err);
    assert_int_equal(dressed.part_count, 9); /* all but eyes, teeth and tongue */
    assert_true(worst_distance(&own, &dressed, dressed.cage_mean, 1, still) < 0.1f);
}

static void a_scaled_and_shifted_head_gets_scaled_and_shifted_parts(void **state)
{
    static const float shift[3] = {100, -40, 7};
    const face_model own = face_fixture(*state);
    face_model dressed = moved(*state, 1.25f, shift);
    df_error err;
    must(face_dress(&own, &dressed, *state, &err), &err);
    assert_true(worst_distance(&own, &dressed, dressed.cage_mean, 1.25f, shift) < 0.1f);
    assert_true(worst_distance(&own, &dressed, dressed.cage_mean, 1.2f, shift) > 0.1f); /* it can tell */
}

static void parts_follow_expressions(void **state)
{
    const face_model own = face_fixture(*state);
    face_model dressed = moved(*state, 1, still);
    df_error err;
    must(face_dress(&own, &dressed, *state, &err), &err);
    const int beard = face_model_part(&dressed, FACE_PART_BEARD, "full_beard"), old = face_model_part(&own, FACE_PART_BEARD, "full_beard");
    float *cage = df_copy(*state, dressed.cage_mean, FIXTURE_CAGE * 3 * sizeof *cage, &err);
    const float open_mouth[FIXTURE_EXPRESSIONS] = {0, 1, 0};
    float is[3 * MOST], should[3 * MOST];
    face_express(&dressed, open_mouth, cage);
    face_part_vertices(&dressed.parts[beard], cage, is);
    face_part_vertices(&own.parts[old], cage, should);
    for (int k = 0; k < 12; k++)
        assert_float_equal(is[k], should[k], 0.1f);
    assert_true(worst_distance(&own, &dressed, cage, 1, still) > 5);
}

static void hair_is_pushed_out_of_a_thicker_head(void **state)
{
    const face_model own = face_fixture(*state);
    face_model dressed = moved(*state, 1, still);
    float *mean = fixture_alloc(*state, FIXTURE_CAGE, 3 * sizeof *mean);
    for (int i = 0; i < FIXTURE_CAGE; i++) { /* a wall of 60 mm above all landmarks */
        const float t = fixture_coordinate(i / FIXTURE_SIDE, FIXTURE_SIDE);
        memcpy(mean + 3 * i, dressed.cage_mean + 3 * i, 3 * sizeof *mean);
        mean[3 * i + 2] += i < FIXTURE_SKIN && t > 0.55f ? 60 : 0;
    }
    dressed.cage_mean = mean;
    df_error err;
    must(face_dress(&own, &dressed, *state, &err), &err);
    const face_part *hair = &dressed.parts[face_model_part(&dressed, FACE_PART_HAIR, "short02")],
                    *before = &own.parts[face_model_part(&own, FACE_PART_HAIR, "short02")];
    float is[3 * MOST], was[3 * MOST];
    face_part_vertices(hair, dressed.cage_mean, is);
    face_part_vertices(before, own.cage_mean, was);
    bool is_pushed = false;
    for (int v = 0; v < hair->vertex_count; v++)
        is_pushed = is_pushed || is[3 * v + 2] > was[3 * v + 2] + 5;
    assert_true(is_pushed);
}

static void textures_come_along_once(void **state)
{
    const face_model own = face_fixture(*state);
    face_model bare = moved(*state, 1, still), again;
    df_error err;
    bare.texture_count = 0;
    must(face_dress(&own, &bare, *state, &err), &err);
    assert_int_equal(bare.texture_count, 3); /* strands, glasses, cloth */
    const int hair = face_model_part(&bare, FACE_PART_HAIR, "short02");
    assert_string_equal(bare.textures[bare.parts[hair].texture].name, "strands");
    again = bare;
    must(face_dress(&own, &again, *state, &err), &err);
    assert_int_equal(again.texture_count, 3);
    assert_int_equal(again.part_count, bare.part_count);
}

static void a_model_without_landmarks_is_refused_unchanged(void **state)
{
    const face_model own = face_fixture(*state);
    face_model faceless = moved(*state, 1, still), bare = moved(*state, 1, still);
    df_error err;
    faceless.has_landmarks = false;
    assert_false(face_dress(&own, &faceless, *state, &err));
    assert_non_null(strstr(err.text, "no landmarks"));
    assert_int_equal(faceless.part_count, 0);
    assert_false(face_dress(&faceless, &bare, *state, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(its_own_parts_come_back, setup, teardown),
        cmocka_unit_test_setup_teardown(a_scaled_and_shifted_head_gets_scaled_and_shifted_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(parts_follow_expressions, setup, teardown),
        cmocka_unit_test_setup_teardown(hair_is_pushed_out_of_a_thicker_head, setup, teardown),
        cmocka_unit_test_setup_teardown(textures_come_along_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_model_without_landmarks_is_refused_unchanged, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
