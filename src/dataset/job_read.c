/* job_read.c: the canonical text of a job back into the job. What was understood is written again and compared, so that a key that
   nobody reads, a number with other digits or a later release's option cannot slip through. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/job.h"
#include "render/background.h"

/* The texts of a run's own making come from files: as long as the struct has room. */
static bool get_text(const json_t *text, const char *key, char *out, size_t size, df_error *err)
{
    const char *value;
    if (!df_json_get_string(text, key, &value, err))
        return false;
    if (strlen(value) >= size)
        return df_fail(err, "%s: %zu bytes, expected at most %zu", key, strlen(value), size - 1);
    memcpy(out, value, strlen(value) + 1);
    return true;
}

static bool get_sha256(const json_t *text, const char *key, char out[DF_SHA256_TEXT], df_error *err)
{
    if (!get_text(text, key, out, DF_SHA256_TEXT, err))
        return false;
    return strspn(out, "0123456789abcdef") == DF_SHA256_TEXT - 1 || df_fail(err, "%s: '%.16s', expected a SHA-256", key, out);
}

static bool get_int(const json_t *text, const char *key, int low, int high, int *out, df_error *err)
{
    int64_t value;
    if (!df_json_get_integer(text, key, low, high, &value, err))
        return false;
    *out = (int)value;
    return true;
}

static bool get_share(const json_t *text, const char *key, float *out, df_error *err)
{
    double value;
    if (!df_json_get_number(text, key, 0, 1, &value, err))
        return false;
    *out = (float)value;
    return true;
}

/* Which of `count` names a text is. */
static bool find_name(const char *key, const char *name, const char *const *names, int count, int *out, df_error *err)
{
    for (int i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = i;
            return true;
        }
    return df_fail(err, "%s: '%.40s', unknown to this version", key, name);
}

static bool get_name(const json_t *text, const char *key, const char *const *names, int count, int *out, df_error *err)
{
    const char *name;
    return df_json_get_string(text, key, &name, err) && find_name(key, name, names, count, out, err);
}

/* A list of names as flags. */
static bool get_flags(const json_t *text, const char *key, const char *const *names, int count, bool *out, df_error *err)
{
    const json_t *list = json_object_get(text, key), *item;
    size_t i;
    if (!json_is_array(list))
        return df_fail(err, "%s: expected a list of names", key);
    json_array_foreach(list, i, item) {
        int which;
        const char *name = json_string_value(item);
        if (!name)
            return df_fail(err, "%s[%zu]: expected a name", key, i);
        if (!find_name(key, name, names, count, &which, err))
            return false;
        out[which] = true;
    }
    return true;
}

static bool read_seed(const json_t *text, uint64_t *out, df_error *err)
{
    const json_t *seed = json_object_get(text, "seed");
    const char *digits = json_string_value(seed);
    if (json_is_integer(seed) && json_integer_value(seed) >= 0) {
        *out = (uint64_t)json_integer_value(seed);
        return true;
    }
    if (!digits || digits[0] == '\0' || strlen(digits) > 20 || strspn(digits, "0123456789") != strlen(digits))
        return df_fail(err, "seed: expected a whole number");
    *out = strtoull(digits, NULL, 10); /* one that is too large comes out as another, which the comparison finds */
    return true;
}

static bool read_ranges(const json_t *text, job_range ranges[JOB_RANGE_COUNT], df_error *err)
{
    for (int id = 0; id < JOB_RANGE_COUNT; id++) {
        float ends[2];
        size_t count;
        if (!df_json_get_floats(text, job_range_rows[id].name, ends, 2, &count, err))
            return false;
        if (count != 2)
            return df_fail(err, "%s: %zu numbers, expected 2", job_range_rows[id].name, count);
        ranges[id] = (job_range){.low = ends[0], .high = ends[1]};
    }
    return true;
}

static bool read_occluders(const json_t *text, render_job *out, df_error *err)
{
    const char *names[OCCLUDER_KIND_COUNT];
    for (int kind = 0; kind < OCCLUDER_KIND_COUNT; kind++)
        names[kind] = occluder_rows[kind].name;
    if (!json_object_get(text, "occluder"))
        return true;
    return get_share(text, "occluder", &out->occluder, err) &&
           get_flags(text, "occluder-kinds", names, OCCLUDER_KIND_COUNT, out->occluders, err);
}

