/* shade.h: the colour of points of one mesh, in batches laid out as arrays so that the arithmetic becomes vector code. Private to
   src/render; knows materials, textures and light, not visibility. */
#ifndef DF_RENDER_SHADE_H
#define DF_RENDER_SHADE_H

#include "render/raster_internal.h"
#include "render/texture.h"

enum { SHADE_BATCH = TEXTURE_BATCH, SHADE_VECTOR = 8 };

/* What is the same for all points of a picture. */
typedef struct shade_view {
    int channels;
    float fx, fy, cx, cy;
    float rotation[9]; /* camera to world, row-major */
    float eye[3];      /* the camera's position, world, mm */
    const light *light;
    float sh[3][SH_COUNT]; /* radiance, as polynomials of x, y, z: constants of the basis multiplied in */
} shade_view;

shade_view shade_view_of(const scene *stage);

/* Points of one mesh. The caller sets count, triangle and place; shade_gather adds copies of the last point until the count fills
   vectors (SHADE_VECTOR): what loops do with the rest, one by one, would cost as much as the vectors. Each function fills what it is named after, in this order. What
   comes in twos is interleaved, as it was gathered. */
typedef struct shade_batch {
    int count;
    int32_t triangle[SHADE_BATCH];
    int32_t x[SHADE_BATCH], y[SHADE_BATCH]; /* 1/256 pixel in the picture */

    /* shade_gather: [corner] */
    int32_t corner[3][SHADE_BATCH];        /* vertices */
    int32_t corner_xy[3][2 * SHADE_BATCH]; /* 1/256 pixel */
    float corner_w[3][SHADE_BATCH];
    float corner_normal_xy[3][2 * SHADE_BATCH], corner_normal_z[3][SHADE_BATCH];
    float corner_uv[3][2 * SHADE_BATCH];    /* with a texture only */
    float corner_occlusion[3][SHADE_BATCH]; /* if the mesh has it */
    float corner_albedo[3][3][SHADE_BATCH]; /* [channel]; if the mesh has it */

    /* shade_locate */
    float corner_x[3][SHADE_BATCH], corner_y[3][SHADE_BATCH]; /* relative to the point, 1/256 pixel */
    float weight[3][SHADE_BATCH];                             /* perspective-correct, of the triangle's corners; sum 1 */
    float w[SHADE_BATCH];                                     /* 1 / depth */
    float side[SHADE_BATCH];                                  /* 1 front, -1 back */
    float area[SHADE_BATCH];                                  /* twice the triangle's, pixels^2 */

    /* shade_texture */
    texture_batch texture;
    float albedo[3][SHADE_BATCH]; /* linear: texture and vertices; 1 without either */
    float alpha[SHADE_BATCH];     /* coverage: the texture's alpha times the material's opacity, as its scene_alpha says */

    /* shade_light */
    float normal[3][SHADE_BATCH]; /* unit, world, to the viewer on two-sided meshes */
    float occlusion[SHADE_BATCH];
    float spread[SHADE_BATCH];  /* variance of the normal over a pixel; with lamps or specular only */
    float view[3][SHADE_BATCH]; /* unit, to the camera; so too */
    float position[3][SHADE_BATCH];
    float colour[3][SHADE_BATCH];                                                  /* radiance to the camera, coverage multiplied in */
    float mirror[3][SHADE_BATCH], fresnel[SHADE_BATCH], reflected[3][SHADE_BATCH]; /* the sky in the surface; with specular only */
    float share[SHADE_BATCH];                                                      /* of the highlights that are seen */
} shade_batch;

/* The labels of point i go to a pixel of the planes that are wanted. */
void raster_label_point(const scene *stage, const scene_mesh *mesh, const shade_batch *batch, int i, size_t pixel,
                        const scene_picture *picture);

/* Point i is where the pixel of a fragment is shaded: the mean of its samples. The caller sets count. */
static inline void shade_take(const raster_target *target, const raster_fragment *fragment, int i, shade_batch *batch)
{
    const int32_t *point = target->shading_point[fragment->mask];
    batch->triangle[i] = raster_id_triangle(fragment->id);
    batch->x[i] = fragment->x * 256 + point[0];
    batch->y[i] = fragment->y * 256 + point[1];
}

void shade_gather(const raster_mesh *mesh, int channels, shade_batch *batch);
void shade_gather_places(const raster_mesh *mesh, shade_batch *batch); /* as far as shade_alpha needs it */
void shade_locate(shade_batch *batch);
void shade_alpha(const raster_mesh *mesh, shade_batch *batch); /* in place of shade_texture where alpha is all that counts */
void shade_texture(const raster_mesh *mesh, int channels, shade_batch *batch);
void shade_light(const shade_view *view, const raster_mesh *mesh, shade_batch *batch);

/* out *= a value of the corners, mixed. */
void shade_multiply(const shade_batch *batch, const float *const corners[3], float *out);

/* All of it, as far as alpha, and as far as colour. */
void shade_alpha_points(const raster_mesh *mesh, shade_batch *batch);
void shade_points(const shade_view *view, const raster_mesh *mesh, shade_batch *batch);
void shade_solid_points(const shade_view *view, const raster_mesh *mesh, shade_batch *batch); /* of what covers, whatever its alpha */

#endif
