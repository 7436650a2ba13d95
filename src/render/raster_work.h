/* raster_work.h: the rooms that the steps of a picture work in. They belong to the target, so that no picture has to clear them.
   Each step leaves nothing in them for the next. Private to src/render. */
#ifndef DF_RENDER_RASTER_WORK_H
#define DF_RENDER_RASTER_WORK_H

#include "render/raster_veil.h"
#include "render/shade.h"

enum { RASTER_DIGIT = 11 /* bits that the veil is sorted by at a time */ };

typedef struct raster_work {
    shade_batch batch;
    raster_tiles tiles;
    raster_selection selection;
    raster_fragment fragments[RASTER_FRAGMENTS];
    /* Of a block of the veil: */
    veil_fragment block[VEIL_CHUNK];
    float colour[VEIL_CHUNK][3], normal[VEIL_CHUNK][3], alpha[VEIL_CHUNK];
    int32_t mine[VEIL_CHUNK];
    uint32_t start[(1 << RASTER_DIGIT) + 1];
} raster_work;

#endif
