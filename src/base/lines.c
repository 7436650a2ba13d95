/* lines.c: a text file line by line. One buffer holds the current line and what was read past it; it grows up to the limit
   and no further, whatever the file holds. */
#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"

enum { FIRST_ROOM = 1 << 16 };

struct df_lines {
    char *path;
    int descriptor;
    char *buffer;      /* [room + 1] */
    size_t room;       /* at most limit + 2: a line, its "\r\n" */
    size_t start, end; /* what was read and not handed out */
    size_t limit, number;
    bool at_end;
};

df_lines *df_lines_open(const char *path, size_t limit, df_error *err)
{
    df_lines *lines = calloc(1, sizeof *lines);
    if (!lines) {
        df_fail(err, "%s: out of memory", path);
        return NULL;
    }
    lines->limit = limit < SIZE_MAX / 4 ? limit : SIZE_MAX / 4;
    lines->room = lines->limit + 2 < FIRST_ROOM ? lines->limit + 2 : FIRST_ROOM;
    lines->path = strdup(path);
    lines->buffer = malloc(lines->room + 1);
    lines->descriptor = -1;
    if (!lines->path || !lines->buffer)
        df_fail(err, "%s: out of memory", path);
    else
        lines->descriptor = df_descriptor_open(path, NULL, err);
    if (lines->descriptor < 0) {
        df_lines_close(lines);
        return NULL;
    }
    return lines;
}

/* Makes room behind what was read: moves it to the front, then grows. */
static bool make_room(df_lines *lines, df_error *err)
{
    if (lines->start > 0) {
        memmove(lines->buffer, lines->buffer + lines->start, lines->end - lines->start);
        lines->end -= lines->start;
        lines->start = 0;
    }
    if (lines->end < lines->room)
        return true;
    if (lines->room == lines->limit + 2)
        return df_fail(err, "%s: line %zu: longer than %zu bytes", lines->path, lines->number + 1, lines->limit);
    const size_t room = lines->room * 2 < lines->limit + 2 ? lines->room * 2 : lines->limit + 2;
    char *buffer = realloc(lines->buffer, room + 1);
    if (!buffer)
        return df_fail(err, "%s: line %zu: out of memory", lines->path, lines->number + 1);
    lines->buffer = buffer;
    lines->room = room;
    return true;
}

/* Reads on until the buffer holds a newline at `*length` bytes from its start, or the file ends there. */
static bool find_end(df_lines *lines, size_t *length, df_error *err)
{
    size_t searched = 0;
    for (;;) {
        const char *line = lines->buffer + lines->start;
        const char *newline = memchr(line + searched, '\n', lines->end - lines->start - searched);
        searched = lines->end - lines->start;
        *length = newline ? (size_t)(newline - line) : searched;
        if (newline || lines->at_end)
            return true;
        if (!make_room(lines, err))
            return false;
        size_t got;
        if (!df_descriptor_read(lines->descriptor, lines->path, lines->buffer + lines->end, lines->room - lines->end, &got, err))
            return false;
        lines->at_end = got < lines->room - lines->end;
        lines->end += got;
    }
}

bool df_lines_next(df_lines *lines, const char **line, size_t *length, df_error *err)
{
    size_t size;
    if (!find_end(lines, &size, err))
        return false;
    if (lines->at_end && size == 0 && lines->start == lines->end) {
        *line = NULL;
        *length = 0;
        return true;
    }
    char *text = lines->buffer + lines->start;
    lines->number++;
    lines->start += size < lines->end - lines->start ? size + 1 : size;
    if (size > 0 && text[size - 1] == '\r')
        size--;
    if (size > lines->limit)
        return df_fail(err, "%s: line %zu: longer than %zu bytes", lines->path, lines->number, lines->limit);
    if (memchr(text, 0, size))
        return df_fail(err, "%s: line %zu: holds a zero byte, expected text", lines->path, lines->number);
    text[size] = '\0';
    *line = text;
    *length = size;
    return true;
}

size_t df_lines_number(const df_lines *lines)
{
    return lines->number;
}

void df_lines_close(df_lines *lines)
{
    if (!lines)
        return;
    if (lines->descriptor >= 0)
        close(lines->descriptor);
    free(lines->path);
    free(lines->buffer);
    free(lines);
}
