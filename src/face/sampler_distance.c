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

/* Sum of squared differences, in lanes of a fixed order, so that it is vector code and the same everywhere. */
static float squared(const float *restrict a, const float *restrict b, int count)
{
    enum { LANES = 16 };
    float lane[LANES] = {0}, sum = 0;
    int start = 0;
    for (; start + LANES <= count; start += LANES)
        for (int i = 0; i < LANES; i++)
            lane[i] += (a[start + i] - b[start + i]) * (a[start + i] - b[start + i]);
    for (int i = start; i < count; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    for (int i = 0; i < LANES; i++)
        sum += lane[i];
    return sum;
}

float crowd_distance(const shape_crowd *crowd, const float *shape)
{
    const float n = (float)crowd->dimensions;
    float nearest = INFINITY;
    for (size_t i = 0; i < crowd->count; i++) {
        const float distance = squared(crowd->shapes + i * (size_t)crowd->dimensions, shape, crowd->dimensions);
        nearest = fminf(nearest, distance);
    }
    return sqrtf(nearest / n);
}
