/* nir.h: how faces look in the near infrared, from measured values; each figure's source is beside it in nir.c. */
#ifndef DF_RENDER_NIR_H
#define DF_RENDER_NIR_H

#include "base/api.h"

typedef enum render_band { BAND_RGB, BAND_850, BAND_940, BAND_COUNT } render_band;
DF_API extern const char *const render_band_names[BAND_COUNT]; /* "rgb", "850", "940" */

static inline int band_channels(render_band band)
{
    return band == BAND_RGB ? 3 : 1;
}

/* Diffuse near-infrared albedo of skin from visible albedo. `display` [count][3] is sRGB-encoded as in the model, the result
   [count] linear. The person's mean follows the measured regression on reflectance at 550 nm plus `tone` standard
   deviations of its residual; local deviations keep the little contrast that melanin and blood have in the band. */
DF_API void nir_skin(render_band band, const float *display, int count, float tone, float *albedo);

/* Linear diffuse albedo: of hair by melanin (0 fair to 1 black) and grey share, per channel of the band; of sclera, iris,
   teeth, tongue and cloth in the near infrared. */
DF_API void hair_albedo(render_band band, float melanin, float grey, float albedo[3]);
DF_API float nir_iris(render_band band);
DF_API float nir_sclera(render_band band);

#endif
