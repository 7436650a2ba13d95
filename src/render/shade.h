/* shade.h: the colour of points of one mesh, in batches laid out as arrays so that the arithmetic becomes vector code. Private to
   src/render; knows materials, textures and light, not visibility. */
#ifndef DF_RENDER_SHADE_H
#define DF_RENDER_SHADE_H

#include "render/raster_internal.h"

enum { SHADE_BATCH = 64 };

/* What is the same for all points of a picture. */
typedef struct shade_view {
    int channels;
    float fx, fy, cx, cy;
    float rotation[9];      /* camera to world, row-major */
    float eye[3];           /* the camera's position, world, mm */
    const light *light;
    float sh[3][SH_COUNT]; /* radiance, as polynomials of x, y, z: constants of the basis multiplied in */
} shade_view;

shade_view shade_view_of(const scene *stage);

/* Points of one mesh. The caller sets count, triangle and place; each function fills what it is named after, in this order. */
typedef struct shade_batch {
    int count;
    int32_t triangle[SHADE_BATCH];
    int32_t x[SHADE_BATCH], y[SHADE_BATCH]; /* 1/256 pixel in the picture */

    /* shade_locate */
    float corner_x[3][SHADE_BATCH], corner_y[3][SHADE_BATCH], corner_w[3][SHADE_BATCH]; /* relative to the point */
    float weight[3][SHADE_BATCH]; /* perspective-correct, of the triangle's corners; sum 1 */
    float w[SHADE_BATCH];         /* 1 / depth */
    float side[SHADE_BATCH];      /* 1 front, -1 back */
    float area[SHADE_BATCH];      /* twice the triangle's, pixels^2 */

    /* shade_texture */
    float texel[3][SHADE_BATCH]; /* linear; 1 without a texture */
    float alpha[SHADE_BATCH];    /* coverage: the texture's alpha times the material's opacity, as its scene_alpha says */

    /* shade_light */
    float normal[3][SHADE_BATCH]; /* unit, world, to the viewer on two-sided meshes */
    float spread[SHADE_BATCH];    /* variance of the normal over a pixel */
    float view[3][SHADE_BATCH];   /* unit, to the camera */
    float position[3][SHADE_BATCH];
    float occlusion[SHADE_BATCH];
    float colour[3][SHADE_BATCH]; /* radiance to the camera, coverage multiplied in */
    float scratch[8][SHADE_BATCH];
} shade_batch;

/* Takes the points of fragments: where each one is shaded, 1/256 pixel: at the mean of its samples, which lies in the triangle. */
void shade_take(int samples, const raster_fragment *fragments, int count, shade_batch *batch);
void shade_locate(const raster_mesh *mesh, shade_batch *batch);
void shade_alpha(const raster_mesh *mesh, shade_batch *batch); /* in place of shade_texture where alpha is all that counts */
void shade_texture(const raster_mesh *mesh, int channels, shade_batch *batch);
void shade_light(const shade_view *view, const raster_mesh *mesh, shade_batch *batch);

/* texture.h's part: encoded colour (0 to 1) and alpha at uv, bilinear in the level whose texels have about the size of a pixel:
   `texels_per_pixel` is an area ratio at level 0. */
void texture_sample(const face_texture *texture, float u, float v, float texels_per_pixel, float out[4]);

#endif
