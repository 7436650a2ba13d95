/* picture_fixture.h: pictures for tests of likeness: smooth grey shapes, another for every number, and what copies of them go through. */
#ifndef DF_TESTS_PICTURE_FIXTURE_H
#define DF_TESTS_PICTURE_FIXTURE_H

#include <math.h>

#include "base/random.h"
#include "check.h"
#include "image/image.h"

enum { PICTURE_SIDE = 64, PICTURE_BLOBS = 10 };

/* A sum of soft blobs, light and dark. */
static inline image picture_make(uint32_t number, df_arena *arena)
{
    df_error err = {0};
    image out = {0};
    float blobs[PICTURE_BLOBS][4];
    df_random random = df_random_at(5, 0, number, DF_FOR_TEST);
    for (int b = 0; b < PICTURE_BLOBS; b++) {
        blobs[b][0] = df_random_range(&random, 0, PICTURE_SIDE);
        blobs[b][1] = df_random_range(&random, 0, PICTURE_SIDE);
        blobs[b][2] = df_random_range(&random, 4, 13);
        blobs[b][3] = df_random_range(&random, -90, 90);
    }
    must(image_new(&out, PICTURE_SIDE, PICTURE_SIDE, 1, IMAGE_U8, arena, &err), &err);
    uint8_t *pixels = out.data;
    for (int y = 0; y < PICTURE_SIDE; y++)
        for (int x = 0; x < PICTURE_SIDE; x++) {
            float sum = 128;
            for (int b = 0; b < PICTURE_BLOBS; b++) {
                const float dx = ((float)x - blobs[b][0]) / blobs[b][2], dy = ((float)y - blobs[b][1]) / blobs[b][2];
                sum += blobs[b][3] * expf(-(dx * dx + dy * dy) / 2);
            }
            pixels[y * PICTURE_SIDE + x] = (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
        }
    return out;
}

static inline image picture_mirrored(const image *in, df_arena *arena)
{
    df_error err = {0};
    image out = {0};
    must(image_new(&out, in->width, in->height, 1, IMAGE_U8, arena, &err), &err);
    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++)
            ((uint8_t *)out.data)[y * in->width + x] = ((const uint8_t *)in->data)[y * in->width + in->width - 1 - x];
    return out;
}

static inline image picture_darker(const image *in, float factor, df_arena *arena)
{
    df_error err = {0};
    image out = {0};
    must(image_new(&out, in->width, in->height, 1, IMAGE_U8, arena, &err), &err);
    for (size_t i = 0; i < image_bytes(in); i++)
        ((uint8_t *)out.data)[i] = (uint8_t)(factor * ((const uint8_t *)in->data)[i]);
    return out;
}

static inline image picture_resized(const image *in, int side, df_arena *arena)
{
    df_error err = {0};
    image out = {0};
    must(image_resize(in, side, side, &out, arena, &err), &err);
    return out;
}

#endif
