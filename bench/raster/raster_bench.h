/* raster_bench.h: two renderers that draw the same frames: the head of frame k, turned and lit a little differently. */
#ifndef DF_BENCH_RASTER_BENCH_H
#define DF_BENCH_RASTER_BENCH_H

#include "render/ball_head.h"

/* Few frames, so that an image's vertices lie in the cache, as they do when they have just been computed. */
enum { BENCH_FRAMES = 4, BENCH_COLUMNS = 123, BENCH_ROWS = 123, BENCH_TEXTURE = 512 };

/* Positions and normals of every frame, made before any clock runs. */
typedef struct bench_frames {
    ball_head head;
    float *positions[BENCH_FRAMES], *normals[BENCH_FRAMES]; /* [vertices][3] */
    light light;
} bench_frames;

/* A renderer of one size and sample count. */
typedef struct bench_engine {
    const char *name;
    void *(*open)(const bench_frames *frames, int side, int samples);
    void (*draw)(void *state, int frame);
    const float *(*picture)(void *state); /* [side][side][3] linear, of the last frame; not timed */
    void (*close)(void *state);
} bench_engine;

extern const bench_engine bench_ours, bench_llvmpipe;

#endif
