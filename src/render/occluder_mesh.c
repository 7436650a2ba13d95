/* occluder_mesh.c: vertices and triangles of procedural shapes: grids, and tubes whose section is carried along the path without
   twisting. */
#include <math.h>
#include <string.h>

#include "render/occluder_internal.h"

enum { AROUND = 10 };
static const float TURN = 6.2831853f;

bool occluder_mesh_new(df_arena *scratch, occluder_mesh *out, df_error *err)
{
    occluder_mesh mesh = {0};
    mesh.positions = df_alloc(scratch, OCCLUDER_MOST_VERTICES, 3 * sizeof(float), err);
    mesh.follow = mesh.positions ? df_alloc(scratch, OCCLUDER_MOST_VERTICES, sizeof(float), err) : NULL;
    mesh.triangles = mesh.follow ? df_alloc(scratch, OCCLUDER_MOST_TRIANGLES, 3 * sizeof(int32_t), err) : NULL;
    mesh.regions = mesh.triangles ? df_alloc(scratch, OCCLUDER_MOST_TRIANGLES, 1, err) : NULL;
    if (!mesh.regions)
        return false;
    *out = mesh;
    return true;
}

int occluder_vertex(occluder_mesh *mesh, const float at[3], float follow)
{
    if (mesh->vertex_count >= OCCLUDER_MOST_VERTICES)
        return OCCLUDER_MOST_VERTICES - 1;
    memcpy(mesh->positions + 3 * (size_t)mesh->vertex_count, at, 3 * sizeof *at);
    mesh->follow[mesh->vertex_count] = follow;
    return mesh->vertex_count++;
}

void occluder_triangle(occluder_mesh *mesh, int a, int b, int c, face_region region)
{
    if (mesh->triangle_count >= OCCLUDER_MOST_TRIANGLES)
        return;
    const int32_t corners[3] = {a, b, c};
    memcpy(mesh->triangles + 3 * (size_t)mesh->triangle_count, corners, sizeof corners);
    mesh->regions[mesh->triangle_count++] = (uint8_t)region;
}

void occluder_grid(occluder_mesh *mesh, int first, int rows, int columns, occluder_edge edge, face_region region)
{
    const int steps = edge == OCCLUDER_CLOSED ? columns : columns - 1;
    for (int r = 0; r + 1 < rows; r++)
        for (int c = 0; c < steps; c++) {
            const int a = first + r * columns + c, b = first + r * columns + (c + 1) % columns;
            occluder_triangle(mesh, a, a + columns, b, region);
            occluder_triangle(mesh, b, a + columns, b + columns, region);
        }
}

void vec_unit(float v[3])
{
    const float length = sqrtf(vec_dot(v, v));
    for (int i = 0; i < 3; i++)
        v[i] = length > 0 ? v[i] / length : i == 2 ? 1.0f : 0.0f;
}

/* The section's first axis: what of the one before is left at a right angle to the path. */
static void carry(const float along[3], float side[3])
{
    vec_along(side, along, -vec_dot(side, along), side);
    if (vec_dot(side, side) < 1e-6f) {
        const float other[3] = {along[1], along[2], -along[0]};
        vec_along(other, along, -vec_dot(other, along), side);
    }
    vec_unit(side);
}

void occluder_tube(occluder_mesh *mesh, const float (*path)[3], int count, float radius, float follow, face_region region)
{
    float side[3] = {0.3f, 0.5f, 0.8f};
    const int first = mesh->vertex_count;
    for (int i = 0; i < count; i++) {
        float along[3], up[3];
        vec_sub(path[i + 1 < count ? i + 1 : i], path[i > 0 ? i - 1 : i], along);
        vec_unit(along);
        carry(along, side);
        vec_cross(along, side, up);
        for (int a = 0; a < AROUND; a++) {
            const float angle = TURN * (float)a / AROUND;
            float at[3];
            vec_along(path[i], side, radius * cosf(angle), at);
            vec_along(at, up, radius * sinf(angle), at);
            occluder_vertex(mesh, at, follow);
        }
    }
    occluder_grid(mesh, first, count, AROUND, OCCLUDER_CLOSED, region);
}
