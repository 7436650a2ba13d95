/* texture.c: finding, loading and mixing texels. Neighbours are mixed in encoded values: within a level they hardly differ, and a
   point then needs one decoding a channel instead of four. Only the loads are scalar. */
#include "render/texture.h"

#include <string.h>

#include "base/clones.h"

static inline int32_t clamp_int(int32_t v, int32_t low, int32_t high)
{
    const int32_t above = v > low ? v : low;
    return above < high ? above : high;
}

static inline int32_t floor_to_int(float v)
{
    const int32_t toward_zero = (int32_t)v;
    return toward_zero - ((float)toward_zero > v);
}

/* The place in a row of `size` texels, half a texel back, so that its whole part is the texel to the left. `limit` keeps what no
   texture has within integers, NaN too. */
static inline float place_of(float at, float limit, int32_t size)
{
    const float low = at > -limit ? at : -limit, kept = low < limit ? low : limit;
    return (kept - (float)floor_to_int(kept)) * (float)size - 0.5f;
}

/* The level from the exponent of the area ratio: its logarithm, halved and rounded. */
static inline int32_t level_of(float stretch, int32_t levels)
{
    uint32_t bits;
    memcpy(&bits, &stretch, sizeof bits);
    return clamp_int(((int32_t)(bits >> 23 & 0xFF) - 126) >> 1, 0, levels - 1);
}

static inline float clamp_share(float share, float high)
{
    const float above = share > 0 ? share : 0;
    return above < high ? above : high;
}

/* Left and right texel are always neighbours: at a border the pair is moved inside and one of the two gets all. */
DF_CLONES static void find(int32_t full_width, int32_t full_height, int32_t levels, int32_t channels, float limit, texture_batch *restrict b)
{
    const int count = b->count;
    for (int i = 0; i < count; i++) {
        const int32_t level = level_of(b->stretch[i], levels);
        const int32_t width = clamp_int(full_width >> level, 1, full_width), height = clamp_int(full_height >> level, 1, full_height);
        const float x = place_of(b->u[i], limit, width), y = place_of(1 - b->v[i], limit, height);
        const int32_t pairs = clamp_int(width - 1, 0, 1), rows = clamp_int(height - 1, 0, 1); /* 0: one texel only */
        const int32_t left = clamp_int(floor_to_int(x), 0, width - 1 - pairs), upper = clamp_int(floor_to_int(y), 0, height - 1 - rows);
        const float right = clamp_share(x - (float)left, (float)pairs), down = clamp_share(y - (float)upper, (float)rows);
        const int32_t first = (upper * width + left) * channels, second = first + rows * width * channels;
        b->level[i] = level;
        b->at[0][i] = first;
        b->at[1][i] = second;
        b->room[i] = width * height * channels - (second + channels + 4);
        b->share[0][i] = (1 - right) * (1 - down);
        b->share[1][i] = right * (1 - down);
        b->share[2][i] = (1 - right) * down;
        b->share[3][i] = right * down;
    }
}

static inline uint32_t four_bytes(const uint8_t *from)
{
    return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static uint32_t last_bytes(const uint8_t *from, int32_t left)
{
    uint32_t bytes = 0;
    for (int i = 0; i < 4 && i < left; i++)
        bytes |= (uint32_t)from[i] << (8 * i);
    return bytes;
}

/* The four texels of a point near the end of its level, where four bytes may be more than there are. */
static void load_last(const uint8_t *level, int32_t channels, int i, texture_batch *b)
{
    const int32_t end = b->room[i] + b->at[1][i] + channels + 4;
    for (int k = 0; k < 4; k++) {
        const int32_t at = b->at[k / 2][i] + (k & 1) * channels;
        b->texel[k][i] = last_bytes(level + at, end - at);
    }
}

static void load(const face_texture *texture, texture_batch *restrict b)
{
    const int32_t channels = texture->channels;
    for (int i = 0; i < b->count; i++) {
        const uint8_t *restrict level = texture->level[b->level[i]];
        const uint8_t *restrict upper = level + b->at[0][i], *restrict lower = level + b->at[1][i];
        if (b->room[i] < 0) {
            load_last(level, channels, i, b);
            continue;
        }
        b->texel[0][i] = four_bytes(upper);
        b->texel[1][i] = four_bytes(upper + channels);
        b->texel[2][i] = four_bytes(lower);
        b->texel[3][i] = four_bytes(lower + channels);
    }
}

void texture_find(const face_texture *texture, texture_batch *batch)
{
    static const float FARTHEST_UV = 1048576.0f;
    find(texture->width, texture->height, texture->levels, texture->channels, FARTHEST_UV, batch);
    load(texture, batch);
}

DF_CLONES static void mix(const texture_batch *restrict b, int shift, float *restrict out)
{
    const int count = b->count;
    for (int i = 0; i < count; i++) {
        float sum = 0;
        for (int k = 0; k < 4; k++)
            sum += b->share[k][i] * (float)(int32_t)(b->texel[k][i] >> shift & 0xFFu);
        out[i] = sum * (1 / 255.0f);
    }
}

void texture_mix(const face_texture *texture, const texture_batch *batch, texture_channel channel, float *out)
{
    const bool is_grey = texture->channels < 3, has_alpha = texture->channels == 2 || texture->channels == 4;
    if (channel == TEXTURE_ALPHA && !has_alpha) {
        for (int i = 0; i < batch->count; i++)
            out[i] = 1;
        return;
    }
    const int byte = channel == TEXTURE_ALPHA ? texture->channels - 1 : is_grey ? 0 : (int)channel;
    mix(batch, 8 * byte, out);
}
