/* shade_gather.c: what the corners of each point's triangle have, copied into the batch. Copies go through whole numbers of 8 and 4
   bytes, two of which a processor can store at once, and the loops do nothing else: they set the pace of shading. */
#include "render/shade.h"

/* What is wanted of a corner beside its place and depth. */
typedef struct corner_wants {
    bool uv, normal;
} corner_wants;

/* Corner k of all points. `wants` is a constant wherever this is put in. */
static inline void gather_corner(const raster_mesh *mesh, int k, corner_wants wants, shade_batch *restrict b)
{
    const int count = b->count;
    const int32_t *restrict vertex = b->corner[k], *restrict xy = mesh->xy;
    const float *restrict w = mesh->w, *restrict uv = mesh->mesh->uv, *restrict normals = mesh->mesh->normals;
#pragma GCC unroll 4
    for (int i = 0; i < count; i++) {
        const size_t corner = (size_t)vertex[i];
        memcpy(&b->corner_xy[k][2 * i], xy + 2 * corner, 2 * sizeof(int32_t));
        memcpy(&b->corner_w[k][i], w + corner, sizeof(float));
        if (wants.normal) {
            memcpy(&b->corner_normal_xy[k][2 * i], normals + 3 * corner, 2 * sizeof(float));
            memcpy(&b->corner_normal_z[k][i], normals + 3 * corner + 2, sizeof(float));
        }
        if (wants.uv)
            memcpy(&b->corner_uv[k][2 * i], uv + 2 * corner, 2 * sizeof(float));
    }
}

/* A value of the vertices, `stride` floats from one to the next. */
static void gather_value(const float *restrict values, int stride, const int32_t *restrict vertex, int count, float *restrict out)
{
    for (int i = 0; i < count; i++)
        memcpy(&out[i], values + (size_t)vertex[i] * (size_t)stride, sizeof(float));
}

/* The vertices first: these loads wait for nothing but each other's turn. */
static void gather_vertices(const scene_mesh *mesh, shade_batch *restrict b)
{
    const int count = b->count;
    const int32_t *restrict triangles = mesh->triangles;
    for (int i = 0; i < count; i++) {
        const int32_t *restrict triangle = triangles + 3 * (size_t)b->triangle[i];
        for (int k = 0; k < 3; k++)
            b->corner[k][i] = triangle[k];
    }
}

static void pad(shade_batch *b)
{
    const int last = b->count - 1;
    for (; b->count % SHADE_VECTOR; b->count++) {
        b->triangle[b->count] = b->triangle[last];
        b->x[b->count] = b->x[last];
        b->y[b->count] = b->y[last];
    }
}

void shade_gather(const raster_mesh *mesh, int channels, shade_batch *batch)
{
    pad(batch);
    const scene_mesh *from = mesh->mesh;
    gather_vertices(from, batch);
    for (int k = 0; k < 3; k++) {
        if (from->uv && from->material.texture)
            gather_corner(mesh, k, (corner_wants){.uv = true, .normal = true}, batch);
        else
            gather_corner(mesh, k, (corner_wants){.normal = true}, batch);
        if (from->occlusion)
            gather_value(from->occlusion, 1, batch->corner[k], batch->count, batch->corner_occlusion[k]);
        for (int c = 0; from->albedo && c < channels; c++)
            gather_value(from->albedo + c, channels, batch->corner[k], batch->count, batch->corner_albedo[k][c]);
    }
}

void shade_gather_places(const raster_mesh *mesh, shade_batch *batch)
{
    pad(batch);
    gather_vertices(mesh->mesh, batch);
    for (int k = 0; k < 3; k++)
        if (mesh->mesh->uv && mesh->mesh->material.texture)
            gather_corner(mesh, k, (corner_wants){.uv = true}, batch);
        else
            gather_corner(mesh, k, (corner_wants){0}, batch);
}
