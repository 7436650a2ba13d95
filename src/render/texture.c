/* texture.c: a texel of a texture with its smaller copies. Neighbours are mixed in encoded values: within a level they hardly
   differ, and a point then needs one decoding a channel instead of four. */
#include <math.h>

#include "render/shade.h"

/* log2 of an area ratio, halved and rounded: the level, from the exponent alone. */
static int level_of(const face_texture *texture, float texels_per_pixel)
{
    uint32_t bits;
    memcpy(&bits, &texels_per_pixel, sizeof bits);
    const int exponent = (int)(bits >> 23 & 0xFF) - 127, level = (exponent + 1) >> 1;
    return level < 0 ? 0 : level >= texture->levels ? texture->levels - 1 : level;
}

/* Texels left and right of `at` (0 to 1) on a side of `size`, and the share of the right one. Outside, the picture repeats. */
static float straddle(float at, int size, int *low, int *high)
{
    const float inside = at - floorf(at), place = inside * (float)size - 0.5f, base = floorf(place);
    int first = (int)base;
    *high = first + 1 < size ? first + 1 : size - 1;
    *low = first < 0 ? 0 : first < size ? first : size - 1;
    return place - base;
}

void texture_sample(const face_texture *texture, float u, float v, float texels_per_pixel, float out[4])
{
    const int level = level_of(texture, texels_per_pixel);
    const int width = texture->width >> level > 0 ? texture->width >> level : 1, height = texture->height >> level > 0 ? texture->height >> level : 1;
    const int channels = texture->channels;
    int x0, x1, y0, y1;
    const float right = straddle(u, width, &x0, &x1), down = straddle(1 - v, height, &y0, &y1);
    const uint8_t *upper = texture->level[level] + (size_t)y0 * (size_t)(width * channels), *lower = texture->level[level] + (size_t)y1 * (size_t)(width * channels);
    const float share[4] = {(1 - right) * (1 - down), right * (1 - down), (1 - right) * down, right * down};
    float mixed[4] = {0, 0, 0, 255};
    for (int c = 0; c < channels; c++)
        mixed[c] = share[0] * (float)upper[x0 * channels + c] + share[1] * (float)upper[x1 * channels + c] +
                   share[2] * (float)lower[x0 * channels + c] + share[3] * (float)lower[x1 * channels + c];
    const bool is_grey = channels < 3;
    out[0] = mixed[0] * (1 / 255.0f);
    out[1] = mixed[is_grey ? 0 : 1] * (1 / 255.0f);
    out[2] = mixed[is_grey ? 0 : 2] * (1 / 255.0f);
    out[3] = (channels == 2 ? mixed[1] : mixed[3]) * (1 / 255.0f);
}
