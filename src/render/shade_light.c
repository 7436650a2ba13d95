/* shade_light.c: light on points: Lambert under spherical harmonics and lamps; a GGX lobe (Walter et al. 2007) with Schlick's
   Fresnel term for lamps, widened by the curvature within a pixel (Tokuyoshi and Kaplanyan 2019), so that a glint smaller than a
   pixel keeps its energy; the sky's reflection by its harmonics in the mirror direction. */
#include "render/shade.h"

#include <math.h>

#include "base/clones.h"
#include "render/spherical_harmonics.h"

static const float LAMP_REFERENCE_MM = 1000.0f;
static const float HAIR_WRAP = 0.5f; /* light goes round and through a lock of hair */

/* Basis constants into coefficients: E = s0 + s1 y + s2 z + s3 x + s4 xy + s5 yz + s6 (3zz - 1) + s7 xz + s8 (xx - yy). */
static void polynomial_of(const float sh[SH_COUNT], float out[SH_COUNT])
{
    const float constant[SH_COUNT] = {SH_Y0, SH_Y1, SH_Y1, SH_Y1, SH_Y2, SH_Y2, SH_Y20, SH_Y2, SH_Y22};
    for (int i = 0; i < SH_COUNT; i++)
        out[i] = sh[i] * constant[i];
}

shade_view shade_view_of(const scene *stage)
{
    const camera *cam = &stage->camera;
    shade_view view = {.channels = stage->channels, .fx = cam->fx, .fy = cam->fy, .cx = cam->cx, .cy = cam->cy, .light = &stage->light};
    for (int r = 0; r < 3; r++)
        for (int c = 0; c < 3; c++) {
            view.rotation[3 * c + r] = cam->extrinsic[r][c];
            view.eye[c] -= cam->extrinsic[r][c] * cam->extrinsic[r][3];
        }
    for (int c = 0; c < stage->channels; c++)
        polynomial_of(stage->light.sh[c], view.sh[c]);
    return view;
}

/* Unit normals, turned to the viewer where the back shows. */
DF_CLONES static void orient(shade_batch *restrict b)
{
    const int count = b->count;
    for (int i = 0; i < count; i++) {
        const float w0 = b->weight[0][i], w1 = b->weight[1][i], w2 = b->weight[2][i];
        const float x = w0 * b->corner_normal_xy[0][2 * i] + w1 * b->corner_normal_xy[1][2 * i] + w2 * b->corner_normal_xy[2][2 * i];
        const float y =
            w0 * b->corner_normal_xy[0][2 * i + 1] + w1 * b->corner_normal_xy[1][2 * i + 1] + w2 * b->corner_normal_xy[2][2 * i + 1];
        const float z = w0 * b->corner_normal_z[0][i] + w1 * b->corner_normal_z[1][i] + w2 * b->corner_normal_z[2][i];
        const float square = x * x + y * y + z * z, scale = b->side[i] / sqrtf(square > 1e-20f ? square : 1e-20f);
        b->normal[0][i] = x * scale;
        b->normal[1][i] = y * scale;
        b->normal[2][i] = z * scale;
    }
}

/* The normal's variance over a pixel from its change along two edges. */
DF_CLONES static void measure_spread(shade_batch *restrict b)
{
    const int count = b->count;
    for (int i = 0; i < count; i++) {
        float change = 0;
        for (int k = 1; k < 3; k++) {
            const float x = b->corner_normal_xy[k][2 * i] - b->corner_normal_xy[0][2 * i];
            const float y = b->corner_normal_xy[k][2 * i + 1] - b->corner_normal_xy[0][2 * i + 1];
            const float z = b->corner_normal_z[k][i] - b->corner_normal_z[0][i];
            change += x * x + y * y + z * z;
        }
        const float ex = b->corner_x[1][i] - b->corner_x[0][i], ey = b->corner_y[1][i] - b->corner_y[0][i];
        const float fx = b->corner_x[2][i] - b->corner_x[0][i], fy = b->corner_y[2][i] - b->corner_y[0][i];
        const float length = ex * ex + ey * ey + fx * fx + fy * fy;
        b->spread[i] = 0.25f * 65536.0f * change / (length > 1 ? length : 1);
    }
}

