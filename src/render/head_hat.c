/* head_hat.c: hair under a hat. Hair and hats are modelled on a bare head, so hair would stick through the crown: what of it lies
   above the hat's rim is left out. The rim is measured as a height for each direction around the head's axis: the lowest
   vertices of the opening, which are the innermost of the hat's lower part (the brim lies further out). */
#include "render/head_internal.h"

#include <math.h>
#include <string.h>

static const float LOWER_PART = 0.35f;   /* of the hat's height, in which the opening lies */
static const float OPENING_WIDER = 1.1f; /* vertices up to that many times the innermost radius belong to it */
static const float BELOW_MM = 2.0f;      /* hair ends so far below the rim */

static int bin_of(const hat_rim *rim, const float at[3])
{
    const float turn = atan2f(at[0] - rim->x, at[2] - rim->z) / 6.2831853f + 0.5f;
    const int bin = (int)(turn * (float)HAT_BINS);
    return bin < 0 ? 0 : bin >= HAT_BINS ? HAT_BINS - 1 : bin;
}

static float radius_of(const hat_rim *rim, const float at[3])
{
    const float x = at[0] - rim->x, z = at[2] - rim->z;
    return sqrtf(x * x + z * z);
}

/* Directions without a vertex take the nearest one's height. */
static void fill_gaps(float height[HAT_BINS])
{
    float filled[HAT_BINS];
    for (int i = 0; i < HAT_BINS; i++) {
        int away = 0;
        while (away < HAT_BINS / 2 && !isfinite(height[(i + away) % HAT_BINS]) && !isfinite(height[(i + HAT_BINS - away) % HAT_BINS]))
            away++;
        const float after = height[(i + away) % HAT_BINS], before = height[(i + HAT_BINS - away) % HAT_BINS];
        filled[i] = isfinite(after) ? after : before;
    }
    memcpy(height, filled, sizeof filled);
}

void hat_measure(const float *vertices, int count, hat_rim *rim)
{
    float low = INFINITY, high = -INFINITY, innermost[HAT_BINS];
    *rim = (hat_rim){0};
    for (int i = 0; i < count; i++) {
        rim->x += vertices[3 * i] / (float)count;
        rim->z += vertices[3 * i + 2] / (float)count;
        low = fminf(low, vertices[3 * i + 1]);
        high = fmaxf(high, vertices[3 * i + 1]);
    }
    const float top = low + LOWER_PART * (high - low);
    for (int i = 0; i < HAT_BINS; i++)
        innermost[i] = rim->height[i] = INFINITY;
    for (int i = 0; i < count; i++)
        if (vertices[3 * i + 1] < top) {
            float *least = &innermost[bin_of(rim, vertices + 3 * i)];
            *least = fminf(*least, radius_of(rim, vertices + 3 * i));
        }
    for (int i = 0; i < count; i++) {
        const float *at = vertices + 3 * i;
        const int bin = bin_of(rim, at);
        if (at[1] < top && radius_of(rim, at) <= OPENING_WIDER * innermost[bin])
            rim->height[bin] = fminf(rim->height[bin], at[1]);
    }
    fill_gaps(rim->height);
}

static bool is_covered(const hat_rim *rim, const face_part *part, const float *vertices, int triangle)
{
    float middle[3] = {0};
    for (int c = 0; c < 3; c++)
        for (int axis = 0; axis < 3; axis++)
            middle[axis] += vertices[3 * part->triangles[3 * triangle + c] + axis] / 3;
    return middle[1] > rim->height[bin_of(rim, middle)] - BELOW_MM;
}

bool hat_cover(const hat_rim *rim, const float *vertices, face_part *part, df_arena *scratch, df_error *err)
{
    int32_t *triangles = df_alloc(scratch, (size_t)part->triangle_count, 3 * sizeof *triangles, err);
    uint8_t *regions = triangles ? df_alloc(scratch, (size_t)part->triangle_count, 1, err) : NULL;
    if (!regions)
        return false;
    int kept = 0;
    for (int t = 0; t < part->triangle_count; t++) {
        if (is_covered(rim, part, vertices, t))
            continue;
        memcpy(triangles + 3 * kept, part->triangles + 3 * t, 3 * sizeof *triangles);
        regions[kept++] = part->regions[t];
    }
    part->triangles = triangles;
    part->regions = regions;
    part->triangle_count = kept;
    return true;
}
