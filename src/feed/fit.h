/* fit.h: a decoded image of any kind as one of the network's size: a middle part of it, resized by the area that an output pixel covers
   when shrinking and bilinearly when growing, as image.h's image_resize within a rounding; 8 bit, 1 or 3 channels, alpha
   dropped, grey by Rec. 709 luma. Made for many small images: the rows are added up as vectors. */
#ifndef DF_FEED_FIT_H
#define DF_FEED_FIT_H

#include "image/image.h"

typedef struct fit_box {
    int x, y, width, height;
} fit_box;

/* The middle part of an image of width x height that has the shape of `wanted` ([2], width and height; NULL: the image's own), each side
   times zoom. At least a pixel. */
DF_API fit_box fit_middle(int width, int height, const int *wanted, float zoom);

/* That part of `in`, U8 or U16, in the size of `out` (U8, 1 or 3 channels, made by the caller). Scratch in the arena. */
DF_API bool fit_image(const image *in, const fit_box *box, const image *out, df_arena *arena, df_error *err) DF_CHECKED;

#endif
