/* warp.h: an 8-bit image read through an affine map, bilinear, edges repeated. In integers: positions of 1/65536 pixel, weights of 1/256,
   so that the bytes are the same on every processor, and within 1.5 of 255 of exact arithmetic for sides up to WARP_MOST. */
#ifndef DF_FEED_WARP_H
#define DF_FEED_WARP_H

#include "image/image.h"

enum { WARP_MOST = 2048 }; /* pixels, each side of both images */

/* out [out->height][out->width][channels] at (x + 0.5, y + 0.5) = in at to_input * (x + 0.5, y + 0.5, 1). U8, 1 or 3 channels. */
DF_API void warp_image(const image *in, const float to_input[2][3], const image *out);

#endif
