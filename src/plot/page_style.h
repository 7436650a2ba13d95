/* page_style.h: the look of a page, inside src/plot. */
#ifndef DF_PLOT_PAGE_STYLE_H
#define DF_PLOT_PAGE_STYLE_H

extern const char page_style[];

#endif
