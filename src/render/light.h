/* light.h: light without shadows: an environment as spherical harmonics of order 2 and lamps near the camera.

   SH after Ramamoorthi and Hanrahan, "An efficient representation for irradiance environment maps" (SIGGRAPH 2001): order
   Y00, Y1-1 (y), Y10 (z), Y11 (x), Y2-2 (xy), Y2-1 (yz), Y20 (3z^2-1), Y21 (xz), Y22 (x^2-y^2), in world axes.
   `sh` holds *radiance* coefficients L; irradiance E(n)/pi = sum A_l/pi L Y(n) with A = pi, 2pi/3, pi/4. */
#ifndef DF_RENDER_LIGHT_H
#define DF_RENDER_LIGHT_H

#include "base/random.h"

enum { SH_COUNT = 9, LIGHT_MAX_LAMPS = 4 };

typedef struct light_lamp { /* a small LED */
    float position[3];      /* mm, world */
    float intensity[3];     /* per channel: irradiance / pi on a facing surface at 1000 mm */
} light_lamp;

typedef struct light {
    float sh[3][SH_COUNT]; /* [channel]; one channel uses [0] */
    int lamp_count;
    light_lamp lamps[LIGHT_MAX_LAMPS];
} light;

/* E(n) / pi per channel for a unit normal: what a white diffuse surface reflects. */
DF_API float light_sh_irradiance(const float sh[SH_COUNT], const float normal[3]);

/* The smallest E over all directions is at least `floor` times the mean afterwards: orders 1 and 2 are scaled down together as
   little as needed (checked on a fixed grid of directions). */
DF_API void light_keep_positive(float sh[SH_COUNT], float floor);

/* Random plausible light: a sky with one or two soft sources (`strength` 0: uniform, 1: strongly one-sided), mean irradiance 1;
   for three channels a slight colour temperature. Lamps are not touched. */
DF_API void light_random(light *light, int channels, float strength, df_random *random);

#endif
