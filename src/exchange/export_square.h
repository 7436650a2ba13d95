/* export_square.h: images as networks take them: square, of one size, 8 bit, grey or RGB throughout, as PNG. */
#ifndef DF_EXCHANGE_EXPORT_SQUARE_H
#define DF_EXCHANGE_EXPORT_SQUARE_H

#include "exchange/exporter.h"

typedef struct export_square {
    int size, channels; /* 1 or 3 */
} export_square;

/* --size, or `usual`, or (usual 0) the size of the set's images; fails where these differ or are not square. Grey where all
   images are grey. */
bool export_square_open(const export_context *context, int usual, export_square *out, df_error *err) DF_CHECKED;

/* The sample's image in that form. */
bool export_square_png(const export_square *square, export_sample *sample, df_bytes *out, df_error *err) DF_CHECKED;

#endif
