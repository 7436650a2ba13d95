/* raster_cover.c: which samples of 4 x 4 pixels a triangle covers, for blocks of such tiles side by side. Edge functions after
   Pineda, "A parallel algorithm for polygon rasterization" (SIGGRAPH 1988), exact in integers; top-left rule. */
#include "base/clones.h"
#include "render/integers.h"
#include "render/raster_internal.h"

/* An edge from (x0, y0) to (x1, y1) relative to the tile: inside where right * x + down * y + origin >= 0. An edge that is
   neither at the top nor at the left gives the samples on it to its neighbour: `bias` takes 1 away. */
typedef struct edge {
    int32_t right, down, origin, bias;
} edge;

static inline edge edge_between(int32_t x0, int32_t y0, int32_t x1, int32_t y1)
{
    const int32_t right = y0 - y1, down = x1 - x0;
    const int is_owner = (right > 0) | ((right == 0) & (down > 0));
    return (edge){.right = right, .down = down, .origin = -(right * x0 + down * y0), .bias = is_owner - 1};
}

typedef struct tile_edges {
    int32_t origin[3][RASTER_BLOCK], right[3][RASTER_BLOCK], down[3][RASTER_BLOCK]; /* with the bias; per 1/256 pixel */
} tile_edges;

/* First pixel of a box that begins at `low`, as raster_select counts. */
static inline int32_t first_pixel(int32_t low, int shift)
{
    const int32_t column = (low - (1 << (shift - 1)) + (1 << shift) - 1) >> shift;
    return int_most(column >> (8 - shift), 0);
}

DF_CLONES static void prepare(raster_tiles *restrict t, tile_edges *restrict edges, int shift)
{
    const int count = t->count;
    for (int i = 0; i < count; i++) {
        const int32_t ax = t->xy[0][2 * i], ay = t->xy[0][2 * i + 1], px = t->xy[1][2 * i], py = t->xy[1][2 * i + 1], qx = t->xy[2][2 * i],
                      qy = t->xy[2][2 * i + 1];
        const int32_t front = (qx - ax) * (py - ay) - (px - ax) * (qy - ay);
        /* Corners a, b, c with the inside on the positive side, whichever side is shown. */
        const int32_t left = first_pixel(int_least(ax, int_least(px, qx)), shift) + RASTER_TILE * t->column[i];
        const int32_t top = first_pixel(int_least(ay, int_least(py, qy)), shift) + RASTER_TILE * t->row[i];
        const int32_t x0 = left * 256, y0 = top * 256;
        const int32_t x_a = ax - x0, y_a = ay - y0;
        const int32_t x_b = (front > 0 ? qx : px) - x0, y_b = (front > 0 ? qy : py) - y0;
        const int32_t x_c = (front > 0 ? px : qx) - x0, y_c = (front > 0 ? py : qy) - y0;
        const float w_a = t->w[0][i], w_p = t->w[1][i], w_q = t->w[2][i], w_b = front > 0 ? w_q : w_p, w_c = front > 0 ? w_p : w_q;
        const edge bc = edge_between(x_b, y_b, x_c, y_c);
        const edge ca = edge_between(x_c, y_c, x_a, y_a);
        const edge ab = edge_between(x_a, y_a, x_b, y_b);
        /* The edge opposite to a corner, divided by the area, is the corner's weight. */
        const float area = (float)(front > 0 ? front : -front), per_b = (w_b - w_a) / area, per_c = (w_c - w_a) / area;
        t->w_origin[i] = w_a + ((float)ca.origin * per_b + (float)ab.origin * per_c);
        t->w_right[i] = ((float)ca.right * per_b + (float)ab.right * per_c) * 256.0f;
        t->w_down[i] = ((float)ca.down * per_b + (float)ab.down * per_c) * 256.0f;
        const float low = w_a < w_b ? w_a : w_b, high = w_a > w_b ? w_a : w_b;
        t->w_low[i] = low < w_c ? low : w_c;
        t->w_high[i] = high > w_c ? high : w_c;
        t->left[i] = left;
        t->top[i] = top;
        edges->origin[0][i] = bc.origin + bc.bias;
        edges->origin[1][i] = ca.origin + ca.bias;
        edges->origin[2][i] = ab.origin + ab.bias;
        edges->right[0][i] = bc.right;
        edges->right[1][i] = ca.right;
        edges->right[2][i] = ab.right;
        edges->down[0][i] = bc.down;
        edges->down[1][i] = ca.down;
        edges->down[2][i] = ab.down;
    }
}

