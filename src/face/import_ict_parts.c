/* import_ict_parts.c: a triangle belongs to the range of its highest vertex: vertices are numbered by part, and parts that
   border on the face share its vertices. */
#include "face/import_ict_parts.h"

#include <math.h>
#include <string.h>

const int32_t import_ict_landmarks[FACE_LANDMARKS] = {1225, 1888, 1052, 367,  1719, 1722, 2199, 1447, 966,  3661, 4390, 3927, 3924, 2608,
                                                      3272, 4088, 3443, 268,  493,  1914, 2044, 1401, 3615, 4240, 4114, 2734, 2509, 978,
                                                      4527, 4942, 4857, 1140, 2075, 1147, 4269, 3360, 1507, 1542, 1537, 1528, 1518, 1511,
                                                      3742, 3751, 3756, 3721, 3725, 3732, 5708, 5695, 2081, 0,    4275, 6200, 6213, 6346,
                                                      6461, 5518, 5957, 5841, 5702, 5711, 5533, 6216, 6207, 6470, 5517, 5966};

/* Vertices up to `last`, from the row before. */
static const struct {
    int32_t last;
    face_region region; /* FACE_BACKGROUND: left out */
} ranges[] = {
    {9408, FACE_SKIN},    {11247, FACE_NECK}, {13293, FACE_MOUTH},  {14061, FACE_EYE_SOCKET}, {17038, FACE_MOUTH},      {21450, FACE_TEETH},
    {22220, FACE_SCLERA}, {23020, FACE_IRIS}, {23790, FACE_SCLERA}, {24590, FACE_IRIS},       {26718, FACE_BACKGROUND},
};
enum { SCLERA_LEFT = 6, SCLERA_RIGHT = 8 };

/* Display values; skin keeps the colour that it has. */
static const float colours[FACE_REGION_COUNT][3] = {
    [FACE_MOUTH] = {0.55f, 0.28f, 0.27f},  [FACE_EYE_SOCKET] = {0.62f, 0.40f, 0.35f}, [FACE_TEETH] = {0.85f, 0.82f, 0.74f},
    [FACE_SCLERA] = {0.86f, 0.83f, 0.80f}, [FACE_IRIS] = {0.30f, 0.20f, 0.13f},
};
static const float pupil[3] = {0.03f, 0.03f, 0.03f};
static const float iris_cosine = 0.866f, pupil_cosine = 0.985f; /* of the angle from the eye's axis: 30 and 10 degrees */

static size_t range_of(int32_t vertex)
{
    size_t row = 0;
    while (vertex > ranges[row].last)
        row++;
    return row;
}

static face_region region_of(const int32_t corner[3])
{
    const int32_t a = corner[0] > corner[1] ? corner[0] : corner[1];
    return ranges[range_of(a > corner[2] ? a : corner[2])].region;
}

static bool sort_triangles(import_job *job, face_model *m)
{
    int32_t *kept = df_alloc(job->arena, 3 * (size_t)m->triangle_count, sizeof *kept, job->err);
    uint8_t *regions = kept ? df_alloc(job->arena, (size_t)m->triangle_count, 1, job->err) : NULL;
    if (!regions)
        return false;
    int count = 0;
    for (size_t t = 0; t < (size_t)m->triangle_count; t++) {
        const face_region region = region_of(m->triangles + 3 * t);
        if (region == FACE_BACKGROUND)
            continue;
        memcpy(kept + 3 * (size_t)count, m->triangles + 3 * t, 3 * sizeof *kept);
        regions[count++] = (uint8_t)region;
    }
    m->triangles = kept;
    m->triangle_count = count;
    m->regions = regions;
    return true;
}

/* The eye's ball is opaque here: what shows of the iris is painted on its front. */
static void paint_eye(const face_model *m, size_t row, float *albedo)
{
    const size_t first = (size_t)ranges[row - 1].last + 1, last = (size_t)ranges[row].last;
    float centre[3] = {0};
    for (size_t v = first; v <= last; v++)
        for (size_t axis = 0; axis < 3; axis++)
            centre[axis] += m->cage_mean[3 * v + axis] / (float)(last - first + 1);
    for (size_t v = first; v <= last; v++) {
        const float *p = m->cage_mean + 3 * v;
        const float x = p[0] - centre[0], y = p[1] - centre[1], z = p[2] - centre[2];
        const float cosine = z / sqrtf(x * x + y * y + z * z);
        if (cosine > iris_cosine)
            memcpy(albedo + 3 * v, cosine > pupil_cosine ? pupil : colours[FACE_IRIS], sizeof pupil);
    }
}

static bool paint(import_job *job, face_model *m)
{
    float *albedo = df_copy(job->arena, m->albedo_mean, 3 * (size_t)m->skin_count * sizeof *albedo, job->err);
    if (!albedo)
        return false;
    for (int32_t v = 0; v < m->skin_count; v++) {
        const float *colour = colours[ranges[range_of(v)].region];
        if (colour[0] > 0)
            memcpy(albedo + 3 * (size_t)v, colour, 3 * sizeof *colour);
    }
    paint_eye(m, SCLERA_LEFT, albedo);
    paint_eye(m, SCLERA_RIGHT, albedo);
    m->albedo_mean = albedo;
    return true;
}

bool import_ict_parts(import_job *job, face_model *m)
{
    return m->skin_count != IMPORT_ICT_VERTICES || (sort_triangles(job, m) && paint(job, m));
}
