/* import_ict.c: ICT-FaceKit's light face model (R. Li et al., "Learning Formation of Physically-Based Face Attributes", CVPR 2020): one
   npz archive, or upstream's folder of OBJ files, each the neutral face with one identity mode or one expression added. Modes carry
   their deviations; lengths are in centimetres. */
#include "face/import_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "face/import_ict_parts.h"
#include "face/import_mesh.h"

static const double MM_OF_CENTIMETRE = 10;
#define NEUTRAL "generic_neutral_mesh.obj"
#define CREDIT "ICT-FaceKit, Copyright (c) 2020 USC Institute for Creative Technologies, MIT License"

/* Meshes one after the other, (K, V, 3): already our layout. */
static bool read_stack(import_job *job, const char *name, int64_t vertices, int kept, int most, float **out, int *count)
{
    tensor t;
    if (!import_tensor(job, name, &t))
        return false;
    if (t.rank != 3 || t.shape[1] != vertices || t.shape[2] != 3)
        return df_fail(job->err, "%s: '%s': expected meshes of %" PRId64 " vertices of 3 numbers", job->path, name, vertices);
    const int64_t taken = kept > 0 && kept < t.shape[0] ? kept : t.shape[0];
    if (taken > most)
        return df_fail(job->err, "%s: '%s': %" PRId64 " meshes, expected at most %d", job->path, name, taken, most);
    const size_t n = 3 * (size_t)vertices * (size_t)taken;
    float *values = df_alloc(job->arena, n, sizeof *values, job->err);
    for (size_t i = 0; values && i < n; i++) {
        values[i] = (float)(tensor_number(&t, i) * MM_OF_CENTIMETRE);
        if (!isfinite(values[i]))
            return df_fail(job->err, "%s: '%s': number %zu is not finite, or too large", job->path, name, i);
    }
    *out = values;
    *count = (int)taken;
    return values != NULL;
}

/* A quad is split along its first diagonal; a triangle has -1 as fourth corner. */
static bool read_quads(import_job *job, face_model *m)
{
    int32_t *corners;
    int64_t numbers;
    if (!import_indices(job, "quads", -1, -1, (int64_t)m->skin_count - 1, &corners, &numbers))
        return false;
    if (numbers % 4 != 0 || numbers > 4 * IMPORT_MOST_VERTICES)
        return df_fail(job->err, "%s: 'quads': expected four columns", job->path);
    int32_t *triangles = df_alloc(job->arena, 6 * (size_t)numbers / 4, sizeof *triangles, job->err);
    if (!triangles)
        return false;
    int count = 0;
    for (size_t q = 0; q < (size_t)numbers / 4; q++) {
        const int32_t *c = corners + 4 * q; /* one more than the vertex */
        if (c[0] == 0 || c[1] == 0 || c[2] == 0)
            return df_fail(job->err, "%s: 'quads': row %zu has fewer than three corners", job->path, q);
        for (int half = 0; half < (c[3] == 0 ? 1 : 2); half++, count++) {
            const int32_t triangle[3] = {c[0] - 1, c[1 + half] - 1, c[2 + half] - 1};
            memcpy(triangles + 3 * (size_t)count, triangle, sizeof triangle);
        }
    }
    m->triangles = triangles;
    m->triangle_count = count;
    return true;
}

