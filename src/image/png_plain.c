/* png_plain.c: a walk over the chunks, one inflate by libdeflate, and the five filters undone row by row. PNG (third edition),
   sections 5, 9 and 11. */
#include "image/png_plain.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"
#include "image/expansion.h"

enum { SIGNATURE = 8, FRAME = 12, HEADER = 13, LARGEST_SIDE_CHUNK = 1 << 20, MOST_SIDE_CHUNKS = 32 };

typedef struct plain_file {
    image img;
    size_t row_bytes, pixel_bytes;
    const unsigned char *first; /* the frame of the first IDAT */
    size_t pieces, packed;      /* IDAT chunks, which stand side by side, and their bytes */
} plain_file;

static size_t get_u32(const unsigned char *from)
{
    return (size_t)from[0] << 24 | (size_t)from[1] << 16 | (size_t)from[2] << 8 | from[3];
}

static bool is_type(const unsigned char *chunk, const char type[4])
{
    return memcmp(chunk + 4, type, 4) == 0;
}

/* Chunks that say nothing about the values of pixels as they are handed out. */
static bool is_silent(const unsigned char *chunk)
{
    static const char types[][4] = {{'i', 'T', 'X', 't'}, {'t', 'E', 'X', 't'}, {'p', 'H', 'Y', 's'}, {'s', 'R', 'G', 'B'}};
    for (size_t i = 0; i < DF_ARRAY_LEN(types); i++)
        if (is_type(chunk, types[i]))
            return true;
    return false;
}

/* NULL: none that lies in the file and has its check sum. */
static const unsigned char *chunk_at(df_bytes bytes, size_t at)
{
    if (at > bytes.size || bytes.size - at < FRAME)
        return NULL;
    const unsigned char *chunk = bytes.data + at;
    const size_t size = get_u32(chunk);
    return size <= bytes.size - at - FRAME && libdeflate_crc32(0, chunk + 4, size + 4) == get_u32(chunk + 8 + size) ? chunk : NULL;
}

static bool read_header(df_bytes bytes, plain_file *file)
{
    static const int channels[] = {[0] = 1, [2] = 3, [4] = 2, [6] = 4};
    static const unsigned char signature[SIGNATURE] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    const bool is_png = bytes.size > SIGNATURE && memcmp(bytes.data, signature, SIGNATURE) == 0;
    const unsigned char *chunk = is_png ? chunk_at(bytes, SIGNATURE) : NULL;
    if (!chunk || !is_type(chunk, "IHDR") || get_u32(chunk) != HEADER)
        return false;
    const unsigned char *data = chunk + 8;
    const size_t width = get_u32(data), height = get_u32(data + 4);
    const int depth = data[8], type = data[9];
    if (width < 1 || height < 1 || width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE || !could_expand_to(bytes.size, width, height) ||
        (depth != 8 && depth != 16) || type > 6 || !channels[type] || data[10] || data[11] || data[12])
        return false;
    file->img = (image){.width = (int)width, .height = (int)height, .channels = channels[type], .type = depth == 16 ? IMAGE_U16 : IMAGE_U8};
    file->pixel_bytes = (size_t)channels[type] * (size_t)depth / 8;
    file->row_bytes = width * file->pixel_bytes;
    return true;
}

/* Silent chunks, the image's, silent chunks, the end. */
static bool read_chunks(df_bytes bytes, plain_file *file)
{
    int silent = 0;
    bool is_over = false;
    for (size_t at = SIGNATURE + FRAME + HEADER;;) {
        const unsigned char *chunk = chunk_at(bytes, at);
        if (!chunk)
            return false;
        const size_t size = get_u32(chunk);
        at += FRAME + size;
        if (is_type(chunk, "IEND"))
            return file->pieces > 0;
        if (is_type(chunk, "IDAT")) {
            if (is_over)
                return false;
            file->first = file->pieces++ ? file->first : chunk;
            file->packed += size;
            continue;
        }
        if (!is_silent(chunk) || size > LARGEST_SIDE_CHUNK || ++silent > MOST_SIDE_CHUNKS)
            return false;
        is_over = file->pieces > 0;
    }
}

/* The compressed stream in one piece. */
static const unsigned char *join(const plain_file *file, df_arena *arena, df_error *err)
{
    if (file->pieces == 1)
        return file->first + 8;
    unsigned char *joined = df_alloc(arena, file->packed, 1, err), *to = joined;
    const unsigned char *chunk = file->first;
    for (size_t i = 0; joined && i < file->pieces; i++) {
        const size_t size = get_u32(chunk);
        memcpy(to, chunk + 8, size);
        to += size;
        chunk += FRAME + size;
    }
    return joined;
}

/* ---- filters; `row` holds differences and becomes bytes, `above` the row before it, zeros for the first ---- */

DF_CLONES static void undo_up(unsigned char *restrict row, const unsigned char *restrict above, size_t count)
{
    for (size_t i = 0; i < count; i++)
        row[i] = (unsigned char)(row[i] + above[i]);
}

