/* blob.c: three fields on one grid: the trunk, the limb at hand, and their union so far. Each cone is evaluated near itself only. */
#include "render/blob.h"

#include <math.h>
#include <string.h>

static const float MELT_TRUNK = 9, MELT_LIMB = 7, MELT_LIMBS = 1.0f; /* mm: how far unions reach */
static const float FAR = 1e3f, MARGIN = 12;

static float smooth_least(float a, float b, float reach)
{
    const float h = fmaxf(reach - fabsf(a - b), 0) / reach;
    return fminf(a, b) - 0.25f * reach * h * h;
}

/* Distance to two spheres and the cone around them; `at` relative to a. */
static float cone_distance(const blob_cone *cone, const float at[3])
{
    const float ba[3] = {cone->b[0] - cone->a[0], cone->b[1] - cone->a[1], cone->b[2] - cone->a[2]};
    const float pa[3] = {at[0] - cone->a[0], at[1] - cone->a[1], at[2] - cone->a[2]};
    const float l2 = ba[0] * ba[0] + ba[1] * ba[1] + ba[2] * ba[2], rr = cone->radius_a - cone->radius_b;
    const float a2 = l2 - rr * rr, il2 = 1 / l2;
    const float y = pa[0] * ba[0] + pa[1] * ba[1] + pa[2] * ba[2], z = y - l2;
    float x2 = 0;
    for (int i = 0; i < 3; i++) {
        const float c = pa[i] * l2 - ba[i] * y;
        x2 += c * c;
    }
    const float y2 = y * y * l2, z2 = z * z * l2, k = (rr > 0 ? 1.0f : rr < 0 ? -1.0f : 0.0f) * rr * rr * x2;
    if ((z > 0 ? 1.0f : -1.0f) * a2 * z2 > k)
        return sqrtf(x2 + z2) * il2 - cone->radius_b;
    if ((y > 0 ? 1.0f : -1.0f) * a2 * y2 < k)
        return sqrtf(x2 + y2) * il2 - cone->radius_a;
    return (sqrtf(x2 * a2 * il2) + y * rr) * il2 - cone->radius_a;
}

static size_t node(const blob *b, int x, int y, int z)
{
    return ((size_t)z * (size_t)b->side[1] + (size_t)y) * (size_t)b->side[0] + (size_t)x;
}

typedef struct box {
    int low[3], high[3];
} box;

static box box_of(const blob *b, const blob_cone *cone)
{
    box out;
    for (int axis = 0; axis < 3; axis++) {
        const float low = fminf(cone->a[axis] - cone->radius_a, cone->b[axis] - cone->radius_b) - MARGIN;
        const float high = fmaxf(cone->a[axis] + cone->radius_a, cone->b[axis] + cone->radius_b) + MARGIN;
        out.low[axis] = (int)fmaxf((low - b->low[axis]) / b->cell, 0);
        out.high[axis] = (int)fminf((high - b->low[axis]) / b->cell, (float)(b->side[axis] - 1));
    }
    return out;
}

static void melt_cone(const blob *b, const blob_cone *cone, float reach, float *field)
{
    const box around = box_of(b, cone);
    for (int z = around.low[2]; z <= around.high[2]; z++)
        for (int y = around.low[1]; y <= around.high[1]; y++)
            for (int x = around.low[0]; x <= around.high[0]; x++) {
                const float at[3] = {b->low[0] + b->cell * (float)x, b->low[1] + b->cell * (float)y, b->low[2] + b->cell * (float)z};
                float *here = &field[node(b, x, y, z)];
                *here = smooth_least(*here, cone_distance(cone, at), reach);
            }
}

/* Melts a whole limb into a copy of the trunk, and that into the union. */
static void melt_limb(const blob *b, const float *trunk, const float *limb)
{
    const size_t count = (size_t)b->side[0] * (size_t)b->side[1] * (size_t)b->side[2];
    for (size_t i = 0; i < count; i++)
        if (limb[i] < FAR)
            b->distance[i] = smooth_least(b->distance[i], smooth_least(trunk[i], limb[i], MELT_LIMB), MELT_LIMBS);
}

static void lay_out(const blob_cone *cones, int count, float cell, blob *b)
{
    float high[3], longest = 0;
    for (int axis = 0; axis < 3; axis++) {
        b->low[axis] = INFINITY;
        high[axis] = -INFINITY;
        for (int i = 0; i < count; i++) {
            b->low[axis] = fminf(b->low[axis], fminf(cones[i].a[axis] - cones[i].radius_a, cones[i].b[axis] - cones[i].radius_b) - MARGIN);
            high[axis] = fmaxf(high[axis], fmaxf(cones[i].a[axis] + cones[i].radius_a, cones[i].b[axis] + cones[i].radius_b) + MARGIN);
        }
        longest = fmaxf(longest, high[axis] - b->low[axis]);
    }
    b->cell = fmaxf(cell, longest / (BLOB_MOST_SIDE - 2));
    for (int axis = 0; axis < 3; axis++)
        b->side[axis] = (int)((high[axis] - b->low[axis]) / b->cell) + 2;
}

static float *field_new(const blob *b, df_arena *scratch, df_error *err)
{
    const size_t count = (size_t)b->side[0] * (size_t)b->side[1] * (size_t)b->side[2];
    float *field = df_alloc(scratch, count, sizeof *field, err);
    for (size_t i = 0; field && i < count; i++)
        field[i] = FAR;
    return field;
}

bool blob_fill(const blob_cone *cones, int count, float cell, df_arena *scratch, blob *out, df_error *err)
{
    blob b = {0};
    lay_out(cones, count, cell, &b);
    float *trunk = field_new(&b, scratch, err), *limb = trunk ? field_new(&b, scratch, err) : NULL;
    if (!limb || !(b.distance = field_new(&b, scratch, err)))
        return false;
    const size_t bytes = (size_t)b.side[0] * (size_t)b.side[1] * (size_t)b.side[2] * sizeof *trunk;
    int i = 0;
    for (; i < count && cones[i].limb == 0; i++)
        melt_cone(&b, &cones[i], MELT_TRUNK, trunk);
    memcpy(b.distance, trunk, bytes);
    while (i < count) {
        const int limb_number = cones[i].limb;
        for (size_t n = 0; n < bytes / sizeof *limb; n++)
            limb[n] = FAR;
        for (; i < count && cones[i].limb == limb_number; i++)
            melt_cone(&b, &cones[i], MELT_LIMB / 2, limb);
        melt_limb(&b, trunk, limb);
    }
    *out = b;
    return true;
}
