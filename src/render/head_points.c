/* head_points.c: the skin by number; the ring of an iris from the edges that only one of its triangles has. */
#include "render/head_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "face/face_eval.h"
#include "render/head_internal.h"

/* ---- skin ---- */

bool head_skin_points(const head_identity *identity, const head_params *params, const int32_t *vertices, int count, float *out,
                      df_arena *scratch, df_error *err)
{
    head_frame frame;
    if (!head_pose(identity, params, &frame, scratch, err))
        return false;
    if (!vertices)
        face_skin_first(identity->model, frame.cage, count, out);
    for (int i = 0; vertices && i < count; i++)
        face_skin_vertex(identity->model, frame.cage, vertices[i], out + 3 * (size_t)i);
    head_rotate(frame.rotation, out, count);
    return true;
}

bool head_face_vertices(const head_identity *identity, const int32_t **vertices, int *count, df_arena *scratch, df_error *err)
{
    const int all = identity->model->cage_skin_count;
    int32_t *list = df_alloc(scratch, (size_t)all, sizeof *list, err);
    int n = 0;
    if (!list)
        return false;
    for (int32_t v = 0; v < all; v++)
        if (identity->is_face[v])
            list[n++] = v;
    *vertices = list;
    *count = n;
    return true;
}

/* ---- eyes ---- */

static bool pose_eyes(const head_identity *identity, const head_frame *frame, const face_part **part, float **out, df_arena *scratch,
                      df_error *err)
{
    const int index = identity->parts[FACE_PART_EYES];
    if (index < 0)
        return df_fail(err, "model '%s' has no eyes", identity->model->name);
    const face_part *eyes = &identity->model->parts[index];
    float *vertices = df_alloc(scratch, (size_t)eyes->vertex_count, 3 * sizeof(float), err);
    if (!vertices)
        return false;
    face_part_vertices(eyes, frame->cage, vertices);
    face_turn_eyes(identity->model, eyes, frame->cage, (const float(*)[9])frame->eye_rotation, vertices);
    head_rotate(frame->rotation, vertices, eyes->vertex_count);
    *part = eyes;
    *out = vertices;
    return true;
}

bool head_eyes_points(const head_identity *identity, const head_params *params, const face_part **part, float **out, df_arena *scratch,
                      df_error *err)
{
    head_frame frame;
    return head_pose(identity, params, &frame, scratch, err) && pose_eyes(identity, &frame, part, out, scratch, err);
}

/* The eyes part with one eye's iris in sight. */
typedef struct iris_search {
    const face_part *part;
    const float *vertices; /* [part->vertex_count][3] world */
    uint8_t eye;           /* as face_part.eye */
    int32_t *same;         /* [vertices] the first vertex at the same place: seams of the texture have two */
    uint64_t *edges;       /* [3 * triangles] two vertices each, the lower one above */
    bool *is_rim;          /* [vertices] */
} iris_search;

static bool is_iris(const iris_search *s, int triangle)
{
    return s->part->regions[triangle] == FACE_IRIS && s->part->eye && s->part->eye[s->part->triangles[3 * triangle]] == s->eye;
}

static bool is_same_place(const float a[3], const float b[3])
{
    return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}

static void find_same(const iris_search *s)
{
    for (int32_t v = 0; v < s->part->vertex_count; v++) {
        int32_t first = 0;
        while (first < v && !is_same_place(s->vertices + 3 * (size_t)first, s->vertices + 3 * (size_t)v))
            first++; /* ends at v */
        s->same[v] = first;
    }
}