static void undo_sub(unsigned char *row, size_t count, size_t pixel)
{
    for (size_t i = pixel; i < count; i++)
        row[i] = (unsigned char)(row[i] + row[i - pixel]);
}

static void undo_average(unsigned char *row, const unsigned char *above, size_t count, size_t pixel)
{
    for (size_t i = 0; i < count; i++)
        row[i] = (unsigned char)(row[i] + ((i < pixel ? 0 : row[i - pixel]) + above[i]) / 2);
}

static inline unsigned char nearest(int left, int above, int corner)
{
    const int to_left = abs(above - corner), to_above = abs(left - corner), to_corner = abs(left + above - 2 * corner);
    return (unsigned char)(to_left <= to_above && to_left <= to_corner ? left : to_above <= to_corner ? above : corner);
}

static inline __attribute__((always_inline)) void undo_paeth_of(unsigned char *row, const unsigned char *above, size_t count, size_t pixel)
{
    undo_up(row, above, pixel);
    for (size_t i = pixel; i < count; i++)
        row[i] = (unsigned char)(row[i] + nearest(row[i - pixel], above[i], above[i - pixel]));
}

static void undo_paeth(unsigned char *row, const unsigned char *above, size_t count, size_t pixel)
{
    if (pixel == 3)
        undo_paeth_of(row, above, count, 3);
    else
        undo_paeth_of(row, above, count, pixel);
}

static bool undo(int filter, unsigned char *row, const unsigned char *above, const plain_file *file)
{
    switch (filter) {
    case 0:
        return true;
    case 1:
        undo_sub(row, file->row_bytes, file->pixel_bytes);
        return true;
    case 2:
        undo_up(row, above, file->row_bytes);
        return true;
    case 3:
        undo_average(row, above, file->row_bytes, file->pixel_bytes);
        return true;
    case 4:
        undo_paeth(row, above, file->row_bytes, file->pixel_bytes);
        return true;
    default:
        return false;
    }
}

/* High byte first becomes the machine's order. */
static void swap_bytes(const image *img)
{
    unsigned char *at = img->data;
    uint16_t *values = img->data;
    const size_t count = (size_t)img->width * (size_t)img->height * (size_t)img->channels;
    for (size_t i = 0; i < count; i++)
        values[i] = (uint16_t)(at[2 * i] << 8 | at[2 * i + 1]);
}

/* In place: data holds rows of 1 + row_bytes and comes to hold rows of row_bytes, each further to the front than it was. */
static bool undo_filters(const plain_file *file, const unsigned char *zeros)
{
    unsigned char *data = file->img.data, *row = data;
    const unsigned char *above = zeros, *raw = data;
    for (int y = 0; y < file->img.height; y++) {
        const int filter = raw[0];
        memmove(row, raw + 1, file->row_bytes);
        if (!undo(filter, row, above, file))
            return false;
        above = row;
        row += file->row_bytes;
        raw += 1 + file->row_bytes;
    }
    if (file->img.type == IMAGE_U16)
        swap_bytes(&file->img);
    return true;
}

static bool inflate_all(const plain_file *file, const unsigned char *packed, bool *is_whole, df_error *err)
{
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    if (!inflater)
        return df_fail(err, "PNG: out of memory");
    const size_t size = (1 + file->row_bytes) * (size_t)file->img.height;
    *is_whole = libdeflate_zlib_decompress(inflater, packed, file->packed, file->img.data, size, NULL) == LIBDEFLATE_SUCCESS;
    libdeflate_free_decompressor(inflater);
    return true;
}

static bool read_pixels(plain_file *file, bool *is_plain, df_arena *arena, df_error *err)
{
    file->img.data = df_alloc(arena, 1 + file->row_bytes, (size_t)file->img.height, err);
    if (!file->img.data)
        return df_fail_in(err, "PNG: image of %d x %d pixels", file->img.width, file->img.height);
    const df_arena_mark mark = df_arena_save(arena);
    const unsigned char *packed = join(file, arena, err), *zeros = packed ? df_alloc(arena, file->row_bytes, 1, err) : NULL;
    bool is_whole = false;
    if (!zeros || !inflate_all(file, packed, &is_whole, err))
        return false;
    *is_plain = is_whole && undo_filters(file, zeros);
    df_arena_restore(arena, mark);
    return true;
}

bool png_decode_plain(df_bytes bytes, image *out, bool *is_plain, df_arena *arena, df_error *err)
{
    plain_file file = {0};
    *is_plain = false;
    if (!read_header(bytes, &file) || !read_chunks(bytes, &file))
        return true;
    const df_arena_mark mark = df_arena_save(arena);
    if (!read_pixels(&file, is_plain, arena, err))
        return false;
    if (*is_plain)
        *out = file.img;
    else
        df_arena_restore(arena, mark);
    return true;
}
