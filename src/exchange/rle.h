/* rle.h: masks as COCO's run lengths: pixels are counted column after column from the top left, 0-runs and 1-runs in turn beginning with
   a 0-run (of length 0 where the first pixel is set). The text form ("compressed RLE", Lin et al., "Microsoft COCO", 2014, and its
   mask API) writes each length, from the fourth on less the one two before it, as little-endian groups of 5 bits with a sign, one
   a character: bit 5 says that another follows, 48 is added. A backslash may occur. */
#ifndef DF_EXCHANGE_RLE_H
#define DF_EXCHANGE_RLE_H

#include "base/text.h"

enum { RLE_NONE = 255 }; /* a class: of no mask */

/* One mask as it grows; {0} has no pixels, rle_free gives back its text. */
typedef struct rle {
    df_text counts; /* the text form */
    int64_t area;   /* pixels that are set */
    int box[4];     /* x, y, width, height of these; 0 where there are none */
    struct {
        int64_t runs, before[2]; /* runs written; the last two lengths */
        int64_t end;             /* pixels that they cover */
        int x0, y0, x1, y1;
    } grown;
} rle;

/* Masks of all classes in one pass: codes [height][width], classes [256]: of each code the mask it belongs to, below `count`, or
   RLE_NONE. masks [count]: what they held is gone, their memory is used again. */
DF_API bool rle_encode(const uint8_t *codes, int width, int height, const uint8_t classes[256], rle *masks, int count,
                       df_error *err) DF_CHECKED;
DF_API void rle_free(rle *mask);

#endif
