/* raster_setup.c: from vertices in millimetres to triangles worth drawing. Most triangles of a head in a small picture cover no
   sample, so these loops see more of the mesh than all later ones: they are plain, over blocks, and become vector code. */
#include <math.h>

#include "base/clones.h"
#include "render/raster_internal.h"

static const float NEAR_MM = 10.0f;

/* The largest integer not above v, for |v| below 2^30. */
static inline int32_t floor_to_int(float v)
{
    const int32_t toward_zero = (int32_t)v;
    return toward_zero - ((float)toward_zero > v);
}

/* `outside` and `near` are arguments because gcc makes branches of a comparison with a constant that it sees come back. */
DF_CLONES static void project(const camera *cam, const float *restrict positions, int count, float outside, float near, int32_t *restrict xy,
                              float *restrict w)
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
        xy[2 * i] = floor_to_int(safe_u);
        xy[2 * i + 1] = floor_to_int(safe_v);
        w[i] = inverse;
    }
}

void raster_project(const camera *cam, const float *positions, int count, int32_t *xy, float *w)
{
    project(cam, positions, count, (float)RASTER_OUTSIDE, NEAR_MM, xy, w);
}

enum { SELECT_BLOCK = 64, NARROW = 1 << 14 /* 64 pixels: edge functions over the box fit in 32 bits */ };

typedef struct corners {
    int32_t xy[3][2 * SELECT_BLOCK];
} corners;

static void gather(const raster_mesh *mesh, int first, int count, corners *out)
{
    const int32_t *triangle = mesh->mesh->triangles + 3 * (size_t)first;
    for (int i = 0; i < count; i++, triangle += 3)
        for (int k = 0; k < 3; k++)
            memcpy(&out->xy[k][2 * i], mesh->xy + 2 * (size_t)triangle[k], 2 * sizeof(int32_t));
}

static inline int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static inline int32_t most(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* First and last sample lines of a box are found in the grid of samples, then in pixels, and clipped to the picture. Selections
   and signs instead of conditions keep this one block of vector code. */
DF_CLONES static void classify(const corners *restrict in, int count, int width, int height, int shift, int two_sided, int32_t *restrict reach)
{
    const int32_t half = 1 << (shift - 1), step = 1 << shift, to_pixel = 8 - shift;
    const int32_t *restrict a = in->xy[0], *restrict b = in->xy[1], *restrict c = in->xy[2];
    for (int i = 0; i < count; i++) {
        const int32_t ax = a[2 * i], ay = a[2 * i + 1], bx = b[2 * i], by = b[2 * i + 1], cx = c[2 * i], cy = c[2 * i + 1];
        const int32_t x0 = least(ax, least(bx, cx)), x1 = most(ax, most(bx, cx)), y0 = least(ay, least(by, cy)), y1 = most(ay, most(by, cy));
        const int32_t column0 = (x0 - half + step - 1) >> shift, column1 = (x1 - half) >> shift;
        const int32_t row0 = (y0 - half + step - 1) >> shift, row1 = (y1 - half) >> shift;
        const int32_t columns = least(column1 >> to_pixel, width - 1) - most(column0 >> to_pixel, 0); /* of pixels, less 1 */
        const int32_t rows = least(row1 >> to_pixel, height - 1) - most(row0 >> to_pixel, 0);
        const int32_t holds = (column1 - column0) | (row1 - row0) | columns | rows | (RASTER_OUTSIDE - 1 - x1); /* negative: no sample */
        const int32_t span = most(x1 - x0, y1 - y0);
        const int32_t ux = span < NARROW ? bx - ax : 0, uy = span < NARROW ? by - ay : 0;
        const int32_t vx = span < NARROW ? cx - ax : 0, vy = span < NARROW ? cy - ay : 0;
        const int32_t front = vx * uy - ux * vy; /* twice the area; y points down */
        const int32_t shown = two_sided ? (front < 0 ? -front : front) : front;
        const int32_t tiles = most(columns, rows) < RASTER_TILE ? RASTER_ONE_TILE : RASTER_MANY_TILES;
        const int32_t faces = shown > 0 ? tiles : RASTER_NOWHERE, any = span < NARROW ? faces : RASTER_WIDE;
        reach[i] = holds >= 0 ? any : RASTER_NOWHERE;
    }
}

void raster_select(const raster_target *target, const raster_mesh *mesh, int first, int count, raster_selection *out)
{
    corners here;
    int32_t reach[SELECT_BLOCK];
    int n = 0;
    for (int start = 0; start < count; start += SELECT_BLOCK) {
        const int here_count = least(count - start, SELECT_BLOCK);
        gather(mesh, first + start, here_count, &here);
        classify(&here, here_count, target->width, target->height, raster_grid_shift(target->samples), mesh->mesh->two_sided, reach);
        for (int i = 0; i < here_count; i++) { /* no branch: which ones are kept is random */
            out->triangle[n] = first + start + i;
            out->reach[n] = (uint8_t)reach[i];
            n += reach[i] != RASTER_NOWHERE;
        }
    }
    out->count = n;
}
