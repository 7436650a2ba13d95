/* skin_detail.h: what is finer on skin than the painted textures show: mottling and pores, as a grey texture that repeats. Its
   linear mean is SKIN_DETAIL_MEAN, by which whoever multiplies with it divides. Procedural: a stand-in for scanned
   microstructure; at 112 and 256 pixels the smaller copies average it away. */
#ifndef DF_FACE_SKIN_DETAIL_H
#define DF_FACE_SKIN_DETAIL_H

#include "base/arena.h"
#include "base/error.h"
#include "face/face_model.h"

#define SKIN_DETAIL_NAME "skin-detail"
#define SKIN_DETAIL_MEAN 0.5f
#define SKIN_DETAIL_PER_UV                                                                                                                 \
    9.0f /* times that it repeats over a skin's uv from 0 to 1: about 65 mm a tile on the face of the default model */

/* Level 0 only. */
DF_API bool skin_detail_make(df_arena *arena, face_texture *out, df_error *err) DF_CHECKED;

#endif
