/* image.h: an image in memory. Rows from the top, channels interleaved, no padding. 1 channel is grey or near infrared, 2
   grey with alpha, 3 RGB, 4 RGB with alpha. 8 and 16 bit images hold encoded values (sRGB for colour; linear for near
   infrared), float images linear light. Pixel c covers c to c + 1, its centre is at c + 0.5. */
#ifndef DF_IMAGE_IMAGE_H
#define DF_IMAGE_IMAGE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum { IMAGE_MAX_SIDE = 16384 };

typedef enum image_type { IMAGE_U8, IMAGE_U16, IMAGE_FLOAT } image_type;

typedef struct image {
    int width, height, channels; /* 1 .. IMAGE_MAX_SIDE, 1 .. 4 */
    image_type type;
    void *data; /* [height][width][channels] uint8_t, uint16_t or float, in the arena it was made in */
} image;

DF_API size_t image_bytes(const image *image); /* of data */
DF_API bool image_new(image *out, int width, int height, int channels, image_type type, df_arena *arena, df_error *err) DF_CHECKED;

/* Same size in another type: 8 and 16 bit by exact scaling (255 <-> 65535), float as value / maximum; no colour conversion. */
DF_API bool image_convert(const image *in, image_type type, image *out, df_arena *arena, df_error *err) DF_CHECKED;

/* To 1 channel by Rec. 709 luma of the values as they are, or to 3 by repetition; alpha is dropped. */
DF_API bool image_to_channels(const image *in, int channels, image *out, df_arena *arena, df_error *err) DF_CHECKED;

/* Area average when shrinking, bilinear when growing; any type. */
DF_API bool image_resize(const image *in, int width, int height, image *out, df_arena *arena, df_error *err) DF_CHECKED;

#endif
