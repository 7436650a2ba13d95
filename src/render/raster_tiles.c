/* raster_tiles.c: triangles into blocks of tiles, and the tiles of triangles too wide for 32-bit edge functions. */
#include "render/raster_internal.h"

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Pixels that may hold samples of a triangle: left, top, right, bottom. */
static void box_of(const raster_target *target, const int32_t xy[3][2], int box[4])
{
    const int shift = raster_grid_shift(target->samples), half = 1 << (shift - 1), to_pixel = 8 - shift;
    const int side[2] = {target->width, target->height};
    for (int axis = 0; axis < 2; axis++) {
        const int64_t low = smaller(xy[0][axis], smaller(xy[1][axis], xy[2][axis])),
                      high = larger(xy[0][axis], larger(xy[1][axis], xy[2][axis]));
        const int64_t first = (low - half + (1 << shift) - 1) >> shift, last = (high - half) >> shift;
        box[axis] = (int)larger(first >> to_pixel, 0);
        box[2 + axis] = (int)smaller(last >> to_pixel, side[axis] - 1);
    }
}

typedef struct placed_triangle {
    int32_t xy[3][2];
    float w[3];
} placed_triangle;

static placed_triangle place(const raster_mesh *mesh, uint32_t id)
{
    placed_triangle placed;
    const int32_t *corner = mesh->mesh->triangles + 3 * (size_t)raster_id_triangle(id);
    for (int k = 0; k < 3; k++) {
        memcpy(placed.xy[k], mesh->xy + 2 * (size_t)corner[k], sizeof placed.xy[k]);
        placed.w[k] = mesh->w[corner[k]];
    }
    return placed;
}

void raster_flush(const raster_target *target, raster_tiles *tiles, const raster_sink *sink)
{
    if (tiles->count > 0) {
        raster_cover(target, tiles);
        sink->tiles(sink->user, tiles);
    }
    tiles->count = 0;
    tiles->is_prepared = false;
}

static inline void push_tile(const raster_target *target, const raster_mesh *mesh, uint32_t id, int column, int row, raster_tiles *tiles,
                             const raster_sink *sink)
{
    const int t = tiles->count++;
    const int32_t *corner = mesh->mesh->triangles + 3 * (size_t)raster_id_triangle(id);
    tiles->id[t] = id;
    tiles->column[t] = column;
    tiles->row[t] = row;
    for (int k = 0; k < 3; k++) {
        memcpy(&tiles->xy[k][2 * t], mesh->xy + 2 * (size_t)corner[k], 2 * sizeof(int32_t));
        tiles->w[k][t] = mesh->w[corner[k]];
    }
    if (tiles->count == RASTER_BLOCK)
        raster_flush(target, tiles, sink);
}

/* The plane of w over the image, and the edges, in 64 bits. */
typedef struct wide_triangle {
    int64_t origin[3], right[3], down[3]; /* with the bias; per 1/256 pixel */
    double w_origin, w_right, w_down;     /* per pixel */
    float w_low, w_high;
} wide_triangle;

static bool widen(const placed_triangle *placed, bool two_sided, wide_triangle *out)
{
    int64_t x[3], y[3];
    double w[3];
    for (int k = 0; k < 3; k++) {
        x[k] = placed->xy[k][0];
        y[k] = placed->xy[k][1];
        w[k] = (double)placed->w[k];
    }
    const int64_t front = (x[2] - x[0]) * (y[1] - y[0]) - (x[1] - x[0]) * (y[2] - y[0]);
    if (front == 0 || (front < 0 && !two_sided))
        return false;
    const int order[3] = {0, front > 0 ? 2 : 1, front > 0 ? 1 : 2};
    const double area = front > 0 ? (double)front : -(double)front;
    out->w_origin = out->w_right = out->w_down = 0;
    for (int k = 0; k < 3; k++) {
        const int from = order[(k + 1) % 3], to = order[(k + 2) % 3];
        out->right[k] = y[from] - y[to];
        out->down[k] = x[to] - x[from];
        out->origin[k] = -(out->right[k] * x[from] + out->down[k] * y[from]);
        const double share = w[order[k]] / area;
        out->w_origin += share * (double)out->origin[k];
        out->w_right += share * (double)out->right[k] * 256;
        out->w_down += share * (double)out->down[k] * 256;
        out->origin[k] -= !(out->right[k] > 0 || (out->right[k] == 0 && out->down[k] > 0));
    }
    out->w_low = (float)(w[0] < w[1] ? (w[0] < w[2] ? w[0] : w[2]) : (w[1] < w[2] ? w[1] : w[2]));
    out->w_high = (float)(w[0] > w[1] ? (w[0] > w[2] ? w[0] : w[2]) : (w[1] > w[2] ? w[1] : w[2]));
    return true;
}

static uint32_t wide_cover(const wide_triangle *wide, int64_t x, int64_t y)
{
    int64_t outside = 0;
    for (int k = 0; k < 3; k++)
        outside |= wide->origin[k] + x * wide->right[k] + y * wide->down[k];
    return outside >= 0;
}

