/* nir.h: what faces are made of, as linear diffuse albedo in each band; near-infrared values are measured ones, each with its
   source beside it in nir.c. Diffuse means without the surface reflection, which the materials add as their specular part. */
#ifndef DF_RENDER_NIR_H
#define DF_RENDER_NIR_H

#include <stdint.h>

#include "base/api.h"

typedef enum render_band { BAND_RGB, BAND_850, BAND_940, BAND_COUNT } render_band;
DF_API extern const char *const render_band_names[BAND_COUNT]; /* "rgb", "850", "940" */

static inline int band_channels(render_band band)
{
    return band == BAND_RGB ? 3 : 1;
}

/* Near-infrared albedo [count] of skin from visible albedo `display` [count][3], sRGB-encoded as in the model. The mean over the
   vertices with is_skin[i] != 0 follows the measured regression on reflectance at 550 nm plus `tone` standard deviations of
   its residual; local deviations keep the little contrast that melanin and blood have in the band. band is not BAND_RGB. */
DF_API void nir_skin(render_band band, const float *display, const uint8_t *is_skin, int count, float tone, float *albedo);

/* Hair by melanin (0 fair to 1 black) and share of grey, per channel of the band. */
DF_API void hair_albedo(render_band band, float melanin, float grey, float albedo[3]);

/* Things of one near-infrared value; 1 for BAND_RGB, where textures hold the colour. */
typedef enum nir_thing { NIR_IRIS, NIR_SCLERA, NIR_TEETH, NIR_TONGUE, NIR_FRAME, NIR_CLOTH, NIR_THING_COUNT } nir_thing;
DF_API float nir_albedo(render_band band, nir_thing thing);

#endif
