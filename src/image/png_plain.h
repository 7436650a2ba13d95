/* png_plain.h: the usual kind of PNG file read at several times libpng's speed, for src/image itself: grey or colour, with or without alpha,
   8 or 16 bit, not interlaced, nothing in it that changes pixels. What is of another kind or wrong in any way is left to
   libpng, which then says what. */
#ifndef DF_IMAGE_PNG_PLAIN_H
#define DF_IMAGE_PNG_PLAIN_H

#include "base/file.h"
#include "image/image.h"

/* *is_plain false: not such a file, *out untouched. False, with the sentence, at the arena's limit and when memory ends. */
bool png_decode_plain(df_bytes bytes, image *out, bool *is_plain, df_arena *arena, df_error *err) DF_CHECKED;

#endif
