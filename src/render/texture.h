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
       them (less than 0: eight bytes would reach beyond), and their shares. */
    int32_t level[TEXTURE_BATCH];
    int32_t at[2][TEXTURE_BATCH]; /* the left texel of the upper and the lower row; the right one follows it */
    int32_t room[TEXTURE_BATCH];
    float share[4][TEXTURE_BATCH];       /* upper left, upper right, lower left, lower right */
    uint32_t pair[2][2 * TEXTURE_BATCH]; /* of each row eight bytes from the left texel on, the first lowest */
} texture_batch;

/* Finds and loads the texels about each point. */
void texture_find(const face_texture *texture, texture_batch *batch);

/* Linear colours, mixed: three channels, or one of a grey texture. */
void texture_colours(const face_texture *texture, const texture_batch *batch, float colours[3][TEXTURE_BATCH]);

/* Alpha, 0 to 1; 1 where the texture has none. */
void texture_alpha(const face_texture *texture, const texture_batch *batch, float *alpha);

#endif
