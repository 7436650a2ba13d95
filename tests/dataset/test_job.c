/* test_job.c: the text of a job holds everything that changes bytes, and says what differs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "dataset/job.h"

static json_t *text_of(const render_job *job)
{
    df_error err;
    df_text text = {0};
    job_write(job, &text);
    json_t *json = df_json_parse(text.data, text.size, &err);
    assert_true(json_is_object(json));
    df_text_free(&text);
    return json;
}

static void equal_jobs_have_no_difference(void **state)
{
    (void)state;
    char difference[128] = "x";
    const render_job job = job_defaults(BAND_940);
    json_t *there = text_of(&job);
    job_difference(there, &job, difference, sizeof difference);
    assert_string_equal(difference, "");
    json_decref(there);
}

/* One change for each kind of member; the name that the sentence must start with. */
static void change(render_job *job, int which)
{
    switch (which) {
    case 0:
        job->seed = UINT64_MAX;
        break;
    case 1:
        job->per_identity = 3;
        break;
    case 2:
        job->size = 64;
        break;
    case 3:
        job->samples = 1;
        break;
    case 4:
        job->bits = 16;
        break;
    case 5:
        job->band = BAND_RGB;
        break;
    case 6:
        job->crop = CROP_ARCFACE;
        break;
    case 7:
        job->is_peaked = false;
        break;
    case 8:
        job->glasses = 0.5f;
        break;
    case 9:
        job->sunglasses = 0.5f;
        break;
    case 10:
        job->hat = 0.5f;
        break;
    case 11:
        job->noise = false;
        break;
    case 12:
        job->labels[LABEL_DEPTH] = true;
        break;
    case 13:
        job->normals16 = true;
        break;
    case 14:
        memcpy(job->background, "plain", 6);
        break;
    case 15:
        memcpy(job->background_sha256, "ab", 3);
        break;
    case 16:
        memcpy(job->only_identity, "a", 2);
        break;
    case 17:
        job->only_index = 2;
        break;
    case 18:
        memcpy(job->identities_sha256, "ab", 3);
        break;
    case 19:
        memcpy(job->model_sha256, "ab", 3);
        break;
    case 20:
        memcpy(job->engine, "path", 5);
        break;
    }
}

static void every_member_that_changes_bytes_is_in_the_text(void **state)
{
    (void)state;
    static const char *const names[] = {"seed",       "per-identity", "size",       "samples",    "bits",       "band",   "crop",
                                        "law",        "glasses",      "sunglasses", "hat",        "noise",      "labels", "normals-bits",
                                        "background", "background",   "only",       "only-index", "identities", "model",  "engine"};
    const render_job job = job_defaults(BAND_940);
    json_t *there = text_of(&job);
    for (int which = 0; which < (int)DF_ARRAY_LEN(names); which++) {
        char difference[128];
        render_job other = job;
        change(&other, which);
        job_difference(there, &other, difference, sizeof difference);
        assert_memory_equal(difference, names[which], strlen(names[which]));
    }
    json_decref(there);
}

static void every_range_is_in_the_text(void **state)
{
    (void)state;
    const render_job job = job_defaults(BAND_940);
    json_t *there = text_of(&job);
    for (int id = 0; id < JOB_RANGE_COUNT; id++) {
        char difference[128];
        render_job other = job;
        other.ranges[id].high += 0.125f;
        job_difference(there, &other, difference, sizeof difference);
        assert_memory_equal(difference, job_range_rows[id].name, strlen(job_range_rows[id].name));
    }
    json_decref(there);
}

static void strange_texts_differ_without_harm(void **state)
{
    (void)state;
    char difference[128];
    const render_job job = job_defaults(BAND_940);
    json_t *list = json_array(), *empty = json_object();
    job_difference(NULL, &job, difference, sizeof difference);
    assert_true(difference[0] != '\0');
    job_difference(list, &job, difference, sizeof difference);
    assert_true(difference[0] != '\0');
    job_difference(empty, &job, difference, sizeof difference);
    assert_true(difference[0] != '\0');
    json_decref(list);
    json_decref(empty);
}

static void every_range_has_a_row_and_a_default_within_its_limits(void **state)
{
    (void)state;
    df_error err;
    for (int band = 0; band < BAND_COUNT; band++) {
        render_job job = job_defaults((render_band)band);
        assert_true(job_check(&job, &err));
        for (int id = 0; id < JOB_RANGE_COUNT; id++) {
            assert_non_null(job_range_rows[id].name);
            assert_true(job_range_rows[id].least < job_range_rows[id].most);
        }
    }
}

static void ranges_outside_or_upside_down_and_nan_are_refused(void **state)
{
    (void)state;
    df_error err;
    const job_range bad[] = {{-181, 0}, {0, 181}, {10, -10}, {NAN, 0}, {0, NAN}, {-INFINITY, 0}};
    for (size_t i = 0; i < DF_ARRAY_LEN(bad); i++) {
        render_job job = job_defaults(BAND_940);
        job.ranges[JOB_YAW] = bad[i];
        assert_false(job_check(&job, &err));
        assert_non_null(strstr(err.text, "yaw"));
    }
}

static void no_light_at_all_is_refused(void **state)
{
    (void)state;
    df_error err;
    render_job job = job_defaults(BAND_940);
    job.ranges[JOB_LAMPS] = (job_range){0, 2};
    job.ranges[JOB_AMBIENT] = (job_range){0, 0};
    assert_false(job_check(&job, &err));
}

static void only_takes_an_identity_and_an_index(void **state)
{
    (void)state;
    df_error err;
    render_job job = job_defaults(BAND_940);
    assert_true(job_parse_only("a-b_c.d/17", &job, &err));
    assert_string_equal(job.only_identity, "a-b_c.d");
    assert_int_equal(job.only_index, 17);
    static const char *const bad[] = {"", "/", "a", "a/", "/1", "a/-1", "a/1x", "a/99999999999999999999", "a/16777216"};
    for (size_t i = 0; i < DF_ARRAY_LEN(bad); i++)
        assert_false(job_parse_only(bad[i], &job, &err));
    job.only_index = job.per_identity;
    assert_false(job_check(&job, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_jobs_have_no_difference),
        cmocka_unit_test(every_member_that_changes_bytes_is_in_the_text),
        cmocka_unit_test(every_range_is_in_the_text),
        cmocka_unit_test(strange_texts_differ_without_harm),
        cmocka_unit_test(every_range_has_a_row_and_a_default_within_its_limits),
        cmocka_unit_test(ranges_outside_or_upside_down_and_nan_are_refused),
        cmocka_unit_test(no_light_at_all_is_refused),
        cmocka_unit_test(only_takes_an_identity_and_an_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