static bool read_names(import_job *job, face_model *m)
{
    const char *text;
    size_t width, count;
    if (!import_text(job, "expression_names", &text, &width, &count))
        return false;
    if (count != (size_t)m->expression_count)
        return df_fail(job->err, "%s: 'expression_names': %zu, expected %d", job->path, count, m->expression_count);
    char(*names)[FACE_NAME] = df_alloc(job->arena, count, FACE_NAME, job->err);
    for (size_t i = 0; names && i < count; i++) {
        import_name(text + i * width, width, names[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp(names[i], names[j]) == 0)
                return df_fail(job->err, "%s: 'expression_names': '%s' stands there twice", job->path, names[i]);
    }
    m->expression_names = (const char(*)[FACE_NAME])names;
    return names != NULL;
}

static bool read_landmarks(import_job *job, face_model *m)
{
    int32_t *found;
    int64_t count;
    if (!import_indices(job, "landmarks68", FACE_LANDMARKS, 0, (int64_t)m->skin_count - 1, &found, &count))
        return false;
    memcpy(m->landmarks, found, sizeof m->landmarks);
    return m->has_landmarks = true;
}

static bool build(import_job *job, face_model *m)
{
    import_linear shape = {0};
    const import_linear no_albedo = {0};
    int64_t numbers;
    float *expression;
    int expressions;
    if (!import_numbers(job, "mean", -1, MM_OF_CENTIMETRE, &shape.mean, &numbers))
        return false;
    shape.vertices = numbers / 3;
    if (numbers % 3 != 0 || numbers < 9 || shape.vertices > IMPORT_MOST_VERTICES)
        return df_fail(job->err, "%s: 'mean': expected three numbers a vertex", job->path);
    if (!read_stack(job, "identity", shape.vertices, job->options->components, FACE_MAX_COMPONENTS, &shape.basis, &shape.count) ||
        !read_stack(job, "expression", shape.vertices, 0, FACE_MAX_EXPRESSIONS, &expression, &expressions) ||
        !import_assemble(job, &shape, &no_albedo, m))
        return false;
    m->expression = expression;
    m->expression_count = expressions;
    return read_names(job, m) && read_quads(job, m) && read_landmarks(job, m) && import_ict_parts(job, m);
}

const import_format import_ict = {.name = "ict-facekit",
                                  .title = "ICT-FaceKit, light",
                                  .container = IMPORT_NPZ,
                                  .marker = "landmarks68",
                                  .credit = CREDIT,
                                  .build = build};

typedef struct ict_files {
    char **identity, **expression; /* sorted */
    int identity_count, expression_count;
} ict_files;

static bool is_identity(const char *name)
{
    return strncmp(name, "identity", 8) == 0 && name[8] >= '0' && name[8] <= '9';
}

static bool list_files(import_job *job, ict_files *files)
{
    char **names;
    size_t count;
    if (!df_folder_list(job->path, job->arena, &names, &count, job->err))
        return false;
    *files = (ict_files){.identity = df_alloc(job->arena, count, sizeof *names, job->err)};
    files->expression = files->identity ? df_alloc(job->arena, count, sizeof *names, job->err) : NULL;
    for (size_t i = 0; files->expression && i < count; i++) {
        if (!import_mesh_is(names[i]) || strcmp(names[i], NEUTRAL) == 0)
            continue;
        if (is_identity(names[i]))
            files->identity[files->identity_count++] = names[i];
        else
            files->expression[files->expression_count++] = names[i];
    }
    const int kept = job->options->components;
    if (kept > 0 && files->identity_count > kept)
        files->identity_count = kept;
    if (files->identity_count > FACE_MAX_COMPONENTS || files->expression_count > FACE_MAX_EXPRESSIONS)
        return df_fail(job->err, "%s: %d identities and %d expressions, expected at most %d and %d", job->path, files->identity_count,
                       files->expression_count, FACE_MAX_COMPONENTS, FACE_MAX_EXPRESSIONS);
    return files->expression != NULL;
}

/* out [count][V][3] mm = each mesh minus the neutral one (in mm). */
static bool read_differences(import_job *job, char *const *names, int count, const float *neutral, size_t vertices, float **out)
{
    *out = df_alloc(job->arena, (size_t)count * 3 * vertices, sizeof **out, job->err);
    for (int k = 0; *out && k < count; k++) {
        scan_mesh mesh;
        if (!import_mesh_read(job, names[k], vertices, &mesh))
            return false;
        float *row = *out + (size_t)k * 3 * vertices;
        for (size_t i = 0; i < 3 * vertices; i++)
            row[i] = (float)(MM_OF_CENTIMETRE * (double)mesh.positions[i] - (double)neutral[i]);
    }
    return *out != NULL;
}

static bool name_expressions(import_job *job, const ict_files *files, face_model *m)
{
    char(*names)[FACE_NAME] = df_alloc(job->arena, (size_t)files->expression_count, FACE_NAME, job->err);
    for (int i = 0; names && i < files->expression_count; i++)
        import_mesh_stem(files->expression[i], names[i]);
    m->expression_names = (const char(*)[FACE_NAME])names;
    return names != NULL;
}

static bool read_neutral(import_job *job, import_linear *shape, face_model *m)
{
    scan_mesh mesh;
    if (!import_mesh_read(job, NEUTRAL, 0, &mesh) || !import_mesh_triangles(job, &mesh, m))
        return false;
    shape->vertices = (int64_t)mesh.vertex_count;
    shape->mean = df_alloc(job->arena, 3 * mesh.vertex_count, sizeof *shape->mean, job->err);
    for (size_t i = 0; shape->mean && i < 3 * mesh.vertex_count; i++)
        shape->mean[i] = (float)(MM_OF_CENTIMETRE * (double)mesh.positions[i]);
    return shape->mean != NULL;
}

static bool build_folder(import_job *job, face_model *m)
{
    ict_files files;
    import_linear shape = {0};
    const import_linear no_albedo = {0};
    float *expression;
    if (!list_files(job, &files) || !read_neutral(job, &shape, m))
        return false;
    const size_t vertices = (size_t)shape.vertices;
    shape.count = files.identity_count;
    if (!read_differences(job, files.identity, files.identity_count, shape.mean, vertices, &shape.basis) ||
        !read_differences(job, files.expression, files.expression_count, shape.mean, vertices, &expression) ||
        !import_assemble(job, &shape, &no_albedo, m) || !name_expressions(job, &files, m))
        return false;
    m->expression = expression;
    m->expression_count = files.expression_count;
    if (m->skin_count == IMPORT_ICT_VERTICES) {
        memcpy(m->landmarks, import_ict_landmarks, sizeof m->landmarks);
        m->has_landmarks = true;
    }
    return import_ict_parts(job, m);
}

const import_format import_ict_folder = {.name = "ict-facekit",
                                         .title = "ICT-FaceKit's folder of OBJ files",
                                         .container = IMPORT_FOLDER,
                                         .marker = NEUTRAL,
                                         .credit = CREDIT,
                                         .build = build_folder};
