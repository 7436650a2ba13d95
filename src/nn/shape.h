/* shape.h: the sides of an array of float32, row-major. Images are [n][c][h][w]. */
#ifndef DF_NN_SHAPE_H
#define DF_NN_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/api.h"

enum { NN_MAX_RANK = 5, NN_SHAPE_TEXT = 128 };

typedef struct nn_shape {
    int rank; /* 0: one number */
    int64_t size[NN_MAX_RANK];
} nn_shape;

/* nn_shape_of(2, 3) and so on up to NN_MAX_RANK sides. */
#define nn_shape_of(...) ((nn_shape){.rank = (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), .size = {__VA_ARGS__}})

DF_API int64_t nn_elements(const nn_shape *shape);
DF_API bool nn_shape_equal(const nn_shape *a, const nn_shape *b);

/* "[2][3]" into a buffer of NN_SHAPE_TEXT bytes, which it returns. */
DF_API const char *nn_shape_text(const nn_shape *shape, char out[NN_SHAPE_TEXT]);

/* The shape that both spread to where sides of 1 are repeated and missing ones in front are 1, as NumPy has it; false where there is none. */
DF_API bool nn_shape_spread(const nn_shape *a, const nn_shape *b, nn_shape *out);

/* Elements between neighbours along each side of `target`, for an array of shape `from` that spreads to it: 0 where it repeats. */
DF_API void nn_shape_strides(const nn_shape *from, const nn_shape *target, int64_t strides[NN_MAX_RANK]);

#endif
