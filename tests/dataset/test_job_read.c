/* test_job_read.c: a job's text gives the job back, and nothing else is a job. */
#include "check.h"

#include <math.h>

#include "base/random.h"
#include "dataset/job.h"

enum { RANDOM_JOBS = 300 };

static df_text text_of(const render_job *job)
{
    df_text text = {0};
    job_write(job, &text);
    return text;
}

static bool read_text(const char *text, df_arena *arena, render_job *out, df_error *err)
{
    json_t *json = df_json_parse(text, strlen(text), err);
    must(json != NULL, err);
    const bool is_read = job_read(json, arena, out, err);
    json_decref(json);
    return is_read;
}

/* As a run leaves it: hashes made. */
static render_job complete(render_band band)
{
    render_job job = job_defaults(band);
    memset(job.identities_sha256, 'a', DF_SHA256_TEXT - 1);
    memset(job.model_sha256, '0', DF_SHA256_TEXT - 1);
    return job;
}

static render_job random_job(df_random *random, int32_t *vertices, int count)
{
    render_job job = complete((render_band)df_random_below(random, BAND_COUNT));
    job.seed = (uint64_t)df_random_u32(random) << 32 | df_random_u32(random);
    job.size = 16 + (int)df_random_below(random, 500);
    job.per_identity = 1 + (int)df_random_below(random, 1000);
    job.samples = df_random_below(random, 2) ? 1 : 4;
    job.bits = df_random_below(random, 2) ? 8 : 16;
    job.crop = (crop_kind)df_random_below(random, CROP_KIND_COUNT);
    job.is_peaked = df_random_below(random, 2);
    job.noise = df_random_below(random, 2);
    for (int id = 0; id < JOB_RANGE_COUNT; id++) {
        const float low = job_range_rows[id].least, high = job_range_rows[id].most;
        const float a = df_random_range(random, low, high), b = df_random_range(random, low, high);
        job.ranges[id] = (job_range){.low = fminf(a, b), .high = fmaxf(a, b)};
    }
    job.ranges[JOB_AMBIENT].high = 1;
    job.glasses = df_random_uniform(random);
    job.hat = df_random_uniform(random);
    job.occluder = df_random_below(random, 2) ? df_random_uniform(random) : 0;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        job.labels[kind] = df_random_below(random, 2);
    job.normals16 = job.labels[LABEL_NORMALS] && df_random_below(random, 2);
    if (job.labels[LABEL_LANDMARKS] && df_random_below(random, 2))
        job.landmarks = (job_landmarks){.count = count, .vertices = vertices};
    job_settle(&job);
    return job;
}

static void what_was_written_is_read_to_the_last_bit(void **state)
{
    (void)state;
    df_error err = {0};
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    int32_t vertices[50];
    for (int i = 0; i < 50; i++)
        vertices[i] = (int32_t)df_random_below(&random, 1u << 24);
    for (int i = 0; i < RANDOM_JOBS; i++) {
        df_arena *arena = df_arena_new(1 << 20, &err);
        const render_job job = random_job(&random, vertices, 1 + (int)df_random_below(&random, 50));
        render_job back;
        df_text before = text_of(&job);
        must(read_text(before.data, arena, &back, &err), &err);
        df_text after = text_of(&back);
        assert_string_equal(after.data, before.data);
        assert_memory_equal(back.ranges, job.ranges, sizeof job.ranges);
        assert_true(back.seed == job.seed && back.glasses == job.glasses && back.hat == job.hat && back.occluder == job.occluder);
        assert_memory_equal(back.labels, job.labels, sizeof job.labels);
        df_text_free(&before);
        df_text_free(&after);
        df_arena_free(arena);
    }
    print_message("%d random jobs read again\n", RANDOM_JOBS);
}

static void settling_changes_no_number_of_six_decimals(void **state)
{
    (void)state;
    for (int i = -2000; i <= 2000; i++) {
        render_job job = job_defaults(BAND_940);
        const float value = (float)(i * 0.000137);
        job.ranges[JOB_OFFSET] = (job_range){.low = value, .high = value + 180};
        render_job settled = job;
        job_settle(&settled);
        assert_memory_equal(&settled.ranges[JOB_OFFSET].low, &value, sizeof value);
    }
}