static int compare_edges(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static size_t list_edges(const iris_search *s)
{
    size_t count = 0;
    for (int t = 0; t < s->part->triangle_count; t++)
        for (int c = 0; is_iris(s, t) && c < 3; c++) {
            const uint64_t a = (uint64_t)s->same[s->part->triangles[3 * t + c]],
                           b = (uint64_t)s->same[s->part->triangles[3 * t + (c + 1) % 3]];
            s->edges[count++] = a < b ? a << 32 | b : b << 32 | a;
        }
    qsort(s->edges, count, sizeof *s->edges, compare_edges);
    return count;
}

/* Vertices of edges that are there once. */
static void mark_rim(const iris_search *s)
{
    const size_t count = list_edges(s);
    for (size_t i = 0; i < count; i++) {
        const uint64_t edge = s->edges[i];
        if ((i > 0 && s->edges[i - 1] == edge) || (i + 1 < count && s->edges[i + 1] == edge))
            continue;
        s->is_rim[edge >> 32] = s->is_rim[edge & UINT32_MAX] = true;
    }
}

static float dot(const float a[3], const float b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static float unit_between(const float from[3], const float to[3], float out[3])
{
    for (int axis = 0; axis < 3; axis++)
        out[axis] = to[axis] - from[axis];
    const float length = sqrtf(dot(out, out));
    for (int axis = 0; axis < 3; axis++)
        out[axis] /= length > 0 ? length : 1;
    return length;
}

/* The rim's middle; false where there is no rim. */
static bool middle_of_rim(const iris_search *s, float out[3])
{
    int count = 0;
    float sum[3] = {0};
    for (int v = 0; v < s->part->vertex_count; v++) {
        if (!s->is_rim[v])
            continue;
        for (int axis = 0; axis < 3; axis++)
            sum[axis] += s->vertices[3 * v + axis];
        count++;
    }
    for (int axis = 0; axis < 3; axis++)
        out[axis] = sum[axis] / (float)(count > 0 ? count : 1);
    return count > 0;
}

typedef struct rim_point {
    float angle;
    int32_t vertex;
} rim_point;

static int compare_angles(const void *a, const void *b)
{
    const rim_point *x = a, *y = b;
    return x->angle != y->angle ? (x->angle > y->angle) - (x->angle < y->angle) : (x->vertex > y->vertex) - (x->vertex < y->vertex);
}

/* The vertices of the outer ring (an iris may have a hole) by their angle in the plane of `right` and `up`. */
static bool order_rim(const iris_search *s, const float middle[3], const float right[3], const float up[3], head_eye *out, df_error *err)
{
    static const float TURN = 6.2831853f;
    rim_point points[HEAD_MAX_RIM];
    float farthest = 0, away[3];
    int count = 0;
    for (int v = 0; v < s->part->vertex_count; v++)
        if (s->is_rim[v])
            farthest = fmaxf(farthest, unit_between(middle, s->vertices + 3 * (size_t)v, away));
    for (int32_t v = 0; v < s->part->vertex_count; v++) {
        if (!s->is_rim[v] || unit_between(middle, s->vertices + 3 * (size_t)v, away) < 0.5f * farthest)
            continue;
        if (count == HEAD_MAX_RIM)
            return df_fail(err, "the iris has a rim of more than %d vertices", HEAD_MAX_RIM);
        const float angle = atan2f(dot(away, up), dot(away, right));
        points[count++] = (rim_point){.angle = angle < 0 ? angle + TURN : angle, .vertex = v};
    }
    qsort(points, (size_t)count, sizeof *points, compare_angles);
    for (int i = 0; i < count; i++)
        memcpy(out->rim[i], s->vertices + 3 * (size_t)points[i].vertex, 3 * sizeof(float));
    out->rim_count = count;
    return true;
}

/* Where the axis leaves the ball: as far out as the vertex of the iris that is nearest to it. */
static void place_pupil(const iris_search *s, head_eye *eye)
{
    float best = -2, radius = 0;
    for (int t = 0; t < s->part->triangle_count; t++)
        for (int c = 0; is_iris(s, t) && c < 3; c++) {
            float away[3];
            const float length = unit_between(eye->centre, s->vertices + 3 * (size_t)s->part->triangles[3 * t + c], away);
            const float along = dot(away, eye->axis);
            radius = along > best ? length : radius;
            best = fmaxf(best, along);
        }
    for (int axis = 0; axis < 3; axis++)
        eye->pupil[axis] = eye->centre[axis] + radius * eye->axis[axis];
}

/* Column c of the rotation that takes an eye's own axes to the world. */
static void eye_axis(const head_frame *frame, int eye, int c, float out[3])
{
    for (int r = 0; r < 3; r++)
        out[r] = frame->eye_rotation[eye][3 * r + c];
    head_rotate(frame->rotation, out, 1);
}

static bool find_eye(iris_search *s, const head_identity *identity, const head_frame *frame, int eye, head_eye *out, df_error *err)
{
    float middle[3], right[3], up[3];
    s->eye = (uint8_t)(eye + 1);
    memset(s->is_rim, 0, (size_t)s->part->vertex_count * sizeof *s->is_rim);
    face_eye_centre(identity->model, frame->cage, eye, out->centre);
    head_rotate(frame->rotation, out->centre, 1);
    eye_axis(frame, eye, 0, right);
    eye_axis(frame, eye, 1, up);
    eye_axis(frame, eye, 2, out->gaze);
    memcpy(out->axis, out->gaze, sizeof out->axis);
    mark_rim(s);
    if (middle_of_rim(s, middle)) {
        unit_between(out->centre, middle, out->axis);
        if (!order_rim(s, middle, right, up, out, err))
            return false;
    }
    place_pupil(s, out);
    return true;
}

bool head_eyes(const head_identity *identity, const head_params *params, head_eye out[2], df_arena *scratch, df_error *err)
{
    head_frame frame;
    iris_search s = {0};
    float *vertices;
    if (identity->model->eye_ref_count == 0)
        return df_fail(err, "model '%s' has no eyes that turn", identity->model->name);
    if (!head_pose(identity, params, &frame, scratch, err) || !pose_eyes(identity, &frame, &s.part, &vertices, scratch, err))
        return false;
    const size_t count = (size_t)s.part->vertex_count;
    s.vertices = vertices;
    s.same = df_alloc(scratch, count, sizeof *s.same, err);
    s.edges = s.same ? df_alloc(scratch, 3 * (size_t)s.part->triangle_count, sizeof *s.edges, err) : NULL;
    s.is_rim = s.edges ? df_alloc(scratch, count, sizeof *s.is_rim, err) : NULL;
    if (!s.is_rim)
        return false;
    find_same(&s);
    memset(out, 0, 2 * sizeof *out);
    for (int eye = 0; eye < 2; eye++)
        if (!find_eye(&s, identity, &frame, eye, &out[eye], err))
            return false;
    return true;
}
