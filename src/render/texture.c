/* texture.c: finding, loading and mixing texels. Neighbours are mixed in encoded values: within a level they hardly differ, and a
   point then needs one decoding a channel instead of four. Only the loads are scalar. */
#include "render/texture.h"

#include <string.h>

#include "base/clones.h"
#include "render/integers.h"

/* The place in a row of `size` texels, half a texel back, so that its whole part is the texel to the left. `limit` keeps what no
   texture has within integers, NaN too. */
static inline float place_of(float at, float limit, int32_t size)
{
    const float low = at > -limit ? at : -limit, kept = low < limit ? low : limit;
    return (kept - (float)int_floor(kept)) * (float)size - 0.5f;
}

/* The level from the exponent of the area ratio: its logarithm, halved and rounded. */
static inline int32_t level_of(float stretch, int32_t levels)
{
    uint32_t bits;
    memcpy(&bits, &stretch, sizeof bits);
    return int_clamp(((int32_t)(bits >> 23 & 0xFF) - 126) >> 1, 0, levels - 1);
}

static inline float clamp_share(float share, float high)
{
    const float above = share > 0 ? share : 0;
    return above < high ? above : high;
}

enum { PAIR_BYTES = 8 };

/* Left and right texel are always neighbours: at a border the pair is moved inside and one of the two gets all. */
DF_CLONES static void find(int32_t full_width, int32_t full_height, int32_t levels, int32_t channels, float limit,
                           texture_batch *restrict b)
{
    const int count = b->count;
    for (int i = 0; i < count; i++) {
        const int32_t level = level_of(b->stretch[i], levels);
        const int32_t width = int_clamp(full_width >> level, 1, full_width), height = int_clamp(full_height >> level, 1, full_height);
        const float x = place_of(b->u[i], limit, width), y = place_of(1 - b->v[i], limit, height);
        const int32_t pairs = int_clamp(width - 1, 0, 1), rows = int_clamp(height - 1, 0, 1); /* 0: one texel only */
        const int32_t left = int_clamp(int_floor(x), 0, width - 1 - pairs), upper = int_clamp(int_floor(y), 0, height - 1 - rows);
        const float right = clamp_share(x - (float)left, (float)pairs), down = clamp_share(y - (float)upper, (float)rows);
        const int32_t first = (upper * width + left) * channels, second = first + rows * width * channels;
        b->level[i] = level;
        b->at[0][i] = first;
        b->at[1][i] = second;
        b->room[i] = width * height * channels - (second + PAIR_BYTES);
        b->share[0][i] = (1 - right) * (1 - down);
        b->share[1][i] = right * (1 - down);
        b->share[2][i] = (1 - right) * down;
        b->share[3][i] = right * down;
    }
}

/* Up to four bytes near the end of a level, which has `left` bytes more; as a load of four would give them. */
static uint32_t last_bytes(const uint8_t *from, int32_t left)
{
    uint32_t bytes = 0;
    memcpy(&bytes, from, left < 4 ? (size_t)left : 4);
    return bytes;
}
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "texels are loaded as numbers whose lowest byte is the first channel");

static void load_last(const uint8_t *level, int i, texture_batch *b)
{
    const int32_t end = b->room[i] + b->at[1][i] + PAIR_BYTES;
    for (int row = 0; row < 2; row++)
        for (int half = 0; half < 2; half++) {
            const int32_t at = b->at[row][i] + 4 * half;
            b->pair[row][2 * i + half] = at < end ? last_bytes(level + at, end - at) : 0;
        }
}

static void load(const face_texture *texture, texture_batch *restrict b)
{
    for (int i = 0; i < b->count; i++) {
        const uint8_t *restrict level = texture->level[b->level[i]];
        if (b->room[i] < 0) {
            load_last(level, i, b);
            continue;
        }
        for (int row = 0; row < 2; row++)
            memcpy(&b->pair[row][2 * i], level + b->at[row][i], PAIR_BYTES);
    }
}

void texture_find(const face_texture *texture, texture_batch *batch)
{
    static const float FARTHEST_UV = 1048576.0f;
    find(texture->width, texture->height, texture->levels, texture->channels, FARTHEST_UV, batch);
    load(texture, batch);
}

