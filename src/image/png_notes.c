/* png_notes.c: the texts of a PNG file by a walk over its chunks, each of which must lie inside the file and have its check sum.
   PNG (third edition), sections 5.3 and 11.3.3. */
#include <libdeflate.h>
#include <string.h>

#include "image/png.h"

enum { SIGNATURE = 8, CHUNK_FRAME = 12, LARGEST_KEYWORD = 79, LARGEST_TEXT = 1 << 20 };

typedef struct chunk {
    const unsigned char *type, *data;
    size_t size;
} chunk;

static size_t get_u32(const unsigned char *from)
{
    return (size_t)from[0] << 24 | (size_t)from[1] << 16 | (size_t)from[2] << 8 | from[3];
}

/* The chunk at `at`, which then moves behind it. */
static bool next_chunk(df_bytes bytes, size_t *at, chunk *out, df_error *err)
{
    if (bytes.size - *at < CHUNK_FRAME)
        return df_fail(err, "PNG: the file ends at byte %zu, expected a chunk", bytes.size);
    const unsigned char *start = bytes.data + *at;
    const size_t size = get_u32(start);
    if (size > bytes.size - *at - CHUNK_FRAME)
        return df_fail(err, "PNG: byte %zu: a chunk of %zu bytes, and the file has %zu more", *at, size, bytes.size - *at - CHUNK_FRAME);
    if (libdeflate_crc32(0, start + 4, size + 4) != get_u32(start + 8 + size))
        return df_fail(err, "PNG: byte %zu: a chunk whose check sum is wrong", *at);
    *out = (chunk){.type = start + 4, .data = start + 8, .size = size};
    *at += CHUNK_FRAME + size;
    return true;
}

static bool is_type(const chunk *c, const char type[4])
{
    return memcmp(c->type, type, 4) == 0;
}

/* Where the text begins: behind the keyword's zero byte, in iTXt also behind flags, language and translated keyword. NULL: none
   that could be read plainly. */
static const unsigned char *find_text(const chunk *c, size_t keyword)
{
    const unsigned char *end = c->data + c->size, *at = c->data + keyword + 1;
    if (is_type(c, "tEXt"))
        return at;
    if (end - at < 2 || at[0] != 0)
        return NULL;
    at += 2;
    for (int names = 0; at && names < 2; names++) {
        at = at < end ? memchr(at, '\0', (size_t)(end - at)) : NULL;
        at = at ? at + 1 : NULL;
    }
    return at;
}

/* *is_text false: a chunk of another kind. */
static bool read_text(const chunk *c, png_note *out, bool *is_text, df_arena *arena, df_error *err)
{
    *is_text = false;
    if (!is_type(c, "iTXt") && !is_type(c, "tEXt"))
        return true;
    const unsigned char *zero = c->size > 0 ? memchr(c->data, '\0', c->size) : NULL;
    const size_t keyword = zero ? (size_t)(zero - c->data) : 0;
    if (keyword == 0 || keyword > LARGEST_KEYWORD)
        return df_fail(err, "PNG: a text without a keyword of 1 to %d bytes", LARGEST_KEYWORD);
    const unsigned char *text = find_text(c, keyword);
    if (!text)
        return true;
    const size_t length = (size_t)(c->data + c->size - text);
    if (length > LARGEST_TEXT)
        return df_fail(err, "PNG: a text of %zu bytes, expected at most %d", length, LARGEST_TEXT);
    char *copy = df_alloc(arena, length + 1, 1, err), *name = copy ? df_copy_string(arena, (const char *)c->data, err) : NULL;
    if (!name)
        return false;
    memcpy(copy, text, length);
    *out = (png_note){.keyword = name, .text = copy};
    *is_text = true;
    return true;
}

bool png_read_notes(df_bytes bytes, png_note *texts, size_t room, size_t *count, df_arena *arena, df_error *err)
{
    static const unsigned char signature[SIGNATURE] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    size_t at = SIGNATURE, found = 0;
    chunk c = {0};
    if (bytes.size < SIGNATURE || memcmp(bytes.data, signature, SIGNATURE) != 0)
        return df_fail(err, "PNG: the file does not begin as one");
    do {
        png_note text;
        bool is_text;
        if (!next_chunk(bytes, &at, &c, err) || !read_text(&c, &text, &is_text, arena, err))
            return false;
        if (is_text && found == room)
            return df_fail(err, "PNG: more than %zu texts", room);
        if (is_text)
            texts[found++] = text;
    } while (!is_type(&c, "IEND"));
    *count = found;
    return true;
}
