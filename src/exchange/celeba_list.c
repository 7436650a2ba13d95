/* celeba_list.c: what the first lines are follows from what is in them: one whole number counts the rows; a line whose last word is no
   number names the columns. */
#include "exchange/celeba_list.h"

#include <limits.h>
#include <string.h>

static bool is_number(const char *word)
{
    int64_t value;
    return csv_integer(word, INT64_MIN, INT64_MAX, &value);
}

static bool keep_header(celeba_list *list, df_error *err)
{
    const csv_reader *row = &list->rows;
    if (row->count > CELEBA_COLUMNS + 1)
        return df_fail(err, "line %zu: %d columns, expected at most %d", row->line, row->count, CELEBA_COLUMNS);
    for (int i = 0; i < row->count; i++) {
        const size_t length = strlen(row->fields[i]);
        if (length >= CELEBA_NAME)
            return df_fail(err, "line %zu: a column's name of %zu bytes, expected at most %d", row->line, length, CELEBA_NAME - 1);
        memcpy(list->header[i], row->fields[i], length + 1);
    }
    list->header_count = row->count;
    return true;
}

/* The first line has a comma: CSV. */
static char separator_of(df_bytes bytes)
{
    const unsigned char *end = bytes.size ? memchr(bytes.data, '\n', bytes.size) : NULL;
    const size_t first = end ? (size_t)(end - bytes.data) : bytes.size;
    return first && memchr(bytes.data, ',', first) ? ',' : ' ';
}

bool celeba_list_open(celeba_list *list, df_bytes bytes, df_arena *arena, df_error *err)
{
    bool found;
    *list = (celeba_list){.announced = -1};
    if (!csv_open(&list->rows, bytes, separator_of(bytes), arena, err) || !csv_next(&list->rows, &found, err))
        return false;
    if (!found)
        return df_fail(err, "is empty, expected a list of images");
    csv_reader *row = &list->rows;
    if (row->count == 1 && csv_integer(row->fields[0], 0, INT64_MAX, &list->announced)) {
        row->count = 0; /* the lines below are longer */
        if (!csv_next(row, &found, err))
            return false;
        if (!found)
            return list->announced == 0 || df_fail(err, "ends after its first line");
    }
    if (is_number(row->fields[row->count - 1]))
        csv_seek(row, row->start, row->line); /* a row already */
    else if (!keep_header(list, err))
        return false;
    row->count = 0;
    return true;
}

/* A header may name the file's column too. */
static bool check_first(celeba_list *list, df_error *err)
{
    const int fields = list->rows.count;
    if (fields < 2 || fields > CELEBA_COLUMNS + 1)
        return df_fail(err, "line %zu: %d words, expected a file's name and 1 to %d others", list->rows.line, fields, CELEBA_COLUMNS);
    list->columns = fields - 1;
    if (list->header_count > 0 && list->header_count != fields && list->header_count != list->columns)
        return df_fail(err, "line %zu: %d columns, but its header names %d", list->rows.line, list->columns, list->header_count);
    return true;
}

bool celeba_list_next(celeba_list *list, bool *found, df_error *err)
{
    if (!csv_next(&list->rows, found, err) || (*found && list->columns == 0 && !check_first(list, err)))
        return false;
    list->count += *found;
    if (list->announced < 0 || (*found ? list->count <= list->announced : list->count == list->announced))
        return true;
    return df_fail(err, "%s rows than the %lld that its first line announces", *found ? "more" : "fewer", (long long)list->announced);
}

const char *celeba_list_column(const celeba_list *list, int c)
{
    return list->header_count > 0 ? list->header[c + (list->header_count > list->columns)] : NULL;
}