static void push_wide_tile(const raster_target *target, uint32_t id, const wide_triangle *wide, int left, int top, raster_tiles *tiles,
                           const raster_sink *sink)
{
    const int32_t(*at)[2] = target->samples == 1 ? RASTER_ONE : RASTER_FOUR;
    const int t = tiles->count;
    uint32_t rows[RASTER_TILE], any = 0;
    for (int row = 0; row < RASTER_TILE; row++) {
        uint32_t cover = 0;
        for (int bit = 0; bit < RASTER_TILE * target->samples; bit++) {
            const int32_t *sample = at[bit % target->samples];
            cover |= wide_cover(wide, (left + bit / target->samples) * 256 + sample[0], (top + row) * 256 + sample[1]) << bit;
        }
        any |= cover;
        rows[row] = cover;
    }
    if (any == 0)
        return;
    if (target->samples == 1)
        tiles->cover[0][t] = rows[0] | rows[1] << 4 | rows[2] << 8 | rows[3] << 12;
    else
        for (int row = 0; row < RASTER_TILE; row++)
            tiles->cover[row][t] = rows[row];
    tiles->id[t] = id;
    tiles->left[t] = left;
    tiles->top[t] = top;
    tiles->w_origin[t] = (float)(wide->w_origin + left * wide->w_right + top * wide->w_down);
    tiles->w_right[t] = (float)wide->w_right;
    tiles->w_down[t] = (float)wide->w_down;
    tiles->w_low[t] = wide->w_low;
    tiles->w_high[t] = wide->w_high;
    if (++tiles->count == RASTER_BLOCK) {
        raster_flush(target, tiles, sink);
        tiles->is_prepared = true;
    }
}

static void push_wide(const raster_target *target, const raster_mesh *mesh, uint32_t id, raster_tiles *tiles, const raster_sink *sink)
{
    const placed_triangle placed = place(mesh, id);
    wide_triangle wide;
    int box[4];
    if (!widen(&placed, mesh->mesh->two_sided, &wide))
        return;
    raster_flush(target, tiles, sink);
    tiles->is_prepared = true;
    box_of(target, placed.xy, box);
    for (int top = box[1]; top <= box[3]; top += RASTER_TILE)
        for (int left = box[0]; left <= box[2]; left += RASTER_TILE)
            push_wide_tile(target, id, &wide, left, top, tiles, sink);
    raster_flush(target, tiles, sink);
}

static void push_many(const raster_target *target, const raster_mesh *mesh, uint32_t id, raster_tiles *tiles, const raster_sink *sink)
{
    const placed_triangle placed = place(mesh, id);
    int box[4];
    box_of(target, placed.xy, box);
    for (int row = 0; row <= (box[3] - box[1]) / RASTER_TILE; row++)
        for (int column = 0; column <= (box[2] - box[0]) / RASTER_TILE; column++)
            push_tile(target, mesh, id, column, row, tiles, sink);
}

static inline void push(const raster_target *target, const raster_mesh *mesh, uint32_t id, raster_reach reach, raster_tiles *tiles,
                        const raster_sink *sink)
{
    switch (reach) {
    case RASTER_NOWHERE:
        return;
    case RASTER_ONE_TILE:
        push_tile(target, mesh, id, 0, 0, tiles, sink);
        return;
    case RASTER_MANY_TILES:
        push_many(target, mesh, id, tiles, sink);
        return;
    case RASTER_WIDE:
        push_wide(target, mesh, id, tiles, sink);
        return;
    }
}

void raster_push(const raster_target *target, const raster_mesh *mesh, int mesh_index, int triangle, raster_reach reach,
                 raster_tiles *tiles, const raster_sink *sink)
{
    push(target, mesh, raster_id_of(mesh_index, triangle), reach, tiles, sink);
}

/* As many triangles of one tile each as come in a row and fit. */
static int push_small(const raster_mesh *mesh, uint32_t first_id, const raster_selection *selection, int from, raster_tiles *restrict tiles)
{
    const int32_t *restrict triangles = mesh->mesh->triangles, *restrict xy = mesh->xy;
    const float *restrict w = mesh->w;
    const int room = RASTER_BLOCK - tiles->count, start = tiles->count, left = selection->count - from, most = room < left ? room : left;
    int n = 0;
    for (; n < most && selection->reach[from + n] == RASTER_ONE_TILE; n++) {
        const int t = start + n, triangle = selection->triangle[from + n];
        const int32_t *restrict corner = triangles + 3 * (size_t)triangle;
        tiles->id[t] = first_id + (uint32_t)triangle;
        tiles->column[t] = tiles->row[t] = 0;
        for (int k = 0; k < 3; k++) {
            memcpy(&tiles->xy[k][2 * t], xy + 2 * (size_t)corner[k], 2 * sizeof(int32_t));
            tiles->w[k][t] = w[corner[k]];
        }
    }
    tiles->count = start + n;
    return n;
}

void raster_push_all(const raster_target *target, const raster_mesh *mesh, int mesh_index, const raster_selection *selection,
                     raster_tiles *tiles, const raster_sink *sink)
{
    const uint32_t first_id = raster_id_of(mesh_index, 0);
    for (int i = 0; i < selection->count;) {
        const int small = push_small(mesh, first_id, selection, i, tiles);
        i += small;
        if (tiles->count == RASTER_BLOCK)
            raster_flush(target, tiles, sink);
        else if (i < selection->count) {
            push(target, mesh, first_id + (uint32_t)selection->triangle[i], (raster_reach)selection->reach[i], tiles, sink);
            i++;
        }
    }
}
