/* page.h: one HTML page that opens from disk: no script, no file but pictures that lie beside it. Reads on narrow and wide
   screens, light and dark, and on paper. All text is escaped; the page is well-formed XML too, which tests rely on. The same calls
   give the same bytes.

       page p = {0};
       page_begin(&p, "Faces", "24 identities, 480 images");
       page_section(&p, "Poses");
       page_chart(&p, svg.data, "Yaw of all images");
       page_save(&p, "report/index.html", &err);
       page_free(&p);                                        */
#ifndef DF_PLOT_PAGE_H
#define DF_PLOT_PAGE_H

#include "base/file.h"
#include "base/text.h"

enum { PAGE_MAX_COLUMNS = 32 };

typedef struct page {
    df_text head, contents, body; /* title; links to sections; the sections */
    int sections;
    bool is_section_open, is_grid_open;
} page;

DF_API void page_begin(page *page, const char *title, const char *subtitle); /* subtitle may be NULL */
DF_API void page_section(page *page, const char *title);                     /* has a link at the top of the page */
DF_API void page_heading(page *page, const char *title);                     /* inside a section */
DF_API void page_paragraph(page *page, const char *text);
DF_API void page_note(page *page, const char *text);                        /* set apart: licences, stand-ins, what is missing */
DF_API void page_commands(page *page, const char *const *lines, int count); /* as one types them */

typedef struct page_number {
    const char *value, *label;
} page_number;

/* Large numbers with what they are below, as many in a row as fit; caption may be NULL. */
DF_API void page_numbers(page *page, const page_number *numbers, int count, const char *caption);

/* Pictures and charts side by side as the width allows, until the next thing of another kind. */
DF_API void page_grid(page *page);

/* A picture by its path from the page's folder, linked to itself at full size; caption may be NULL. width, height: its pixels, 0 if
   not known. */
DF_API void page_picture(page *page, const char *path, const char *alt, const char *caption, int width, int height);

/* The same with the file's bytes in the page; type: "image/png". */
DF_API void page_embedded_picture(page *page, df_bytes file, const char *type, const char *alt, const char *caption);

/* An <svg> element, as chart.h makes them, put in as it is. */
DF_API void page_chart(page *page, const char *svg, const char *caption);

typedef enum page_align { PAGE_LEFT, PAGE_RIGHT } page_align;

typedef struct page_table {
    const char *caption;        /* or NULL */
    const char *const *headers; /* [columns] */
    const page_align *align;    /* [columns] */
    int columns;                /* 1 .. PAGE_MAX_COLUMNS */
} page_table;

/* A table, row by row: begin, any number of rows, end. */
DF_API void page_table_begin(page *page, const page_table *table);
DF_API void page_table_row(page *page, const page_table *table, const char *const *cells); /* [columns], NULL: empty */
DF_API void page_table_end(page *page);

/* Ends the page and writes it. */
DF_API bool page_save(page *page, const char *path, df_error *err) DF_CHECKED;
DF_API void page_free(page *page);

#endif
