/* canvas.c: one painter for all strokes: a set of segments with a radius; a pixel is covered by as much as its centre lies inside
   the nearest of them. Chains, arrows, dots and glyphs are such sets. */
#include "plot/canvas.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "plot/font.h"

enum { RGB = 3, OPAQUE = 255 };

static const float HALO = 1.25f, USUAL_WEIGHT = 1.25f, ARROW_HEAD = 4.0f, MARGIN = 1.0f;

static const canvas_colour hues[CANVAS_HUE_COUNT] = {
    [CANVAS_BLUE] = {0x00, 0x72, 0xB2, OPAQUE},   [CANVAS_ORANGE] = {0xE6, 0x9F, 0x00, OPAQUE},
    [CANVAS_GREEN] = {0x00, 0x9E, 0x73, OPAQUE},  [CANVAS_VERMILION] = {0xD5, 0x5E, 0x00, OPAQUE},
    [CANVAS_PURPLE] = {0xCC, 0x79, 0xA7, OPAQUE}, [CANVAS_SKY] = {0x56, 0xB4, 0xE9, OPAQUE},
    [CANVAS_YELLOW] = {0xF0, 0xE4, 0x42, OPAQUE}, [CANVAS_BLACK] = {0x00, 0x00, 0x00, OPAQUE},
};

canvas_colour canvas_hue_colour(canvas_hue hue)
{
    assert(hue >= 0 && hue < CANVAS_HUE_COUNT);
    return hues[hue];
}

static uint8_t *pixel_at(const image *onto, int x, int y)
{
    return (uint8_t *)onto->data + ((size_t)y * (size_t)onto->width + (size_t)x) * RGB;
}

static void blend(uint8_t *pixel, canvas_colour colour, float coverage)
{
    const float alpha = coverage * (float)colour.a / OPAQUE;
    const uint8_t ink[RGB] = {colour.r, colour.g, colour.b};
    for (int c = 0; c < RGB; c++)
        pixel[c] = (uint8_t)((float)pixel[c] + ((float)ink[c] - (float)pixel[c]) * alpha + 0.5f);
}

/* Whole pixels of an interval, cut to 0 .. limit. NaN gives none. */
static void clip(float low, float high, int limit, int *from, int *to)
{
    *from = low > 0 ? low < (float)limit ? (int)low : limit : 0;
    *to = high > 0 ? high < (float)limit ? (int)high : limit : 0;
}

static void fill_pixels(image *onto, int x0, int y0, int x1, int y1, canvas_colour colour)
{
    assert(onto->type == IMAGE_U8 && onto->channels == RGB);
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++)
            blend(pixel_at(onto, x, y), colour, 1.0f);
}

void canvas_fill(image *onto, canvas_colour colour)
{
    fill_pixels(onto, 0, 0, onto->width, onto->height, colour);
}

void canvas_rectangle(image *onto, canvas_box box, canvas_colour colour)
{
    int x0, y0, x1, y1;
    clip(box.x + 0.5f, box.x + box.width + 0.5f, onto->width, &x0, &x1);
    clip(box.y + 0.5f, box.y + box.height + 0.5f, onto->height, &y0, &y1);
    fill_pixels(onto, x0, y0, x1, y1, colour);
}

static float squared_distance(const font_segment *s, float x, float y)
{
    const float dx = s->bx - s->ax, dy = s->by - s->ay, length = dx * dx + dy * dy;
    float t = length > 0 ? ((x - s->ax) * dx + (y - s->ay) * dy) / length : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    const float ex = s->ax + t * dx - x, ey = s->ay + t * dy - y;
    return ex * ex + ey * ey;
}

static bool is_finite_segment(const font_segment *s)
{
    return isfinite(s->ax) && isfinite(s->ay) && isfinite(s->bx) && isfinite(s->by);
}

