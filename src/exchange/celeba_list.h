/* celeba_list.h: one of CelebA's lists (Liu et al., "Deep learning face attributes in the wild", ICCV 2015): a row for each image, its
   file's name first. As published: words between blanks, in some lists below a line with the number of rows and a line of the
   columns' names. As on Kaggle: CSV with a header. */
#ifndef DF_EXCHANGE_CELEBA_LIST_H
#define DF_EXCHANGE_CELEBA_LIST_H

#include "exchange/csv.h"

enum { CELEBA_COLUMNS = 64, CELEBA_NAME = 48 };

typedef struct celeba_list {
    csv_reader rows;
    int64_t announced, count; /* rows: as the first line says (-1: it does not), and read so far */
    int columns;              /* beside the file's name; 0 before the first row */
    int header_count;         /* 0: no header */
    char header[CELEBA_COLUMNS + 1][CELEBA_NAME];
} celeba_list;

/* Reads what stands above the rows. */
DF_API bool celeba_list_open(celeba_list *list, df_bytes bytes, df_arena *arena, df_error *err) DF_CHECKED;

/* The next row: list->rows.fields[0] is the file's name, columns others follow. Fails where a row's length differs, and where the list
   ends before the announced number or after it. */
DF_API bool celeba_list_next(celeba_list *list, bool *found, df_error *err) DF_CHECKED;

/* Name of column c, from 0 behind the file's name; NULL without a header. After the first row. */
DF_API const char *celeba_list_column(const celeba_list *list, int c);

#endif
