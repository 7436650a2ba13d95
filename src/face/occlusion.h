/* occlusion.h: how much of the sky each point of a surface sees past the rest of the head: nostrils, lids, lips, ears and the
   underside of the chin get darker. By ray casting with Embree. */
#ifndef DF_FACE_OCCLUSION_H
#define DF_FACE_OCCLUSION_H

#include "base/arena.h"

#include <stdint.h>

/* A mesh that takes away sky. */
typedef struct occluder {
    const float *vertices; /* [vertex_count][3] mm */
    int vertex_count, triangle_count;
    const int32_t *triangles; /* [triangle_count][3] */
} occluder;

/* open [vertex_count of occluders[0]]: for each vertex of the first occluder, with its unit normals, the cosine-weighted share of
   `rays` directions in which nothing lies within `reach` mm. */
DF_API bool occlusion_cast(const occluder *occluders, int count, const float *normals, int rays, float reach, df_arena *arena, float *open,
                           df_error *err) DF_CHECKED;

#endif