/* Camera space to world: where the point lies, and the way to the camera. */
DF_CLONES static void place(const shade_view *view, shade_batch *restrict b)
{
    const int count = b->count;
    const float *r = view->rotation;
    const float r0 = r[0], r1 = r[1], r2 = r[2], r3 = r[3], r4 = r[4], r5 = r[5], r6 = r[6], r7 = r[7], r8 = r[8];
    const float ex = view->eye[0], ey = view->eye[1], ez = view->eye[2], cx = view->cx, cy = view->cy;
    const float per_x = 1 / view->fx, per_y = 1 / view->fy;
    for (int i = 0; i < count; i++) {
        const float x = ((float)b->x[i] * (1 / 256.0f) - cx) * per_x, y = ((float)b->y[i] * (1 / 256.0f) - cy) * per_y;
        const float dx = r0 * x + r1 * y + r2, dy = r3 * x + r4 * y + r5, dz = r6 * x + r7 * y + r8;
        const float depth = 1 / b->w[i], unit = -1 / sqrtf(dx * dx + dy * dy + dz * dz);
        b->position[0][i] = ex + depth * dx;
        b->position[1][i] = ey + depth * dy;
        b->position[2][i] = ez + depth * dz;
        b->view[0][i] = unit * dx;
        b->view[1][i] = unit * dy;
        b->view[2][i] = unit * dz;
    }
}

/* A polynomial of a direction, where it is above 0: see polynomial_of. */
static inline float harmonic(const float s[SH_COUNT], float x, float y, float z, float xy, float yz, float zz, float xz, float xx_yy)
{
    const float e = s[0] + s[1] * y + s[2] * z + s[3] * x + s[4] * xy + s[5] * yz + s[6] * zz + s[7] * xz + s[8] * xx_yy;
    return e > 0 ? e : 0;
}

typedef struct direction_terms {
    float x, y, z, xy, yz, zz, xz, xx_yy;
} direction_terms;

static inline direction_terms terms_of(float x, float y, float z)
{
    return (direction_terms){x, y, z, x * y, y * z, 3 * z * z - 1, x * z, x * x - y * y};
}

static inline float light_from(const float s[SH_COUNT], direction_terms t)
{
    return harmonic(s, t.x, t.y, t.z, t.xy, t.yz, t.zz, t.xz, t.xx_yy);
}

/* The sky's light in each direction, times a factor, in each channel. */
DF_CLONES static void sky_one(const float *restrict s, const float (*restrict to)[SHADE_BATCH], const float *restrict factor, int count,
                              float *restrict out)
{
    for (int i = 0; i < count; i++)
        out[i] = factor[i] * light_from(s, terms_of(to[0][i], to[1][i], to[2][i]));
}

DF_CLONES static void sky_three(const float (*restrict s)[SH_COUNT], const float (*restrict to)[SHADE_BATCH], const float *restrict factor,
                                int count, float (*restrict out)[SHADE_BATCH])
{
    for (int i = 0; i < count; i++) {
        const direction_terms terms = terms_of(to[0][i], to[1][i], to[2][i]);
        out[0][i] = factor[i] * light_from(s[0], terms);
        out[1][i] = factor[i] * light_from(s[1], terms);
        out[2][i] = factor[i] * light_from(s[2], terms);
    }
}

static void sky(int channels, const float (*s)[SH_COUNT], const float (*to)[SHADE_BATCH], const float *factor, int count,
                float (*out)[SHADE_BATCH])
{
    if (channels == 1)
        sky_one(s[0], to, factor, count, out[0]);
    else
        sky_three(s, to, factor, count, out);
}

/* Light that the surface scatters, radiance over albedo. `wrap` is how far it goes round the terminator: the cosine kernel
   becomes (cos + wrap) / (1 + wrap)^2, whose orders are 1, (2 - wrap) / 3 and (1 - wrap)^2 / 4. */
