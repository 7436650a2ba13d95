/* drape.h: how far a head reaches in each direction from a point inside it, and how far cloth does that is drawn tight over it.
   Distances are kept as 1 / r, in which a straight line between two directions is nearly the mean: cloth lies where no
   chord between its neighbours would lie further out. */
#ifndef DF_RENDER_DRAPE_H
#define DF_RENDER_DRAPE_H

#include <stdint.h>

#include "base/arena.h"

enum { DRAPE_COLUMNS = 180, DRAPE_ROWS = 80 }; /* 2 degrees: the whole circle, 80 degrees up and down */

typedef struct drape {
    float centre[3];
    float nearness[DRAPE_ROWS][DRAPE_COLUMNS]; /* 1 / mm */
} drape;

/* Azimuth in degrees from z towards x, elevation from the plane of x and z towards y. */
void drape_angles(const drape *d, const float at[3], float *azimuth, float *elevation);

/* The skin's reach from `centre`; at least `least` mm where nothing was met. */
void drape_measure(drape *d, const float centre[3], float least, const float *vertices, const int32_t *triangles, int triangle_count);

/* Draws cloth tight within that many degrees on both sides of azimuth 0, and up and down. */
void drape_stretch(drape *d, float azimuth, float low_elevation, float high_elevation);

float drape_reach(const drape *d, float azimuth, float elevation); /* mm */

/* The point in that direction, `above` mm beyond the reach. */
void drape_point(const drape *d, float azimuth, float elevation, float above, float out[3]);

#endif
