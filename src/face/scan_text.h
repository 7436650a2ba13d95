/* scan_text.h: words and numbers of text that does not end in a zero byte; for ply.c and obj.c. */
#ifndef DF_FACE_SCAN_TEXT_H
#define DF_FACE_SCAN_TEXT_H

#include "base/file.h"

typedef struct scan_text {
    const char *next, *end;
    size_t line; /* of the last word, from 1; 0 before the first line was begun */
} scan_text;

/* A piece of the text. */
typedef struct scan_word {
    const char *text;
    size_t size;
} scan_word;

/* The next line without its end ("\n" or "\r\n"); false at the text's end. */
bool scan_line(scan_text *text, scan_text *line);

/* The next word on this line, or in all of a text where lines do not matter; false at its end. Gaps are spaces, tabs and line ends. */
bool scan_next(scan_text *text, scan_word *out);

bool scan_is(scan_word word, const char *expected);

/* Decimal numbers that are the whole word and finite as float. */
bool scan_number(scan_word word, double *out);
bool scan_integer(scan_word word, int64_t *out);

#endif
