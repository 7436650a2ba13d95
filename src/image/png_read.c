/* png_read.c: PNG files through libpng, which is told not to believe them: sides are limited, side chunks are limited, and an
   image that its file cannot hold is refused before it gets memory. libpng reports by a jump; all that the jump passes over
   lives in one struct outside of it. */
#include <png.h>
#include <string.h>

#include "image/expansion.h"
#include "image/png.h"
#include "image/png_plain.h"

enum { SIGNATURE = 8, CHUNK_HEAD = 8, FRAME = 12, LARGEST_SIDE_CHUNK = 1 << 20, MOST_SIDE_CHUNKS = 64 };

typedef struct reading {
    png_structp png;
    png_infop info;
    df_bytes rest; /* not yet read */
    size_t file_size;
    image img;
    df_error warning; /* libpng's latest: of what is wrong with a header it only warns, and then says that something is */
    df_arena *arena;
    df_error *err;
} reading;

static void give_bytes(png_structp png, png_bytep to, size_t size)
{
    reading *state = png_get_io_ptr(png);
    if (size > state->rest.size)
        png_error(png, "the file ends early");
    memcpy(to, state->rest.data, size);
    state->rest.data += size;
    state->rest.size -= size;
}

_Noreturn static void on_error(png_structp png, png_const_charp sentence)
{
    const reading *state = png_get_error_ptr(png);
    df_fail(state->err, "PNG: %s%s%s", state->warning.text, state->warning.text[0] ? ": " : "", sentence);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp sentence)
{
    reading *state = png_get_error_ptr(png);
    df_fail(&state->warning, "%s", sentence);
}

/* Has libpng hand out 8 or 16 bit samples of 1 to 4 channels whatever the file holds. */
static int ask_for_plain_samples(reading *state)
{
    png_set_expand(state->png); /* palette to RGB, 1 to 4 bit to 8, a transparent colour to alpha */
    if (png_get_bit_depth(state->png, state->info) == 16)
        png_set_swap(state->png);
    const int passes = png_set_interlace_handling(state->png);
    png_read_update_info(state->png, state->info);
    return passes;
}

static bool make_image(reading *state)
{
    const png_uint_32 width = png_get_image_width(state->png, state->info), height = png_get_image_height(state->png, state->info);
    const int channels = png_get_channels(state->png, state->info);
    const image_type type = png_get_bit_depth(state->png, state->info) == 16 ? IMAGE_U16 : IMAGE_U8;
    if (!could_expand_to(state->file_size, width, height))
        return df_fail(state->err, "PNG: %u x %u pixels in a file of %zu bytes, which cannot hold them", width, height, state->file_size);
    if (!image_new(&state->img, (int)width, (int)height, channels, type, state->arena, state->err))
        return df_fail_in(state->err, "PNG");
    if (png_get_rowbytes(state->png, state->info) != image_bytes(&state->img) / height)
        return df_fail(state->err, "PNG: rows of an unexpected length");
    return true;
}

/* May leave by libpng's jump. */
static bool read_pixels(reading *state)
{
    png_read_info(state->png, state->info);
    state->warning.text[0] = '\0';
    const int passes = ask_for_plain_samples(state);
    if (!make_image(state))
        return false;
    const size_t row_bytes = image_bytes(&state->img) / (size_t)state->img.height;
    for (int pass = 0; pass < passes; pass++)
        for (int y = 0; y < state->img.height; y++)
            png_read_row(state->png, (png_bytep)state->img.data + (size_t)y * row_bytes, NULL);
    png_read_end(state->png, NULL);
    return true;
}

static bool read_guarded(reading *state)
{
    if (setjmp(png_jmpbuf(state->png)))
        return false;
    png_set_user_limits(state->png, IMAGE_MAX_SIDE, IMAGE_MAX_SIDE);
    png_set_chunk_malloc_max(state->png, LARGEST_SIDE_CHUNK);
    png_set_chunk_cache_max(state->png, MOST_SIDE_CHUNKS);
    png_set_read_fn(state->png, state, give_bytes);
    return read_pixels(state);
}

static bool decode_by_library(df_bytes bytes, image *out, df_arena *arena, df_error *err)
{
    reading state = {.rest = bytes, .file_size = bytes.size, .arena = arena, .err = err};
    state.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &state, on_error, on_warning);
    if (state.png)
        state.info = png_create_info_struct(state.png);
    const bool ok = state.info ? read_guarded(&state) : df_fail(err, "PNG: out of memory");
    png_destroy_read_struct(&state.png, &state.info, NULL);
    if (ok)
        *out = state.img;
    return ok;
}

/* libpng takes memory for a text by its length before it reads it, and only warns where that is above the limit it was given. */
static bool check_lengths(df_bytes bytes, df_error *err)
{
    for (size_t at = SIGNATURE; bytes.size - at >= CHUNK_HEAD;) {
        const unsigned char *chunk = bytes.data + at;
        const size_t rest = bytes.size - at;
        const size_t size = (size_t)chunk[0] << 24 | (size_t)chunk[1] << 16 | (size_t)chunk[2] << 8 | chunk[3];
        if (memcmp(chunk + 4, "IEND", 4) == 0)
            break;
        if (rest < FRAME || size > rest - FRAME)
            return df_fail(err, "PNG: the file ends early");
        at += FRAME + size;
    }
    return true;
}

bool png_decode(df_bytes bytes, image *out, df_arena *arena, df_error *err)
{
    bool is_plain;
    if (!png_decode_plain(bytes, out, &is_plain, arena, err))
        return false;
    if (is_plain)
        return true;
    const bool is_png = bytes.size >= SIGNATURE && png_sig_cmp(bytes.data, 0, SIGNATURE) == 0;
    return (!is_png || check_lengths(bytes, err)) && decode_by_library(bytes, out, arena, err);
}
