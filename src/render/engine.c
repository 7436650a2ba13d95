/* engine.c: the table of engines. */
#include "render/engine.h"

#include <string.h>

#include "render/raster.h"

static void *create_raster(int width, int height, int samples, df_arena *arena, df_error *err)
{
    return raster_target_new(width, height, samples, arena, err);
}

static bool draw_raster(void *state, const scene *stage, const scene_picture *picture, df_arena *scratch, df_error *err)
{
    return raster_draw(state, stage, picture, scratch, err);
}

static float raster_depth(const void *state, int x, int y)
{
    return raster_depth_at(state, x, y);
}

static const engine_row engines[] = {
    {.name = "raster", .create = create_raster, .draw = draw_raster, .depth_at = raster_depth},
};

const engine_row *engine_find(const char *name)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(engines); i++)
        if (strcmp(engines[i].name, name) == 0)
            return &engines[i];
    return NULL;
}

const engine_row *engine_row_at(int index)
{
    return index >= 0 && (size_t)index < DF_ARRAY_LEN(engines) ? &engines[index] : NULL;
}
