/* colour.h: sRGB's transfer curve (IEC 61966-2-1), the same bytes on every processor. */
#ifndef DF_IMAGE_COLOUR_H
#define DF_IMAGE_COLOUR_H

#include <stdint.h>

#include "base/api.h"

DF_API float srgb_to_linear(float encoded); /* 0 .. 1, clamped */
DF_API float linear_to_srgb(float linear);  /* 0 .. 1, clamped */

/* Linear values of the 256 codes. */
DF_API const float *srgb_table(void);

/* Rec. 709 luminance of linear RGB. */
static inline float luminance(const float rgb[3])
{
    return 0.2126f * rgb[0] + 0.7152f * rgb[1] + 0.0722f * rgb[2];
}

#endif
