/* engine.h: the engines that draw scenes, one row each. A new engine is a row here and a file. */
#ifndef DF_RENDER_ENGINE_H
#define DF_RENDER_ENGINE_H

#include "base/arena.h"
#include "render/scene.h"

typedef struct engine_row {
    const char *name; /* "raster" */
    void *(*create)(int width, int height, int samples, df_arena *arena, df_error *err);
    bool (*draw)(void *state, const scene *scene, const scene_picture *picture, df_arena *scratch, df_error *err);
    float (*depth_at)(const void *state, int x, int y);
} engine_row;

DF_API const engine_row *engine_find(const char *name); /* NULL: none of that name */
DF_API const engine_row *engine_row_at(int index);      /* NULL past the end */

#endif
