/* test_draw.c: draws stay in their ranges, follow their shares, depend on (seed, identity, index) alone, and an option moves no
   other's values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/draw.h"
#include "face_fixture.h"

enum { DRAWS = 4000 };

static df_arena *arena;
static face_model model;

static int setup(void **state)
{
    (void)state;
    arena = df_arena_new(16 << 20, NULL);
    model = face_fixture(arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

static drawn_image draw(const render_job *job, uint32_t index)
{
    drawn_image out;
    draw_image(job, &model, "p0007", index, 0, &out);
    return out;
}

static void the_same_name_draws_the_same_and_another_does_not(void **state)
{
    (void)state;
    const render_job job = job_defaults(BAND_940);
    const drawn_image a = draw(&job, 5), b = draw(&job, 5), c = draw(&job, 6);
    assert_memory_equal(&a, &b, sizeof a);
    assert_true(a.head.yaw != c.head.yaw && a.head.distance != c.head.distance && a.exposure != c.exposure);
    drawn_image d;
    draw_image(&job, &model, "p0008", 5, 0, &d);
    assert_true(a.head.yaw != d.head.yaw);
}

static void every_range_is_kept(void **state)
{
    (void)state;
    render_job job = job_defaults(BAND_940);
    job.ranges[JOB_YAW] = (job_range){-10, 30};
    job.ranges[JOB_LAMPS] = (job_range){0, 4};
    float lowest = 99, highest = -99;
    int lamps[LIGHT_MAX_LAMPS + 1] = {0};
    for (uint32_t i = 0; i < DRAWS; i++) {
        const drawn_image d = draw(&job, i);
        lowest = fminf(lowest, d.head.yaw);
        highest = fmaxf(highest, d.head.yaw);
        assert_true(d.head.distance >= 450 && d.head.distance <= 900 && fabsf(d.head.gaze_yaw) <= 15 && d.head.sensor.gain >= 1 &&
                    d.head.sensor.gain <= 4);
        lamps[d.head.light.lamp_count]++;
    }
    assert_true(lowest >= -10 && lowest < -8 && highest <= 30 && highest > 28);
    for (int count = 0; count <= LIGHT_MAX_LAMPS; count++) /* a fifth each: 800, standard deviation 25 */
        assert_in_range(lamps[count], 650, 950);
}

static void a_peaked_law_has_half_the_variance_of_a_uniform_one(void **state)
{
    (void)state;
    render_job job = job_defaults(BAND_940);
    double sums[2] = {0};
    for (int law = 0; law < 2; law++)
        for (uint32_t i = 0; i < DRAWS; i++) {
            job.is_peaked = law == 1;
            const double yaw = (double)draw(&job, i).head.yaw;
            sums[law] += yaw * yaw / DRAWS;
        }
    const double uniform = 35.0 * 35 / 3;                                                        /* variance of -35 .. 35 */
    assert_true(fabs(sums[0] / uniform - 1) < 0.06 && fabs(sums[1] / (uniform / 2) - 1) < 0.08); /* 4 standard errors */
}

static void an_option_moves_only_its_own_values(void **state)
{
    (void)state;
    const render_job job = job_defaults(BAND_940);
    for (int id = 0; id < JOB_RANGE_COUNT; id++) {
        render_job other = job;
        other.ranges[id].high = other.ranges[id].low; /* always the lowest */
        for (uint32_t i = 0; i < 20; i++) {
            const drawn_image a = draw(&job, i), b = draw(&other, i);
            const bool same[] = {a.head.yaw == b.head.yaw,
                                 a.head.pitch == b.head.pitch,
                                 a.head.roll == b.head.roll,
                                 a.head.distance == b.head.distance,
                                 a.head.focal == b.head.focal,
                                 a.head.offset[0] == b.head.offset[0],
                                 a.head.gaze_yaw == b.head.gaze_yaw,
                                 a.head.gaze_pitch == b.head.gaze_pitch,
                                 a.expression_strength == b.expression_strength,
                                 a.light_strength == b.light_strength,
                                 a.ambient == b.ambient,
                                 true /* lamps: 1 may have been drawn */,
                                 a.exposure == b.exposure,
                                 a.head.sensor.gain == b.head.sensor.gain,
                                 a.head.sensor.blur == b.head.sensor.blur,
                                 a.head.sensor.vignetting == b.head.sensor.vignetting};
            assert_int_equal(DF_ARRAY_LEN(same), JOB_RANGE_COUNT);
            for (int k = 0; k < JOB_RANGE_COUNT; k++)
                assert_true(same[k] || k == id);
            assert_true(id == JOB_LAMPS || !same[id]);
        }
    }
}

