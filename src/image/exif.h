/* exif.h: the orientation that a camera wrote into a JPEG file (EXIF 2.32, tag 0x0112), for src/image itself. */
#ifndef DF_IMAGE_EXIF_H
#define DF_IMAGE_EXIF_H

#include "base/file.h"
#include "image/image.h"

/* 1 (upright) to 8; 1 where the file says nothing or nonsense. Reads no byte outside of `jpeg`. */
int exif_orientation(df_bytes jpeg);

/* The upright image of an 8 bit image with that orientation; *out may share data with `in`. */
bool exif_turn(const image *in, int orientation, image *out, df_arena *arena, df_error *err) DF_CHECKED;

#endif
