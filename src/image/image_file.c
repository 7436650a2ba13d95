/* image_file.c: image files by what they hold, not by what they are called. */
#include "image/image_file.h"

#include <string.h>

#include "image/png.h"

/* The formats, each by its first bytes. */
static const struct image_format {
    const char *magic, *ending;
    size_t magic_size;
    bool (*decode)(df_bytes bytes, image *out, df_arena *arena, df_error *err);
} formats[] = {
    {.magic = "\x89PNG\r\n\x1A\n", .magic_size = 8, .ending = ".png", .decode = png_decode},
    {.magic = "\xFF\xD8\xFF", .magic_size = 3, .ending = ".jpg", .decode = jpeg_decode},
};

/* NULL: none of them. */
static const struct image_format *format_of(df_bytes bytes)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(formats); i++)
        if (bytes.size >= formats[i].magic_size && memcmp(bytes.data, formats[i].magic, formats[i].magic_size) == 0)
            return &formats[i];
    return NULL;
}

const char *image_ending(df_bytes bytes)
{
    const struct image_format *format = format_of(bytes);
    return format ? format->ending : NULL;
}

bool image_decode(df_bytes bytes, image *out, df_arena *arena, df_error *err)
{
    if (bytes.size == 0)
        return df_fail(err, "is empty, expected a PNG or JPEG image");
    const struct image_format *format = format_of(bytes);
    return format ? format->decode(bytes, out, arena, err) : df_fail(err, "is neither PNG nor JPEG by its first bytes");
}

bool image_decode_reduced(df_bytes bytes, int least, image *out, int full[2], df_arena *arena, df_error *err)
{
    const struct image_format *format = format_of(bytes);
    if (format && format->decode == jpeg_decode)
        return jpeg_decode_reduced(bytes, least, out, full, arena, err);
    if (!image_decode(bytes, out, arena, err))
        return false;
    full[0] = out->width;
    full[1] = out->height;
    return true;
}

bool image_read_file(const char *path, image *out, df_arena *arena, df_error *err)
{
    df_bytes bytes;
    if (!df_file_map(path, &bytes, err))
        return false;
    const bool ok = image_decode(bytes, out, arena, err) || df_fail_in(err, "%s", path);
    df_file_unmap(&bytes);
    return ok;
}