/* `to` in place of `from`, which must be there. */
static void must_refuse(const char *from, const char *to, const char *part)
{
    df_error err = {0};
    df_arena *arena = df_arena_new(1 << 20, &err);
    render_job job = complete(BAND_940), out;
    df_text text = text_of(&job), changed = {0};
    const char *at = strstr(text.data, from);
    assert_non_null(at);
    df_text_add_bytes(&changed, text.data, (size_t)(at - text.data));
    df_text_add(&changed, to);
    df_text_add(&changed, at + strlen(from));
    memset(&out, 7, sizeof out);
    must_say(read_text(changed.data, arena, &out, &err), &err, part);
    assert_int_equal(out.size, 0x07070707); /* untouched */
    df_text_free(&text);
    df_text_free(&changed);
    df_arena_free(arena);
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const changes[][3] = {
        {"\"format\":2", "\"format\":0", "format"},
        {"\"format\":2", "\"format\":3", "format"},
        {"\"format\":2", "\"format\":2.0", "format"},
        {"\"size\":112", "\"size\":99999999999", "size"},
        {"\"size\":112", "\"size\":112.0", "size"},
        {"\"size\":112", "\"size\":null", "size"},
        {"\"seed\":0", "\"seed\":-1", "seed"},
        {"\"seed\":0", "\"seed\":\"99999999999999999999\"", "seed"},
        {"\"seed\":0", "\"seed\":\"0\"", "seed"},
        {"\"engine\":\"raster\"", "\"engine\":\"a name of more than 15 bytes\"", "engine"},
        {"\"band\":\"940\"", "\"band\":\"941\"", "band"},
        {"\"yaw\":[-35,35]", "\"yaw\":[35,-35]", "yaw"},
        {"\"yaw\":[-35,35]", "\"yaw\":[-35]", "yaw"},
        {"\"yaw\":[-35,35]", "\"yaw\":[-35,\"35\"]", "yaw"},
        {"\"yaw\":[-35,35]", "\"yaw\":[-35,1e300]", "yaw"},
        {"\"glasses\":0.2", "\"glasses\":0.20000000001", "glasses"},
        {"\"glasses\":0.2", "\"glasses\":1.2", "glasses"},
        {"\"labels\":[]", "\"labels\":[\"depth\",\"depth\"]", "labels"},
        {"\"labels\":[]", "\"labels\":[3]", "labels"},
        {"\"labels\":[]", "\"labels\":[\"landmarks\"]", "landmark-vertices"},
        {"\"labels\":[]", "\"labels\":[\"landmarks\"],\"landmark-vertices\":[-1]", "landmark-vertices"},
        {"\"labels\":[]", "\"labels\":[\"landmarks\"],\"landmark-vertices\":\"all\"", "landmark-vertices"},
        {"\"normals-bits\":8", "\"normals-bits\":9", "normals-bits"},
        {"\"background\":\"mixed\"", "\"background\":\"/etc\"", "background"},
        {"\"background\":\"mixed\"", "\"background\":\"folder\"", "background-images"},
        {"\"noise\":\"on\"", "\"noise\":\"on\",\"later\":1", "later"},
        {"\"noise\":\"on\",", "", "noise"},
        {"\"only-index\":-1", "\"only-index\":-2", "only-index"},
        {"\"law\":\"peaked\"", "\"law\":true", "law"},
        {"\"bits\":8", "\"bits\":9", "bits"},
        {"\"samples\":4", "\"samples\":2", "samples"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(changes); i++)
        must_refuse(changes[i][0], changes[i][1], changes[i][2]);
    print_message("%zu damaged jobs refused\n", DF_ARRAY_LEN(changes));
}

static void the_first_release_s_format_is_kept(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new(1 << 20, &err);
    render_job job = complete(BAND_RGB), back;
    job.format = JOB_FORMAT_PLAIN;
    df_text text = text_of(&job);
    must(read_text(text.data, arena, &back, &err), &err);
    assert_int_equal(back.format, JOB_FORMAT_PLAIN);
    df_text_free(&text);
    df_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_to_the_last_bit),
        cmocka_unit_test(settling_changes_no_number_of_six_decimals),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(the_first_release_s_format_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
