/* exif.c: walks the markers before the picture to APP1 "Exif", and the first directory of the TIFF structure in it. Every
   offset comes from the file, so every read asks first whether it lies inside. */
#include "image/exif.h"

#include <string.h>

enum {
    MARKER = 0xFF,
    START_OF_SCAN = 0xDA,
    APP1 = 0xE1,
    SEGMENT_FRAME = 4,    /* 0xFF, marker, length */
    DIRECTORY_ENTRY = 12, /* bytes */
    TAG_ORIENTATION = 0x0112,
    TYPE_SHORT = 3,
    UPRIGHT = 1,
};

/* `size` bytes at `offset` as a number; 0 outside of the data. */
static uint32_t number_at(df_bytes data, size_t offset, size_t size, bool little_endian)
{
    if (offset > data.size || size > data.size - offset)
        return 0;
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | data.data[offset + (little_endian ? size - 1 - i : i)];
    return value;
}

static int orientation_of_tiff(df_bytes tiff)
{
    if (tiff.size < 8)
        return UPRIGHT;
    const bool little_endian = tiff.data[0] == 'I';
    const size_t directory = number_at(tiff, 4, 4, little_endian);
    const size_t entries = number_at(tiff, directory, 2, little_endian);
    for (size_t i = 0; i < entries; i++) {
        const size_t entry = directory + 2 + i * DIRECTORY_ENTRY;
        if (number_at(tiff, entry, 2, little_endian) != TAG_ORIENTATION || number_at(tiff, entry + 2, 2, little_endian) != TYPE_SHORT)
            continue;
        const uint32_t value = number_at(tiff, entry + 8, 2, little_endian);
        return value >= 1 && value <= 8 ? (int)value : UPRIGHT;
    }
    return UPRIGHT;
}

int exif_orientation(df_bytes jpeg)
{
    static const char exif[6] = {'E', 'x', 'i', 'f'};
    size_t place = 2; /* after the start of image */
    while (place + SEGMENT_FRAME <= jpeg.size && jpeg.data[place] == MARKER && jpeg.data[place + 1] != START_OF_SCAN) {
        const size_t length = number_at(jpeg, place + 2, 2, false);
        if (length < 2 || length > jpeg.size - place - 2)
            return UPRIGHT;
        const df_bytes segment = {.data = jpeg.data + place + SEGMENT_FRAME, .size = length - 2};
        if (jpeg.data[place + 1] == APP1 && segment.size > sizeof exif && memcmp(segment.data, exif, sizeof exif) == 0)
            return orientation_of_tiff((df_bytes){.data = segment.data + sizeof exif, .size = segment.size - sizeof exif});
        place += 2 + length;
    }
    return UPRIGHT;
}

/* Where the pixel of the upright image at (x, y) is stored; EXIF 2.32, table 6 says it by "the 0th row is ...". */
static size_t stored_place(int orientation, size_t x, size_t y, size_t width, size_t height)
{
    switch (orientation) {
    case 2:
        return y * width + (width - 1 - x);
    case 3:
        return (height - 1 - y) * width + (width - 1 - x);
    case 4:
        return (height - 1 - y) * width + x;
    case 5:
        return x * width + y;
    case 6:
        return (height - 1 - x) * width + y;
    case 7:
        return (height - 1 - x) * width + (width - 1 - y);
    case 8:
        return x * width + (width - 1 - y);
    default:
        return y * width + x;
    }
}

bool exif_turn(const image *in, int orientation, image *out, df_arena *arena, df_error *err)
{
    if (orientation == UPRIGHT) {
        *out = *in;
        return true;
    }
    const bool on_its_side = orientation >= 5;
    image made;
    if (!image_new(&made, on_its_side ? in->height : in->width, on_its_side ? in->width : in->height, in->channels, IMAGE_U8, arena, err))
        return false;
    const size_t width = (size_t)in->width, height = (size_t)in->height, channels = (size_t)in->channels;
    const unsigned char *from = in->data;
    unsigned char *to = made.data;
    for (size_t y = 0; y < (size_t)made.height; y++)
        for (size_t x = 0; x < (size_t)made.width; x++, to += channels)
            memcpy(to, from + stored_place(orientation, x, y, width, height) * channels, channels);
    *out = made;
    return true;
}
