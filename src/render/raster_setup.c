/* raster_setup.c: from vertices in millimetres to triangles worth drawing. Most triangles of a head in a small picture cover no
   sample, so these loops see more of the mesh than all later ones: they are plain, over blocks, and become vector code. */
#include <math.h>

#include "base/clones.h"
#include "render/integers.h"
#include "render/raster_internal.h"

static const float NEAR_MM = 10.0f;

/* `outside` and `near` are arguments because gcc makes branches of a comparison with a constant that it sees come back. */
DF_CLONES static void project(const camera *cam, const float *restrict positions, int count, float outside, float near,
                              int32_t *restrict xy, float *restrict w)
{
    const float m00 = cam->extrinsic[0][0], m01 = cam->extrinsic[0][1], m02 = cam->extrinsic[0][2], m03 = cam->extrinsic[0][3];
    const float m10 = cam->extrinsic[1][0], m11 = cam->extrinsic[1][1], m12 = cam->extrinsic[1][2], m13 = cam->extrinsic[1][3];
    const float m20 = cam->extrinsic[2][0], m21 = cam->extrinsic[2][1], m22 = cam->extrinsic[2][2], m23 = cam->extrinsic[2][3];
    const float fx = cam->fx * 256.0f, fy = cam->fy * 256.0f, cx = cam->cx * 256.0f + 0.5f, cy = cam->cy * 256.0f + 0.5f;
    for (int i = 0; i < count; i++) {
        const float px = positions[3 * i], py = positions[3 * i + 1], pz = positions[3 * i + 2];
        const float x = m00 * px + m01 * py + m02 * pz + m03;
        const float y = m10 * px + m11 * py + m12 * pz + m13;
        const float z = m20 * px + m21 * py + m22 * pz + m23;
        const float inverse = 1.0f / z, u = fx * x * inverse + cx, v = fy * y * inverse + cy;
        const float reach = z >= near ? fabsf(u) + fabsf(v) : outside;
        const float safe_u = reach < outside ? u : outside, safe_v = reach < outside ? v : outside; /* so with NaN too */
        xy[2 * i] = int_floor(safe_u);
        xy[2 * i + 1] = int_floor(safe_v);
        w[i] = inverse;
    }
}

DF_CLONES static void bound(const int32_t *restrict xy, int count, int32_t box[4])
{
    int32_t left = box[0], top = box[1], right = box[2], bottom = box[3];
    for (int i = 0; i < count; i++) {
        const int32_t x = xy[2 * i], y = xy[2 * i + 1];
        left = x < left ? x : left;
        top = y < top ? y : top;
        right = x > right ? x : right;
        bottom = y > bottom ? y : bottom;
    }
    box[0] = left;
    box[1] = top;
    box[2] = right;
    box[3] = bottom;
}

void raster_project(const camera *cam, const float *positions, int count, int32_t *xy, float *w, int32_t box[4])
{
    project(cam, positions, count, (float)RASTER_OUTSIDE, NEAR_MM, xy, w);
    bound(xy, count, box);
}

enum { SELECT_BLOCK = 64, NARROW = 1 << 14 /* 64 pixels: edge functions over the box fit in 32 bits */ };

typedef struct corners {
    int32_t xy[3][2 * SELECT_BLOCK];
} corners;

static void gather(const raster_mesh *mesh, int first, int count, corners *restrict out)
{
    const int32_t *restrict triangle = mesh->mesh->triangles + 3 * (size_t)first, *restrict xy = mesh->xy;
#pragma GCC unroll 4
    for (int i = 0; i < count; i++)
        for (int k = 0; k < 3; k++)
            memcpy(&out->xy[k][2 * i], xy + 2 * (size_t)triangle[3 * i + k], 2 * sizeof(int32_t));
}

/* The sample lines that a box holds are counted in the grid of samples; `last_column` and `last_row` are the picture's last ones;
   `turn` is -1 where back faces are drawn too, else 0.
   Signs and selections instead of conditions keep this one block of vector code. */
