/* image_file.h: an image from a file, PNG or JPEG by its content. JPEG: grey, RGB, progressive; CMYK is converted; EXIF
   orientation is applied. The error names the path. */
#ifndef DF_IMAGE_IMAGE_FILE_H
#define DF_IMAGE_IMAGE_FILE_H

#include "base/file.h"
#include "image/image.h"

DF_API bool image_read_file(const char *path, image *out, df_arena *arena, df_error *err) DF_CHECKED;

/* The same of bytes; the error names no file. */
DF_API bool image_decode(df_bytes bytes, image *out, df_arena *arena, df_error *err) DF_CHECKED;

/* As image_decode, for who has no use for more than `least` pixels on the shorter side (at least 1): a JPEG comes at a half, a quarter
   or an eighth of its size where its shorter side stays so long, by its own transform and several times as fast. full: [2] width and
   height of the whole image, upright. */
DF_API bool image_decode_reduced(df_bytes bytes, int least, image *out, int full[2], df_arena *arena, df_error *err) DF_CHECKED;

/* What the name of such a file ends in, by its first bytes: ".png" or ".jpg"; NULL for others. */
DF_API const char *image_ending(df_bytes bytes);

DF_API bool jpeg_decode(df_bytes bytes, image *out, df_arena *arena, df_error *err) DF_CHECKED;
DF_API bool jpeg_decode_reduced(df_bytes bytes, int least, image *out, int full[2], df_arena *arena, df_error *err) DF_CHECKED;

#endif
