/* build_surface.c: what the skin's surface is besides its shape and albedo: regions, and how open each vertex lies to the sky. */
#include <string.h>

#include "face/build_internal.h"
#include "face/face_eval.h"
#include "face/occlusion.h"
#include "face/regions.h"

enum { RAYS = 256, MOST_OCCLUDERS = 4 };
static const float reach_mm = 60;

/* A coarse triangle (corners 0 1 2 or 0 2 3 of quad q) is what the fine quad at its middle corner is. Fine quad 4 q + k lies at
   corner k. */
static bool coarse_regions(build *b)
{
    uint8_t *regions = df_alloc(b->arena, (size_t)b->model.coarse_triangle_count, 1, b->err);
    if (!regions)
        return false;
    for (int t = 0; t < b->model.coarse_triangle_count; t++)
        regions[t] = b->model.regions[2 * (4 * (t / 2) + 1 + 2 * (t % 2))];
    b->model.coarse_regions = regions;
    return true;
}

bool build_regions(build *b)
{
    uint8_t *regions = df_alloc(b->arena, (size_t)b->model.triangle_count, 1, b->err);
    const region_evidence evidence = {
        .head = &b->head, .targets = &b->targets, .sub = &b->sub, .uv = b->uv, .rest = b->fine_rest, .painted = b->skin.painted};
    if (!regions || !skin_regions(&evidence, b->arena, regions, b->err))
        return false;
    b->model.regions = regions;
    return coarse_regions(b);
}

/* Parts that lie inside of the skin of everybody, on the mean head. */
static bool add_parts(build *b, occluder *occluders, int *count)
{
    for (int i = 0; i < b->model.part_count && *count < MOST_OCCLUDERS; i++) {
        const face_part *part = &b->model.parts[i];
        if (part->kind != FACE_PART_EYES && part->kind != FACE_PART_TEETH && part->kind != FACE_PART_TONGUE)
            continue;
        float *vertices = df_alloc(b->arena, (size_t)part->vertex_count, 3 * sizeof *vertices, b->err);
        if (!vertices)
            return false;
        face_part_vertices(part, b->model.cage_mean, vertices);
        occluders[(*count)++] = (occluder){
            .vertices = vertices, .vertex_count = part->vertex_count, .triangle_count = part->triangle_count, .triangles = part->triangles};
    }
    return true;
}

/* Half itself, half its neighbours along triangles' sides. */
static bool smooth(build *b, float *open)
{
    const size_t n = (size_t)b->model.skin_count;
    float *sum = df_alloc(b->arena, n, sizeof *sum, b->err), *count = sum ? df_alloc(b->arena, n, sizeof *count, b->err) : NULL;
    if (!count)
        return false;
    for (size_t i = 0; i < 3 * (size_t)b->model.triangle_count; i++) {
        const int32_t from = b->model.triangles[i], to = b->model.triangles[i % 3 == 2 ? i - 2 : i + 1];
        sum[from] += open[to];
        count[from]++;
    }
    for (size_t v = 0; v < n; v++)
        if (count[v] > 0)
            open[v] = (open[v] + sum[v] / count[v]) / 2;
    return true;
}

bool build_occlusion(build *b)
{
    const face_model *m = &b->model;
    const size_t n = (size_t)m->skin_count;
    float *skin = df_alloc(b->arena, n, 3 * sizeof *skin, b->err),
          *normals = skin ? df_alloc(b->arena, n, 3 * sizeof *normals, b->err) : NULL;
    float *open = normals ? df_alloc(b->arena, n, sizeof *open, b->err) : NULL;
    if (!open)
        return false;
    face_skin(m, m->cage_mean, skin);
    mesh_normals(skin, m->skin_count, m->triangles, m->triangle_count, normals);
    occluder occluders[MOST_OCCLUDERS] = {
        {.vertices = skin, .vertex_count = m->skin_count, .triangle_count = m->triangle_count, .triangles = m->triangles}};
    int count = 1;
    if (!add_parts(b, occluders, &count) || !occlusion_cast(occluders, count, normals, RAYS, reach_mm, b->arena, open, b->err) ||
        !smooth(b, open))
        return false;
    b->model.occlusion = open;
    return true;
}
