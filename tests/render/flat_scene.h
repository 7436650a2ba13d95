/* flat_scene.h: meshes of single triangles given in pixels, under light that is the same from everywhere, so that colour is
   coverage times albedo. */
#ifndef DF_TESTS_RENDER_FLAT_SCENE_H
#define DF_TESTS_RENDER_FLAT_SCENE_H

#include "check.h"
#include "render/raster.h"
#include "render/spherical_harmonics.h"

enum { FLAT_MOST = 4096 /* triangles of a mesh */ };

/* World axes are the camera's; a point at depth z is seen at pixel (x, y) if it stands at (x, y, focal) * z / focal. */
typedef struct flat_scene {
    df_arena *arena, *scratch;
    raster_target *target;
    scene stage;
    scene_mesh meshes[8];
    scene_picture picture; /* all planes */
} flat_scene;

static inline flat_scene flat_new(int width, int height, int samples, int channels)
{
    df_error err = {0};
    flat_scene f = {.arena = df_arena_new((size_t)1 << 31, &err), .scratch = df_arena_new((size_t)1 << 31, &err)};
    f.target = raster_target_new(width, height, samples, f.arena, &err);
    must(f.target != NULL, &err);
    const size_t pixels = (size_t)width * (size_t)height;
    f.picture = (scene_picture){.colour = df_alloc(f.arena, pixels * (size_t)channels, sizeof(float), &err),
                                .regions = df_alloc(f.arena, pixels, 1, &err),
                                .depth = df_alloc(f.arena, pixels, sizeof(float), &err),
                                .normals = df_alloc(f.arena, pixels * 3, sizeof(float), &err)};
    f.stage = (scene){
        .channels = channels,
        .camera = {.width = width, .height = height, .fx = 500, .fy = 500, .extrinsic = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}}};
    for (int c = 0; c < channels; c++)
        f.stage.light.sh[c][0] = 1 / SH_Y0;
    return f;
}

static inline void flat_free(flat_scene *f)
{
    df_arena_free(f->arena);
    df_arena_free(f->scratch);
}

/* Adds a two-sided white mesh; corners [triangles][3] of (x, y, depth): pixels and mm. Returned to be changed. */
static inline scene_mesh *flat_add(flat_scene *f, const float (*corners)[3][3], int triangles)
{
    df_error err = {0};
    float *positions = df_alloc(f->arena, (size_t)triangles * 9, sizeof(float), &err),
          *normals = df_alloc(f->arena, (size_t)triangles * 9, sizeof(float), &err);
    int32_t *indices = df_alloc(f->arena, (size_t)triangles * 3, sizeof(int32_t), &err);
    must(positions && normals && indices, &err);
    for (int i = 0; i < 3 * triangles; i++) {
        const float *corner = corners[i / 3][i % 3], scale = corner[2] / f->stage.camera.fx;
        positions[3 * i] = corner[0] * scale;
        positions[3 * i + 1] = corner[1] * scale;
        positions[3 * i + 2] = corner[2];
        normals[3 * i + 2] = -1;
        indices[i] = i;
    }
    scene_mesh *mesh = &f->meshes[f->stage.mesh_count++];
    *mesh = (scene_mesh){.name = "flat",
                         .vertex_count = 3 * triangles,
                         .triangle_count = triangles,
                         .positions = positions,
                         .normals = normals,
                         .triangles = indices,
                         .region = (uint8_t)f->stage.mesh_count,
                         .two_sided = true,
                         .material = {.colour = {1, 1, 1}, .opacity = 1, .roughness = 1}};
    return mesh;
}

static inline void flat_draw(flat_scene *f)
{
    df_error err = {0};
    df_arena_reset(f->scratch);
    f->stage.meshes = f->meshes;
    must(raster_draw(f->target, &f->stage, &f->picture, f->scratch, &err), &err);
}

#endif
