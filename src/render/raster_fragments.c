/* raster_fragments.c: what of a block of tiles lies before what the visibility buffer holds, pixel by pixel. */
#include "base/clones.h"
#include "render/raster_internal.h"

/* Samples of the pixel at (column, row) of tile t that lie nearer than what is seen. */
static inline uint32_t nearer(const raster_tiles *restrict tiles, int t, int samples, int column, int row, const raster_key *restrict seen)
{
    const int32_t(*at)[2] = samples == 1 ? RASTER_ONE : RASTER_FOUR;
    uint32_t mask = 0;
    for (int k = 0; k < samples; k++) {
        const raster_key key = raster_tile_key(tiles, t, (float)column + (float)at[k][0] / 256.0f, (float)row + (float)at[k][1] / 256.0f);
        mask |= (key > seen[k] ? 1u : 0u) << k;
    }
    return mask;
}

/* Bits of a row's pixels that lie in the picture. */
static inline uint32_t inside_bits(const raster_target *target, int left, int samples)
{
    const int columns = target->width - left < RASTER_TILE ? target->width - left : RASTER_TILE;
    return (1u << (columns * samples)) - 1;
}

static inline int list_tile(const raster_target *target, const raster_tiles *restrict tiles, int t, int samples, int n,
                            raster_fragment *restrict out)
{
    const uint32_t all = (1u << samples) - 1, inside = inside_bits(target, tiles->left[t], samples);
    for (int row = 0; row < RASTER_TILE && tiles->top[t] + row < target->height; row++) {
        const uint32_t cover = samples == 1 ? tiles->cover[0][t] >> (RASTER_TILE * row) & 15u : tiles->cover[row][t];
        const size_t place = (size_t)(tiles->top[t] + row) * (size_t)target->stride + (size_t)tiles->left[t];
        for (uint32_t left = cover & inside; left;) {
            const int column = __builtin_ctz(left) / samples;
            const raster_key *seen = target->seen + (place + (size_t)column) * (size_t)samples;
            out[n].id = tiles->id[t];
            out[n].x = tiles->left[t] + column;
            out[n].y = tiles->top[t] + row;
            out[n].mask = left >> (column * samples) & all & nearer(tiles, t, samples, column, row, seen);
            out[n].tile = t;
            n += out[n].mask != 0;
            left &= ~(all << (column * samples));
        }
    }
    return n;
}

DF_CLONES static int list_four(const raster_target *target, const raster_tiles *restrict tiles, raster_fragment *restrict out)
{
    int n = 0;
    for (int t = 0; t < tiles->count; t++)
        if (tiles->cover[0][t] | tiles->cover[1][t] | tiles->cover[2][t] | tiles->cover[3][t])
            n = list_tile(target, tiles, t, 4, n, out);
    return n;
}

static int list_one(const raster_target *target, const raster_tiles *restrict tiles, raster_fragment *restrict out)
{
    int n = 0;
    for (int t = 0; t < tiles->count; t++)
        if (tiles->cover[0][t])
            n = list_tile(target, tiles, t, 1, n, out);
    return n;
}

int raster_fragments(const raster_target *target, const raster_tiles *tiles, raster_fragment *out)
{
    return target->samples == 1 ? list_one(target, tiles, out) : list_four(target, tiles, out);
}
