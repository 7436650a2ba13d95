/* png_stream.c: libpng's sequential writer on a df_writer. libpng leaves by longjmp; each of our calls sets its own target and
   turns the jump into `false`, with the writer's sentence where the writer failed. */
#include "plot/png_stream.h"

#include <assert.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "image/image.h"

enum { BITS = 8, COMPRESSION = 6 };

struct png_stream {
    png_structp png;
    png_infop info;
    df_writer *file;
    df_error err; /* why libpng jumped */
    int rows_left;
};

static void write_data(png_structp png, png_bytep data, size_t size)
{
    png_stream *stream = png_get_io_ptr(png);
    if (!df_writer_put(stream->file, data, size, &stream->err))
        png_error(png, NULL);
}

static void flush_data(png_structp png)
{
    (void)png; /* the writer's own buffer is flushed by its commit */
}

static void on_error(png_structp png, png_const_charp message)
{
    png_stream *stream = png_get_error_ptr(png);
    if (stream->err.text[0] == '\0')
        df_fail(&stream->err, "PNG: %s", message ? message : "cannot be written");
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static bool write_header(png_stream *stream, int width, int height)
{
    if (setjmp(png_jmpbuf(stream->png)))
        return false;
    png_set_write_fn(stream->png, stream, write_data, flush_data);
    png_set_compression_level(stream->png, COMPRESSION);
    png_set_filter(stream->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_UP);
    png_set_IHDR(stream->png, stream->info, (png_uint_32)width, (png_uint_32)height, BITS, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(stream->png, stream->info);
    return true;
}

png_stream *png_stream_open(const char *path, int width, int height, df_error *err)
{
    assert(width > 0 && height > 0);
    png_stream *stream = calloc(1, sizeof *stream);
    if (!stream) {
        df_fail(err, "%s: out of memory", path);
        return NULL;
    }
    stream->rows_left = height;
    stream->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, stream, on_error, on_warning);
    stream->info = stream->png ? png_create_info_struct(stream->png) : NULL;
    if (!stream->info)
        df_fail(err, "%s: out of memory", path);
    else if ((stream->file = df_writer_open(path, err)) && write_header(stream, width, height))
        return stream;
    else if (stream->file)
        df_fail(err, "%s", stream->err.text);
    png_stream_abandon(stream);
    return NULL;
}

bool png_stream_row(png_stream *stream, const uint8_t *row, df_error *err)
{
    assert(stream->rows_left > 0);
    if (setjmp(png_jmpbuf(stream->png)))
        return df_fail(err, "%s", stream->err.text);
    png_write_row(stream->png, row);
    stream->rows_left--;
    return true;
}

static bool write_end(png_stream *stream, df_error *err)
{
    if (setjmp(png_jmpbuf(stream->png)))
        return df_fail(err, "%s", stream->err.text);
    png_write_end(stream->png, stream->info);
    return true;
}

bool png_stream_close(png_stream *stream, df_error *err)
{
    assert(stream->rows_left == 0);
    bool is_done = write_end(stream, err);
    if (is_done) {
        is_done = df_writer_commit(stream->file, err);
        stream->file = NULL;
    }
    png_stream_abandon(stream);
    return is_done;
}

void png_stream_abandon(png_stream *stream)
{
    if (!stream)
        return;
    png_destroy_write_struct(&stream->png, &stream->info);
    if (stream->file)
        df_writer_abandon(stream->file);
    free(stream);
}
