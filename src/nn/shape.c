/* shape.c: sides, and how smaller arrays spread over larger ones. */
#include "nn/shape.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int64_t nn_elements(const nn_shape *shape)
{
    int64_t count = 1;
    for (int d = 0; d < shape->rank; d++)
        count *= shape->size[d];
    return count;
}

bool nn_shape_equal(const nn_shape *a, const nn_shape *b)
{
    return a->rank == b->rank && memcmp(a->size, b->size, (size_t)a->rank * sizeof *a->size) == 0;
}

const char *nn_shape_text(const nn_shape *shape, char out[NN_SHAPE_TEXT])
{
    size_t used = 0;
    if (shape->rank == 0)
        snprintf(out, NN_SHAPE_TEXT, "a number");
    for (int d = 0; d < shape->rank; d++)
        used += (size_t)snprintf(out + used, NN_SHAPE_TEXT - used, "[%" PRId64 "]", shape->size[d]);
    return out;
}

/* Side `d` from the last, 1 where there is none. */
static int64_t side(const nn_shape *shape, int d)
{
    return d < shape->rank ? shape->size[shape->rank - 1 - d] : 1;
}

bool nn_shape_spread(const nn_shape *a, const nn_shape *b, nn_shape *out)
{
    nn_shape shape = {.rank = a->rank > b->rank ? a->rank : b->rank};
    for (int d = 0; d < shape.rank; d++) {
        const int64_t x = side(a, d), y = side(b, d);
        if (x != y && x != 1 && y != 1)
            return false;
        shape.size[shape.rank - 1 - d] = x == 1 ? y : x;
    }
    *out = shape;
    return true;
}

void nn_shape_strides(const nn_shape *from, const nn_shape *target, int64_t strides[NN_MAX_RANK])
{
    int64_t step = 1;
    for (int d = 0; d < target->rank; d++) {
        const int64_t size = side(from, d);
        strides[target->rank - 1 - d] = size == 1 ? 0 : step;
        step *= size;
    }
}
