/* rows.h: rows of any image as floats, for src/image itself: the one place that knows the types. 0 .. 1 stands for 0 .. 255 or
   65535; float images come as they are. 16 bit survives the way through float and back exactly. */
#ifndef DF_IMAGE_ROWS_H
#define DF_IMAGE_ROWS_H

#include "image/image.h"

/* out: [width * channels] */
void image_load_row(const image *from, int y, float *out);

/* values: [width * channels]. Integer types: clamped to 0 .. 1 and rounded, NaN becomes 0. */
void image_store_row(const image *to, int y, const float *values);

#endif
