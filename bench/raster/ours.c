/* ours.c: the project's rasterizer as a bench engine. */
#include "raster_bench.h"

#include <stdio.h>

#include "render/raster.h"

typedef struct ours {
    const bench_frames *frames;
    df_arena *arena, *scratch;
    raster_target *target;
    scene_mesh mesh;
    scene scene;
    float *colour;
} ours;

static void *ours_open(const bench_frames *frames, int side, int samples)
{
    df_error err = {0};
    ours *o = calloc(1, sizeof *o);
    o->frames = frames;
    o->arena = df_arena_new((size_t)1 << 30, &err);
    o->scratch = df_arena_new((size_t)1 << 30, &err);
    o->target = raster_target_new(side, side, samples, o->arena, &err);
    o->colour = df_alloc(o->arena, (size_t)side * (size_t)side, 3 * sizeof(float), &err);
    o->mesh = ball_head_mesh(&frames->head);
    o->scene = (scene){.channels = 3, .camera = ball_head_camera(side, 600), .light = frames->light, .mesh_count = 1, .meshes = &o->mesh};
    return o;
}

static void ours_draw(void *state, int frame)
{
    ours *o = state;
    df_error err = {0};
    o->mesh.positions = o->frames->positions[frame];
    o->mesh.normals = o->frames->normals[frame];
    df_arena_reset(o->scratch);
    if (!raster_draw(o->target, &o->scene, &(scene_picture){.colour = o->colour}, o->scratch, &err)) {
        fprintf(stderr, "raster: %s\n", err.text);
        exit(1);
    }
}

static const float *ours_picture(void *state)
{
    return ((ours *)state)->colour;
}

static void ours_close(void *state)
{
    ours *o = state;
    df_arena_free(o->arena);
    df_arena_free(o->scratch);
    free(o);
}

const bench_engine bench_ours = {.name = "diffuse", .open = ours_open, .draw = ours_draw, .picture = ours_picture, .close = ours_close};
