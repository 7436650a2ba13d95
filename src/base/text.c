/* text.c: text that grows, and numbers without snprintf. A fixed decimal is an integer with a point put into it: the value is
   scaled by a power of ten, rounded (half away from zero) and written from its last digit. */
#include "base/text.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 256, LONGEST_NUMBER = 32, MOST_DIGITS = 9 };

/* Room for `more` bytes and the final zero; false, and sticky, when memory ends. */
static bool reserve(df_text *text, size_t more)
{
    if (text->failed)
        return false;
    if (text->data && more < text->room - text->size)
        return true;
    size_t room = text->room ? text->room : FIRST_ROOM;
    while (room - text->size <= more && room <= SIZE_MAX / 4)
        room *= 2;
    char *data = room - text->size > more ? realloc(text->data, room) : NULL;
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->room = room;
    return true;
}

void df_text_add_bytes(df_text *text, const char *data, size_t size)
{
    if (!reserve(text, size))
        return;
    if (size)
        memcpy(text->data + text->size, data, size);
    text->size += size;
    text->data[text->size] = '\0';
}

void df_text_add(df_text *text, const char *string)
{
    df_text_add_bytes(text, string, strlen(string));
}

void df_text_addf(df_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0) {
        text->failed = true;
        return;
    }
    if (!reserve(text, (size_t)size))
        return;
    va_start(args, format);
    vsnprintf(text->data + text->size, (size_t)size + 1, format, args);
    va_end(args);
    text->size += (size_t)size;
}

/* Writes the digits of `value` before `end`, at least `least` of them; returns where they start. */
static char *digits_before(char *end, uint64_t value, int least)
{
    for (; value > 0 || least > 0; value /= 10, least--)
        *--end = (char)('0' + value % 10);
    return end;
}

void df_text_integer(df_text *text, int64_t value)
{
    char buffer[LONGEST_NUMBER], *end = buffer + sizeof buffer;
    const uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char *start = digits_before(end, magnitude, 1);
    if (value < 0)
        *--start = '-';
    df_text_add_bytes(text, start, (size_t)(end - start));
}

/* "%.9g" of a value of 1e8 or more, without the locale's point. Divisions by ten may move what is within 1e-13 of a tie. */
static void add_large(df_text *text, double value)
{
    int exponent = 8;
    double mantissa = fabs(value);
    for (; mantissa >= 999999999.5; exponent++)
        mantissa /= 10;
    uint64_t units = (uint64_t)(mantissa + 0.5);
    int places = 8;
    for (; places > 0 && units % 10 == 0; places--)
        units /= 10;
    char buffer[LONGEST_NUMBER], *end = buffer + sizeof buffer, *start = end;
    while (places-- > 0) {
        *--start = (char)('0' + units % 10);
        units /= 10;
        if (places == 0)
            *--start = '.';
    }
    start = digits_before(start, units, 1);
    df_text_add(text, value < 0 ? "-" : "");
    df_text_add_bytes(text, start, (size_t)(end - start));
    df_text_add(text, exponent < 10 ? "e+0" : "e+");
    df_text_integer(text, exponent);
}

void df_text_number(df_text *text, double value, int digits)
{
    static const uint64_t powers[MOST_DIGITS + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    assert(digits >= 0 && digits <= MOST_DIGITS);
    if (!isfinite(value)) {
        df_text_add_bytes(text, "null", 4);
        return;
    }
    const double scaled = fabs(value) * (double)powers[digits];
    if (scaled >= 0x1p63) {
        add_large(text, value);
        return;
    }
    uint64_t units = (uint64_t)scaled;
    units += scaled - (double)units >= 0.5;
    const bool negative = value < 0 && units > 0;
    char buffer[LONGEST_NUMBER], *end = buffer + sizeof buffer, *start = end;
    for (int place = 0; place < digits; place++, units /= 10)
        if (start < end || units % 10 != 0) /* zeros at the end are left out */
            *--start = (char)('0' + units % 10);
    if (start < end)
        *--start = '.';
    start = digits_before(start, units, 1);
    if (negative)
        *--start = '-';
    df_text_add_bytes(text, start, (size_t)(end - start));
}

size_t df_utf8_length(const char *string) /* Unicode 15, table 3-7 */
{
    const unsigned char *s = (const unsigned char *)string;
    if (s[0] < 0x80)
        return 1;
    const size_t length = s[0] >= 0xC2 && s[0] <= 0xDF ? 2 : (s[0] & 0xF0) == 0xE0 ? 3 : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4 : 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    const bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    const bool surrogate = s[0] == 0xED && s[1] >= 0xA0;
    const bool beyond = s[0] == 0xF4 && s[1] >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

bool df_utf8_is_valid(const char *data, size_t size)
{
    for (size_t at = 0; at < size;) {
        char padded[5] = {0}; /* a sequence must not be sought beyond the end */
        const size_t left = size - at,
                     length = left >= sizeof padded ? df_utf8_length(data + at) : df_utf8_length(memcpy(padded, data + at, left));
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

static void add_escaped(df_text *text, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    const char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    switch (c) {
    case '"':
        df_text_add_bytes(text, "\\\"", 2);
        return;
    case '\\':
        df_text_add_bytes(text, "\\\\", 2);
        return;
    case '\n':
        df_text_add_bytes(text, "\\n", 2);
        return;
    default:
        df_text_add_bytes(text, escape, sizeof escape);
    }
}

void df_text_json_string(df_text *text, const char *string)
{
    const unsigned char *s = (const unsigned char *)string;
    df_text_add_bytes(text, "\"", 1);
    while (*s) {
        const size_t length = df_utf8_length((const char *)s);
        if (length == 0)
            df_text_add_bytes(text, "\xEF\xBF\xBD", 3);
        else if (*s < ' ' || *s == '"' || *s == '\\')
            add_escaped(text, *s);
        else
            df_text_add_bytes(text, (const char *)s, length);
        s += length ? length : 1;
    }
    df_text_add_bytes(text, "\"", 1);
}

void df_text_json_floats(df_text *text, const float *values, size_t count, int digits)
{
    df_text_add_bytes(text, "[", 1);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            df_text_add_bytes(text, ",", 1);
        df_text_number(text, (double)values[i], digits);
    }
    df_text_add_bytes(text, "]", 1);
}

void df_text_clear(df_text *text)
{
    text->size = 0;
    text->failed = false;
    if (text->data)
        text->data[0] = '\0';
}

void df_text_free(df_text *text)
{
    free(text->data);
    *text = (df_text){0};
}

bool df_text_ok(const df_text *text, df_error *err)
{
    return !text->failed || df_fail(err, "out of memory for a text of %zu bytes", text->size);
}