/* The bytes of the four texels about a point, the first channel lowest. */
typedef struct four_texels {
    uint32_t at[4];
} four_texels;

static inline four_texels texels_of(const texture_batch *restrict b, int i, int channels)
{
    const uint32_t upper = b->pair[0][2 * i], upper_next = b->pair[0][2 * i + 1], lower = b->pair[1][2 * i],
                   lower_next = b->pair[1][2 * i + 1];
    if (channels == 4)
        return (four_texels){{upper, upper_next, lower, lower_next}};
    const int bits = 8 * channels; /* 16 or 24 */
    return (four_texels){{upper, upper >> bits | upper_next << (32 - bits), lower, lower >> bits | lower_next << (32 - bits)}};
}

/* The byte at `shift`, mixed, 0 to 1. */
static inline float mix(const texture_batch *restrict b, int i, four_texels texels, int shift)
{
    float sum = b->share[0][i] * (float)(int32_t)(texels.at[0] >> shift & 0xFFu);
    for (int k = 1; k < 4; k++)
        sum += b->share[k][i] * (float)(int32_t)(texels.at[k] >> shift & 0xFFu);
    return sum * (1 / 255.0f);
}

/* sRGB's curve undone by a polynomial, 1e-5 off at most. */
static inline float decode_srgb(float encoded)
{
    float curve = -0.0471605817f;
    curve = curve * encoded + 0.203136596f;
    curve = curve * encoded - 0.40627095f;
    curve = curve * encoded + 0.700870755f;
    curve = curve * encoded + 0.51585769f;
    curve = curve * encoded + 0.0326325297f;
    curve = curve * encoded + 0.000931145439f;
    return encoded <= 0.04045f ? encoded * (1 / 12.92f) : curve;
}

DF_CLONES static void mix_grey(const texture_batch *restrict b, float *restrict grey)
{
    const int count = b->count;
    for (int i = 0; i < count; i++)
        grey[i] = decode_srgb(mix(b, i, texels_of(b, i, 2), 0));
}

static inline void mix_colour(const texture_batch *restrict b, int channels, float *restrict red, float *restrict green,
                              float *restrict blue)
{
    const int count = b->count;
    for (int i = 0; i < count; i++) {
        const four_texels texels = texels_of(b, i, channels);
        red[i] = decode_srgb(mix(b, i, texels, 0));
        green[i] = decode_srgb(mix(b, i, texels, 8));
        blue[i] = decode_srgb(mix(b, i, texels, 16));
    }
}

DF_CLONES static void mix_three(const texture_batch *restrict b, float *restrict red, float *restrict green, float *restrict blue)
{
    mix_colour(b, 3, red, green, blue);
}

DF_CLONES static void mix_four(const texture_batch *restrict b, float *restrict red, float *restrict green, float *restrict blue)
{
    mix_colour(b, 4, red, green, blue);
}

DF_CLONES static void mix_alpha_of_two(const texture_batch *restrict b, float *restrict alpha)
{
    const int count = b->count;
    for (int i = 0; i < count; i++)
        alpha[i] = mix(b, i, texels_of(b, i, 2), 8);
}

DF_CLONES static void mix_alpha_of_four(const texture_batch *restrict b, float *restrict alpha)
{
    const int count = b->count;
    for (int i = 0; i < count; i++)
        alpha[i] = mix(b, i, texels_of(b, i, 4), 24);
}

void texture_colours(const face_texture *texture, const texture_batch *batch, float colours[3][TEXTURE_BATCH])
{
    if (texture->channels == 2)
        mix_grey(batch, colours[0]);
    else if (texture->channels == 3)
        mix_three(batch, colours[0], colours[1], colours[2]);
    else
        mix_four(batch, colours[0], colours[1], colours[2]);
}

void texture_alpha(const face_texture *texture, const texture_batch *batch, float *alpha)
{
    if (texture->channels == 2)
        mix_alpha_of_two(batch, alpha);
    else if (texture->channels == 4)
        mix_alpha_of_four(batch, alpha);
    else
        for (int i = 0; i < batch->count; i++)
            alpha[i] = 1;
}