static bool read_vertices(const json_t *list, df_arena *arena, job_landmarks *out, df_error *err)
{
    const size_t count = json_array_size(list);
    if (count == 0 || count > JOB_MAX_LANDMARKS)
        return df_fail(err, "landmark-vertices: expected \"dense\" or 1 to %d numbers", JOB_MAX_LANDMARKS);
    int32_t *vertices = df_alloc(arena, count, sizeof *vertices, err);
    if (!vertices)
        return false;
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_integer(item) || json_integer_value(item) < 0 || json_integer_value(item) > INT32_MAX)
            return df_fail(err, "landmark-vertices[%zu]: expected a vertex's number", i);
        vertices[i] = (int32_t)json_integer_value(item);
    }
    *out = (job_landmarks){.count = (int)count, .vertices = vertices};
    return true;
}

static bool read_labels(const json_t *text, df_arena *arena, render_job *out, df_error *err)
{
    int bits;
    if (!get_flags(text, "labels", label_kind_names, LABEL_KIND_COUNT, out->labels, err) ||
        !get_int(text, "normals-bits", 8, 16, &bits, err))
        return false;
    out->normals16 = bits == 16;
    const json_t *vertices = json_object_get(text, "landmark-vertices");
    return !out->labels[LABEL_LANDMARKS] || json_is_string(vertices) || read_vertices(vertices, arena, &out->landmarks, err);
}

static bool read_picture(const json_t *text, render_job *out, df_error *err)
{
    static const char *const laws[] = {"uniform", "peaked"}, *const switches[] = {"off", "on"};
    int band, crop, law, noise;
    if (!get_int(text, "per-identity", 1, JOB_MAX_PER_IDENTITY, &out->per_identity, err) ||
        !get_text(text, "engine", out->engine, sizeof out->engine, err) ||
        !get_int(text, "size", JOB_MIN_SIZE, JOB_MAX_SIZE, &out->size, err) || !get_int(text, "samples", 1, 4, &out->samples, err) ||
        !get_int(text, "bits", 8, 16, &out->bits, err) || !get_name(text, "band", render_band_names, BAND_COUNT, &band, err) ||
        !get_name(text, "crop", crop_kind_names, CROP_KIND_COUNT, &crop, err) || !get_name(text, "law", laws, 2, &law, err) ||
        !get_name(text, "noise", switches, 2, &noise, err))
        return false;
    if ((out->samples != 1 && out->samples != 4) || (out->bits != 8 && out->bits != 16))
        return df_fail(err, "samples %d and bits %d: expected 1 or 4, and 8 or 16", out->samples, out->bits);
    out->band = (render_band)band;
    out->crop = (crop_kind)crop;
    out->is_peaked = law == 1;
    out->noise = noise == 1;
    return true;
}

/* Of a folder of images only the hash is known. */
static bool read_background(const json_t *text, render_job *out, df_error *err)
{
    if (!get_text(text, "background", out->background, sizeof out->background, err))
        return false;
    if (strcmp(out->background, "folder") == 0)
        return get_sha256(text, "background-images", out->background_sha256, err);
    for (int kind = 0; kind < BACKGROUND_KIND_COUNT; kind++)
        if (strcmp(out->background, background_kind_names[kind]) == 0)
            return true;
    return strcmp(out->background, "mixed") == 0 || df_fail(err, "background: '%.40s', unknown to this version", out->background);
}

static bool read_only(const json_t *text, render_job *out, df_error *err)
{
    return get_text(text, "only", out->only_identity, sizeof out->only_identity, err) &&
           df_json_get_integer(text, "only-index", JOB_ALL_IMAGES, JOB_MAX_PER_IDENTITY - 1, &out->only_index, err);
}

static bool read_all(const json_t *text, df_arena *arena, render_job *out, df_error *err)
{
    return get_int(text, "format", JOB_FORMAT_PLAIN, JOB_FORMAT, &out->format, err) &&
           get_sha256(text, "identities", out->identities_sha256, err) && get_sha256(text, "model", out->model_sha256, err) &&
           read_seed(text, &out->seed, err) && read_picture(text, out, err) && read_ranges(text, out->ranges, err) &&
           get_share(text, "glasses", &out->glasses, err) && get_share(text, "sunglasses", &out->sunglasses, err) &&
           get_share(text, "hat", &out->hat, err) && read_occluders(text, out, err) && read_labels(text, arena, out, err) &&
           read_background(text, out, err) && read_only(text, out, err);
}

bool job_read(const json_t *text, df_arena *arena, render_job *out, df_error *err)
{
    char difference[128];
    render_job *made = df_alloc(arena, 1, sizeof *made, err); /* all zero */
    if (!made)
        return false;
    if (!json_is_object(text))
        return df_fail(err, "job: expected an object");
    if (!read_all(text, arena, made, err) || !job_check(made, err))
        return df_fail_in(err, "job");
    job_difference(text, made, difference, sizeof difference);
    if (difference[0] != '\0')
        return df_fail(err, "job: not as any version writes it (%s)", difference);
    *out = *made;
    return true;
}
