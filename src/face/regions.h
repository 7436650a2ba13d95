/* regions.h: which part of the face each triangle of the default model's skin is: by where it lies on the base mesh's head, on which
   island of the uv map, which corners MakeHuman's ear targets move, and where its skins are painted as scalp. */
#ifndef DF_FACE_REGIONS_H
#define DF_FACE_REGIONS_H

#include "face/makehuman_head.h"
#include "face/makehuman_targets.h"
#include "face/subdivide.h"

typedef struct region_evidence {
    const makehuman_head *head;
    const makehuman_targets *targets;
    const subdivision *sub;
    const float *uv;      /* [fine][2] */
    const float *rest;    /* [fine][3] mm: the base head */
    const float *painted; /* [SKIN_PAINTED][fine][3] display values of the painted skins */
} region_evidence;

/* regions [2 * sub->quad_count]: two triangles a quad. */
DF_API bool skin_regions(const region_evidence *evidence, df_arena *arena, uint8_t *regions, df_error *err) DF_CHECKED;

#endif
