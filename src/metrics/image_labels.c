/* image_labels.c: labels out of a line of a manifest, or of what another source knows. */
#include "metrics/image_labels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { POSE = 3, LIGHT = 3, CROP = 3, TEN = 10 };

const label_part label_parts[LABEL_PARTS] = {
    {.name = "pose", .first = 0, .count = POSE, .keys = "yaw, pitch and roll"},
    {.name = "light", .first = POSE, .count = LIGHT, .keys = "light.strength, light.ambient and sensor.brightness"},
    {.name = "crop", .first = POSE + LIGHT, .count = CROP, .keys = "box"},
};

static const char *const number_keys[] = {"yaw", "pitch", "roll", "light.strength", "light.ambient", "sensor.brightness"};

static void take_box(const json_t *line, int width, int height, float *out)
{
    double box[4];
    const json_t *list = line ? json_object_get(line, "box") : NULL;
    for (size_t i = 0; i < DF_ARRAY_LEN(box); i++) {
        const json_t *value = json_array_get(list, i);
        box[i] = json_is_number(value) ? json_number_value(value) : (double)NAN;
    }
    out[0] = (float)((box[0] + box[2] / 2) / width);
    out[1] = (float)((box[1] + box[3] / 2) / height);
    out[2] = (float)sqrt(box[2] * box[3] / ((double)width * height));
}

static bool find_group(image_labels *labels, const char *name, int32_t *out, df_error *err)
{
    int at = 0;
    while (at < labels->group_count && strcmp(labels->names[at], name) != 0)
        at++;
    if (at == LABEL_GROUPS)
        return df_fail(err, "key '%s': more than %d values, expected groups", labels->key, LABEL_GROUPS);
    if (at == labels->group_count)
        snprintf(labels->names[labels->group_count++], FACE_NAME, "%s", name);
    *out = at;
    return true;
}

static bool take_group(image_labels *labels, const json_t *value, int32_t *out, df_error *err)
{
    char name[FACE_NAME];
    *out = -1;
    if (!value || json_is_null(value))
        return true;
    if (json_is_string(value)) {
        snprintf(name, sizeof name, "%s", json_string_value(value));
    } else if (json_is_boolean(value)) {
        snprintf(name, sizeof name, "%s", json_is_true(value) ? "true" : "false");
    } else if (json_is_number(value) && fabs(json_number_value(value)) < 1e9) {
        const long long from = TEN * (long long)floor(json_number_value(value) / TEN);
        snprintf(name, sizeof name, "%lld to %lld", from, from + TEN - 1);
    } else {
        return df_fail(err, "key '%s': a list or an object, expected a text or a number", labels->key);
    }
    return find_group(labels, name, out, err);
}

bool image_label_of(image_labels *labels, const source_image *of, int width, int height, image_label *out, df_error *err)
{
    const json_t *line = of->fields;
    for (size_t i = 0; i < DF_ARRAY_LEN(number_keys); i++) {
        const json_t *value = line ? manifest_value(line, number_keys[i]) : NULL;
        out->numbers[i] = json_is_number(value) ? (float)json_number_value(value) : NAN;
    }
    take_box(line, width, height, out->numbers + POSE + LIGHT);
    out->group = -1;
    return !labels->key || !line || take_group(labels, manifest_value(line, labels->key), &out->group, err);
}