static canvas_box bounds(const font_segment *segments, int count)
{
    float x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (int i = 0; i < count; i++) {
        const font_segment *s = &segments[i];
        if (!is_finite_segment(s))
            continue;
        x0 = fminf(x0, fminf(s->ax, s->bx));
        y0 = fminf(y0, fminf(s->ay, s->by));
        x1 = fmaxf(x1, fmaxf(s->ax, s->bx));
        y1 = fmaxf(y1, fmaxf(s->ay, s->by));
    }
    return (canvas_box){.x = x0, .y = y0, .width = x1 - x0, .height = y1 - y0};
}

static float nearest(const font_segment *segments, int count, float x, float y)
{
    float best = INFINITY;
    for (int i = 0; i < count; i++)
        if (is_finite_segment(&segments[i]))
            best = fminf(best, squared_distance(&segments[i], x, y));
    return sqrtf(best);
}

/* Covers what lies within `radius` of a segment. */
static void paint(image *onto, const font_segment *segments, int count, float radius, canvas_colour colour)
{
    assert(onto->type == IMAGE_U8 && onto->channels == RGB);
    const canvas_box box = bounds(segments, count);
    int x0, y0, x1, y1;
    if (colour.a == 0 || !(box.width >= 0))
        return;
    clip(box.x - radius - MARGIN, box.x + box.width + radius + 2 * MARGIN, onto->width, &x0, &x1);
    clip(box.y - radius - MARGIN, box.y + box.height + radius + 2 * MARGIN, onto->height, &y0, &y1);
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++) {
            const float inside = radius + 0.5f - nearest(segments, count, (float)x + 0.5f, (float)y + 0.5f);
            if (inside > 0)
                blend(pixel_at(onto, x, y), colour, fminf(inside, 1.0f));
        }
}

static void paint_stroke(image *onto, const font_segment *segments, int count, float radius, const canvas_stroke *stroke)
{
    paint(onto, segments, count, radius + HALO, stroke->halo);
    paint(onto, segments, count, radius, stroke->colour);
}

void canvas_line(image *onto, canvas_point from, canvas_point to, const canvas_stroke *stroke)
{
    const font_segment line = {.ax = from.x, .ay = from.y, .bx = to.x, .by = to.y};
    paint_stroke(onto, &line, 1, 0.5f * stroke->width, stroke);
}

void canvas_dot(image *onto, canvas_point at, float radius, const canvas_stroke *stroke)
{
    const font_segment spot = {.ax = at.x, .ay = at.y, .bx = at.x, .by = at.y};
    paint_stroke(onto, &spot, 1, radius, stroke);
}

void canvas_polyline(image *onto, const canvas_point *points, int count, canvas_chain chain, const canvas_stroke *stroke)
{
    font_segment segments[FONT_MAX_SEGMENTS];
    const int total = chain == CANVAS_CLOSED ? count : count - 1;
    for (int first = 0; first < total; first += FONT_MAX_SEGMENTS) {
        const int some = total - first < FONT_MAX_SEGMENTS ? total - first : FONT_MAX_SEGMENTS;
        for (int i = 0; i < some; i++) {
            const canvas_point a = points[first + i], b = points[(first + i + 1) % count];
            segments[i] = (font_segment){.ax = a.x, .ay = a.y, .bx = b.x, .by = b.y};
        }
        paint_stroke(onto, segments, some, 0.5f * stroke->width, stroke);
    }
}

void canvas_frame(image *onto, canvas_box box, const canvas_stroke *stroke)
{
    const canvas_point corners[4] = {
        {box.x, box.y}, {box.x + box.width, box.y}, {box.x + box.width, box.y + box.height}, {box.x, box.y + box.height}};
    canvas_polyline(onto, corners, 4, CANVAS_CLOSED, stroke);
}

