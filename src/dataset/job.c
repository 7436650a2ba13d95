/* job.c: the options of a data set as one table of ranges and one canonical text. */
#include "dataset/job.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const label_kind_names[LABEL_KIND_COUNT] = {
#define LABEL_KIND_NAME(ID, NAME, ENDING) [LABEL_##ID] = NAME,
    LABEL_KINDS(LABEL_KIND_NAME)
#undef LABEL_KIND_NAME
};

const char *const label_kind_endings[LABEL_KIND_COUNT] = {
#define LABEL_KIND_ENDING(ID, NAME, ENDING) [LABEL_##ID] = ENDING,
    LABEL_KINDS(LABEL_KIND_ENDING)
#undef LABEL_KIND_ENDING
};

const job_range_row job_range_rows[JOB_RANGE_COUNT] = {
#define JOB_RANGE_ROW(id, NAME, LEAST, MOST, LOW, HIGH, INITIAL, IS_PEAKED, UNIT, HELP)                                                    \
    [JOB_##id] = {                                                                                                                         \
        .name = NAME, .least = (float)(LEAST), .most = (float)(MOST), .usual = {(float)(LOW), (float)(HIGH)}, .is_peaked = IS_PEAKED},
    JOB_RANGES(JOB_RANGE_ROW)
#undef JOB_RANGE_ROW
};

render_job job_defaults(render_band band)
{
    render_job out = {
        .format = JOB_FORMAT,
        .per_identity = 20,
        .size = 112,
        .samples = 4,
        .bits = 8,
        .engine = "raster",
        .band = band,
        .glasses = 0.2f,
        .sunglasses = 0.03f,
        .hat = 0.05f,
        .is_peaked = true,
        .noise = true,
        .background = "mixed",
        .only_index = JOB_ALL_IMAGES,
    };
    for (int kind = OCCLUDER_NONE + 1; kind < OCCLUDER_KIND_COUNT; kind++)
        out.occluders[kind] = true;
    for (int id = 0; id < JOB_RANGE_COUNT; id++)
        out.ranges[id] = job_range_rows[id].usual;
    if (band == BAND_RGB) {
        out.ranges[JOB_AMBIENT] = (job_range){.low = 1, .high = 1};
        out.ranges[JOB_LAMPS] = (job_range){.low = 0, .high = 0};
        out.ranges[JOB_EXPOSURE] = (job_range){.low = 0.25f, .high = 0.5f}; /* sRGB's curve lifts it */
    }
    return out;
}

bool job_parse_only(const char *text, render_job *out, df_error *err)
{
    const char *slash = strrchr(text, '/');
    const size_t length = slash ? (size_t)(slash - text) : 0;
    if (length == 0 || length >= PERSON_ID || strspn(slash + 1, "0123456789") != strlen(slash + 1) || slash[1] == '\0')
        return df_fail(err, "--only %s: expected IDENTITY/INDEX", text);
    errno = 0;
    const long long index = strtoll(slash + 1, NULL, 10);
    if (errno != 0 || index >= JOB_MAX_PER_IDENTITY)
        return df_fail(err, "--only %s: expected an index below %d", text, JOB_MAX_PER_IDENTITY);
    memcpy(out->only_identity, text, length);
    out->only_identity[length] = '\0';
    out->only_index = index;
    return true;
}

static bool check_range(job_range_id id, const job_range *range, df_error *err)
{
    const job_range_row *row = &job_range_rows[id];
    if (range->low >= row->least && range->low <= range->high && range->high <= row->most)
        return true;
    return df_fail(err, "%s %g:%g: expected A:B with %g <= A <= B <= %g", row->name, (double)range->low, (double)range->high,
                   (double)row->least, (double)row->most);
}

bool job_check(const render_job *job, df_error *err)
{
    for (int id = 0; id < JOB_RANGE_COUNT; id++)
        if (!check_range((job_range_id)id, &job->ranges[id], err))
            return false;
    if (job->only_index >= job->per_identity)
        return df_fail(err, "--only %s/%lld: an identity has %d images, counted from 0", job->only_identity, (long long)job->only_index,
                       job->per_identity);
    const float ambient = job->ranges[JOB_AMBIENT].high, lamps = job->ranges[JOB_LAMPS].low;
    if (lamps < 1 && ambient <= 0)
        return df_fail(err, "--ambient 0 without lamps: no light at all");
    if (job->normals16 && !job->labels[LABEL_NORMALS])
        return df_fail(err, "--normals16 without --labels normals");
    return true;
}

enum { NUMBER_DIGITS = 6 };

/* Where a float has fewer digits than that its text gives it back as it is. */
static float settled(float value)
{
    return (float)(floor((double)value * 1e6 + 0.5) / 1e6);
}

void job_settle(render_job *job)
{
    for (int id = 0; id < JOB_RANGE_COUNT; id++)
        job->ranges[id] = (job_range){.low = settled(job->ranges[id].low), .high = settled(job->ranges[id].high)};
    float *const shares[] = {&job->glasses, &job->sunglasses, &job->hat, &job->occluder};
    for (size_t i = 0; i < DF_ARRAY_LEN(shares); i++)
        *shares[i] = settled(*shares[i]);
}

static void write_string(df_text *out, const char *key, const char *value)
{
    df_text_addf(out, "\"%s\":", key);
    df_text_json_string(out, value);
    df_text_add(out, ",");
}