static void scatter_sky(const shade_view *view, float wrap, shade_batch *b)
{
    const float order[3] = {1, (2 - wrap) / 3, (1 - wrap) * (1 - wrap) / 4};
    float s[3][SH_COUNT];
    for (int c = 0; c < view->channels; c++)
        for (int i = 0; i < SH_COUNT; i++)
            s[c][i] = view->sh[c][i] * order[i == 0 ? 0 : i < 4 ? 1 : 2];
    sky(view->channels, (const float(*)[SH_COUNT])s, (const float(*)[SHADE_BATCH])b->normal, b->occlusion, b->count, b->colour);
}

/* What a lamp does at each point: the cosine term with falloff, and the lobe. */
typedef struct lamp_terms {
    float diffuse[SHADE_BATCH], specular[SHADE_BATCH];
} lamp_terms;

DF_CLONES static void lamp_at(const float position[3], float wrap, float specular, float roughness, const shade_batch *restrict b,
                              lamp_terms *restrict out)
{
    const int count = b->count;
    const float lx = position[0], ly = position[1], lz = position[2], base = roughness * roughness * roughness * roughness;
    const float reference = LAMP_REFERENCE_MM * LAMP_REFERENCE_MM, per_wrap = 1 / ((1 + wrap) * (1 + wrap));
    for (int i = 0; i < count; i++) {
        const float dx = lx - b->position[0][i], dy = ly - b->position[1][i], dz = lz - b->position[2][i];
        const float square = dx * dx + dy * dy + dz * dz + 1e-6f, unit = 1 / sqrtf(square), x = dx * unit, y = dy * unit, z = dz * unit;
        const float nx = b->normal[0][i], ny = b->normal[1][i], nz = b->normal[2][i];
        const float cosine = nx * x + ny * y + nz * z, wrapped = (cosine + wrap) * per_wrap, falloff = reference / square;
        out->diffuse[i] = falloff * (wrapped > 0 ? wrapped : 0);
        const float hx = x + b->view[0][i], hy = y + b->view[1][i], hz = z + b->view[2][i];
        const float half = 1 / sqrtf(hx * hx + hy * hy + hz * hz + 1e-12f);
        const float nh = (nx * hx + ny * hy + nz * hz) * half, lh = (x * hx + y * hy + z * hz) * half;
        const float wide = base + 2 * b->spread[i], a2 = wide < 1 ? wide : 1, below = nh * nh * (a2 - 1) + 1;
        const float miss = 1 - lh, miss2 = miss * miss, fresnel = specular + (1 - specular) * miss2 * miss2 * miss;
        const float lobe = a2 * fresnel * falloff * cosine / (4 * below * below * (lh * lh + 1e-3f));
        out->specular[i] = ((cosine > 0) & (nh > 0)) ? lobe : 0;
    }
}

DF_CLONES static void add_scaled(float *restrict out, const float *restrict in, float scale, int count)
{
    for (int i = 0; i < count; i++)
        out[i] += scale * in[i];
}

/* Fresnel's share of the sky's reflection, dimmed by roughness and occlusion, and the mirror direction. */
DF_CLONES static void mirror(float specular, float roughness, shade_batch *restrict b)
{
    const int count = b->count;
    /* Of rough surfaces only few facets graze: the rise towards the edge is weaker the rougher, by eye. */
    const float smooth = (1 - roughness) * (1 - roughness) * (1 - roughness), grazing = smooth > specular ? smooth : specular;
    for (int i = 0; i < count; i++) {
        const float nx = b->normal[0][i], ny = b->normal[1][i], nz = b->normal[2][i], vx = b->view[0][i], vy = b->view[1][i],
                    vz = b->view[2][i];
        const float cosine = nx * vx + ny * vy + nz * vz, along = cosine > 0 ? cosine : 0, miss = 1 - along, miss2 = miss * miss;
        b->mirror[0][i] = 2 * cosine * nx - vx;
        b->mirror[1][i] = 2 * cosine * ny - vy;
        b->mirror[2][i] = 2 * cosine * nz - vz;
        b->fresnel[i] = b->occlusion[i] * (specular + (grazing - specular) * miss2 * miss2 * miss);
    }
}