static void accessories_follow_their_shares(void **state)
{
    (void)state;
    render_job job = job_defaults(BAND_940);
    job.glasses = 0.3f;
    job.sunglasses = 0.1f;
    job.hat = 0.5f;
    int clear = 0, dark = 0, hats = 0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        const drawn_image d = draw(&job, i);
        const bool worn = strcmp(d.head.glasses, "glasses") == 0;
        clear += worn && d.head.glasses_tint < 0.1f;
        dark += worn && d.head.glasses_tint > 0.6f;
        hats += strcmp(d.head.hat, "fedora") == 0;
        assert_true(worn || (strcmp(d.head.glasses, "none") == 0 && d.head.glasses_tint == 0));
    }
    assert_in_range(clear, 1200 - 116, 1200 + 116); /* 4 standard deviations */
    assert_in_range(dark, 400 - 76, 400 + 76);
    assert_in_range(hats, 2000 - 127, 2000 + 127);
}

static void no_expression_is_no_expression(void **state)
{
    (void)state;
    render_job job = job_defaults(BAND_940);
    int moved = 0;
    for (uint32_t i = 0; i < 200; i++) {
        const drawn_image d = draw(&job, i);
        for (int k = 0; k < model.expression_count; k++) {
            moved += d.head.expression[k] > 0;
            assert_true(d.head.expression[k] >= 0 && d.head.expression[k] <= d.expression_strength + 1e-4f);
        }
    }
    assert_true(moved > 50);
    job.ranges[JOB_EXPRESSION] = (job_range){0, 0};
    for (uint32_t i = 0; i < 200; i++) {
        const drawn_image d = draw(&job, i);
        for (int k = 0; k < model.expression_count; k++)
            assert_true(d.head.expression[k] == 0);
    }
}

/* What the manifest says, read back, is the value that was used: written with its digits, every drawn float is itself. */
static void drawn_values_are_what_the_manifest_can_say(void **state)
{
    (void)state;
    const render_job job = job_defaults(BAND_RGB);
    for (uint32_t i = 0; i < 500; i++) {
        const drawn_image d = draw(&job, i);
        const struct {
            float value;
            int digits;
        } said[] = {{d.head.yaw, DRAW_ANGLE_DIGITS},
                    {d.head.distance, DRAW_MM_DIGITS},
                    {d.head.light.sh[1][3], DRAW_LIGHT_DIGITS},
                    {d.head.sensor.exposure, DRAW_SHARE_DIGITS},
                    {d.head.expression[0], DRAW_SHARE_DIGITS},
                    {d.background_level, DRAW_SHARE_DIGITS}};
        for (size_t k = 0; k < DF_ARRAY_LEN(said); k++) {
            df_text text = {0};
            df_text_number(&text, (double)said[k].value, said[k].digits);
            assert_true(strtof(text.data, NULL) == said[k].value);
            df_text_free(&text);
        }
    }
}

static void what_a_model_lacks_is_refused_where_it_is_asked_for(void **state)
{
    (void)state;
    df_error err;
    render_job job = job_defaults(BAND_940);
    face_model bare = model;
    assert_true(draw_check(&job, &bare, &err));
    bare.part_count = 0;
    assert_true(draw_check(&job, &bare, &err)); /* some: whoever has none goes without */
    job.hat = 1;
    assert_false(draw_check(&job, &bare, &err));
    bare = model;
    bare.has_landmarks = false;
    job.hat = 0;
    assert_true(draw_check(&job, &bare, &err)); /* its manifest has no landmarks */
    job.crop = CROP_ARCFACE;
    assert_false(draw_check(&job, &bare, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_name_draws_the_same_and_another_does_not),
        cmocka_unit_test(every_range_is_kept),
        cmocka_unit_test(a_peaked_law_has_half_the_variance_of_a_uniform_one),
        cmocka_unit_test(an_option_moves_only_its_own_values),
        cmocka_unit_test(accessories_follow_their_shares),
        cmocka_unit_test(no_expression_is_no_expression),
        cmocka_unit_test(drawn_values_are_what_the_manifest_can_say),
        cmocka_unit_test(what_a_model_lacks_is_refused_where_it_is_asked_for),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
