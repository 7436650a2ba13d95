/* import_deep3d.c: BFM_model_front.mat of Deep3DFaceRecon (Y. Deng et al., CVPR 2019 Workshops): the front of BFM 2009 with
   expressions. Columns carry their deviations, lengths are in units of 10 cm, and evaluation uses the mean moved so that its
   vertices average to 0. */
#include "face/import_internal.h"

#include <string.h>

static const double MM_OF_DECIMETRE = 100, OF_BYTE = 1 / 255.0;
enum { FACES_AT_VERTEX = 8 };

static void centre(float *mean, int64_t vertices)
{
    double sum[3] = {0};
    for (size_t i = 0; i < 3 * (size_t)vertices; i++)
        sum[i % 3] += (double)mean[i];
    for (size_t i = 0; i < 3 * (size_t)vertices; i++)
        mean[i] = (float)((double)mean[i] - sum[i % 3] / (double)vertices);
}

/* Nothing here needs the faces around each vertex, but a file whose numbers lead outside is damaged. */
static bool check_faces_around(import_job *job, const face_model *m)
{
    tensor t;
    int32_t *faces;
    int64_t count;
    bool is_found;
    if (!import_find(job, "point_buf", &t, &is_found))
        return false;
    return !is_found ||
           import_indices(job, "point_buf", (int64_t)FACES_AT_VERTEX * m->skin_count, 1, (int64_t)m->triangle_count + 1, &faces, &count);
}

static bool read_landmarks(import_job *job, face_model *m)
{
    int32_t *found;
    int64_t count;
    if (!import_indices(job, "keypoints", FACE_LANDMARKS, 1, m->skin_count, &found, &count))
        return false;
    memcpy(m->landmarks, found, sizeof m->landmarks);
    return m->has_landmarks = true;
}

static bool build(import_job *job, face_model *m)
{
    const int kept = job->options->components;
    const import_part shape_part = {
        .mean = "meanshape", .basis = "idBase", .unit = MM_OF_DECIMETRE, .kept = kept, .most = FACE_MAX_COMPONENTS};
    const import_part albedo_part = {.mean = "meantex", .basis = "texBase", .unit = OF_BYTE, .kept = kept, .most = FACE_MAX_COMPONENTS};
    const import_part expression_part = {.basis = "exBase", .unit = MM_OF_DECIMETRE, .most = FACE_MAX_EXPRESSIONS};
    import_linear shape, albedo, expression;
    if (!import_read_part(job, &shape_part, 0, &shape) || !import_read_part(job, &albedo_part, shape.vertices, &albedo) ||
        !import_read_part(job, &expression_part, shape.vertices, &expression))
        return false;
    centre(shape.mean, shape.vertices);
    return import_assemble(job, &shape, &albedo, m) && import_add_expressions(job, &expression, m) &&
           import_triangles(job, "tri", IMPORT_OUTWARD, 1, m) && read_landmarks(job, m) && check_faces_around(job, m);
}

const import_format import_deep3d = {
    .name = "deep3d",
    .title = "Deep3DFaceRecon's BFM_model_front",
    .container = IMPORT_MAT,
    .marker = "meanshape",
    .credit = "Deng et al., Accurate 3D Face Reconstruction with Weakly-Supervised Learning, CVPR 2019 Workshops; "
              "made of the Basel Face Model 2009, under its licence",
    .build = build};
