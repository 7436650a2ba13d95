/* png_stream.h: a PNG file written row by row, for pictures that are never whole in memory (sheets). Slower than png.h, which
   writes images. 8-bit RGB. The file appears under its name when it is complete; the same rows are the same bytes. */
#ifndef DF_PLOT_PNG_STREAM_H
#define DF_PLOT_PNG_STREAM_H

#include <stdint.h>

#include "base/api.h"
#include "base/error.h"

typedef struct png_stream png_stream;

DF_API png_stream *png_stream_open(const char *path, int width, int height, df_error *err) DF_CHECKED;

/* The next row, [width][3]. */
DF_API bool png_stream_row(png_stream *stream, const uint8_t *row, df_error *err) DF_CHECKED;

/* After exactly `height` rows; frees the stream, also on failure. */
DF_API bool png_stream_close(png_stream *stream, df_error *err) DF_CHECKED;
DF_API void png_stream_abandon(png_stream *stream); /* no file; NULL is legal */

#endif
