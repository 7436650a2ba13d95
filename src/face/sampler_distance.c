/* sampler_distance.c: root mean square difference of shape coefficients to the nearest of those who stand before. */
#include "face/sampler_internal.h"

#include <math.h>
#include <string.h>

bool crowd_init(shape_crowd *crowd, int dimensions, size_t room, df_arena *arena, df_error *err)
{
    crowd->dimensions = dimensions;
    crowd->count = 0;
    crowd->room = room;
    crowd->shapes = df_alloc(arena, room, (size_t)dimensions * sizeof(float), err);
    return crowd->shapes != NULL;
}

void crowd_add(shape_crowd *crowd, const float *shape)
{
    if (crowd->count < crowd->room)
        memcpy(crowd->shapes + crowd->count++ * (size_t)crowd->dimensions, shape, (size_t)crowd->dimensions * sizeof *shape);
}

/* Sum of squared differences; may stop where it is beyond `bound`. */
static float squared(const float *a, const float *b, int count, float bound)
{
    enum { BLOCK = 16 };
    float sum = 0;
    for (int start = 0; start < count && sum <= bound; start += BLOCK)
        for (int i = start; i < count && i < start + BLOCK; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

float crowd_distance(const shape_crowd *crowd, const float *shape)
{
    const float n = (float)crowd->dimensions;
    float nearest = INFINITY;
    for (size_t i = 0; i < crowd->count; i++) {
        const float distance = squared(crowd->shapes + i * (size_t)crowd->dimensions, shape, crowd->dimensions, nearest);
        nearest = fminf(nearest, distance);
    }
    return sqrtf(nearest / n);
}
