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
    DF_FOR_MODEL_HEAD,   /* heads drawn to learn the face model */
    DF_FOR_MODEL_ALBEDO, /* their skins */
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

/* One block of four numbers: the generator itself, for vector loops that count blocks on their own. */
DF_API void df_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

#endif
