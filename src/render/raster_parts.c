/* raster_parts.c: samples of a pixel, grouped by surface. */
#include "render/raster_parts.h"

static bool is_one_surface(raster_key a, raster_key b)
{
    const int64_t step = (a >> 32) - (b >> 32);
    return step <= RASTER_SURFACE_STEP && step >= -RASTER_SURFACE_STEP && ((uint32_t)a ^ (uint32_t)b) >> RASTER_TRIANGLE_BITS == 0;
}

raster_parts raster_parts_of(const raster_key *seen, int samples)
{
    raster_parts parts = {.count = 0};
    for (int s = 0; s < samples; s++) {
        if (seen[s] == 0)
            continue;
        int k = 0;
        while (k < parts.count && !is_one_surface(parts.first[k], seen[s]))
            k++;
        if (k == parts.count) {
            parts.first[k] = seen[s];
            parts.mask[k] = 0;
            parts.count++;
        }
        parts.mask[k] |= 1u << s;
    }
    return parts;
}

int raster_parts_owner(const raster_parts *parts, int samples)
{
    int owner = -1, most = 0, covered = 0;
    for (int k = 0; k < parts->count; k++) {
        const int here = __builtin_popcount(parts->mask[k]);
        covered += here;
        if (here > most) {
            most = here;
            owner = k;
        }
    }
    return 2 * covered >= samples ? owner : -1;
}
