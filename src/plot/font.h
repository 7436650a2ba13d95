/* font.h: a small stroke font for captions on images: ASCII 32 to 126, and a box for every other character. Proportional, with
   digits of one width. At scale 1 a capital is 9 pixels tall, stems lie on whole pixels, so that text is crisp at scale 1, 2,
   3 ...; other scales are merely smooth. Text is UTF-8; a broken byte counts as one character. */
#ifndef DF_PLOT_FONT_H
#define DF_PLOT_FONT_H

#include <stddef.h>

#include "base/api.h"

enum {
    FONT_CAPITAL = 9, /* pixels from the top of a capital to the base line, at scale 1 */
    FONT_DESCENT = 3, /* and below it */
    FONT_LINE = 15,   /* from one line of text to the next */
    FONT_MAX_SEGMENTS = 128
};

typedef struct font_segment {
    float ax, ay, bx, by; /* pixels at scale 1 from the top left corner of the glyph's capital, y down; middle of the stroke */
} font_segment;

/* The strokes of a character and how far the next one stands from it. Returns how many there are. */
DF_API int font_glyph(unsigned char character, font_segment out[FONT_MAX_SEGMENTS], float *advance);

/* The character at the text's start as font_glyph takes it (127 for the box) and the bytes that it has. */
DF_API unsigned char font_character(const char *text, size_t *bytes);

/* Pixels from the first stroke's left to the last one's right edge. */
DF_API float font_width(const char *text, float scale);

/* How many bytes of the text fit in `room` pixels with "..." behind them; all of them where no cut is needed. */
DF_API size_t font_fit(const char *text, float scale, float room);

#endif
