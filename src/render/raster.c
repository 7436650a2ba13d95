/* raster.c: the order of a picture's steps, and the target's planes. */
#include "render/raster.h"

#include "base/size.h"
#include "render/raster_veil.h"

static void place_shading_points(raster_target *target)
{
    const int32_t(*at)[2] = target->samples == 1 ? RASTER_ONE : RASTER_FOUR;
    for (int mask = 1; mask < 16; mask++)
        for (int axis = 0; axis < 2; axis++) {
            int32_t sum = 0;
            for (int s = 0; s < 4; s++)
                sum += mask >> s & 1 ? at[s % target->samples][axis] : 0;
            target->shading_point[mask][axis] = sum / __builtin_popcount((unsigned)mask);
        }
}

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
    place_shading_points(target);
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
        return df_fail(err, "camera of %d x %d pixels, expected the picture's %d x %d", stage->camera.width, stage->camera.height,
                       target->width, target->height);
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
        if (meshes[earlier].mesh->positions == meshes[m].mesh->positions &&
            meshes[earlier].mesh->vertex_count >= meshes[m].mesh->vertex_count)
            return &meshes[earlier];
    return NULL;
}

static bool project_mesh(const scene *stage, raster_mesh *meshes, int m, int32_t box[4], df_arena *scratch, df_error *err)
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
    raster_project(&stage->camera, mesh->positions, mesh->vertex_count, xy, w, box);
    meshes[m].xy = xy;
    meshes[m].w = w;
    return true;
}

/* Pixels of the meshes' box and the tiles that may reach beyond it. */
static void set_drawn(raster_target *target, const int32_t box[4])
{
    const int side[2] = {target->width, target->height};
    for (int axis = 0; axis < 2; axis++) {
        const int low = box[axis] >> 8, high = (box[2 + axis] >> 8) + 1;
        target->drawn[axis] = low < 0 ? 0 : low > side[axis] ? side[axis] : low;
        target->drawn[2 + axis] = high < target->drawn[axis] ? target->drawn[axis] : high > side[axis] ? side[axis] : high;
    }
}

/* What the last picture left. Its tiles have written nothing outside of the triangles that they belong to. */
static void clear_seen(const raster_target *target)
{
    const size_t samples = (size_t)target->samples, left = (size_t)target->drawn[0], room = (size_t)target->stride - left;
    const size_t width = (size_t)(target->drawn[2] - target->drawn[0] + RASTER_TILE - 1);
    for (int y = target->drawn[1]; y < target->drawn[3] + RASTER_TILE - 1; y++)
        memset(target->seen + ((size_t)y * (size_t)target->stride + left) * samples, 0,
               (width < room ? width : room) * samples * sizeof *target->seen);
}

static void clear_labels(const raster_target *target, const scene *stage, const scene_picture *picture)
{
    const size_t pixels = (size_t)target->width * (size_t)target->height;
    if (picture->regions)
        memset(picture->regions, FACE_BACKGROUND, pixels);
    if (picture->depth)
        memset(picture->depth, 0, pixels * sizeof(float));
    if (picture->normals)
        memset(picture->normals, 0, pixels * 3 * sizeof(float));
    if (picture->albedo)
        memset(picture->albedo, 0, pixels * (size_t)stage->channels * sizeof(float));
    for (size_t i = 0; picture->uv && i < 2 * pixels; i++)
        picture->uv[i] = -1;
    if (picture->matte)
        memset(picture->matte, 0, pixels * sizeof(float));
}

bool raster_draw(raster_target *target, const scene *stage, const scene_picture *picture, df_arena *scratch, df_error *err)
{
    if (!check(target, stage, err))
        return false;
    raster_mesh *meshes = df_alloc(scratch, (size_t)stage->mesh_count, sizeof *meshes, err);
    if (!meshes)
        return false;
    int32_t box[4] = {RASTER_OUTSIDE, RASTER_OUTSIDE, -RASTER_OUTSIDE, -RASTER_OUTSIDE};
    for (int m = 0; m < stage->mesh_count; m++)
        if (!project_mesh(stage, meshes, m, box, scratch, err))
            return false;
    clear_labels(target, stage, picture);
    clear_seen(target);
    set_drawn(target, box);
    raster_veil veil = {.arena = scratch, .err = err};
    return raster_draw_meshes(target, stage, meshes, &veil, scratch, err) &&
           raster_veil_compose(&veil, target, stage, meshes, picture, scratch, err) &&
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
