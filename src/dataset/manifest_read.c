/* manifest_read.c: JSON to a struct of fixed size, field by field. */
#include "dataset/manifest_read.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "dataset/journal.h"

enum { VERSION = 1 };                 /* of the lines */
static const double COORDINATE = 1e9; /* more is no pixel and no millimetre */

static bool get_text(const json_t *object, const char *key, char *out, size_t room, df_error *err)
{
    const char *text;
    if (!df_json_get_string(object, key, &text, err))
        return false;
    if (strlen(text) >= room)
        return df_fail(err, "%s: longer than %zu bytes", key, room - 1);
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static bool get_float(const json_t *object, const char *key, double low, double high, float *out, df_error *err)
{
    double value;
    if (!df_json_get_number(object, key, low, high, &value, err))
        return false;
    *out = (float)value;
    return true;
}

/* [rows][columns] of numbers; columns 0: a flat list of `rows`. */
static bool get_matrix(const json_t *object, const char *key, size_t rows, size_t columns, float *out, df_error *err)
{
    const json_t *list = json_object_get(object, key);
    if (!json_is_array(list) || json_array_size(list) != rows)
        return df_fail(err, "%s: expected a list of %zu", key, rows);
    const size_t width = columns > 0 ? columns : 1;
    for (size_t r = 0; r < rows; r++) {
        const json_t *row = json_array_get(list, r);
        if (columns > 0 && (!json_is_array(row) || json_array_size(row) != columns))
            return df_fail(err, "%s[%zu]: expected a list of %zu numbers", key, r, columns);
        for (size_t c = 0; c < width; c++) {
            const json_t *value = columns > 0 ? json_array_get(row, c) : row;
            const double number = json_number_value(value);
            if (!json_is_number(value) || !(number >= -COORDINATE && number <= COORDINATE))
                return df_fail(err, "%s[%zu]: expected finite numbers", key, r);
            out[r * width + c] = (float)number;
        }
    }
    return true;
}

/* A path that stays below the folder: no empty, "." or ".." part, not absolute. */
static bool is_safe_path(const char *path)
{
    for (const char *at = path;; at++) {
        const size_t length = strcspn(at, "/");
        if (length == 0 || at[0] == '.')
            return false; /* hidden names are the run's own */
        at += length;
        if (*at == '\0')
            return true;
    }
}

static bool get_path(const json_t *object, const char *key, char out[MANIFEST_PATH], df_error *err)
{
    if (!get_text(object, key, out, MANIFEST_PATH, err))
        return false;
    return is_safe_path(out) || df_fail(err, "%s: '%s' is no path below the data set's folder", key, out);
}

static bool get_camera(const json_t *root, manifest_entry *e, df_error *err)
{
    const json_t *view = json_object_get(root, "camera");
    if (!json_is_object(view))
        return df_fail(err, "camera: expected an object");
    return (get_float(view, "fx", 0, COORDINATE, &e->fx, err) && get_float(view, "fy", 0, COORDINATE, &e->fy, err) &&
            get_float(view, "cx", -COORDINATE, COORDINATE, &e->cx, err) && get_float(view, "cy", -COORDINATE, COORDINATE, &e->cy, err) &&
            get_matrix(view, "extrinsic", 3, 4, &e->extrinsic[0][0], err)) ||
           df_fail_in(err, "camera");
}

static bool get_gaze(const json_t *root, manifest_entry *e, df_error *err)
{
    const json_t *gaze = json_object_get(root, "gaze");
    if (!json_is_object(gaze))
        return df_fail(err, "gaze: expected an object");
    return (get_matrix(gaze, "right", 3, 0, e->gaze[0], err) && get_matrix(gaze, "left", 3, 0, e->gaze[1], err)) || df_fail_in(err, "gaze");
}

static bool get_visible(const json_t *root, manifest_entry *e, df_error *err)
{
    float flags[FACE_LANDMARKS];
    if (!get_matrix(root, "visible", FACE_LANDMARKS, 0, flags, err))
        return false;
    for (int i = 0; i < FACE_LANDMARKS; i++)
        e->visible[i] = flags[i] != 0;
    return true;
}

/* All three or, of a model without, none. */
static bool get_landmarks(const json_t *root, manifest_entry *e, df_error *err)
{
    e->has_landmarks = !json_is_null(json_object_get(root, "landmarks2d")) || !json_is_null(json_object_get(root, "landmarks3d")) ||
                       !json_is_null(json_object_get(root, "visible"));
    return !e->has_landmarks ||
           (get_matrix(root, "landmarks2d", FACE_LANDMARKS, 2, &e->landmarks2d[0][0], err) &&
            get_matrix(root, "landmarks3d", FACE_LANDMARKS, 3, &e->landmarks3d[0][0], err) && get_visible(root, e, err));
}

static void five_of_landmarks(manifest_entry *e)
{
    static const struct {
        int first, count;
    } groups[MANIFEST_FIVE] = {{36, 6}, {42, 6}, {30, 1}, {48, 1}, {54, 1}};
    for (int p = 0; p < MANIFEST_FIVE; p++)
        for (int axis = 0; axis < 2; axis++) {
            float sum = 0;
            for (int i = 0; i < groups[p].count; i++)
                sum += e->landmarks2d[groups[p].first + i][axis];
            e->five[p][axis] = sum / (float)groups[p].count;
        }
    e->has_five = true;
}

static bool get_pose(const json_t *root, manifest_entry *e, df_error *err)
{
    e->has_pose = true;
    return get_float(root, "yaw", -180, 180, &e->yaw, err) && get_float(root, "pitch", -180, 180, &e->pitch, err) &&
           get_float(root, "roll", -180, 180, &e->roll, err);
}

static bool get_box(const json_t *root, manifest_entry *e, df_error *err)
{
    e->has_box = true;
    return get_matrix(root, "box", 4, 0, e->box, err);
}

static bool get_geometry(const json_t *root, manifest_entry *e, df_error *err)
{
    if (!get_pose(root, e, err) || !get_landmarks(root, e, err) || !get_box(root, e, err) || !get_gaze(root, e, err) ||
        !get_camera(root, e, err))
        return false;
    e->has_camera = true;
    if (e->has_landmarks)
        five_of_landmarks(e);
    return true;
}

/* "" where the identity does not say. */
static bool get_ethnicity(const json_t *root, char out[FACE_NAME], df_error *err)
{
    return json_is_null(json_object_get(root, "ethnicity")) || get_text(root, "ethnicity", out, FACE_NAME, err);
}

static bool get_person(const json_t *root, manifest_entry *e, df_error *err)
{
    e->has_age = true;
    return get_text(root, "gender", e->gender, FACE_NAME, err) && get_ethnicity(root, e->ethnicity, err) &&
           get_float(root, "age", 0, 200, &e->age, err) && get_text(root, "glasses", e->glasses, FACE_NAME, err) &&
           get_text(root, "hat", e->hat, FACE_NAME, err) && get_text(root, "hair", e->hair, FACE_NAME, err) &&
           get_text(root, "beard", e->beard, FACE_NAME, err) && get_text(root, "moustache", e->moustache, FACE_NAME, err);
}

static bool get_band(const json_t *root, render_band *out, df_error *err)
{
    const char *name;
    if (!df_json_get_string(root, "band", &name, err))
        return false;
    for (int band = 0; band < BAND_COUNT; band++)
        if (strcmp(render_band_names[band], name) == 0) {
            *out = (render_band)band;
            return true;
        }
    return df_fail(err, "band: '%.20s', expected rgb, 850 or 940", name);
}

static bool get_labels(const json_t *root, manifest_entry *e, df_error *err)
{
    const json_t *paths = json_object_get(root, "labels"), *hashes = json_object_get(root, "label_sha256");
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        if (!json_object_get(paths, label_kind_names[kind]))
            continue;
        if (!get_path(paths, label_kind_names[kind], e->labels[kind].path, err) ||
            !get_text(hashes, label_kind_names[kind], e->labels[kind].sha256, DF_SHA256_TEXT, err))
            return df_fail_in(err, "labels");
    }
    return true;
}

