/* pixel_hash.h: the SHA-256 by which a manifest knows an image: of the pixels as a PNG stores them, rows from the top, 16 bit
   big-endian. */
#ifndef DF_DATASET_PIXEL_HASH_H
#define DF_DATASET_PIXEL_HASH_H

#include "base/sha256.h"
#include "image/image.h"

/* 8 or 16 bit images; scratch holds a copy of 16 bit ones. */
DF_API bool pixel_hash(const image *pixels, df_arena *scratch, char out[DF_SHA256_TEXT], df_error *err) DF_CHECKED;

#endif
