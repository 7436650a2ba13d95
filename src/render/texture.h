/* texture.h: texels of a texture for a batch of points, bilinear within the level whose texels have about the size of a pixel.
   Private to src/render. */
#ifndef DF_RENDER_TEXTURE_H
#define DF_RENDER_TEXTURE_H

#include "face/face_model.h"

enum { TEXTURE_BATCH = 64 };

typedef struct texture_batch {
    int count;
    float u[TEXTURE_BATCH], v[TEXTURE_BATCH]; /* v up; outside 0 to 1 the picture repeats */
    float stretch[TEXTURE_BATCH];             /* texels of level 0 a pixel, areas */
    /* What texture_find makes of these: the level, where its texels begin (bytes), what is left of the level after the last of
       them (less than 0: four bytes would reach beyond), and their shares. */
    int32_t level[TEXTURE_BATCH];
    int32_t at[2][TEXTURE_BATCH]; /* the left texel of the upper and the lower row; the right one follows it */
    int32_t room[TEXTURE_BATCH];
    float share[4][TEXTURE_BATCH];    /* upper left, upper right, lower left, lower right */
    uint32_t texel[4][TEXTURE_BATCH]; /* bytes of the channels, the first lowest */
} texture_batch;

/* Finds and loads the texels about each point. */
void texture_find(const face_texture *texture, texture_batch *batch);

typedef enum texture_channel { TEXTURE_RED, TEXTURE_GREEN, TEXTURE_BLUE, TEXTURE_ALPHA } texture_channel;

/* One channel, mixed; 0 to 1, colours as encoded. A grey texture's colours are all its grey; alpha is 1 where there is none. */
void texture_mix(const face_texture *texture, const texture_batch *batch, texture_channel channel, float *out);

#endif