static bool get_picture(const json_t *root, manifest_entry *e, df_error *err)
{
    int64_t size, bits;
    const json_t *optics = json_object_get(root, "sensor");
    if (!df_json_get_integer(root, "size", 1, IMAGE_MAX_SIDE, &size, err) || !df_json_get_integer(optics, "bits", 8, 16, &bits, err) ||
        !get_band(root, &e->band, err))
        return false;
    e->size = e->width = e->height = (int)size;
    e->bits = (int)bits;
    e->channels = band_channels(e->band);
    return true;
}

static bool get_rendered(const json_t *root, manifest_entry *e, df_error *err)
{
    return get_geometry(root, e, err) && get_person(root, e, err) && get_picture(root, e, err);
}

/* ---- what an imported line may have ---- */

static bool has(const json_t *root, const char *key)
{
    const json_t *value = json_object_get(root, key);
    return value && !json_is_null(value);
}

static bool get_form(const json_t *root, manifest_entry *e, df_error *err)
{
    const struct {
        const char *key;
        int64_t low, high;
        int *out;
    } numbers[] = {{"width", 1, IMAGE_MAX_SIDE, &e->width},
                   {"height", 1, IMAGE_MAX_SIDE, &e->height},
                   {"channels", 1, 4, &e->channels},
                   {"bits", 8, 16, &e->bits}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int64_t value;
        if (!df_json_get_integer(root, numbers[i].key, numbers[i].low, numbers[i].high, &value, err))
            return false;
        *numbers[i].out = (int)value;
    }
    return e->bits == 8 || e->bits == 16 || df_fail(err, "bits: %d, expected 8 or 16", e->bits);
}

