/* raster.c: the order of a picture's steps, and the target's planes. */
#include "render/raster.h"

#include "base/size.h"
#include "render/raster_internal.h"

raster_target *raster_target_new(int width, int height, int samples, df_arena *arena, df_error *err)
{
    if (width < 1 || height < 1 || width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE) {
        df_fail(err, "picture of %d x %d pixels, expected 1 to %d a side", width, height, IMAGE_MAX_SIDE);
        return NULL;
    }
    if (samples != 1 && samples != 4) {
        df_fail(err, "%d samples a pixel, expected 1 or 4", samples);
        return NULL;
    }
    raster_target *target = df_alloc(arena, 1, sizeof *target, err);
    if (!target)
        return NULL;
    *target = (raster_target){.width = width, .height = height, .samples = samples, .stride = width + RASTER_TILE - 1};
    const size_t pixels = (size_t)target->stride * (size_t)(height + RASTER_TILE - 1), all = pixels * (size_t)samples;
    const bool made = (target->seen = df_alloc(arena, all, sizeof *target->seen, err)) &&
                      (target->through = df_alloc(arena, all, sizeof *target->through, err)) &&
                      (target->veil = df_alloc(arena, pixels, 3 * sizeof *target->veil, err)) &&
                      (target->veil_w = df_alloc(arena, pixels, sizeof *target->veil_w, err));
    return made ? target : NULL;
}

static bool check(const raster_target *target, const scene *stage, df_error *err)
{
    if (stage->channels != 1 && stage->channels != 3)
        return df_fail(err, "scene of %d channels, expected 1 or 3", stage->channels);
    if (stage->camera.width != target->width || stage->camera.height != target->height)
        return df_fail(err, "camera of %d x %d pixels, expected the picture's %d x %d", stage->camera.width, stage->camera.height, target->width,
                       target->height);
    if (stage->mesh_count > RASTER_MAX_MESHES)
        return df_fail(err, "%d meshes, expected at most %d", stage->mesh_count, RASTER_MAX_MESHES);
    for (int m = 0; m < stage->mesh_count; m++)
        if (stage->meshes[m].triangle_count > 1 << RASTER_TRIANGLE_BITS)
            return df_fail(err, "mesh '%s': %d triangles, expected at most %d", stage->meshes[m].name, stage->meshes[m].triangle_count,
                           1 << RASTER_TRIANGLE_BITS);
    return true;
}

/* Meshes that share their vertices (the parts of an eye) are projected once. */
static const raster_mesh *same_vertices(const raster_mesh *meshes, int m)
{
    for (int earlier = 0; earlier < m; earlier++)
        if (meshes[earlier].mesh->positions == meshes[m].mesh->positions && meshes[earlier].mesh->vertex_count >= meshes[m].mesh->vertex_count)
            return &meshes[earlier];
    return NULL;
}

static bool project_mesh(const scene *stage, raster_mesh *meshes, int m, df_arena *scratch, df_error *err)
{
    const scene_mesh *mesh = &stage->meshes[m];
    meshes[m].mesh = mesh;
    const raster_mesh *same = same_vertices(meshes, m);
    if (same) {
        meshes[m].xy = same->xy;
        meshes[m].w = same->w;
        return true;
    }
    int32_t *xy = df_alloc(scratch, (size_t)mesh->vertex_count, 2 * sizeof(int32_t), err);
    float *w = xy ? df_alloc(scratch, (size_t)mesh->vertex_count, sizeof(float), err) : NULL;
    if (!w)
        return false;
    raster_project(&stage->camera, mesh->positions, mesh->vertex_count, xy, w);
    meshes[m].xy = xy;
    meshes[m].w = w;
    return true;
}

bool raster_draw(raster_target *target, const scene *stage, const scene_picture *picture, df_arena *scratch, df_error *err)
{
    if (!check(target, stage, err))
        return false;
    raster_mesh *meshes = df_alloc(scratch, (size_t)stage->mesh_count, sizeof *meshes, err);
    if (!meshes)
        return false;
    for (int m = 0; m < stage->mesh_count; m++)
        if (!project_mesh(stage, meshes, m, scratch, err))
            return false;
    memset(target->seen, 0, (size_t)target->stride * (size_t)(target->height + RASTER_TILE - 1) * (size_t)target->samples * sizeof *target->seen);
    return raster_draw_seen(target, stage, meshes, scratch, err) && raster_draw_veil(target, stage, meshes, picture, scratch, err) &&
           raster_resolve(target, stage, meshes, picture, scratch, err);
}

float raster_depth_at(const raster_target *target, int x, int y)
{
    if (x < 0 || y < 0 || x >= target->width || y >= target->height)
        return 0;
    const size_t pixel = (size_t)y * (size_t)target->stride + (size_t)x;
    float w = target->has_veil ? target->veil_w[pixel] : 0;
    for (int s = 0; s < target->samples; s++) {
        const raster_key key = target->seen[pixel * (size_t)target->samples + (size_t)s];
        if (key && raster_key_w(key) > w)
            w = raster_key_w(key);
    }
    return w > 0 ? 1 / w : 0;
}
