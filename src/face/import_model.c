/* import_model.c: what imported models have in common once their arrays are read: counts, a skin that is its own cage, names,
   and where the head's origin lies. */
#include "face/import_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LANDMARK_FILE = 1 << 16, RIGHT_EYE = 36, LEFT_EYE = 42, EYE_POINTS = 6 };

/* Display values of the skin where a model has no colours: the mean of the default model, rounded. */
static const float plain_skin[3] = {0.72f, 0.55f, 0.46f};

/* The point between the ears, seen from the middle of the eyes; and from the tip of the nose. Of a mean adult, in mm. */
static const float below_eyes = 25, behind_eyes = 75, behind_nose = 110;

static bool make_albedo(import_job *job, const import_linear *albedo, face_model *m)
{
    m->albedo_count = albedo->count;
    m->albedo_mean = albedo->mean;
    m->albedo = albedo->basis;
    if (albedo->mean)
        return true;
    float *mean = df_alloc(job->arena, 3 * (size_t)m->skin_count, sizeof *mean, job->err);
    if (!mean)
        return false;
    for (size_t i = 0; i < (size_t)m->skin_count; i++)
        memcpy(mean + 3 * i, plain_skin, sizeof plain_skin);
    m->albedo_mean = mean;
    return (m->albedo = df_alloc(job->arena, 0, sizeof *m->albedo, job->err)) != NULL;
}

bool import_assemble(import_job *job, const import_linear *shape, const import_linear *albedo, face_model *m)
{
    m->cage_count = m->cage_skin_count = m->skin_count = (int)shape->vertices;
    m->cage_mean = shape->mean;
    m->shape_count = shape->count;
    m->shape = shape->basis;
    m->expression = df_alloc(job->arena, 0, sizeof *m->expression, job->err);
    m->expression_names = df_alloc(job->arena, 0, FACE_NAME, job->err);
    return m->expression && m->expression_names && make_albedo(job, albedo, m);
}

static bool add_mean(import_job *job, const float *offset, face_model *m)
{
    const size_t n = 3 * (size_t)m->cage_count;
    float *mean = df_alloc(job->arena, n, sizeof *mean, job->err);
    if (!mean)
        return false;
    for (size_t i = 0; i < n; i++)
        mean[i] = m->cage_mean[i] + offset[i];
    m->cage_mean = mean;
    m->expression_mean = offset;
    return true;
}

bool import_add_expressions(import_job *job, const import_linear *expression, face_model *m)
{
    char(*names)[FACE_NAME] = df_alloc(job->arena, (size_t)expression->count, FACE_NAME, job->err);
    if (!names)
        return false;
    for (int i = 0; i < expression->count; i++)
        snprintf(names[i], FACE_NAME, "component-%03d", i + 1);
    m->expression_count = expression->count;
    m->expression = expression->basis;
    m->expression_names = (const char(*)[FACE_NAME])names;
    return !expression->mean || add_mean(job, expression->mean, m);
}

bool import_read_landmarks(import_job *job, face_model *m)
{
    const char *path = job->options->landmarks;
    df_bytes text;
    if (!path)
        return true;
    if (!df_file_read(path, LANDMARK_FILE, job->arena, &text, job->err))
        return false;
    const char *next = (const char *)text.data;
    for (int i = 0; i < FACE_LANDMARKS; i++) {
        char *end;
        const long value = strtol(next, &end, 10);
        if (end == next || value < 0 || value >= m->skin_count)
            return df_fail(job->err, "%s: landmark %d: expected the number of a vertex from 0 to %d", path, i, m->skin_count - 1);
        m->landmarks[i] = (int32_t)value;
        next = end + strspn(end, ", \t\r\n");
    }
    if (*next != '\0')
        return df_fail(job->err, "%s: something follows after %d landmarks", path, FACE_LANDMARKS);
    return m->has_landmarks = true;
}

static void origin_of_landmarks(face_model *m)
{
    float eyes[3] = {0};
    for (int i = 0; i < 2 * EYE_POINTS; i++)
        for (int axis = 0; axis < 3; axis++) {
            const int landmark = i < EYE_POINTS ? RIGHT_EYE + i : LEFT_EYE + i - EYE_POINTS;
            eyes[axis] += m->cage_mean[3 * (size_t)m->landmarks[landmark] + (size_t)axis] / (2 * EYE_POINTS);
        }
    m->origin[0] = eyes[0];
    m->origin[1] = eyes[1] - below_eyes;
    m->origin[2] = eyes[2] - behind_eyes;
}

void import_place_origin(face_model *m)
{
    if (m->has_landmarks) {
        origin_of_landmarks(m);
        return;
    }
    float low[3] = {INFINITY, INFINITY, INFINITY}, high[3] = {-INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < 3 * (size_t)m->cage_count; i++) {
        low[i % 3] = fminf(low[i % 3], m->cage_mean[i]);
        high[i % 3] = fmaxf(high[i % 3], m->cage_mean[i]);
    }
    m->origin[0] = (low[0] + high[0]) / 2;
    m->origin[1] = (low[1] + high[1]) / 2;
    m->origin[2] = high[2] - behind_nose;
}
