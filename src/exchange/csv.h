/* csv.h: tables as text, a row at a time: fields between commas or tabs as RFC 4180 has them (a field in quotes may hold separators,
   newlines and, doubled, quotes), or words between blanks. Lines end with LF or CR LF; empty ones are passed over, and so is a byte
   order mark. Every row has as many fields as the first. A quote inside of a field that does not begin with one is a character as any
   other. The bytes are a stranger's: a row has at most CSV_ROW bytes and CSV_COLUMNS fields. */
#ifndef DF_EXCHANGE_CSV_H
#define DF_EXCHANGE_CSV_H

#include "base/file.h"

enum { CSV_ROW = 1 << 20, CSV_COLUMNS = 1024 };

typedef struct csv_reader {
    df_bytes bytes;         /* borrowed */
    char separator;         /* ',', '\t' or ' ' (blanks) */
    size_t at;              /* of the next row */
    size_t next_line, line; /* of it, and where the current row began, from 1 */
    size_t start;           /* offset of the current row, for csv_seek */
    int count;              /* fields of the current row; 0: none yet */
    const char **fields;    /* [count] with a zero byte behind each, until the next row */
    char *row;              /* [CSV_ROW + 1] where they are */
} csv_reader;

/* separator 0: a tab if the first line has one, else a comma. Memory is the arena's. */
DF_API bool csv_open(csv_reader *csv, df_bytes bytes, char separator, df_arena *arena, df_error *err) DF_CHECKED;

/* *found false at the end. Errors name the line. */
DF_API bool csv_next(csv_reader *csv, bool *found, df_error *err) DF_CHECKED;

/* The next row is the one that had this start and line. */
DF_API void csv_seek(csv_reader *csv, size_t start, size_t line);

/* A field as a whole number: decimal digits, with a minus or not, nothing else. */
DF_API bool csv_integer(const char *field, int64_t low, int64_t high, int64_t *out);

#endif
