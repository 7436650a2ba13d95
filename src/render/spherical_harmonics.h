/* spherical_harmonics.h: the nine real basis functions of order 0 to 2 in light.h's order; private to src/render. */
#ifndef DF_RENDER_SPHERICAL_HARMONICS_H
#define DF_RENDER_SPHERICAL_HARMONICS_H

#include "render/light.h"

static const float SH_Y0 = 0.28209479f;  /* sqrt(1 / (4 pi)) */
static const float SH_Y1 = 0.48860251f;  /* sqrt(3 / (4 pi)) */
static const float SH_Y2 = 1.09254843f;  /* sqrt(15 / (4 pi)) */
static const float SH_Y20 = 0.31539157f; /* sqrt(5 / (16 pi)) */
static const float SH_Y22 = 0.54627422f; /* sqrt(15 / (16 pi)) */

/* Y of a unit direction. */
void sh_basis(const float direction[3], float basis[SH_COUNT]);

/* Radiance coefficients to those of irradiance / pi. */
void sh_convolve_cosine(const float sh[SH_COUNT], float out[SH_COUNT]);

#endif