static void write_integer(df_text *out, const char *key, int64_t value)
{
    df_text_addf(out, "\"%s\":", key);
    df_text_integer(out, value);
    df_text_add(out, ",");
}

static void write_number(df_text *out, const char *key, float value)
{
    df_text_addf(out, "\"%s\":", key);
    df_text_number(out, (double)value, NUMBER_DIGITS);
    df_text_add(out, ",");
}

/* JSON readers stop at 63 bits. */
static void write_seed(df_text *out, uint64_t seed)
{
    const char *quote = seed > INT64_MAX ? "\"" : "";
    df_text_addf(out, "\"seed\":%s%llu%s,", quote, (unsigned long long)seed, quote);
}

static void write_ranges(df_text *out, const job_range ranges[JOB_RANGE_COUNT])
{
    for (int id = 0; id < JOB_RANGE_COUNT; id++) {
        df_text_addf(out, "\"%s\":[", job_range_rows[id].name);
        df_text_number(out, (double)ranges[id].low, NUMBER_DIGITS);
        df_text_add(out, ",");
        df_text_number(out, (double)ranges[id].high, NUMBER_DIGITS);
        df_text_add(out, "],");
    }
}

static void write_labels(df_text *out, const render_job *job)
{
    const char *comma = "";
    df_text_add(out, "\"labels\":[");
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        if (job->labels[kind]) {
            df_text_addf(out, "%s\"%s\"", comma, label_kind_names[kind]);
            comma = ",";
        }
    df_text_add(out, "],");
}

/* Only where a set has them, as occluders. */
static void write_landmarks(df_text *out, const render_job *job)
{
    if (!job->labels[LABEL_LANDMARKS])
        return;
    df_text_add(out, "\"landmark-vertices\":");
    if (job->landmarks.count == 0)
        df_text_add(out, "\"dense\"");
    for (int i = 0; i < job->landmarks.count; i++) {
        df_text_add(out, i ? "," : "[");
        df_text_integer(out, job->landmarks.vertices[i]);
    }
    df_text_add(out, job->landmarks.count == 0 ? "," : "],");
}

/* Only where a set has occluders: others keep the text, and so the bytes, that they had before there were any. */
static void write_occluders(df_text *out, const render_job *job)
{
    const char *comma = "";
    if (job->occluder <= 0)
        return;
    write_number(out, "occluder", job->occluder);
    df_text_add(out, "\"occluder-kinds\":[");
    for (int kind = 0; kind < OCCLUDER_KIND_COUNT; kind++)
        if (job->occluders[kind]) {
            df_text_addf(out, "%s\"%s\"", comma, occluder_rows[kind].name);
            comma = ",";
        }
    df_text_add(out, "],");
}

void job_write(const render_job *job, df_text *out)
{
    df_text_add(out, "{");
    write_integer(out, "format", job->format);
    write_string(out, "identities", job->identities_sha256);
    write_string(out, "model", job->model_sha256);
    write_seed(out, job->seed);
    write_integer(out, "per-identity", job->per_identity);
    write_string(out, "engine", job->engine);
    write_integer(out, "size", job->size);
    write_integer(out, "samples", job->samples);
    write_string(out, "band", render_band_names[job->band]);
    write_integer(out, "bits", job->bits);
    write_string(out, "crop", crop_kind_names[job->crop]);
    write_ranges(out, job->ranges);
    write_string(out, "law", job->is_peaked ? "peaked" : "uniform");
    write_number(out, "glasses", job->glasses);
    write_number(out, "sunglasses", job->sunglasses);
    write_number(out, "hat", job->hat);
    write_occluders(out, job);
    write_string(out, "noise", job->noise ? "on" : "off");
    write_labels(out, job);
    write_landmarks(out, job);
    write_integer(out, "normals-bits", job->normals16 ? 16 : 8);
    write_string(out, "background", job->background_sha256[0] ? "folder" : job->background);
    write_string(out, "background-images", job->background_sha256);
    write_string(out, "only", job->only_identity);
    df_text_add(out, "\"only-index\":");
    df_text_integer(out, job->only_index);
    df_text_add(out, "}");
}

/* A value as a person reads it in a sentence: short, hashes by their first digits. */
static void value_text(const json_t *value, char *out, size_t size)
{
    char *dump = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(7)) : NULL;
    snprintf(out, size, "%.16s", dump ? dump : "absent");
    free(dump);
}

void job_difference(const json_t *there, const render_job *here, char *out, size_t size)
{
    df_text text = {0};
    job_write(here, &text);
    json_t *mine = text.failed ? NULL : df_json_parse(text.data, text.size, NULL);
    out[0] = '\0';
    if (!mine || !json_is_object(there))
        snprintf(out, size, "written by another version");
    const char *key;
    json_t *value;
    json_object_foreach(mine, key, value) {
        const json_t *other = json_object_get(there, key);
        if (out[0] != '\0' || json_equal(other, value))
            continue;
        char before[32], after[32];
        value_text(other, before, sizeof before);
        value_text(value, after, sizeof after);
        snprintf(out, size, "%s %s, here %s", key, before, after);
    }
    json_object_foreach((json_t *)(uintptr_t)there, key, value)
        if (out[0] == '\0' && !json_object_get(mine, key))
            snprintf(out, size, "%s there, here absent", key);
    json_decref(mine);
    df_text_free(&text);
}
