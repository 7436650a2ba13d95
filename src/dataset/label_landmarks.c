/* label_landmarks.c: any vertices of the skin in the picture, and whether they are seen. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "dataset/label_files_internal.h"
#include "dataset/manifest_camera.h"
#include "render/head_points.h"
#include "tensor/npy.h"

enum { COLUMNS = 5, LINE_LIMIT = 64 };

/* The farthest of the four pixels whose centres lie around a point of the image; infinite where one of them shows no surface. */
static float farthest_around(const label_shot *shot, const double pixel[2])
{
    const int size = shot->job->size, left = (int)floor(pixel[0] - 0.5), top = (int)floor(pixel[1] - 0.5);
    float farthest = 0;
    for (int k = 0; k < 4; k++) {
        const int x = left + k % 2, y = top + k / 2;
        if (x < 0 || y < 0 || x >= size || y >= size)
            continue;
        const float depth = shot->planes->depth[(size_t)y * (size_t)size + (size_t)x];
        farthest = fmaxf(farthest, depth > 0 ? depth : INFINITY);
    }
    return farthest;
}

static bool is_visible(const label_shot *shot, const double pixel[2], double depth)
{
    const int size = shot->job->size;
    return depth > 0 && pixel[0] >= 0 && pixel[0] < size && pixel[1] >= 0 && pixel[1] < size &&
           depth <= (double)(farthest_around(shot, pixel) + LABEL_VISIBLE_MM);
}

static void fill_rows(const label_shot *shot, const int32_t *vertices, int count, const float *places, float *rows)
{
    const manifest_camera view = manifest_camera_of(shot->camera);
    for (int i = 0; i < count; i++) {
        float *row = rows + COLUMNS * (size_t)i;
        double world[3], pixel[2], depth;
        manifest_place(places + 3 * (size_t)i, world);
        manifest_project(&view, world, pixel, &depth);
        row[0] = (float)pixel[0];
        row[1] = (float)pixel[1];
        row[2] = (float)depth;
        row[3] = is_visible(shot, pixel, depth) ? 1.0f : 0.0f;
        row[4] = (float)vertices[i];
    }
}

bool label_landmarks(const label_shot *shot, df_text *out, df_arena *scratch, df_error *err)
{
    const int32_t *vertices = shot->job->landmarks.vertices;
    int count = shot->job->landmarks.count;
    if (count == 0 && !head_face_vertices(shot->identity, &vertices, &count, scratch, err))
        return false;
    float *places = df_alloc(scratch, (size_t)count, 3 * sizeof(float), err),
          *rows = places ? df_alloc(scratch, (size_t)count, COLUMNS * sizeof(float), err) : NULL;
    if (!rows || !head_skin_points(shot->identity, shot->params, vertices, count, places, scratch, err))
        return false;
    fill_rows(shot, vertices, count, places, rows);
    const tensor table = {.name = "landmarks", .type = TENSOR_F32, .rank = 2, .shape = {count, COLUMNS}, .data = rows};
    if (!npy_add_header(out, &table, err))
        return false;
    df_text_add_bytes(out, (const char *)rows, (size_t)count * COLUMNS * sizeof(float));
    return true;
}

/* ---- lists of vertices ---- */

static bool read_number(const char *line, int32_t *out)
{
    const size_t digits = strspn(line, "0123456789");
    if (digits == 0 || digits > 8 || line[digits] != '\0')
        return false;
    *out = (int32_t)strtol(line, NULL, 10);
    return true;
}

static bool read_lines(const char *path, df_lines *lines, int32_t *vertices, int *count, df_error *err)
{
    const char *line;
    size_t length;
    while (df_lines_next(lines, &line, &length, err)) {
        if (!line)
            return true;
        if (*count == JOB_MAX_LANDMARKS)
            return df_fail(err, "%s, line %zu: expected at most %d vertices", path, df_lines_number(lines), JOB_MAX_LANDMARKS);
        if (!read_number(line, &vertices[*count]))
            return df_fail(err, "%s, line %zu: '%.20s', expected a vertex's number", path, df_lines_number(lines), line);
        ++*count;
    }
    return false;
}

bool label_read_vertices(const char *path, job_landmarks *out, df_arena *arena, df_error *err)
{
    int count = 0;
    int32_t *vertices = df_alloc(arena, JOB_MAX_LANDMARKS, sizeof *vertices, err);
    df_lines *lines = vertices ? df_lines_open(path, LINE_LIMIT, err) : NULL;
    if (!lines)
        return false;
    const bool is_good = read_lines(path, lines, vertices, &count, err);
    df_lines_close(lines);
    if (!is_good)
        return false;
    if (count == 0)
        return df_fail(err, "%s: empty, expected a vertex's number a line", path);
    *out = (job_landmarks){.count = count, .vertices = vertices};
    return true;
}
