/* separability.h: how well a linear classifier tells classes of heads apart by their coefficients: Fisher's discriminant with a covariance
   common to the classes, fitted on some heads and counted on others. */
#ifndef DF_FACE_SEPARABILITY_H
#define DF_FACE_SEPARABILITY_H

#include "base/arena.h"

enum { SEPARABILITY_CLASSES = 8 };

/* Share of the heads from `train` on whose class is found, of coefficients [n][k] and labels [n] below `classes`, when the first `train`
   are fitted. Every class must occur among these; train well above k. */
DF_API bool linear_separability(const float *coefficients, const int *labels, int n, int k, int classes, int train, df_arena *arena,
                                float *share, df_error *err) DF_CHECKED;

#endif
