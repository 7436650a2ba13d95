/* import_bfm2009.c: the Basel Face Model of 2009 (P. Paysan et al., "A 3D Face Model for Pose and Illumination Invariant Face
   Recognition", AVSS 2009): 01_MorphableModel.mat, and the directions of its attributes, 04_attributes.mat. */
#include "face/import_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FULL_VERTICES = 53490, NAME = 32 };
static const double MM_OF_MICROMETRE = 1e-3, OF_BYTE = 1 / 255.0;

/* iBUG landmarks in the numbering of the full model; there are none in the file. */
static const int32_t landmarks[FACE_LANDMARKS] = {
    22148, 22424, 21928, 21311, 43511, 45193, 46441, 47410, 48189, 48970, 49942, 51199, 52888, 33953, 33280, 32744, 32984,
    38970, 39667, 40057, 40262, 40429, 41168, 41334, 41542, 41936, 42642, 8290,  8306,  8316,  8321,  6525,  7300,  8333,
    9364,  10137, 2215,  3886,  4920,  5828,  4801,  3640,  10730, 11628, 12658, 14341, 12928, 11767, 5522,  6025,  7570,
    8344,  9118,  10669, 11070, 9792,  9019,  8374,  7729,  6954,  5909,  7450,  8352,  9256,  10812, 9012,  8367,  7722};

/* What a step of one standard deviation of the population along a direction changes: gender (0 female to 1 male), years, weight
   (0 to 1). The file's amounts have no stated unit; docs/import.md. */
static const float per_deviation[FACE_ATTRIBUTE_COUNT] = {[FACE_GENDER] = 0.25f, [FACE_AGE] = 12, [FACE_WEIGHT] = 0.15f};
static const face_amount amount_of[FACE_ATTRIBUTE_COUNT] = {
    [FACE_GENDER] = FACE_AMOUNT_GENDER, [FACE_AGE] = FACE_AMOUNT_AGE, [FACE_WEIGHT] = FACE_AMOUNT_WEIGHT};

/* One direction's half, over `count` coefficients: the first numbers of a column that may have more. */
static bool read_half(import_job *file, const char *name, int count, float *out)
{
    float *values;
    int64_t found;
    if (!import_numbers(file, name, -1, 1, &values, &found))
        return false;
    if (found < count)
        return df_fail(file->err, "%s: '%s': %lld numbers, expected at least %d", file->path, name, (long long)found, count);
    memcpy(out, values, (size_t)count * sizeof *values);
    return true;
}

static bool read_amounts(import_job *file, const face_model *m, float *amounts)
{
    for (int a = 0; a < FACE_AMOUNT_COUNT; a++) {
        char shape[NAME], texture[NAME];
        float *row = amounts + (size_t)a * (size_t)(m->shape_count + m->albedo_count);
        snprintf(shape, sizeof shape, "%s_shape", face_amount_names[a]);
        snprintf(texture, sizeof texture, "%s_tex", face_amount_names[a]);
        if (!read_half(file, shape, m->shape_count, row) || !read_half(file, texture, m->albedo_count, row + m->shape_count))
            return false;
    }
    return true;
}

/* directions = amounts' directions, of the length that changes the attribute by 1 a step. */
static void scale_directions(const float *amounts, int n, float *directions)
{
    for (int a = 0; a < FACE_ATTRIBUTE_COUNT; a++) {
        const float *row = amounts + (size_t)amount_of[a] * (size_t)n;
        float sum = 0;
        for (int i = 0; i < n; i++)
            sum += row[i] * row[i];
        for (int i = 0; i < n; i++)
            directions[(size_t)a * (size_t)n + (size_t)i] = sum > 0 ? row[i] / (sqrtf(sum) * per_deviation[a]) : 0;
    }
}

static bool read_attributes(import_job *job, face_model *m)
{
    import_job file = *job;
    file.path = job->options->attributes;
    if (!file.path)
        return true;
    if (!import_container_of(file.path, &file.container, file.err))
        return false;
    if (file.container != IMPORT_MAT)
        return df_fail(file.err, "%s: expected a MATLAB 5 file", file.path);
    const int n = m->shape_count + m->albedo_count;
    float *amounts = df_alloc(job->arena, FACE_AMOUNT_COUNT * (size_t)n, sizeof *amounts, job->err);
    float *directions = df_alloc(job->arena, FACE_ATTRIBUTE_COUNT * (size_t)n, sizeof *directions, job->err);
    const bool is_read = amounts && directions && read_amounts(&file, m, amounts);
    job->bytes = file.bytes;
    if (!is_read)
        return false;
    scale_directions(amounts, n, directions);
    m->amount_directions = amounts;
    m->attribute_directions = directions;
    return true;
}

static bool build(import_job *job, face_model *m)
{
    const import_part shape_part = {.mean = "shapeMU",
                                    .basis = "shapePC",
                                    .deviations = "shapeEV",
                                    .unit = MM_OF_MICROMETRE,
                                    .kept = job->options->components,
                                    .most = FACE_MAX_COMPONENTS};
    const import_part albedo_part = {.mean = "texMU",
                                     .basis = "texPC",
                                     .deviations = "texEV",
                                     .unit = OF_BYTE,
                                     .kept = job->options->components,
                                     .most = FACE_MAX_COMPONENTS};
    import_linear shape, albedo;
    if (!import_read_part(job, &shape_part, 0, &shape) || !import_read_part(job, &albedo_part, shape.vertices, &albedo) ||
        !import_assemble(job, &shape, &albedo, m) || !import_triangles(job, "tl", IMPORT_INWARD, 1, m) || !read_attributes(job, m))
        return false;
    if (m->skin_count == FULL_VERTICES) {
        memcpy(m->landmarks, landmarks, sizeof m->landmarks);
        m->has_landmarks = true;
    }
    return true;
}

const import_format import_bfm2009 = {.name = "bfm2009",
                                      .title = "Basel Face Model 2009",
                                      .container = IMPORT_MAT,
                                      .marker = "shapeMU",
                                      .credit =
                                          "Paysan et al., A 3D Face Model for Pose and Illumination Invariant Face Recognition, AVSS 2009; "
                                          "under the licence that the file was obtained with",
                                      .build = build};
