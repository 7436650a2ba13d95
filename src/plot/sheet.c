/* sheet.c: bands. The title, each heading and each row of cells is a band as wide as the sheet: drawn as an image, written row by
   row, forgotten. */
#include "plot/sheet.h"

#include <assert.h>
#include <string.h>

#include "plot/font.h"
#include "plot/png_stream.h"

enum {
    USUAL_CELL = 160,
    USUAL_COLUMNS = 8,
    EDGE = 16,        /* pixels around the sheet */
    GAP = 8,          /* between cells */
    CAPTION_TOP = 6,  /* from a picture to its caption */
    CAPTION_END = 12, /* and from there to the next row */
    TITLE_SCALE = 2,
    TITLE_BAND = FONT_CAPITAL * TITLE_SCALE + FONT_DESCENT * TITLE_SCALE + 6,
    NOTE_BAND = FONT_LINE + 5,
    HEADING_TOP = 8,
    HEADING_BAND = HEADING_TOP + FONT_CAPITAL + FONT_DESCENT + 10,
    RGB = 3
};

static const size_t SHEET_MEMORY = (size_t)1 << 30;

static const canvas_colour ground = {0x16, 0x18, 0x1B, 255}, bright = {0xF2, 0xF2, 0xF0, 255}, plain = {0xD0, 0xD2, 0xD4, 255},
                           muted = {0x95, 0x9A, 0xA0, 255};

struct sheet {
    sheet_options options; /* with the defaults filled in */
    sheet_group whole;     /* the one group of a sheet without groups */
    df_arena *arena;
    png_stream *file;
    image row, cell;   /* a row of cells with its captions; the next cell */
    int group, placed; /* group that is filled, and how many of its cells are */
};

static int rows_of(const sheet *s, int group)
{
    return (s->options.groups[group].count + s->options.columns - 1) / s->options.columns;
}

static int row_height(const sheet *s)
{
    const int lines = s->options.caption_lines;
    return s->options.cell + (lines ? CAPTION_TOP + lines * FONT_LINE + CAPTION_END - (FONT_LINE - FONT_CAPITAL - FONT_DESCENT) : GAP);
}

static int64_t sheet_height(const sheet *s)
{
    int64_t height = 2 * EDGE + (s->options.title ? TITLE_BAND : 0) + (s->options.note ? NOTE_BAND : 0);
    for (int g = 0; g < s->options.group_count; g++)
        height += (s->options.groups[g].heading ? HEADING_BAND : 0) + (int64_t)rows_of(s, g) * row_height(s);
    return height;
}

static int sheet_width(const sheet *s)
{
    return 2 * EDGE + s->options.columns * (s->options.cell + GAP) - GAP;
}

static void fill_defaults(sheet *s)
{
    sheet_options *o = &s->options;
    int most = 0;
    s->whole = (sheet_group){.count = o->count};
    if (!o->groups) {
        o->groups = &s->whole;
        o->group_count = 1;
    }
    for (int g = 0; g < o->group_count; g++)
        most = o->groups[g].count > most ? o->groups[g].count : most;
    o->cell = o->cell ? o->cell : USUAL_CELL;
    if (o->columns == 0)
        o->columns = most < USUAL_COLUMNS ? most : USUAL_COLUMNS;
}

static bool write_band(sheet *s, const image *band, df_error *err)
{
    const uint8_t *pixels = band->data;
    for (int y = 0; y < band->height; y++)
        if (!png_stream_row(s->file, pixels + (size_t)y * (size_t)band->width * RGB, err))
            return false;
    return true;
}

/* A band with one line of text from `top` down, or an empty one. */
static bool write_line(sheet *s, const char *text, int top, int height, const canvas_type *type, df_error *err)
{
    const df_arena_mark mark = df_arena_save(s->arena);
    image band;
    bool is_done = image_new(&band, sheet_width(s), height, RGB, IMAGE_U8, s->arena, err);
    if (is_done) {
        canvas_fill(&band, ground);
        if (text)
            canvas_text(&band, text, (canvas_point){EDGE, (float)top}, (float)(sheet_width(s) - 2 * EDGE), type);
        is_done = write_band(s, &band, err);
    }
    df_arena_restore(s->arena, mark);
    return is_done;
}

static bool write_top(sheet *s, df_error *err)
{
    const canvas_type title = {.scale = TITLE_SCALE, .colour = bright}, note = {.scale = 1, .colour = muted};
    return write_line(s, NULL, 0, EDGE, NULL, err) && (!s->options.title || write_line(s, s->options.title, 0, TITLE_BAND, &title, err)) &&
           (!s->options.note || write_line(s, s->options.note, 0, NOTE_BAND, &note, err));
}

static bool start_group(sheet *s, df_error *err)
{
    const canvas_type type = {.scale = 1, .weight = 1.6f, .colour = bright};
    const char *heading = s->options.groups[s->group].heading;
    return !heading || write_line(s, heading, HEADING_TOP, HEADING_BAND, &type, err);
}

