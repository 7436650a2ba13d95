/* dress.h: one model's parts fitted to another: what is worn outside the skin (lashes, brows, hair, beards, moustaches, glasses and
   hats). Eyes, teeth and tongue are not taken over: models that come without parts have them in their mesh, or painted on; nor
   are clothes, which hang on the edge of one particular neck.

   A part's vertices follow the landmarks (landmark_warp.h) and are pushed out along the skin's normals where they would lie deeper in,
   or closer to, the new skin than they lay on the old one. Each then hangs on the control vertices nearest to where those lie
   that it hung on before, so that it follows shape and expression. */
#ifndef DF_FACE_DRESS_H
#define DF_FACE_DRESS_H

#include "base/arena.h"
#include "face/face_model.h"

/* Gives `to` the parts of `from`, instead of its own of these kinds, with their textures, which are shared: `from` must live as long.
   New lists live in `arena`. Fails without changing `to` where a model has no 68 landmarks. */
DF_API bool face_dress(const face_model *from, face_model *to, df_arena *arena, df_error *err) DF_CHECKED;

#endif
