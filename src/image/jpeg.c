/* jpeg.c: JPEG files through libjpeg-turbo, turned as their EXIF data say. Damaged or cut files are refused rather than shown
   half grey. */
#include <string.h>
#include <turbojpeg.h>

#include "image/exif.h"
#include "image/expansion.h"
#include "image/image_file.h"

/* CMYK files are Adobe's, with inverted values: 255 is no ink. in: [pixels][4], out: [pixels][3] */
static void cmyk_to_rgb(const unsigned char *in, unsigned char *out, size_t pixels)
{
    for (size_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < 3; c++)
            out[3 * i + c] = (unsigned char)((in[4 * i + c] * in[4 * i + 3] + 127) / 255);
}

static bool decode_plain(tjhandle jpeg, df_bytes bytes, int format, image *img, df_arena *arena, df_error *err)
{
    const int flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS | TJFLAG_ACCURATEDCT;
    image raw = *img;
    const df_arena_mark mark = df_arena_save(arena);
    if (format == TJPF_CMYK && !image_new(&raw, img->width, img->height, 4, IMAGE_U8, arena, err))
        return false;
    if (tjDecompress2(jpeg, bytes.data, bytes.size, raw.data, raw.width, 0, raw.height, format, flags) != 0)
        return df_fail(err, "JPEG: %s", tjGetErrorStr2(jpeg));
    if (format == TJPF_CMYK)
        cmyk_to_rgb(raw.data, img->data, (size_t)img->width * (size_t)img->height);
    df_arena_restore(arena, mark);
    return true;
}

/* An eighth, a quarter or a half of the size where the shorter side stays `least` long: 1 / what is returned. */
static int reduction_to(int least, int width, int height)
{
    const int shorter = width < height ? width : height;
    int by = 8;
    while (by > 1 && (shorter + by - 1) / by < least)
        by /= 2;
    return by;
}

/* least 0: as large as it is. full: NULL or the size before the reduction, upright. */
static bool decode(tjhandle jpeg, df_bytes bytes, int least, image *out, int full[2], df_arena *arena, df_error *err)
{
    int width, height, sampling, space;
    if (tjDecompressHeader3(jpeg, bytes.data, bytes.size, &width, &height, &sampling, &space) != 0)
        return df_fail(err, "JPEG: %s", tjGetErrorStr2(jpeg));
    if (width < 1 || height < 1 || !could_expand_to(bytes.size, (uint64_t)width, (uint64_t)height))
        return df_fail(err, "JPEG: %d x %d pixels in a file of %zu bytes, which cannot hold them", width, height, bytes.size);
    const bool grey = space == TJCS_GRAY, inks = space == TJCS_CMYK || space == TJCS_YCCK;
    const int by = least > 0 ? reduction_to(least, width, height) : 1, turn = exif_orientation(bytes);
    image img;
    if (!image_new(&img, (width + by - 1) / by, (height + by - 1) / by, grey ? 1 : 3, IMAGE_U8, arena, err))
        return df_fail_in(err, "JPEG");
    const int format = grey ? TJPF_GRAY : inks ? TJPF_CMYK : TJPF_RGB;
    if (!decode_plain(jpeg, bytes, format, &img, arena, err) || !exif_turn(&img, turn, out, arena, err))
        return false;
    if (full) {
        full[0] = turn > 4 ? height : width; /* 5 to 8 lie on their side */
        full[1] = turn > 4 ? width : height;
    }
    return true;
}

static bool decode_with_library(df_bytes bytes, int least, image *out, int full[2], df_arena *arena, df_error *err)
{
    tjhandle jpeg = tjInitDecompress();
    if (!jpeg)
        return df_fail(err, "JPEG: out of memory");
    const bool ok = decode(jpeg, bytes, least, out, full, arena, err);
    tjDestroy(jpeg);
    return ok;
}

bool jpeg_decode(df_bytes bytes, image *out, df_arena *arena, df_error *err)
{
    return decode_with_library(bytes, 0, out, NULL, arena, err);
}

bool jpeg_decode_reduced(df_bytes bytes, int least, image *out, int full[2], df_arena *arena, df_error *err)
{
    return decode_with_library(bytes, least, out, full, arena, err);
}
