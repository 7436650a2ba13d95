/* random.h: counter-based random numbers, Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
   SC 2011). A stream is named by (seed, identity, image, purpose), so that any image of any identity is the same bytes on
   any thread, shard or machine, alone or after a resume. All arithmetic is in integers and float without libm doubles. */
#ifndef DF_BASE_RANDOM_H
#define DF_BASE_RANDOM_H

#include <stdint.h>

#include "base/api.h"

/* What a stream is used for; one row a use, so that no two uses share numbers. At most 256. */
typedef enum df_purpose {
    DF_FOR_TEST,
    DF_FOR_MODEL_HEAD,    /* heads drawn to learn the face model */
    DF_FOR_MODEL_ALBEDO,  /* their skins */
    DF_FOR_PERSON_TRAITS, /* gender value, group weights, age, weight */
    DF_FOR_PERSON_SHAPE,
    DF_FOR_PERSON_ALBEDO,
    DF_FOR_PERSON_LOOKS, /* hair, brows, beard, iris */
    DF_FOR_POSE,
    DF_FOR_CAMERA,
    DF_FOR_EXPRESSION,
    DF_FOR_GAZE,
    DF_FOR_LIGHT,
    DF_FOR_ACCESSORY,
    DF_FOR_BACKGROUND,
    DF_FOR_SENSOR,
    DF_FOR_SENSOR_NOISE,
    DF_FOR_SHEET, /* which faces a contact sheet shows */
    DF_FOR_BACKGROUND_PIXELS,
    DF_FOR_OCCLUDER,
    DF_FOR_PAIRS,     /* which images verification compares */
    DF_FOR_SPLIT,     /* who goes into which part of a set */
    DF_FOR_REPRODUCE, /* which images are made again */
    DF_FOR_ORDER,     /* in which order a training sees its samples */
    DF_FOR_AUGMENT,   /* how it changes them */
    DF_FOR_AUGMENT_NOISE,
    DF_FOR_SUBSETS, /* which samples a metric draws */
    DF_PURPOSE_COUNT
} df_purpose;

typedef struct df_random {
    uint32_t key[2];
    uint32_t counter[4]; /* block; image (24 bit) and purpose (8 bit); identity low; identity high */
    uint32_t block[4];   /* the numbers of the current counter */
    int left;            /* how many of them are unused */
} df_random;

/* The stream of that name, at its start. `image` below 2^24. */
DF_API df_random df_random_at(uint64_t seed, uint64_t identity, uint32_t image, df_purpose purpose);

/* The key of an identity: 64-bit FNV-1a of its id. */
DF_API uint64_t df_identity_key(const char *id);

DF_API uint32_t df_random_u32(df_random *random);
DF_API float df_random_uniform(df_random *random);                      /* [0, 1), 24 bit */
DF_API float df_random_range(df_random *random, float low, float high); /* [low, high) */
DF_API float df_random_normal(df_random *random);                       /* N(0, 1), Box-Muller */
DF_API uint32_t df_random_below(df_random *random, uint32_t count);     /* 0 .. count - 1, unbiased; count above 0 */

/* One block of four numbers: the generator itself, inline so that loops over blocks become vector code. */
static inline void df_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        const uint64_t p0 = (uint64_t)0xD2511F53u * c0;
        const uint64_t p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

#endif