static bool check(const sheet *s, df_error *err)
{
    const sheet_options *o = &s->options;
    for (int g = 0; g < o->group_count; g++)
        if (o->groups[g].count < 1)
            return df_fail(err, "no pictures for the sheet, expected at least one");
    if (o->cell < 1 || o->cell > SHEET_MAX_CELL)
        return df_fail(err, "a sheet with cells of %d pixels, expected 1 to %d", o->cell, SHEET_MAX_CELL);
    if (o->columns < 1 || o->columns > SHEET_MAX_COLUMNS)
        return df_fail(err, "a sheet of %d columns, expected 1 to %d", o->columns, SHEET_MAX_COLUMNS);
    if (sheet_width(s) > IMAGE_MAX_SIDE || sheet_height(s) > IMAGE_MAX_SIDE)
        return df_fail(err, "a sheet of %d x %lld pixels, expected at most %d a side: fewer or smaller cells", sheet_width(s),
                       (long long)sheet_height(s), IMAGE_MAX_SIDE);
    return true;
}

static bool make_images(sheet *s, df_error *err)
{
    const int cell = s->options.cell;
    if (!image_new(&s->cell, cell, cell, RGB, IMAGE_U8, s->arena, err) ||
        !image_new(&s->row, sheet_width(s), row_height(s), RGB, IMAGE_U8, s->arena, err))
        return false;
    canvas_fill(&s->cell, ground);
    canvas_fill(&s->row, ground);
    return true;
}

sheet *sheet_open(const char *path, const sheet_options *options, df_error *err)
{
    df_arena *arena = df_arena_new(SHEET_MEMORY, err);
    sheet *s = arena ? df_alloc(arena, 1, sizeof *s, err) : NULL;
    if (!s) {
        df_arena_free(arena);
        return NULL;
    }
    s->arena = arena;
    s->options = *options;
    fill_defaults(s);
    if (!check(s, err) || !make_images(s, err)) {
        df_fail_in(err, "%s", path);
    } else {
        s->file = png_stream_open(path, sheet_width(s), (int)sheet_height(s), err);
        if (s->file && write_top(s, err) && start_group(s, err))
            return s;
    }
    sheet_abandon(s);
    return NULL;
}

image *sheet_cell(sheet *s)
{
    return &s->cell;
}

static void write_captions(sheet *s, int left, const char *caption, const char *detail)
{
    const canvas_type type = {.scale = 1, .colour = plain}, small = {.scale = 1, .weight = 1.1f, .colour = muted};
    const char *const lines[2] = {caption, detail};
    for (int i = 0; i < s->options.caption_lines; i++) {
        const canvas_point at = {.x = (float)left, .y = (float)(s->options.cell + CAPTION_TOP + i * FONT_LINE)};
        if (lines[i])
            canvas_text(&s->row, lines[i], at, (float)s->options.cell, i == 0 ? &type : &small);
    }
}

static void copy_cell(sheet *s, int left)
{
    const size_t cell = (size_t)s->options.cell, width = (size_t)s->row.width;
    for (size_t y = 0; y < cell; y++)
        memcpy((uint8_t *)s->row.data + (y * width + (size_t)left) * RGB, (const uint8_t *)s->cell.data + y * cell * RGB, cell * RGB);
    canvas_fill(&s->cell, ground);
}

bool sheet_put(sheet *s, const char *caption, const char *detail, df_error *err)
{
    assert(s->group < s->options.group_count);
    const int left = EDGE + s->placed % s->options.columns * (s->options.cell + GAP);
    copy_cell(s, left);
    write_captions(s, left, caption, detail);
    s->placed++;
    const bool is_group_full = s->placed == s->options.groups[s->group].count;
    if (s->placed % s->options.columns != 0 && !is_group_full)
        return true;
    if (!write_band(s, &s->row, err))
        return false;
    canvas_fill(&s->row, ground);
    if (!is_group_full)
        return true;
    s->placed = 0;
    s->group++;
    return s->group == s->options.group_count || start_group(s, err);
}

bool sheet_add(sheet *s, const image *picture, const char *caption, const char *detail, df_arena *scratch, df_error *err)
{
    const canvas_box whole = {.width = (float)s->options.cell, .height = (float)s->options.cell};
    return canvas_picture(&s->cell, picture, whole, scratch, err) && sheet_put(s, caption, detail, err);
}

bool sheet_close(sheet *s, df_error *err)
{
    assert(s->group == s->options.group_count);
    bool is_done = write_line(s, NULL, 0, EDGE, NULL, err);
    if (is_done) {
        is_done = png_stream_close(s->file, err);
        s->file = NULL;
    }
    sheet_abandon(s);
    return is_done;
}

void sheet_abandon(sheet *s)
{
    if (!s)
        return;
    png_stream_abandon(s->file);
    df_arena_free(s->arena);
}
