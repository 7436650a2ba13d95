/* procrustes.h: the rigid motion that brings points onto others best (least squares, rotation without reflection, no scale):
   K. S. Arun, T. S. Huang, S. D. Blostein, "Least-squares fitting of two 3-D point sets", PAMI 9 (1987), by the unit quaternion
   of B. K. P. Horn, JOSA A 4 (1987), whose eigenproblem needs no case for reflections. */
#ifndef DF_FACE_PROCRUSTES_H
#define DF_FACE_PROCRUSTES_H

#include <stdint.h>

#include "base/api.h"
#include "base/error.h"

typedef struct rigid_motion {
    float rotation[9]; /* row-major */
    float translation[3];
} rigid_motion;

/* Brings from[chosen[i]] onto to[chosen[i]], i < count. Fails when the eigenvalue routine does. */
DF_API bool procrustes_fit(const float *from, const float *to, const int32_t *chosen, int count, rigid_motion *out,
                           df_error *err) DF_CHECKED;

/* points [count][3] = rotation . point + translation, in place. */
DF_API void procrustes_apply(const rigid_motion *motion, float *points, int count);

#endif