/* colour = coverage * colour * albedo (+ specular, which a thin glass shows whatever its tint) */
DF_CLONES static void multiply_albedo(float *restrict colour, const float *restrict texel, const float *restrict alpha, float tint,
                                      int count)
{
    for (int i = 0; i < count; i++)
        colour[i] *= texel[i] * alpha[i] * tint;
}

DF_CLONES static void add_product(float *restrict out, const float *restrict a, const float *restrict b, float scale, int count)
{
    for (int i = 0; i < count; i++)
        out[i] += scale * a[i] * b[i];
}

static float wrap_of(const scene_material *material)
{
    switch (material->surface) {
    case SCENE_HAIR:
        return HAIR_WRAP;
    case SCENE_DIFFUSE:
    case SCENE_EYE:
    case SCENE_LENS:
        break;
    }
    return material->softness;
}

static void add_speculars(const shade_view *view, const scene_material *material, const lamp_terms *lamps, shade_batch *b)
{
    /* Hair reflects where there is hair; glass everywhere. */
    float *share = b->share;
    for (int i = 0; i < b->count; i++)
        share[i] = material->surface == SCENE_LENS ? 1 : b->alpha[i];
    mirror(material->specular, material->roughness, b);
    sky(view->channels, view->sh, (const float(*)[SHADE_BATCH])b->mirror, b->fresnel, b->count, b->reflected);
    for (int c = 0; c < view->channels; c++) {
        add_product(b->colour[c], b->reflected[c], share, 1, b->count);
        for (int l = 0; l < view->light->lamp_count; l++)
            add_product(b->colour[c], lamps[l].specular, share, view->light->lamps[l].intensity[c], b->count);
    }
}

static void occlude(const scene_mesh *mesh, shade_batch *b)
{
    const float *corners[3] = {b->corner_occlusion[0], b->corner_occlusion[1], b->corner_occlusion[2]};
    for (int i = 0; i < b->count; i++)
        b->occlusion[i] = 1;
    if (mesh->occlusion)
        shade_multiply(b, corners, b->occlusion);
}

void shade_light(const shade_view *view, const raster_mesh *mesh, shade_batch *batch)
{
    const scene_material *material = &mesh->mesh->material;
    const int lamp_count = view->light->lamp_count;
    const bool is_lit = lamp_count > 0, is_shiny = material->specular > 0;
    const float wrap = wrap_of(material);
    lamp_terms lamps[LIGHT_MAX_LAMPS];
    orient(batch);
    occlude(mesh->mesh, batch);
    scatter_sky(view, wrap, batch);
    if (is_lit || is_shiny) {
        measure_spread(batch);
        place(view, batch);
    }
    for (int l = 0; l < lamp_count; l++) {
        lamp_at(view->light->lamps[l].position, wrap, material->specular, material->roughness, batch, &lamps[l]);
        for (int c = 0; c < view->channels; c++)
            add_scaled(batch->colour[c], lamps[l].diffuse, view->light->lamps[l].intensity[c], batch->count);
    }
    for (int c = 0; c < view->channels; c++)
        multiply_albedo(batch->colour[c], batch->albedo[c], batch->alpha, material->colour[c], batch->count);
    if (is_shiny)
        add_speculars(view, material, lamps, batch);
}

void shade_alpha_points(const raster_mesh *mesh, shade_batch *batch)
{
    shade_gather_places(mesh, batch);
    shade_locate(batch);
    shade_alpha(mesh, batch);
}

void shade_points(const shade_view *view, const raster_mesh *mesh, shade_batch *batch)
{
    shade_gather(mesh, view->channels, batch);
    shade_locate(batch);
    shade_texture(mesh, view->channels, batch);
    shade_light(view, mesh, batch);
}

void shade_solid_points(const shade_view *view, const raster_mesh *mesh, shade_batch *batch)
{
    shade_gather(mesh, view->channels, batch);
    shade_locate(batch);
    shade_texture(mesh, view->channels, batch);
    for (int i = 0; i < batch->count; i++)
        batch->alpha[i] = 1;
    shade_light(view, mesh, batch);
}
