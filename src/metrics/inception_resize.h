/* inception_resize.h: pictures as Inception-v3 takes them, 299 x 299, by the filters of the two programs that most published distances
   come from. The filter alone moves a distance by more than most results differ. */
#ifndef DF_METRICS_INCEPTION_RESIZE_H
#define DF_METRICS_INCEPTION_RESIZE_H

#include "image/image.h"

enum { INCEPTION_SIDE = 299, INCEPTION_VALUES = 3 * INCEPTION_SIDE * INCEPTION_SIDE };

typedef enum inception_filter {
    INCEPTION_BILINEAR, /* pytorch-fid's: two neighbours each way at (i + 0.5) in / 299 - 0.5, whatever the size: aliased when shrinking */
    INCEPTION_BICUBIC   /* clean-fid's: Pillow's, a = -0.5, as wide as the step when shrinking, in float, cut to 0 .. 255 */
} inception_filter;

/* out: [3][299][299], 0 .. 255. Grey is repeated, alpha is dropped, 16 bit is scaled. */
DF_API bool inception_resize(const image *in, inception_filter filter, df_arena *scratch, float *out, df_error *err) DF_CHECKED;

#endif
