/* landmark_warp.h: a smooth map that brings 68 landmarks of one head onto those of another: a similarity, and around the landmarks what
   the similarity leaves, as a sum of Gaussians (Arad et al., "Image warping by radial basis functions", CVGIP 56, 1994).
   Far from the face only the similarity is left, so that nothing folds behind the ears. */
#ifndef DF_FACE_LANDMARK_WARP_H
#define DF_FACE_LANDMARK_WARP_H

#include "base/arena.h"
#include "face/face_model.h"

typedef struct landmark_warp {
    float scale, rotation[9], translation[3];
    float centre[FACE_LANDMARKS][3]; /* where the similarity puts the landmarks */
    float weight[FACE_LANDMARKS][3];
    float narrowness; /* exp(-narrowness distance^2) */
} landmark_warp;

/* Fails where landmarks lie in one point. */
DF_API bool landmark_warp_fit(const float from[FACE_LANDMARKS][3], const float to[FACE_LANDMARKS][3], landmark_warp *out,
                              df_error *err) DF_CHECKED;

DF_API void landmark_warp_apply(const landmark_warp *warp, const float from[3], float to[3]);

#endif
