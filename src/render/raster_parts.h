/* raster_parts.h: the surfaces that a pixel's samples see; private to src/render. */
#ifndef DF_RENDER_RASTER_PARTS_H
#define DF_RENDER_RASTER_PARTS_H

#include "render/raster_internal.h"

/* Samples of one mesh at about the same depth are one surface: on it colour changes little within a pixel, and it is shaded once.
   The step between two depths that are not, in units of w's last bit (0.8 to 1.6 %). */
enum { RASTER_SURFACE_STEP = 1 << 17 };

/* Surfaces in the order of their first samples: that sample's key, and all samples. */
typedef struct raster_parts {
    int count;
    raster_key first[4];
    uint32_t mask[4];
} raster_parts;
raster_parts raster_parts_of(const raster_key *seen, int samples);

/* The surface that names the pixel: the one with the most samples; -1, the background, where that has more than half of them. */
int raster_parts_owner(const raster_parts *parts, int samples);

/* Whether one surface has all samples, which is so of nearly every pixel of a head. */
static inline bool raster_is_filled(const raster_key *seen, int samples)
{
    if (samples == 1)
        return seen[0] != 0;
    const raster_key low01 = seen[0] < seen[1] ? seen[0] : seen[1], low23 = seen[2] < seen[3] ? seen[2] : seen[3];
    const raster_key high01 = seen[0] > seen[1] ? seen[0] : seen[1], high23 = seen[2] > seen[3] ? seen[2] : seen[3];
    const raster_key low = low01 < low23 ? low01 : low23, high = high01 > high23 ? high01 : high23;
    const uint32_t differ = (uint32_t)((seen[0] ^ seen[1]) | (seen[0] ^ seen[2]) | (seen[0] ^ seen[3]));
    return (low != 0) & ((high >> 32) - (low >> 32) <= RASTER_SURFACE_STEP) & (differ >> RASTER_TRIANGLE_BITS == 0);
}

#endif
