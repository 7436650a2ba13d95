/* sheet.h: a contact sheet as a PNG file: pictures in a grid, each with a caption of up to two lines below it, a title above, and
   headings between groups of cells. Written while it grows: memory holds one row of cells, whatever the number of rows.

       sheet *s = sheet_open(path, &(sheet_options){.title = "Faces", .count = 64}, &err);
       for each picture: sheet_add(s, &picture, "p0001", "female, 34", scratch, &err)
                         or: draw on sheet_cell(s), then sheet_put(s, "p0001", NULL, &err)
       sheet_close(s, &err)                                                                                              */
#ifndef DF_PLOT_SHEET_H
#define DF_PLOT_SHEET_H

#include "plot/canvas.h"

enum { SHEET_MAX_CELL = 1024, SHEET_MAX_COLUMNS = 64 };

typedef struct sheet_group { /* cells that begin on a row of their own */
    const char *heading;     /* NULL: none */
    int count;               /* above 0 */
} sheet_group;

typedef struct sheet_options {
    const char *title, *note;  /* NULL: none; the note is a smaller line below the title */
    int cell;                  /* pixels of a picture's side; 0: 160 */
    int columns;               /* 0: 8, or fewer where one row is enough */
    int caption_lines;         /* 0 to 2 */
    int count;                 /* pictures, where `groups` is NULL */
    const sheet_group *groups; /* [group_count] */
    int group_count;
} sheet_options;

typedef struct sheet sheet;

/* Strings and groups must outlive the sheet. Fails where the picture would be wider or taller than an image may be. */
DF_API sheet *sheet_open(const char *path, const sheet_options *options, df_error *err) DF_CHECKED;

/* The next cell to draw on, in the sheet's ground colour; until the next sheet_put or sheet_add. */
DF_API image *sheet_cell(sheet *sheet);

/* Takes the cell over; captions may be NULL and are cut where they are too long. */
DF_API bool sheet_put(sheet *sheet, const char *caption, const char *detail, df_error *err) DF_CHECKED;

/* A picture of any type fitted into the cell. */
DF_API bool sheet_add(sheet *sheet, const image *picture, const char *caption, const char *detail, df_arena *scratch,
                      df_error *err) DF_CHECKED;

/* After exactly as many cells as were announced; frees the sheet, also on failure. */
DF_API bool sheet_close(sheet *sheet, df_error *err) DF_CHECKED;
DF_API void sheet_abandon(sheet *sheet); /* no file; NULL is legal */

#endif
