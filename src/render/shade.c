/* shade.c: where points lie on their triangles, and what material they have there. Gathering is scalar, all else vector code. */
#include "render/shade.h"

#include <math.h>

#include "base/clones.h"

static void gather_corners(const raster_mesh *mesh, shade_batch *b)
{
    const int count = b->count;
    for (int i = 0; i < count; i++) {
        const int32_t *corner = mesh->mesh->triangles + 3 * (size_t)b->triangle[i];
        for (int k = 0; k < 3; k++) {
            const int32_t *xy = mesh->xy + 2 * (size_t)corner[k];
            b->corner_x[k][i] = (float)(xy[0] - b->x[i]);
            b->corner_y[k][i] = (float)(xy[1] - b->y[i]);
            b->corner_w[k][i] = mesh->w[corner[k]];
        }
    }
}

DF_CLONES static void locate(shade_batch *restrict b)
{
    const int count = b->count;
    for (int i = 0; i < count; i++) {
        const float x0 = b->corner_x[0][i], y0 = b->corner_y[0][i], x1 = b->corner_x[1][i], y1 = b->corner_y[1][i], x2 = b->corner_x[2][i],
                    y2 = b->corner_y[2][i];
        const float e0 = x2 * y1 - x1 * y2, e1 = x0 * y2 - x2 * y0, e2 = x1 * y0 - x0 * y1;
        const float sum = e0 + e1 + e2, side = sum < 0 ? -1.0f : 1.0f;
        const float f0 = e0 * side, f1 = e1 * side, f2 = e2 * side;
        const float g0 = f0 > 0 ? f0 : 0, g1 = f1 > 0 ? f1 : 0, g2 = f2 > 0 ? f2 : 0, all = g0 + g1 + g2, inverse = 1 / all;
        const int is_sound = all > 0;
        const float l0 = is_sound ? g0 * inverse : 1, l1 = is_sound ? g1 * inverse : 0, l2 = is_sound ? g2 * inverse : 0;
        const float p0 = l0 * b->corner_w[0][i], p1 = l1 * b->corner_w[1][i], p2 = l2 * b->corner_w[2][i], w = p0 + p1 + p2, z = 1 / w;
        b->weight[0][i] = p0 * z;
        b->weight[1][i] = p1 * z;
        b->weight[2][i] = p2 * z;
        b->w[i] = w;
        b->side[i] = side;
        b->area[i] = sum * side * (1 / 65536.0f);
    }
}

void shade_locate(const raster_mesh *mesh, shade_batch *batch)
{
    gather_corners(mesh, batch);
    locate(batch);
}

/* Encoded texel and alpha of each point, at the level that the triangle's uv area asks for. */
static void sample_texels(const raster_mesh *mesh, const face_texture *texture, shade_batch *b)
{
    const int count = b->count;
    const float repeat = mesh->mesh->material.uv_scale > 0 ? mesh->mesh->material.uv_scale : 1;
    const float texels = (float)texture->width * (float)texture->height * repeat * repeat;
    for (int i = 0; i < count; i++) {
        const int32_t *corner = mesh->mesh->triangles + 3 * (size_t)b->triangle[i];
        const float *a = mesh->mesh->uv + 2 * (size_t)corner[0], *p = mesh->mesh->uv + 2 * (size_t)corner[1], *q = mesh->mesh->uv + 2 * (size_t)corner[2];
        const float stretch = fabsf((p[0] - a[0]) * (q[1] - a[1]) - (q[0] - a[0]) * (p[1] - a[1])) * texels / b->area[i];
        const float u = b->weight[0][i] * a[0] + b->weight[1][i] * p[0] + b->weight[2][i] * q[0];
        const float v = b->weight[0][i] * a[1] + b->weight[1][i] * p[1] + b->weight[2][i] * q[1];
        float texel[4];
        texture_sample(texture, repeat * u, repeat * v, stretch, texel);
        for (int c = 0; c < 3; c++)
            b->texel[c][i] = texel[c];
        b->alpha[i] = texel[3];
    }
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

DF_CLONES static void decode(float *restrict values, int count)
{
    for (int i = 0; i < count; i++)
        values[i] = decode_srgb(values[i]);
}

DF_CLONES static void grey_of(shade_batch *restrict b)
{
    const int count = b->count;
    for (int i = 0; i < count; i++)
        b->texel[0][i] = 0.2126f * b->texel[0][i] + 0.7152f * b->texel[1][i] + 0.0722f * b->texel[2][i];
}

static void fill(float *values, float value, int count)
{
    for (int i = 0; i < count; i++)
        values[i] = value;
}

/* What of the texture's alpha and the material's opacity covers. */
static void cover(const scene_material *material, shade_batch *b)
{
    switch (material->alpha) {
    case SCENE_OPAQUE:
        fill(b->alpha, 1, b->count);
        return;
    case SCENE_CUTOUT:
        return;
    case SCENE_BLEND:
        for (int i = 0; i < b->count; i++)
            b->alpha[i] *= material->opacity;
        return;
    }
}

static const face_texture *texture_of(const raster_mesh *mesh)
{
    return mesh->mesh->uv ? mesh->mesh->material.texture : NULL;
}

void shade_alpha(const raster_mesh *mesh, shade_batch *batch)
{
    if (texture_of(mesh))
        sample_texels(mesh, texture_of(mesh), batch);
    else
        fill(batch->alpha, 1, batch->count);
    cover(&mesh->mesh->material, batch);
}

void shade_texture(const raster_mesh *mesh, int channels, shade_batch *batch)
{
    shade_alpha(mesh, batch);
    if (!texture_of(mesh)) {
        for (int c = 0; c < channels; c++)
            fill(batch->texel[c], 1, batch->count);
        return;
    }
    for (int c = 0; c < 3; c++)
        decode(batch->texel[c], batch->count);
    if (channels == 1)
        grey_of(batch);
}

void shade_take(int samples, const raster_fragment *fragments, int count, shade_batch *batch)
{
    batch->count = count;
    for (int i = 0; i < count; i++) {
        int32_t point[2];
        raster_shading_point(samples, fragments[i].mask, point);
        batch->triangle[i] = raster_id_triangle(fragments[i].id);
        batch->x[i] = fragments[i].x * 256 + point[0];
        batch->y[i] = fragments[i].y * 256 + point[1];
    }
}
