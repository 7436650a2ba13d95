/* scan_text.c: splitting, and numbers by the C library on a copy of the word. */
#include "face/scan_text.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 63 };

bool scan_line(scan_text *text, scan_text *line)
{
    if (text->next == text->end)
        return false;
    const char *end = memchr(text->next, '\n', (size_t)(text->end - text->next));
    const char *stop = end ? end : text->end;
    text->line++;
    *line = (scan_text){.next = text->next, .end = stop > text->next && stop[-1] == '\r' ? stop - 1 : stop, .line = text->line};
    text->next = end ? end + 1 : text->end;
    return true;
}

static bool is_gap(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool scan_next(scan_text *text, scan_word *out)
{
    const char *at = text->next;
    for (; at < text->end && is_gap(*at); at++)
        text->line += *at == '\n';
    const char *begin = at;
    while (at < text->end && !is_gap(*at))
        at++;
    text->next = at;
    *out = (scan_word){.text = begin, .size = (size_t)(at - begin)};
    return at > begin;
}

bool scan_is(scan_word word, const char *expected)
{
    return strlen(expected) == word.size && memcmp(word.text, expected, word.size) == 0;
}

static bool copy_number(scan_word word, char out[LONGEST_NUMBER + 1])
{
    if (word.size == 0 || word.size > LONGEST_NUMBER)
        return false;
    memcpy(out, word.text, word.size);
    out[word.size] = '\0';
    return strspn(out, "+-.0123456789eE") == word.size;
}

bool scan_number(scan_word word, double *out)
{
    char text[LONGEST_NUMBER + 1], *end;
    if (!copy_number(word, text))
        return false;
    const double value = strtod(text, &end);
    if (*end != '\0' || !(fabs(value) <= (double)FLT_MAX))
        return false;
    *out = value;
    return true;
}

bool scan_integer(scan_word word, int64_t *out)
{
    char text[LONGEST_NUMBER + 1], *end;
    if (!copy_number(word, text))
        return false;
    errno = 0;
    const long long value = strtoll(text, &end, 10);
    if (*end != '\0' || errno != 0)
        return false;
    *out = value;
    return true;
}
