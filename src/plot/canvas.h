/* canvas.h: drawing on an image of 8 bit and 3 channels: areas, lines, dots, arrows, text, other images. Coordinates in pixels, x
   to the right and y down from the image's top left corner, a pixel's centre at + 0.5. Everything is cut at the image's edges;
   nothing else is assumed of coordinates: what is not finite is not drawn. Lines and text are smoothed by the distance of
   each pixel's centre to the stroke, so a chain that crosses itself is even where it is half transparent. */
#ifndef DF_PLOT_CANVAS_H
#define DF_PLOT_CANVAS_H

#include "image/image.h"

typedef struct canvas_colour {
    uint8_t r, g, b, a; /* a: 255 covers, 0 draws nothing */
} canvas_colour;

typedef struct canvas_point {
    float x, y;
} canvas_point;

typedef struct canvas_box {
    float x, y, width, height;
} canvas_box;

typedef struct canvas_stroke {
    float width; /* pixels */
    canvas_colour colour;
    canvas_colour halo; /* drawn below, HALO pixels wider on each side, so that the stroke is seen on any ground; a 0: none */
} canvas_stroke;

typedef struct canvas_type { /* how text looks */
    float scale;             /* 1, 2, ...: see font.h */
    float weight;            /* width of the strokes at scale 1; 0: 1.25 */
    canvas_colour colour;
} canvas_type;

typedef enum canvas_chain { CANVAS_OPEN, CANVAS_CLOSED } canvas_chain;

/* The colours of Okabe and Ito, "Color Universal Design" (2008), which people with any colour vision tell apart. */
typedef enum canvas_hue {
    CANVAS_BLUE,
    CANVAS_ORANGE,
    CANVAS_GREEN,
    CANVAS_VERMILION,
    CANVAS_PURPLE,
    CANVAS_SKY,
    CANVAS_YELLOW,
    CANVAS_BLACK,
    CANVAS_HUE_COUNT
} canvas_hue;
DF_API canvas_colour canvas_hue_colour(canvas_hue hue);

DF_API void canvas_fill(image *onto, canvas_colour colour);
DF_API void canvas_rectangle(image *onto, canvas_box box, canvas_colour colour); /* to whole pixels */
DF_API void canvas_frame(image *onto, canvas_box box, const canvas_stroke *stroke);
DF_API void canvas_line(image *onto, canvas_point from, canvas_point to, const canvas_stroke *stroke);
DF_API void canvas_polyline(image *onto, const canvas_point *points, int count, canvas_chain chain, const canvas_stroke *stroke);
DF_API void canvas_arrow(image *onto, canvas_point from, canvas_point to, const canvas_stroke *stroke);
DF_API void canvas_dot(image *onto, canvas_point at, float radius, const canvas_stroke *stroke); /* filled; stroke's width is unused */

/* `at` is the top left corner of the first capital. Text longer than `room` pixels is cut and ends in "..."; 0: no limit. */
DF_API void canvas_text(image *onto, const char *text, canvas_point at, float room, const canvas_type *type);

/* Another image of any type, fitted into the box (at whole pixels) and centred there, its proportions kept. */
DF_API bool canvas_picture(image *onto, const image *picture, canvas_box box, df_arena *scratch, df_error *err) DF_CHECKED;

#endif
