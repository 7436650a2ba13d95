/* proxy_texture.c: reads, shrinks and normalises textures. */
#include "face/proxy_texture.h"

#include <math.h>
#include <string.h>

#include "image/colour.h"
#include "image/image_file.h"

static const float strand_mean = 0.6f; /* linear luminance; leaves room for lighter strands */
static const float most_gain = 12;     /* black textures hold noise, not strands */

static int colour_channels(proxy_colour colour)
{
    switch (colour) {
    case PROXY_RGB:
        return 3;
    case PROXY_RGBA:
        return 4;
    case PROXY_STRANDS:
        return 2;
    }
    return 0;
}

static float texel_luminance(const uint8_t *rgba)
{
    const float *linear = srgb_table();
    return luminance((const float[3]){linear[rgba[0]], linear[rgba[1]], linear[rgba[2]]});
}

static float mean_luminance(const uint8_t *rgba, size_t count)
{
    double sum = 0, weight = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (double)texel_luminance(rgba + 4 * i) * rgba[4 * i + 3];
        weight += rgba[4 * i + 3];
    }
    return weight > 0 ? (float)(sum / weight) : 0;
}

static void strands(const uint8_t *rgba, size_t count, uint8_t *out)
{
    const float mean = mean_luminance(rgba, count), gain = fminf(most_gain, strand_mean / fmaxf(mean, 1e-6f));
    for (size_t i = 0; i < count; i++) {
        const float value = strand_mean + gain * (texel_luminance(rgba + 4 * i) - mean);
        out[2 * i] = (uint8_t)(255 * linear_to_srgb(value) + 0.5f);
        out[2 * i + 1] = rgba[4 * i + 3];
    }
}

/* Any image as 8-bit RGBA of at most `side` texels a side. */
static bool to_rgba(const image *read, int side, df_arena *arena, image *out, df_error *err)
{
    image eight = *read, small;
    if (read->type != IMAGE_U8 && !image_convert(read, IMAGE_U8, &eight, arena, err))
        return false;
    small = eight;
    if ((eight.width > side || eight.height > side) && !image_resize(&eight, side, side, &small, arena, err))
        return false;
    if (!image_new(out, small.width, small.height, 4, IMAGE_U8, arena, err))
        return false;
    const uint8_t *from = small.data;
    uint8_t *to = out->data;
    const size_t count = (size_t)small.width * (size_t)small.height, channels = (size_t)small.channels;
    for (size_t i = 0; i < count; i++) {
        for (size_t c = 0; c < 3; c++)
            to[4 * i + c] = from[channels * i + (channels < 3 ? 0 : c)];
        to[4 * i + 3] = channels % 2 == 0 ? from[channels * i + channels - 1] : 255;
    }
    return true;
}

bool proxy_texture_read(const char *path, const char *name, proxy_colour colour, int side, df_arena *arena, face_texture *out,
                        df_error *err)
{
    image read, rgba;
    if (!image_read_file(path, &read, arena, err) || !to_rgba(&read, side, arena, &rgba, err))
        return false;
    const size_t count = (size_t)rgba.width * (size_t)rgba.height, channels = (size_t)colour_channels(colour);
    uint8_t *texels = df_alloc(arena, count, channels, err);
    if (!texels)
        return false;
    if (colour == PROXY_STRANDS)
        strands(rgba.data, count, texels);
    else
        for (size_t i = 0; i < count; i++)
            memcpy(texels + channels * i, (const uint8_t *)rgba.data + 4 * i, channels);
    *out = (face_texture){.width = rgba.width, .height = rgba.height, .channels = (int)channels, .levels = 1, .level = {texels}};
    memcpy(out->name, name, strnlen(name, FACE_NAME - 1));
    return true;
}
