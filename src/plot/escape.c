/* escape.c: three encodings, each a pass over the bytes. */
#include "plot/escape.h"

#include <string.h>

static const char REPLACEMENT[] = "\xEF\xBF\xBD";

/* What stands for a character of one byte; NULL: itself. */
static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return (unsigned char)c < ' ' && c != '\n' && c != '\t' ? REPLACEMENT : NULL;
    }
}

/* U+FFFE and U+FFFF are characters, but not XML's. */
static bool is_forbidden(const char *text)
{
    return memcmp(text, "\xEF\xBF", 2) == 0 && (unsigned char)text[2] >= 0xBE;
}

void escape_xml(df_text *out, const char *text)
{
    while (*text) {
        const size_t length = df_utf8_length(text);
        const char *instead = length == 1 ? entity(*text) : length == 0 || (length == 3 && is_forbidden(text)) ? REPLACEMENT : NULL;
        if (instead)
            df_text_add(out, instead);
        else
            df_text_add_bytes(out, text, length);
        text += length ? length : 1;
    }
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("/._-~", c));
}

void escape_url_path(df_text *out, const char *path)
{
    static const char hex[] = "0123456789ABCDEF";
    if (path[0] == '/' && path[1] == '/')
        df_text_add(out, "/.");
    for (; *path; path++) {
        const unsigned char c = (unsigned char)*path;
        const char coded[3] = {'%', hex[c >> 4], hex[c & 15]};
        if (is_plain(*path))
            df_text_add_bytes(out, path, 1);
        else
            df_text_add_bytes(out, coded, sizeof coded);
    }
}

void escape_base64(df_text *out, const void *data, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i += 3) {
        const unsigned a = bytes[i], b = i + 1 < size ? bytes[i + 1] : 0, c = i + 2 < size ? bytes[i + 2] : 0;
        const unsigned word = a << 16 | b << 8 | c;
        const char four[4] = {digits[word >> 18], digits[word >> 12 & 63], i + 1 < size ? digits[word >> 6 & 63] : '=',
                              i + 2 < size ? digits[word & 63] : '='};
        df_text_add_bytes(out, four, sizeof four);
    }
}
