/* garment.h: a plain shirt for heads that end at a cut through the neck, so that they do not float: rings of vertices that hang on
   the cage's lowest ring, collar first, then shoulders and chest on a fixed body. A stand-in: no body was modelled. */
#ifndef DF_FACE_GARMENT_H
#define DF_FACE_GARMENT_H

#include "base/arena.h"
#include "base/error.h"
#include "face/face_model.h"

/* The shirt around the single open edge of the quads [quad_count][4] over cage vertices `rest` [..][3] mm. Fails when the edge is
   not one ring. */
DF_API bool garment_make(const int32_t *quads, int quad_count, const float *rest, int cage_count, df_arena *arena, face_part *out,
                         df_error *err) DF_CHECKED;

#endif