/* The shaft and two barbs at 30 degrees. */
void canvas_arrow(image *onto, canvas_point from, canvas_point to, const canvas_stroke *stroke)
{
    const float dx = to.x - from.x, dy = to.y - from.y, length = sqrtf(dx * dx + dy * dy);
    if (!(length > 0))
        return;
    const float head = fminf(ARROW_HEAD * stroke->width, 0.5f * length) / length;
    const float along_x = dx * head * 0.8660254f, along_y = dy * head * 0.8660254f, side_x = -dy * head * 0.5f, side_y = dx * head * 0.5f;
    const font_segment parts[3] = {
        {.ax = from.x, .ay = from.y, .bx = to.x, .by = to.y},
        {.ax = to.x, .ay = to.y, .bx = to.x - along_x + side_x, .by = to.y - along_y + side_y},
        {.ax = to.x, .ay = to.y, .bx = to.x - along_x - side_x, .by = to.y - along_y - side_y},
    };
    paint_stroke(onto, parts, 3, 0.5f * stroke->width, stroke);
}

/* One character; returns where the next one stands. */
static float draw_character(image *onto, unsigned char character, canvas_point at, const canvas_type *type)
{
    font_segment strokes[FONT_MAX_SEGMENTS];
    float advance;
    const int count = font_glyph(character, strokes, &advance);
    const float weight = type->weight > 0 ? type->weight : USUAL_WEIGHT;
    for (int i = 0; i < count; i++) {
        font_segment *s = &strokes[i];
        *s = (font_segment){.ax = at.x + s->ax * type->scale,
                            .ay = at.y + s->ay * type->scale,
                            .bx = at.x + s->bx * type->scale,
                            .by = at.y + s->by * type->scale};
    }
    paint(onto, strokes, count, 0.5f * weight * type->scale, type->colour);
    return at.x + advance * type->scale;
}

void canvas_text(image *onto, const char *text, canvas_point at, float room, const canvas_type *type)
{
    const size_t length = strlen(text), shown = room > 0 ? font_fit(text, type->scale, room) : length;
    for (size_t i = 0, bytes; i < shown; i += bytes)
        at.x = draw_character(onto, font_character(text + i, &bytes), at, type);
    for (int i = 0; i < 3 && shown < length; i++)
        at.x = draw_character(onto, '.', at, type);
}

/* Puts an 8-bit RGB image with its corner at (left, top); it may hang over. */
static void copy_pixels(image *onto, const image *from, int left, int top)
{
    const int x0 = left < 0 ? -left : 0, x1 = left + from->width > onto->width ? onto->width - left : from->width;
    for (int y = 0; y < from->height && x0 < x1; y++)
        if (top + y >= 0 && top + y < onto->height)
            memcpy(pixel_at(onto, left + x0, top + y), pixel_at(from, x0, y), (size_t)(x1 - x0) * RGB);
}

static int fitted_side(int side, float ratio)
{
    const float fitted = (float)side * ratio + 0.5f;
    return fitted >= 1 ? (int)fitted : 1;
}

bool canvas_picture(image *onto, const image *picture, canvas_box box, df_arena *scratch, df_error *err)
{
    assert(onto->type == IMAGE_U8 && onto->channels == RGB);
    if (!(box.width >= 1 && box.height >= 1 && box.width <= IMAGE_MAX_SIDE && box.height <= IMAGE_MAX_SIDE))
        return df_fail(err, "a picture in %g x %g pixels, expected 1 to %d", (double)box.width, (double)box.height, IMAGE_MAX_SIDE);
    image bytes, colours, fitted;
    const float ratio = fminf(box.width / (float)picture->width, box.height / (float)picture->height);
    const int width = fitted_side(picture->width, ratio), height = fitted_side(picture->height, ratio);
    if (!image_convert(picture, IMAGE_U8, &bytes, scratch, err) || !image_to_channels(&bytes, RGB, &colours, scratch, err) ||
        !image_resize(&colours, width, height, &fitted, scratch, err))
        return false;
    copy_pixels(onto, &fitted, (int)floorf(box.x + 0.5f * (box.width - (float)width) + 0.5f),
                (int)floorf(box.y + 0.5f * (box.height - (float)height) + 0.5f));
    return true;
}
