/* random.c: Philox4x32-10 and what is drawn from it. */
#include "base/random.h"

#include <math.h>
#include <string.h>

df_random df_random_at(uint64_t seed, uint64_t identity, uint32_t image, df_purpose purpose)
{
    return (df_random){
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
        .counter = {0, (image & 0xFFFFFFu) | (uint32_t)purpose << 24, (uint32_t)identity, (uint32_t)(identity >> 32)},
    };
}

uint64_t df_identity_key(const char *id)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * 0x100000001B3u;
    return hash;
}

uint32_t df_random_u32(df_random *random)
{
    if (random->left == 0) {
        df_philox(random->counter, random->key, random->block);
        random->counter[0]++;
        random->left = 4;
    }
    return random->block[4 - random->left--];
}

float df_random_uniform(df_random *random)
{
    return (float)(df_random_u32(random) >> 8) * 0x1p-24f;
}

float df_random_range(df_random *random, float low, float high)
{
    return low + (high - low) * df_random_uniform(random);
}

float df_random_normal(df_random *random)
{
    const float above_zero = ((float)(df_random_u32(random) >> 8) + 0.5f) * 0x1p-24f;
    const float turn = df_random_uniform(random) * 6.28318531f;
    return sqrtf(-2.0f * logf(above_zero)) * cosf(turn);
}

uint32_t df_random_below(df_random *random, uint32_t count)
{
    /* Lemire, "Fast random integer generation in an interval", 2019: reject the few numbers that would bias. */
    const uint32_t threshold = (0u - count) % count;
    for (;;) {
        const uint64_t product = (uint64_t)df_random_u32(random) * count;
        if ((uint32_t)product >= threshold)
            return (uint32_t)(product >> 32);
    }
}