DF_CLONES static void classify(const corners *restrict in, int count, int last_column, int last_row, int shift, int turn,
                               int32_t *restrict reach)
{
    const int32_t half = 1 << (shift - 1), up = (1 << shift) - 1 - half, to_pixel = 8 - shift;
    const int32_t *restrict a = in->xy[0], *restrict b = in->xy[1], *restrict c = in->xy[2];
    for (int i = 0; i < count; i++) {
        const int32_t ax = a[2 * i], ay = a[2 * i + 1], bx = b[2 * i], by = b[2 * i + 1], cx = c[2 * i], cy = c[2 * i + 1];
        const int32_t x0 = int_least(ax, int_least(bx, cx)), x1 = int_most(ax, int_most(bx, cx)), y0 = int_least(ay, int_least(by, cy)),
                      y1 = int_most(ay, int_most(by, cy));
        const int32_t column0 = (x0 + up) >> shift, column1 = (x1 - half) >> shift, row0 = (y0 + up) >> shift, row1 = (y1 - half) >> shift;
        const int32_t holds = (column1 - column0) | (row1 - row0) | column1 | row1 | (last_column - column0) | (last_row - row0) |
                              (RASTER_OUTSIDE - 1 - x1); /* negative: no sample */
        const int32_t span = int_most(x1 - x0, y1 - y0);
        /* Twice the area; y points down. Of a wide triangle it may wrap, and is not looked at. */
        const uint32_t ux = (uint32_t)(bx - ax), uy = (uint32_t)(by - ay), vx = (uint32_t)(cx - ax), vy = (uint32_t)(cy - ay);
        const int32_t front = (int32_t)(vx * uy - ux * vy);
        const int32_t back = (int32_t)(0u - (uint32_t)front), shown = int_most(front, back & turn);
        const int32_t columns = (column1 >> to_pixel) - (column0 >> to_pixel), rows = (row1 >> to_pixel) - (row0 >> to_pixel);
        /* Sign bits: of no sample, of a front, of a box of more than a tile, of a wide one. */
        const int32_t drawn = ~holds >> 31, faces = (int32_t)(0u - (uint32_t)shown) >> 31,
                      more = (RASTER_TILE - 1 - int_most(columns, rows)) >> 31, wide = (NARROW - 1 - span) >> 31;
        reach[i] = drawn & ((wide & RASTER_WIDE) | (~wide & faces & (RASTER_ONE_TILE - more)));
    }
}
_Static_assert(RASTER_NOWHERE == 0 && RASTER_MANY_TILES == RASTER_ONE_TILE + 1, "classify computes with them");

/* On its own, because bytes would make the loop above work on 32 triangles at once, for which there are not enough registers. */
DF_CLONES static void narrow(const int32_t *restrict from, uint8_t *restrict to)
{
    for (int i = 0; i < SELECT_BLOCK; i++)
        to[i] = (uint8_t)from[i];
}

/* Lists the triangles of eight reaches that are to be drawn. Back faces come in long runs, which cost one look in eight; which of
   the others are kept is random, so that is done without a branch. */
static inline int list_eight(const uint8_t *reach, int first, int n, raster_selection *out)
{
    uint64_t eight;
    memcpy(&eight, reach, sizeof eight);
    if (eight == 0)
        return n;
    for (int k = 0; k < 8; k++) {
        out->triangle[n] = first + k;
        out->reach[n] = reach[k];
        n += reach[k] != RASTER_NOWHERE;
    }
    return n;
}

void raster_select(const raster_target *target, const raster_mesh *mesh, int first, int count, raster_selection *out)
{
    corners here;
    int32_t wide_reach[SELECT_BLOCK];
    uint8_t reach[SELECT_BLOCK];
    const int shift = raster_grid_shift(target->samples), to_pixel = 8 - shift;
    int n = 0;
    for (int start = 0; start < count; start += SELECT_BLOCK) {
        const int here_count = int_least(count - start, SELECT_BLOCK);
        gather(mesh, first + start, here_count, &here);
        if (here_count < SELECT_BLOCK)
            memset(wide_reach, RASTER_NOWHERE, sizeof wide_reach);
        classify(&here, here_count, (target->width << to_pixel) - 1, (target->height << to_pixel) - 1, shift,
                 mesh->mesh->two_sided ? -1 : 0, wide_reach);
        narrow(wide_reach, reach);
        for (int i = 0; i < here_count; i += 8)
            n = list_eight(reach + i, first + start + i, n, out);
    }
    out->count = n;
}
