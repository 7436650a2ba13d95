/* raster_veil.h: hair, lashes, beards and lenses as a veil over what the visibility buffer holds; private to src/render.

   While meshes are drawn, pixels of theirs that let light through are listed. Then the list is composed from near to far: each
   sample keeps how much light still comes through, each pixel the light gathered so far. That equals painting from far to near,
   and whatever lies behind full cover is not shaded at all. Pixels are sorted, not triangles, so cards of hair may cross. */
#ifndef DF_RENDER_RASTER_VEIL_H
#define DF_RENDER_RASTER_VEIL_H

#include "render/raster_internal.h"

/* A pixel and a triangle that covers some of it. */
typedef struct veil_fragment {
    uint32_t id;
    uint16_t x, y; /* pixel */
    uint32_t mask; /* samples */
    float w;       /* where it is shaded */
} veil_fragment;

enum { VEIL_CHUNK = 1024 };
typedef struct veil_chunk {
    struct veil_chunk *next;
    int count;
    veil_fragment fragments[VEIL_CHUNK];
} veil_chunk;

typedef struct raster_veil {
    veil_chunk *first, *last; /* in the arena */
    size_t count;
    df_arena *arena;
    bool failed; /* memory ended; the error says so */
    df_error *err;
} raster_veil;

void raster_veil_add(raster_veil *veil, veil_fragment fragment);

/* Composes the list into the target's veil planes; writes labels where coverage passes one half. */
bool raster_veil_compose(const raster_veil *veil, raster_target *target, const scene *stage, const raster_mesh *meshes,
                         const scene_picture *picture, df_arena *scratch, df_error *err);

#endif
