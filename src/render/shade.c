/* shade.c: where points lie on their triangles, and what albedo and coverage they have there. */
#include "render/shade.h"

#include <math.h>

#include "base/clones.h"

static const float BEYOND = 1.0f;

DF_CLONES static void centre_corners(const int32_t *restrict xy, const int32_t *restrict x, const int32_t *restrict y, int count,
                                     float *restrict corner_x, float *restrict corner_y)
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
        const float g0 = f0 > least ? f0 : least, g1 = f1 > least ? f1 : least, g2 = f2 > least ? f2 : least, all = g0 + g1 + g2,
                    inverse = 1 / all;
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

void shade_locate(shade_batch *batch)
{
    for (int k = 0; k < 3; k++)
        centre_corners(batch->corner_xy[k], batch->x, batch->y, batch->count, batch->corner_x[k], batch->corner_y[k]);
    locate(-BEYOND, batch);
}

DF_CLONES static void multiply(const shade_batch *restrict batch, const float *const corners[3], float *restrict out)
{
    const int count = batch->count;
    const float *restrict a = corners[0], *restrict p = corners[1], *restrict q = corners[2];
    for (int i = 0; i < count; i++)
        out[i] *= batch->weight[0][i] * a[i] + batch->weight[1][i] * p[i] + batch->weight[2][i] * q[i];
}

/* Not cloned itself: a cloned function would be visible in the shared library. */
void shade_multiply(const shade_batch *batch, const float *const corners[3], float *out)
{
    multiply(batch, corners, out);
}

/* uv of the points, and the triangle's share of the texture against its share of the picture. */
DF_CLONES static void mix_uv(float texels, shade_batch *restrict b)
{
    const int count = b->count;
    for (int i = 0; i < count; i++) {
        const float au = b->corner_uv[0][2 * i], av = b->corner_uv[0][2 * i + 1], pu = b->corner_uv[1][2 * i],
                    pv = b->corner_uv[1][2 * i + 1], qu = b->corner_uv[2][2 * i], qv = b->corner_uv[2][2 * i + 1];
        const float w0 = b->weight[0][i], w1 = b->weight[1][i], w2 = b->weight[2][i];
        b->texture.u[i] = w0 * au + w1 * pu + w2 * qu;
        b->texture.v[i] = w0 * av + w1 * pv + w2 * qv;
        b->texture.stretch[i] = fabsf((pu - au) * (qv - av) - (qu - au) * (pv - av)) * texels / b->area[i];
    }
}

static void find_texels(const face_texture *texture, shade_batch *b)
{
    mix_uv((float)texture->width * (float)texture->height, b);
    b->texture.count = b->count;
    texture_find(texture, &b->texture);
}

DF_CLONES static void grey_of(shade_batch *restrict b)
{
    const int count = b->count;
    for (int i = 0; i < count; i++)
        b->albedo[0][i] = 0.2126f * b->albedo[0][i] + 0.7152f * b->albedo[1][i] + 0.0722f * b->albedo[2][i];
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
        find_texels(texture, batch);
        texture_alpha(texture, &batch->texture, batch->alpha);
    } else {
        fill(batch->alpha, 1, batch->count);
    }
    cover(&mesh->mesh->material, batch);
}

/* Linear colours of the texture. */
static void colour_texels(const face_texture *texture, int channels, shade_batch *batch)
{
    const bool is_grey = texture->channels < 3;
    texture_colours(texture, &batch->texture, batch->albedo);
    if (channels == 1 && !is_grey)
        grey_of(batch);
    if (channels == 3 && is_grey)
        for (int c = 1; c < 3; c++)
            memcpy(batch->albedo[c], batch->albedo[0], sizeof batch->albedo[c]);
}

void shade_texture(const raster_mesh *mesh, int channels, shade_batch *batch)
{
    const face_texture *texture = texture_of(mesh);
    shade_alpha(mesh, batch);
    if (texture)
        colour_texels(texture, channels, batch);
    for (int c = 0; c < channels; c++) {
        if (!texture)
            fill(batch->albedo[c], 1, batch->count);
        if (!mesh->mesh->albedo)
            continue;
        const float *corners[3] = {batch->corner_albedo[0][c], batch->corner_albedo[1][c], batch->corner_albedo[2][c]};
        shade_multiply(batch, corners, batch->albedo[c]);
    }
}
