/* export_sample.c: one image of an export. Files are read and decoded when first asked for, and stay until the next image. */
#include "exchange/export_sample.h"

#include <string.h>

#include "dataset/journal.h"
#include "image/image_file.h"

enum { MOST_FILE = 1 << 30 };

void export_sample_clear(export_sample *sample)
{
    df_arena_reset(sample->scratch);
    sample->file = (df_bytes){0};
    sample->pixels = (image){0};
    sample->is_left_out = false;
}

const manifest_entry *export_sample_entry(const export_sample *sample)
{
    return &sample->entry;
}

const json_t *export_sample_json(const export_sample *sample)
{
    return manifest_json(sample->reader);
}

const char *export_sample_text(const export_sample *sample, size_t *length)
{
    return manifest_text(sample->reader, length);
}

int64_t export_sample_number(const export_sample *sample)
{
    return sample->number;
}

int64_t export_sample_person(const export_sample *sample)
{
    return sample->person;
}

df_arena *export_sample_scratch(const export_sample *sample)
{
    return sample->scratch;
}

void export_sample_leave_out(export_sample *sample)
{
    sample->is_left_out = true;
}

bool export_sample_read(export_sample *sample, const char *path, df_bytes *out, df_error *err)
{
    char file[DATASET_PATH];
    return df_path_join(file, sizeof file, sample->folder, path, err) && df_file_read(file, MOST_FILE, sample->scratch, out, err);
}

bool export_sample_file(export_sample *sample, df_bytes *out, df_error *err)
{
    if (!sample->file.data && !export_sample_read(sample, sample->entry.image, &sample->file, err))
        return false;
    *out = sample->file;
    return true;
}

bool export_sample_ending(export_sample *sample, const char **out, df_error *err)
{
    df_bytes file;
    if (!export_sample_file(sample, &file, err))
        return false;
    const char *ending = image_ending(file);
    if (!ending)
        return df_fail(err, "%s: is neither PNG nor JPEG by its first bytes", sample->entry.image);
    *out = ending;
    return true;
}

static bool decode(export_sample *sample, df_error *err)
{
    df_bytes file;
    image made;
    if (!export_sample_file(sample, &file, err))
        return false;
    if (!image_decode(file, &made, sample->scratch, err))
        return df_fail_in(err, "%s", sample->entry.image);
    if (made.width != sample->entry.width || made.height != sample->entry.height)
        return df_fail(err, "%s: has %d x %d pixels, its line in the manifest says %d x %d", sample->entry.image, made.width, made.height,
                       sample->entry.width, sample->entry.height);
    sample->pixels = made;
    return true;
}

bool export_sample_pixels(export_sample *sample, image *out, df_error *err)
{
    if (!sample->pixels.data && !decode(sample, err))
        return false;
    *out = sample->pixels;
    return true;
}

/* ---- as PNG in a given form ---- */

static uint32_t big_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Whether the file is a PNG of 8 bit with those channels (0: any), neither palette nor interlaced, of that size (0: any): by its IHDR
   chunk, which comes first in every PNG. */
static bool is_png_of(df_bytes file, int channels, int size)
{
    static const unsigned char colour_types[] = {[1] = 0, [2] = 4, [3] = 2, [4] = 6}; /* by channels */
    enum { IHDR_END = 29, PALETTE = 3 };
    const char *ending = image_ending(file);
    if (!ending || strcmp(ending, ".png") != 0 || file.size < IHDR_END || memcmp(file.data + 12, "IHDR", 4) != 0)
        return false;
    const uint32_t width = big_endian(file.data + 16), height = big_endian(file.data + 20);
    const bool has_channels = channels == 0 ? file.data[25] != PALETTE : file.data[25] == colour_types[channels];
    return file.data[24] == 8 && has_channels && file.data[28] == 0 && (size == 0 || (width == (uint32_t)size && height == (uint32_t)size));
}

/* The middle square of an image; *out borrows the rows of a square one. */
static bool cut_square(const image *in, image *out, df_arena *arena, df_error *err)
{
    const int side = in->width < in->height ? in->width : in->height;
    image made = *in;
    if (in->width != in->height) {
        if (!image_new(&made, side, side, in->channels, in->type, arena, err))
            return false;
        const size_t pixel = image_bytes(&made) / ((size_t)side * (size_t)side), row = pixel * (size_t)in->width;
        const size_t left = (size_t)(in->width - side) / 2 * pixel, top = (size_t)(in->height - side) / 2;
        for (size_t y = 0; y < (size_t)side; y++)
            memcpy((char *)made.data + y * pixel * (size_t)side, (const char *)in->data + (top + y) * row + left, pixel * (size_t)side);
    }
    *out = made;
    return true;
}

static bool shape(const image *in, int channels, int size, image *out, df_arena *arena, df_error *err)
{
    image square, sized, made = *in;
    if (size > 0) {
        if (!cut_square(in, &square, arena, err) || !image_resize(&square, size, size, &sized, arena, err))
            return false;
        made = sized;
    }
    return (channels == 0 || made.channels == channels || image_to_channels(&made, channels, &made, arena, err)) &&
           (made.type == IMAGE_U8 || image_convert(&made, IMAGE_U8, &made, arena, err)) && (*out = made, true);
}

bool export_sample_png(export_sample *sample, int channels, int size, df_bytes *out, df_error *err)
{
    df_bytes file;
    image pixels, made;
    if (!export_sample_file(sample, &file, err))
        return false;
    if (is_png_of(file, channels, size)) {
        *out = file;
        return true;
    }
    if (!sample->png)
        sample->png = png_writer_new(err);
    return sample->png && export_sample_pixels(sample, &pixels, err) &&
           ((shape(&pixels, channels, size, &made, sample->scratch, err) && png_encode(sample->png, &made, out, err)) ||
            df_fail_in(err, "%s", sample->entry.image));
}

bool export_sample_image(export_sample *sample, int size, df_bytes *out, const char **ending, df_error *err)
{
    if (size == 0)
        return export_sample_ending(sample, ending, err) && export_sample_file(sample, out, err);
    *ending = ".png";
    return export_sample_png(sample, 0, size, out, err);
}