static bool get_imported(const json_t *root, manifest_entry *e, df_error *err)
{
    if (!get_text(root, "imported", e->imported, FACE_NAME, err) || !get_form(root, e, err))
        return false;
    e->has_five = has(root, "landmarks5");
    e->has_age = has(root, "age");
    return (!e->has_five || get_matrix(root, "landmarks5", MANIFEST_FIVE, 2, &e->five[0][0], err)) &&
           (!has(root, "box") || get_box(root, e, err)) && (!has(root, "yaw") || get_pose(root, e, err)) &&
           (!has(root, "gender") || get_text(root, "gender", e->gender, FACE_NAME, err)) &&
           (!has(root, "ethnicity") || get_text(root, "ethnicity", e->ethnicity, FACE_NAME, err)) &&
           (!e->has_age || get_float(root, "age", 0, 200, &e->age, err));
}

/* Lines say a version when a later one of this program writes them otherwise. */
static bool check_version(const json_t *root, df_error *err)
{
    int64_t version = VERSION;
    if (has(root, "version") && !df_json_get_integer(root, "version", 0, INT64_MAX, &version, err))
        return false;
    return version == VERSION || df_fail(err, "a line of version %lld, expected %d", (long long)version, VERSION);
}

static bool get_entry(const json_t *root, manifest_entry *e, df_error *err)
{
    if (!json_is_object(root))
        return df_fail(err, "expected a JSON object");
    return check_version(root, err) && get_path(root, "image", e->image, err) && get_text(root, "identity", e->identity, PERSON_ID, err) &&
           df_json_get_integer(root, "index", 0, JOB_MAX_PER_IDENTITY - 1, &e->index, err) &&
           (!has(root, "split") || get_text(root, "split", e->split, FACE_NAME, err)) &&
           (has(root, "imported") ? get_imported(root, e, err) : get_rendered(root, e, err)) &&
           get_text(root, "sha256", e->sha256, DF_SHA256_TEXT, err) && get_labels(root, e, err);
}

bool manifest_parse(const char *line, size_t length, manifest_entry *out, json_t **json, df_error *err)
{
    manifest_entry entry = {0};
    json_t *root = df_json_parse(line, length, err);
    if (!root)
        return false;
    if (!get_entry(root, &entry, err)) {
        json_decref(root);
        return false;
    }
    *out = entry;
    if (json)
        *json = root;
    else
        json_decref(root);
    return true;
}

bool manifest_is_in_place(const manifest_entry *entry)
{
    char canonical[MANIFEST_PATH];
    manifest_image_path(canonical, entry->identity, (uint32_t)entry->index);
    const size_t stem = strlen(canonical) - strlen(".png");
    if (strcmp(canonical, entry->image) == 0)
        return true;
    return entry->imported[0] && strncmp(canonical, entry->image, stem) == 0 && strcmp(entry->image + stem, ".jpg") == 0;
}

struct manifest_reader {
    df_arena *arena; /* of this struct */
    df_lines *lines;
    const char *path;
    json_t *json; /* of the last line, or NULL */
    const char *text;
    size_t length;
    bool is_over;
};

manifest_reader *manifest_open(const char *path, df_error *err)
{
    df_arena *arena = df_arena_new(DATASET_PATH + (1 << 16), err);
    manifest_reader *reader = arena ? df_alloc(arena, 1, sizeof *reader, err) : NULL;
    if (!reader) {
        df_arena_free(arena);
        return NULL;
    }
    reader->arena = arena;
    reader->path = df_copy_string(arena, path, err);
    reader->lines = reader->path ? df_lines_open(path, JOURNAL_LINE, err) : NULL;
    if (reader->lines)
        return reader;
    manifest_close(reader);
    return NULL;
}

bool manifest_next(manifest_reader *reader, manifest_entry *out, bool *found, df_error *err)
{
    const char *line;
    size_t length;
    json_decref(reader->json);
    reader->json = NULL;
    reader->is_over = true;
    if (!df_lines_next(reader->lines, &line, &length, err))
        return false;
    *found = line != NULL;
    if (!line)
        return true;
    reader->is_over = false;
    reader->text = line;
    reader->length = length;
    return manifest_parse(line, length, out, &reader->json, err) ||
           df_fail_in(err, "%s, line %zu", reader->path, df_lines_number(reader->lines));
}

bool manifest_is_over(const manifest_reader *reader)
{
    return reader->is_over;
}

size_t manifest_line(const manifest_reader *reader)
{
    return df_lines_number(reader->lines);
}

const json_t *manifest_json(const manifest_reader *reader)
{
    return reader->json;
}

const char *manifest_text(const manifest_reader *reader, size_t *length)
{
    *length = reader->length;
    return reader->text;
}

const json_t *manifest_value(const json_t *line, const char *keys)
{
    const json_t *at = line;
    for (const char *key = keys; at && *key;) {
        const size_t length = strcspn(key, ".");
        at = json_object_getn(at, key, length);
        key += length + (key[length] == '.');
    }
    return at;
}

bool manifest_number(const manifest_reader *reader, const char *keys, double *out)
{
    const json_t *at = manifest_value(reader->json, keys);
    if (!json_is_number(at))
        return false;
    *out = json_number_value(at);
    return true;
}

void manifest_close(manifest_reader *reader)
{
    if (!reader)
        return;
    json_decref(reader->json);
    df_lines_close(reader->lines);
    df_arena_free(reader->arena);
}
