/* csv.c: one pass over the bytes; fields are unquoted into one buffer. */
#include "exchange/csv.h"

#include <string.h>

bool csv_open(csv_reader *csv, df_bytes bytes, char separator, df_arena *arena, df_error *err)
{
    static const unsigned char mark[] = {0xEF, 0xBB, 0xBF};
    csv_reader opened = {.bytes = bytes, .separator = separator, .next_line = 1};
    opened.fields = df_alloc(arena, CSV_COLUMNS, sizeof *opened.fields, err);
    opened.row = opened.fields ? df_alloc(arena, (size_t)CSV_ROW + 1, 1, err) : NULL;
    if (!opened.row)
        return false;
    if (bytes.size >= sizeof mark && memcmp(bytes.data, mark, sizeof mark) == 0)
        opened.at = sizeof mark;
    if (separator == 0) {
        const unsigned char *end = bytes.size ? memchr(bytes.data, '\n', bytes.size) : NULL;
        const size_t first = end ? (size_t)(end - bytes.data) : bytes.size;
        opened.separator = first && memchr(bytes.data, '\t', first) ? '\t' : ',';
    }
    *csv = opened;
    return true;
}

void csv_seek(csv_reader *csv, size_t start, size_t line)
{
    csv->at = start;
    csv->next_line = line;
}

/* The byte at the place, -1 at the end. CR LF counts as LF. */
static int look(csv_reader *csv)
{
    const df_bytes b = csv->bytes;
    if (csv->at < b.size && b.data[csv->at] == '\r' && (csv->at + 1 == b.size || b.data[csv->at + 1] == '\n'))
        csv->at++;
    return csv->at < b.size ? b.data[csv->at] : csv->at == b.size ? -1 : 0;
}

/* Fills csv->row; `used` bytes of it are. */
static bool put(csv_reader *csv, size_t *used, int byte, df_error *err)
{
    if (*used == CSV_ROW)
        return df_fail(err, "line %zu: a row of more than %d bytes (a quote that nobody closes?)", csv->line, CSV_ROW);
    csv->row[(*used)++] = (char)byte;
    return true;
}

/* What stands between quotes; the place is behind the first one. */
static bool read_quoted(csv_reader *csv, size_t *used, df_error *err)
{
    for (;;) {
        if (csv->at >= csv->bytes.size)
            return df_fail(err, "line %zu: a quote that nobody closes", csv->line);
        const int byte = csv->bytes.data[csv->at++];
        if (byte == '"') {
            if (csv->at >= csv->bytes.size || csv->bytes.data[csv->at] != '"')
                return true;
            csv->at++;
        }
        if (byte == 0)
            return df_fail(err, "line %zu: holds a zero byte, expected text", csv->line);
        csv->next_line += byte == '\n';
        if (!put(csv, used, byte, err))
            return false;
    }
}

static bool is_end(const csv_reader *csv, int byte)
{
    return byte == -1 || byte == '\n' || byte == csv->separator || (csv->separator == ' ' && byte == '\t');
}

static bool read_field(csv_reader *csv, size_t *used, df_error *err)
{
    int byte;
    if (csv->separator != ' ' && look(csv) == '"') {
        csv->at++;
        if (!read_quoted(csv, used, err))
            return false;
        if (!is_end(csv, look(csv)))
            return df_fail(err, "line %zu: text behind a closing quote, expected a separator", csv->line);
        return put(csv, used, 0, err);
    }
    for (; !is_end(csv, byte = look(csv)); csv->at++) {
        if (byte == 0)
            return df_fail(err, "line %zu: holds a zero byte, expected text", csv->line);
        if (!put(csv, used, byte, err))
            return false;
    }
    return put(csv, used, 0, err);
}

static void skip_blanks(csv_reader *csv)
{
    while (csv->separator == ' ' && (look(csv) == ' ' || look(csv) == '\t'))
        csv->at++;
}

/* To the next line that is not empty; false at the end of the file. */
static bool find_row(csv_reader *csv)
{
    for (;;) {
        skip_blanks(csv);
        const int byte = look(csv);
        if (byte != '\n')
            return byte != -1;
        csv->at++;
        csv->next_line++;
    }
}

static bool read_fields(csv_reader *csv, int *count, df_error *err)
{
    size_t used = 0;
    for (;;) {
        if (*count == CSV_COLUMNS)
            return df_fail(err, "line %zu: more than %d fields", csv->line, CSV_COLUMNS);
        csv->fields[(*count)++] = csv->row + used;
        if (!read_field(csv, &used, err))
            return false;
        skip_blanks(csv);
        const int byte = look(csv);
        if (byte == -1)
            return true;
        if (byte == '\n') {
            csv->at++;
            csv->next_line++;
            return true;
        }
        if (csv->separator != ' ')
            csv->at++;
    }
}

bool csv_next(csv_reader *csv, bool *found, df_error *err)
{
    int count = 0;
    *found = find_row(csv);
    csv->start = csv->at;
    csv->line = csv->next_line;
    if (!*found)
        return true;
    if (!read_fields(csv, &count, err))
        return false;
    if (csv->count > 0 && count != csv->count)
        return df_fail(err, "line %zu: %d fields, expected %d", csv->line, count, csv->count);
    csv->count = count;
    return true;
}

bool csv_integer(const char *field, int64_t low, int64_t high, int64_t *out)
{
    const bool is_negative = field[0] == '-';
    const char *digits = field + is_negative;
    int64_t value = 0;
    const size_t length = strlen(digits);
    if (length == 0 || length > 18 || strspn(digits, "0123456789") != length)
        return false;
    for (; *digits; digits++)
        value = 10 * value + (*digits - '0');
    value = is_negative ? -value : value;
    if (value < low || value > high)
        return false;
    *out = value;
    return true;
}
