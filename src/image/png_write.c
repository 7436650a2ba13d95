/* png_write.c: PNG files by hand around libdeflate. Every row is filtered by Up (the difference to the row above), which for
   rendered faces costs a few per cent of size against libpng's search among five filters and nearly no time; the rest is
   one fast deflate. PNG (third edition), sections 5 and 9. */
#include <assert.h>
#include <libdeflate.h>
#include <string.h>

#include "image/png.h"

enum {
    LEVEL = 1,
    FILTER_UP = 2,
    CHUNK_FRAME = 12, /* length, type, check sum */
    HEADER = 13,      /* bytes in IHDR */
    TEXT_FRAME = 5,   /* zero bytes and flags of iTXt between keyword and text */
    LARGEST_KEYWORD = 79,
    LARGEST_CHUNK = INT32_MAX, /* bytes, by the standard */
};

static const unsigned char signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

struct png_writer {
    df_arena *arena; /* holds the writer, and above the mark what the current image needs */
    df_arena_mark mark;
    struct libdeflate_compressor *compressor;
};

png_writer *png_writer_new(df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX / 2, err);
    png_writer *writer = arena ? df_alloc(arena, 1, sizeof *writer, err) : NULL;
    if (!writer) {
        df_arena_free(arena);
        return NULL;
    }
    writer->arena = arena;
    writer->mark = df_arena_save(arena);
    writer->compressor = libdeflate_alloc_compressor(LEVEL);
    if (!writer->compressor) {
        png_writer_free(writer);
        df_fail(err, "out of memory");
        return NULL;
    }
    return writer;
}

void png_writer_free(png_writer *writer)
{
    if (!writer)
        return;
    libdeflate_free_compressor(writer->compressor);
    df_arena_free(writer->arena);
}

static unsigned char *put_u32(unsigned char *to, size_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (24 - 8 * i));
    return to + 4;
}

/* Frames a chunk whose `size` bytes already stand at to + 8; returns where the next one starts. */
static unsigned char *close_chunk(unsigned char *to, const char type[4], size_t size)
{
    memcpy(put_u32(to, size), type, 4);
    return put_u32(to + 8 + size, libdeflate_crc32(0, to + 4, size + 4));
}

static unsigned char *put_header(unsigned char *to, const image *img)
{
    static const unsigned char colour_types[] = {[1] = 0, [2] = 4, [3] = 2, [4] = 6};
    memcpy(to, signature, sizeof signature);
    to += sizeof signature;
    unsigned char *data = put_u32(put_u32(to + 8, (size_t)img->width), (size_t)img->height);
    data[0] = img->type == IMAGE_U16 ? 16 : 8;
    data[1] = colour_types[img->channels];
    data[2] = data[3] = data[4] = 0; /* deflate, the five filters, not interlaced */
    return close_chunk(to, "IHDR", HEADER);
}

/* The row as the file stores it: bytes as they are, 16 bit high byte first. */
static const unsigned char *stored_row(const image *img, int y, size_t row_bytes, unsigned char *swapped)
{
    const unsigned char *row = (const unsigned char *)img->data + (size_t)y * row_bytes;
    if (img->type == IMAGE_U8)
        return row;
    for (size_t i = 0; i < row_bytes; i += sizeof(uint16_t)) {
        uint16_t value;
        memcpy(&value, row + i, sizeof value);
        swapped[i] = (unsigned char)(value >> 8);
        swapped[i + 1] = (unsigned char)value;
    }
    return swapped;
}

/* out: [height][1 + row_bytes], each row its filter and the differences. two_rows: [2][row_bytes] of scratch, zeroed. */
static void filter(const image *img, size_t row_bytes, unsigned char *two_rows, unsigned char *out)
{
    const unsigned char *above = two_rows + row_bytes; /* above the first row all is zero */
    for (int y = 0; y < img->height; y++) {
        const unsigned char *row = stored_row(img, y, row_bytes, two_rows + (y & 1 ? row_bytes : 0));
        *out++ = FILTER_UP;
        for (size_t i = 0; i < row_bytes; i++)
            out[i] = (unsigned char)(row[i] - above[i]);
        out += row_bytes;
        above = row;
    }
}

static size_t bytes_of_texts(const png_note *texts, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += CHUNK_FRAME + strlen(texts[i].keyword) + TEXT_FRAME + strlen(texts[i].text);
    return bytes;
}

/* Section 11.3.3.4: keyword, zero, not compressed, method 0, no language, no translated keyword, text. */
static unsigned char *put_text(unsigned char *to, const png_note *text)
{
    const size_t keyword = strlen(text->keyword), length = strlen(text->text);
    assert(keyword > 0 && keyword <= LARGEST_KEYWORD && length < LARGEST_CHUNK - LARGEST_KEYWORD - TEXT_FRAME);
    memcpy(to + 8, text->keyword, keyword);
    memset(to + 8 + keyword, 0, TEXT_FRAME);
    memcpy(to + 8 + keyword + TEXT_FRAME, text->text, length);
    return close_chunk(to, "iTXt", keyword + TEXT_FRAME + length);
}

bool png_encode_with(png_writer *writer, const image *img, const png_note *texts, size_t count, df_bytes *out, df_error *err)
{
    assert(img->type != IMAGE_FLOAT);
    df_arena_restore(writer->arena, writer->mark);
    const size_t height = (size_t)img->height, row_bytes = image_bytes(img) / height, raw = height * (row_bytes + 1);
    const size_t bound = libdeflate_zlib_compress_bound(writer->compressor, raw);
    unsigned char *two_rows = df_alloc(writer->arena, 2, row_bytes, err);
    unsigned char *filtered = df_alloc(writer->arena, raw, 1, err);
    unsigned char *file =
        df_alloc(writer->arena, sizeof signature + HEADER + bound + 3 * CHUNK_FRAME + bytes_of_texts(texts, count), 1, err);
    if (!two_rows || !filtered || !file)
        return false;

    filter(img, row_bytes, two_rows, filtered);
    unsigned char *data = put_header(file, img);
    for (size_t i = 0; i < count; i++)
        data = put_text(data, &texts[i]);
    const size_t size = libdeflate_zlib_compress(writer->compressor, filtered, raw, data + 8, bound);
    if (size == 0 || size > LARGEST_CHUNK)
        return df_fail(err, "%zu bytes of pixels do not compress to the %d that a PNG file's chunk may have", raw, LARGEST_CHUNK);
    unsigned char *end = close_chunk(close_chunk(data, "IDAT", size), "IEND", 0);
    *out = (df_bytes){.data = file, .size = (size_t)(end - file)};
    return true;
}

bool png_encode(png_writer *writer, const image *img, df_bytes *out, df_error *err)
{
    return png_encode_with(writer, img, NULL, 0, out, err);
}

bool png_write_file(const char *path, const image *img, df_error *err)
{
    png_writer *writer = png_writer_new(err);
    if (!writer)
        return df_fail_in(err, "%s", path);
    df_bytes bytes;
    bool ok = png_encode(writer, img, &bytes, err);
    if (!ok)
        df_fail_in(err, "%s", path);
    ok = ok && df_file_write(path, bytes.data, bytes.size, err);
    png_writer_free(writer);
    return ok;
}
