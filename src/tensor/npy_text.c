/* npy_text.c: arrays of texts: elements of equal length, padded with zeros; kind S holds bytes, kind U code points of four bytes. */
#include <string.h>

#include "base/size.h"
#include "tensor/layout.h"
#include "tensor/npy.h"
#include "tensor/npz.h"

enum { POINT_BYTES = 4, MOST_POINT = 0x10FFFF, FIRST_SURROGATE = 0xD800, LAST_SURROGATE = 0xDFFF };

typedef struct text_form {
    bool is_unicode, is_swapped; /* swapped: big-endian code points */
    size_t length;               /* of an element, in bytes */
} text_form;

/* "<U12", "|S12". */
static bool find_form(const char *description, text_form *out, df_error *err)
{
    const char order = description[0], kind = order ? description[1] : '\0';
    const char *digits = kind ? description + 2 : "";
    const size_t count = strlen(digits);
    size_t length = 0;
    if (!order || !strchr("<>=|", order) || (kind != 'U' && kind != 'S') || count == 0 || strspn(digits, "0123456789") != count)
        return df_fail(err, "header: descr: '%s', expected texts (U or S)", description);
    for (; *digits; digits++)
        if (!df_size_mul(length, 10, &length) || !df_size_add(length, (size_t)(*digits - '0'), &length))
            return df_fail(err, "header: descr: '%s' is too long", description);
    if (!df_size_mul(length, kind == 'U' ? POINT_BYTES : 1, &length))
        return df_fail(err, "header: descr: '%s' is too long", description);
    *out = (text_form){.is_unicode = kind == 'U', .is_swapped = order == '>', .length = length};
    return true;
}

static uint32_t code_point(const unsigned char *at, bool is_swapped)
{
    const uint32_t point = (uint32_t)layout_get(at, POINT_BYTES);
    return is_swapped ? __builtin_bswap32(point) : point;
}

/* The code point as UTF-8; returns the bytes written, at most 4. */
static size_t put_utf8(uint32_t point, char *out)
{
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    const size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3F));
    out[0] = (char)(first[size > 1 ? size : 0] | point);
    return size;
}

/* One element at `from` into `out`, which has room for its bytes and a zero. */
static bool put_text(const unsigned char *from, const text_form *form, char *out, df_error *err)
{
    const size_t step = form->is_unicode ? POINT_BYTES : 1;
    size_t end = form->length, size = 0;
    while (end > 0 && from[end - 1] == 0)
        end--;
    for (size_t at = 0; at < end; at += step) {
        const uint32_t point = form->is_unicode ? code_point(from + at, form->is_swapped) : from[at];
        if (point == 0)
            return df_fail(err, "a zero within the text");
        if (form->is_unicode && (point > MOST_POINT || (point >= FIRST_SURROGATE && point <= LAST_SURROGATE)))
            return df_fail(err, "0x%X is no code point", (unsigned)point);
        if (form->is_unicode)
            size += put_utf8(point, out + size);
        else
            out[size++] = (char)point;
    }
    return true;
}

static bool parse_texts(df_bytes bytes, df_arena *arena, npy_texts *out, df_error *err)
{
    npy_header header;
    text_form form;
    size_t size, room;
    if (!npy_parse_header(bytes, &header, err) || !find_form(header.description, &form, err))
        return false;
    if (header.rank != 1)
        return df_fail(err, "%d dimensions, expected 1", header.rank);
    const size_t count = (size_t)header.shape[0], there = bytes.size - header.size;
    if (form.length == 0 || !df_size_mul(count, form.length, &size) || size != there)
        return df_fail(err, "%zu bytes of texts, expected %zu of %zu bytes", there, count, form.length);
    char *texts = df_size_add(size, count, &room) ? df_alloc(arena, room, 1, err) : NULL;
    const char **items = df_alloc(arena, count, sizeof *items, err);
    if (!texts || !items)
        return false;
    for (size_t i = 0; i < count; i++) {
        char *text = texts + i * (form.length + 1);
        if (!put_text(bytes.data + header.size + i * form.length, &form, text, err))
            return df_fail_in(err, "element %zu", i);
        items[i] = text;
    }
    *out = (npy_texts){.items = items, .count = count};
    return true;
}

bool npy_parse_texts(df_bytes bytes, const char *name, df_arena *arena, npy_texts *out, df_error *err)
{
    return parse_texts(bytes, arena, out, err) || df_fail_in(err, "array '%s'", name);
}
