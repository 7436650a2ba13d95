/* import_landmarks.c: both spellings of named points, and the search for the nearest vertices: all are looked at, there are some sixty
   points. */
#include "face/import_landmarks.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "face/import_internal.h"

static bool make_room(df_arena *arena, int count, import_landmarks *out, df_error *err)
{
    if (count > FACE_MAX_NAMED)
        return df_fail(err, "%d landmarks, expected at most %d", count, FACE_MAX_NAMED);
    *out = (import_landmarks){.count = count, .names = df_alloc(arena, (size_t)count, FACE_NAME, err)};
    out->points = out->names ? df_alloc(arena, (size_t)count, sizeof *out->points, err) : NULL;
    return out->points != NULL;
}

static bool name_it(const char *name, size_t length, import_landmarks *to, int index, df_error *err)
{
    import_name(name, length, to->names[index]);
    for (int i = 0; i < index; i++)
        if (strcmp(to->names[i], to->names[index]) == 0)
            return df_fail(err, "landmark %d: '%s' stands there twice", index, to->names[index]);
    return true;
}

static bool read_entry(const json_t *entry, import_landmarks *to, int index, df_error *err)
{
    const char *name;
    size_t count = 0;
    if (!df_json_get_string(entry, "id", &name, err) || !df_json_get_floats(entry, "coordinates", to->points[index], 3, &count, err))
        return df_fail_in(err, "landmark %d", index);
    if (count != 3)
        return df_fail(err, "landmark %d: %zu coordinates, expected 3", index, count);
    return name_it(name, strlen(name), to, index, err);
}

bool import_landmarks_json(const char *text, df_arena *arena, import_landmarks *out, df_error *err)
{
    json_t *list = df_json_parse(text, strlen(text), err);
    if (!list)
        return false;
    import_landmarks read = {0};
    bool is_read = json_is_array(list) || df_fail(err, "expected a list of landmarks");
    is_read = is_read && make_room(arena, (int)json_array_size(list), &read, err);
    for (int i = 0; is_read && i < read.count; i++)
        is_read = read_entry(json_array_get(list, (size_t)i), &read, i, err);
    json_decref(list);
    if (is_read)
        *out = read;
    return is_read;
}

/* The length of the word that begins here. */
static size_t word(const char *text)
{
    return strcspn(text, " \t\r\n");
}

static const char *after_word(const char *text)
{
    text += word(text);
    return text + strspn(text, " \t");
}

static bool read_line(const char *line, import_landmarks *to, int index, df_error *err)
{
    const char *next = after_word(after_word(line)), *line_end = line + strcspn(line, "\n");
    for (int axis = 0; axis < 3; axis++) {
        char *end;
        to->points[index][axis] = strtof(next, &end);
        if (end == next || end > line_end || !isfinite(to->points[index][axis]))
            return df_fail(err, "line %d: expected a name, a number and three coordinates", index + 1);
        next = end;
    }
    return name_it(line, word(line), to, index, err);
}

static const char *skip_blank(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

static const char *next_line(const char *text)
{
    return skip_blank(text + strcspn(text, "\n"));
}

bool import_landmarks_text(const char *text, df_arena *arena, import_landmarks *out, df_error *err)
{
    import_landmarks read = {0};
    int count = 0;
    for (const char *line = skip_blank(text); *line != '\0'; line = next_line(line))
        count++;
    if (!make_room(arena, count, &read, err))
        return false;
    const char *line = skip_blank(text);
    for (int i = 0; i < count; i++, line = next_line(line))
        if (!read_line(line, &read, i, err))
            return false;
    *out = read;
    return true;
}

static int32_t nearest(const float *reference, int count, const float point[3])
{
    int32_t best = 0;
    float best_distance = INFINITY;
    for (int32_t v = 0; v < count; v++) {
        const float *p = reference + 3 * (size_t)v;
        const float x = p[0] - point[0], y = p[1] - point[1], z = p[2] - point[2], distance = x * x + y * y + z * z;
        if (distance < best_distance) {
            best_distance = distance;
            best = v;
        }
    }
    return best;
}

bool import_landmarks_attach(const import_landmarks *from, const float *reference, face_model *m, df_arena *arena, df_error *err)
{
    int32_t *vertices = df_alloc(arena, (size_t)from->count, sizeof *vertices, err);
    if (!vertices)
        return false;
    for (int i = 0; i < from->count; i++)
        vertices[i] = nearest(reference, m->skin_count, from->points[i]);
    m->named_count = from->count;
    m->named_names = (const char(*)[FACE_NAME])from->names;
    m->named_landmarks = vertices;
    return true;
}