/* Values of the three edges of a tile at a place, and their steps. */
typedef struct edge_values {
    int32_t a, b, c;
} edge_values;

static inline edge_values stepped(edge_values from, edge_values right, edge_values down, int32_t x, int32_t y)
{
    return (edge_values){from.a + x * right.a + y * down.a, from.b + x * right.b + y * down.b, from.c + x * right.c + y * down.c};
}

/* `bit` where no edge is negative. */
static inline uint32_t inside(edge_values at, uint32_t bit)
{
    return ~(uint32_t)((at.a | at.b | at.c) >> 31) & bit;
}

static inline edge_values origin_of(const tile_edges *edges, int i)
{
    return (edge_values){edges->origin[0][i], edges->origin[1][i], edges->origin[2][i]};
}

static inline edge_values right_of(const tile_edges *edges, int i)
{
    return (edge_values){edges->right[0][i], edges->right[1][i], edges->right[2][i]};
}

static inline edge_values down_of(const tile_edges *edges, int i)
{
    return (edge_values){edges->down[0][i], edges->down[1][i], edges->down[2][i]};
}

/* One sample a pixel: all 16 pixels of each tile. */
DF_CLONES static void cover_one(const tile_edges *restrict edges, int count, uint32_t *restrict cover)
{
    for (int i = 0; i < count; i++) {
        const edge_values right = right_of(edges, i), down = down_of(edges, i), none = {0, 0, 0};
        const edge_values column = stepped(none, right, none, 256, 0), line = stepped(none, none, down, 0, 256);
        edge_values row = stepped(origin_of(edges, i), right, down, RASTER_ONE[0][0], RASTER_ONE[0][1]);
        uint32_t bits = 0;
#pragma GCC unroll 4
        for (int y = 0; y < RASTER_TILE; y++) {
            edge_values at = row;
#pragma GCC unroll 4
            for (int x = 0; x < RASTER_TILE; x++) {
                bits |= inside(at, 1u << (RASTER_TILE * y + x));
                at = stepped(at, column, none, 1, 0);
            }
            row = stepped(row, none, line, 0, 1);
        }
        cover[i] = bits;
    }
}

/* Four samples a pixel: one row of pixels of each tile. */
DF_CLONES static void cover_four(const tile_edges *restrict edges, int32_t y, int count, uint32_t *restrict cover)
{
    for (int i = 0; i < count; i++) {
        const edge_values right = right_of(edges, i), down = down_of(edges, i), none = {0, 0, 0};
        const edge_values column = stepped(none, right, none, 256, 0), start = stepped(origin_of(edges, i), right, down, 0, y);
        uint32_t bits = 0;
#pragma GCC unroll 4
        for (int s = 0; s < 4; s++) {
            edge_values at = stepped(start, right, down, RASTER_FOUR[s][0], RASTER_FOUR[s][1]);
#pragma GCC unroll 4
            for (int x = 0; x < RASTER_TILE; x++) {
                bits |= inside(at, 1u << (4 * x + s));
                at = stepped(at, column, none, 1, 0);
            }
        }
        cover[i] = bits;
    }
}

void raster_cover(const raster_target *target, raster_tiles *tiles)
{
    if (tiles->is_prepared)
        return;
    tile_edges edges;
    prepare(tiles, &edges, raster_grid_shift(target->samples));
    if (target->samples == 1)
        cover_one(&edges, tiles->count, tiles->cover[0]);
    else
        for (int row = 0; row < RASTER_TILE; row++)
            cover_four(&edges, row * 256, tiles->count, tiles->cover[row]);
}
