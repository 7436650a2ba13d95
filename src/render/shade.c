/* shade.c: where points lie on their triangles, and what material they have there. Gathering is scalar, all else vector code. */
#include "render/shade.h"

#include <math.h>

#include "base/clones.h"

static const float BEYOND = 1.0f;

static void gather_corners(const raster_mesh *mesh, shade_batch *restrict b)
{
    const int count = b->count;
    const int32_t *restrict triangles = mesh->mesh->triangles, *restrict xy = mesh->xy;
    const float *restrict w = mesh->w;
    for (int i = 0; i < count; i++) {
        const int32_t *restrict corner = triangles + 3 * (size_t)b->triangle[i];
        for (int k = 0; k < 3; k++) {
            memcpy(&b->corner_xy[k][2 * i], xy + 2 * (size_t)corner[k], 2 * sizeof(int32_t));
            b->corner_w[k][i] = w[corner[k]];
        }
    }
}

DF_CLONES static void centre_corners(const int32_t *restrict xy, const int32_t *restrict x, const int32_t *restrict y, int count, float *restrict corner_x,
                                     float *restrict corner_y)
{
    for (int i = 0; i < count; i++) {
        corner_x[i] = (float)(xy[2 * i] - x[i]);
        corner_y[i] = (float)(xy[2 * i + 1] - y[i]);
    }
}

/* A point may stand for several triangles of a surface and then lie outside of its own; the plane goes on by `outside` (negative)
   of the triangle's size. */
DF_CLONES static void locate(float outside, shade_batch *restrict b)
{
    const int count = b->count;
    for (int i = 0; i < count; i++) {
        const float x0 = b->corner_x[0][i], y0 = b->corner_y[0][i], x1 = b->corner_x[1][i], y1 = b->corner_y[1][i], x2 = b->corner_x[2][i],
                    y2 = b->corner_y[2][i];
        const float e0 = x2 * y1 - x1 * y2, e1 = x0 * y2 - x2 * y0, e2 = x1 * y0 - x0 * y1;
        const float sum = e0 + e1 + e2, side = sum < 0 ? -1.0f : 1.0f;
        const float f0 = e0 * side, f1 = e1 * side, f2 = e2 * side, least = sum * side * outside;
        const float g0 = f0 > least ? f0 : least, g1 = f1 > least ? f1 : least, g2 = f2 > least ? f2 : least, all = g0 + g1 + g2, inverse = 1 / all;
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
    for (int k = 0; k < 3; k++)
        centre_corners(batch->corner_xy[k], batch->x, batch->y, batch->count, batch->corner_x[k], batch->corner_y[k]);
    locate(-BEYOND, batch);
}

static void gather_uv(const scene_mesh *mesh, shade_batch *restrict b)
{
    const int count = b->count;
    const int32_t *restrict triangles = mesh->triangles;
    const float *restrict uv = mesh->uv;
    for (int i = 0; i < count; i++) {
        const int32_t *restrict corner = triangles + 3 * (size_t)b->triangle[i];
        for (int k = 0; k < 3; k++)
            memcpy(&b->corner_uv[k][2 * i], uv + 2 * (size_t)corner[k], 2 * sizeof(float));
    }
}

/* uv of the points, and the triangle's share of the texture against its share of the picture. */
DF_CLONES static void mix_uv(float texels, shade_batch *restrict b)
{
    const int count = b->count;
    for (int i = 0; i < count; i++) {
        const float au = b->corner_uv[0][2 * i], av = b->corner_uv[0][2 * i + 1], pu = b->corner_uv[1][2 * i], pv = b->corner_uv[1][2 * i + 1],
                    qu = b->corner_uv[2][2 * i], qv = b->corner_uv[2][2 * i + 1];
        const float w0 = b->weight[0][i], w1 = b->weight[1][i], w2 = b->weight[2][i];
        b->texture.u[i] = w0 * au + w1 * pu + w2 * qu;
        b->texture.v[i] = w0 * av + w1 * pv + w2 * qv;
        b->texture.stretch[i] = fabsf((pu - au) * (qv - av) - (qu - au) * (pv - av)) * texels / b->area[i];
    }
}

static void find_texels(const scene_mesh *mesh, const face_texture *texture, shade_batch *b)
{
    gather_uv(mesh, b);
    mix_uv((float)texture->width * (float)texture->height, b);
    b->texture.count = b->count;
    texture_find(texture, &b->texture);
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
    const face_texture *texture = texture_of(mesh);
    if (texture) {
        find_texels(mesh->mesh, texture, batch);
        texture_mix(texture, &batch->texture, TEXTURE_ALPHA, batch->alpha);
    } else {
        fill(batch->alpha, 1, batch->count);
    }
    cover(&mesh->mesh->material, batch);
}

void shade_texture(const raster_mesh *mesh, int channels, shade_batch *batch)
{
    const face_texture *texture = texture_of(mesh);
    shade_alpha(mesh, batch);
    if (!texture) {
        for (int c = 0; c < channels; c++)
            fill(batch->texel[c], 1, batch->count);
        return;
    }
    const bool is_grey = texture->channels < 3;
    for (int c = 0; c < (is_grey ? 1 : 3); c++) {
        texture_mix(texture, &batch->texture, (texture_channel)c, batch->texel[c]);
        decode(batch->texel[c], batch->count);
    }
    if (channels == 1 && !is_grey)
        grey_of(batch);
    if (channels == 3 && is_grey)
        for (int c = 1; c < 3; c++)
            memcpy(batch->texel[c], batch->texel[0], sizeof batch->texel[c]);
}
