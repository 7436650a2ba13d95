/* face_eval.c: linear combinations and sparse products in a fixed order of terms: components one after the other, each a plain
   loop over coordinates that vectorises without changing any sum. */
#include "face/face_eval.h"

#include <math.h>
#include <string.h>

static void add_scaled(float *restrict out, const float *restrict term, float weight, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] += weight * term[i];
}

/* out [n] = mean + sum of coefficients times rows of basis [..][n]. */
static void combine(const float *mean, const float *basis, const float *coefficients, int count, size_t n, float *out)
{
    memcpy(out, mean, n * sizeof *out);
    for (int k = 0; k < count; k++)
        if (coefficients[k] != 0)
            add_scaled(out, basis + (size_t)k * n, coefficients[k], n);
}

void face_shape(const face_model *model, const float *coefficients, int count, float *cage)
{
    combine(model->cage_mean, model->shape, coefficients, count, 3 * (size_t)model->cage_count, cage);
}

void face_express(const face_model *model, const float *weights, float *cage)
{
    const size_t n = 3 * (size_t)model->cage_count;
    for (int e = 0; e < model->expression_count; e++)
        if (weights[e] != 0)
            add_scaled(cage, model->expression + (size_t)e * n, weights[e], n);
}

void face_skin_vertex(const face_model *model, const float *cage, int vertex, float out[3])
{
    const face_matrix *m = &model->subdivision;
    if (!m->start) {
        memcpy(out, cage + 3 * (size_t)vertex, 3 * sizeof *out);
        return;
    }
    float x = 0, y = 0, z = 0;
    for (int32_t i = m->start[vertex]; i < m->start[vertex + 1]; i++) {
        const float *from = cage + 3 * (size_t)m->column[i];
        x += m->weight[i] * from[0];
        y += m->weight[i] * from[1];
        z += m->weight[i] * from[2];
    }
    out[0] = x;
    out[1] = y;
    out[2] = z;
}

void face_skin_first(const face_model *model, const float *cage, int count, float *skin)
{
    for (int v = 0; v < count; v++)
        face_skin_vertex(model, cage, v, skin + 3 * (size_t)v);
}

void face_skin(const face_model *model, const float *cage, float *skin)
{
    face_skin_first(model, cage, model->skin_count, skin);
}

void face_albedo(const face_model *model, const float *coefficients, int count, float *albedo)
{
    combine(model->albedo_mean, model->albedo, coefficients, count, 3 * (size_t)model->skin_count, albedo);
}

static void part_scale(const face_part *part, const float *cage, float scale[3])
{
    for (int axis = 0; axis < 3; axis++) {
        const float *a = cage + 3 * (size_t)part->scale_refs[axis][0], *b = cage + 3 * (size_t)part->scale_refs[axis][1];
        const float length = part->scale_lengths[axis];
        scale[axis] = length > 0 ? fabsf(a[axis] - b[axis]) / length : 1;
    }
}

void face_part_vertices(const face_part *part, const float *cage, float *out)
{
    float scale[3];
    part_scale(part, cage, scale);
    for (size_t i = 0; i < (size_t)part->vertex_count; i++) {
        const int32_t *ref = part->refs + 3 * i;
        const float *w = part->weights + 3 * i, *offset = part->offsets + 3 * i;
        const float *a = cage + 3 * (size_t)ref[0], *b = cage + 3 * (size_t)ref[1], *c = cage + 3 * (size_t)ref[2];
        for (int axis = 0; axis < 3; axis++)
            out[3 * i + (size_t)axis] = w[0] * a[axis] + w[1] * b[axis] + w[2] * c[axis] + scale[axis] * offset[axis];
    }
}

void face_eye_centre(const face_model *model, const float *cage, int eye, float out[3])
{
    float sum[3] = {0};
    for (int i = 0; i < model->eye_ref_count; i++)
        for (int axis = 0; axis < 3; axis++)
            sum[axis] += cage[3 * (size_t)model->eye_refs[eye][i] + (size_t)axis];
    for (int axis = 0; axis < 3; axis++)
        out[axis] = sum[axis] / (float)model->eye_ref_count;
}

static void turn_about(const float rotation[9], const float centre[3], float p[3])
{
    const float x = p[0] - centre[0], y = p[1] - centre[1], z = p[2] - centre[2];
    for (int row = 0; row < 3; row++)
        p[row] = centre[row] + (rotation[3 * row] * x + rotation[3 * row + 1] * y + rotation[3 * row + 2] * z);
}

void face_turn_eyes(const face_model *model, const face_part *part, const float *cage, const float rotation[2][9], float *vertices)
{
    if (!part->eye || model->eye_ref_count == 0)
        return;
    float centre[2][3];
    for (int eye = 0; eye < 2; eye++)
        face_eye_centre(model, cage, eye, centre[eye]);
    for (size_t i = 0; i < (size_t)part->vertex_count; i++)
        if (part->eye[i])
            turn_about(rotation[part->eye[i] - 1], centre[part->eye[i] - 1], vertices + 3 * i);
}

/* normal[corner] += the triangle's cross product, whose length is twice its area. */
static void add_cross(const float *vertices, const int32_t *corner, float *normals)
{
    const float *a = vertices + 3 * (size_t)corner[0], *b = vertices + 3 * (size_t)corner[1], *c = vertices + 3 * (size_t)corner[2];
    const float u[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]}, v[3] = {c[0] - a[0], c[1] - a[1], c[2] - a[2]};
    const float n[3] = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
    for (int k = 0; k < 3; k++)
        for (int axis = 0; axis < 3; axis++)
            normals[3 * (size_t)corner[k] + (size_t)axis] += n[axis];
}

void mesh_normals(const float *vertices, int vertex_count, const int32_t *triangles, int triangle_count, float *normals)
{
    memset(normals, 0, 3 * (size_t)vertex_count * sizeof *normals);
    for (size_t t = 0; t < (size_t)triangle_count; t++)
        add_cross(vertices, triangles + 3 * t, normals);
    for (size_t i = 0; i < (size_t)vertex_count; i++) {
        float *n = normals + 3 * i;
        const float length = sqrtf(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
        if (length > 0) { /* 0 for vertices of no triangle, and where the squares underflow */
            for (int axis = 0; axis < 3; axis++)
                n[axis] /= length;
        } else {
            n[0] = n[1] = 0;
            n[2] = 1;
        }
    }
}
