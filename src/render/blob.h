/* blob.h: soft bodies: the surface where a distance field is 0, made of round cones that melt into each other. The cones' distance after
   Quilez ("Round cone", 2018), their union by his polynomial smooth minimum, the surface by naive surface nets (Gibson,
   "Constrained elastic surface nets", MICCAI 1998). */
#ifndef DF_RENDER_BLOB_H
#define DF_RENDER_BLOB_H

#include <stdint.h>

#include "base/arena.h"

typedef struct blob_cone {
    float a[3], b[3]; /* mm: the ends' middles */
    float radius_a, radius_b;
    int limb; /* 0 the trunk; cones of one limb melt into each other and into the trunk, limbs hardly into each other */
} blob_cone;

enum { BLOB_MOST_CONES = 40, BLOB_MOST_SIDE = 112 };

typedef struct blob {
    float low[3], cell; /* mm */
    int side[3];        /* nodes */
    float *distance;    /* [z][y][x] mm, below 0 inside */
} blob;

/* The field of count cones on a grid of about `cell` mm (coarser where the body is too large). Limbs are numbered without gaps and
   listed in order, the trunk first. */
DF_API bool blob_fill(const blob_cone *cones, int count, float cell, df_arena *scratch, blob *out, df_error *err) DF_CHECKED;

/* The surface: vertices [count][3] and triangles, in `scratch`. */
DF_API bool blob_surface(const blob *b, df_arena *scratch, float **vertices, int *vertex_count, int32_t **triangles, int *triangle_count,
                         df_error *err) DF_CHECKED;

#endif
