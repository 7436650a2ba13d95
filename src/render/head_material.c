/* head_material.c: the material of each part of a head, one row a kind. */
#include "render/head_internal.h"

#include <string.h>

#include "face/skin_detail.h"

typedef struct material_row {
    scene_surface surface;
    scene_alpha alpha;
    float specular, roughness;
    bool takes_hair_colour;
} material_row;

static const material_row rows[FACE_PART_KIND_COUNT] = {
    [FACE_PART_EYES] = {SCENE_EYE, SCENE_OPAQUE, 0.025f, 0.08f, false},
    [FACE_PART_TEETH] = {SCENE_DIFFUSE, SCENE_OPAQUE, 0.04f, 0.25f, false},
    [FACE_PART_TONGUE] = {SCENE_DIFFUSE, SCENE_OPAQUE, 0.03f, 0.35f, false},
    [FACE_PART_LASHES] = {SCENE_HAIR, SCENE_BLEND, 0.0f, 1.0f, true},
    [FACE_PART_BROWS] = {SCENE_HAIR, SCENE_BLEND, 0.0f, 1.0f, true},
    [FACE_PART_HAIR] = {SCENE_HAIR, SCENE_BLEND, 0.012f, 0.5f, true},
    [FACE_PART_BEARD] = {SCENE_HAIR, SCENE_BLEND, 0.0f, 1.0f, true},
    [FACE_PART_MOUSTACHE] = {SCENE_HAIR, SCENE_BLEND, 0.0f, 1.0f, true},
    [FACE_PART_GLASSES] = {SCENE_DIFFUSE, SCENE_CUTOUT, 0.04f, 0.2f, false},
    [FACE_PART_HAT] = {SCENE_DIFFUSE, SCENE_CUTOUT, 0.0f, 1.0f, false},
    [FACE_PART_CLOTHES] = {SCENE_DIFFUSE, SCENE_OPAQUE, 0.0f, 1.0f, false},
};

/* What a texture's luminance is multiplied by in the near infrared to reach the measured albedo. Textures were painted for
   visible light; the painted values are linear means of MakeHuman's textures, measured on sclera and iris, by eye else. */
static float near_infrared_scale(render_band band, face_region region)
{
    static const float sclera_painted = 0.37f, iris_painted = 0.25f, teeth_painted = 0.5f, tongue_painted = 0.25f, cloth_painted = 0.3f;
    if (region == FACE_SCLERA)
        return nir_albedo(band, NIR_SCLERA) / sclera_painted;
    if (region == FACE_IRIS)
        return nir_albedo(band, NIR_IRIS) / iris_painted;
    if (region == FACE_TEETH)
        return nir_albedo(band, NIR_TEETH) / teeth_painted;
    if (region == FACE_TONGUE)
        return nir_albedo(band, NIR_TONGUE) / tongue_painted;
    if (region == FACE_HAT)
        return nir_albedo(band, NIR_CLOTH) / cloth_painted;
    return 1.0f;
}

/* MakeHuman's brown irises are painted red, linear (0.062, 0.0057, 0.0009) in the mean. This, under the cornea's reflection of the
   sky, makes them a dark brown, by eye; more would tint the white beside the iris. */
static const float BROWN_FROM_RED[3] = {1.0f, 2.0f, 1.5f};

static void iris(const head_identity *identity, scene_material *material)
{
    if (identity->band == BAND_RGB && strcmp(identity->person->looks.iris, "brown") == 0)
        memcpy(material->colour, BROWN_FROM_RED, sizeof material->colour);
}

static void lens(const head_params *params, scene_material *material)
{
    material->surface = SCENE_LENS;
    material->alpha = SCENE_BLEND;
    material->texture = NULL;
    material->opacity = params->glasses_tint;
    for (int c = 0; c < 3; c++)
        material->colour[c] = 0.01f;
    material->roughness = 0.05f;
}

scene_material head_skin_material(const head_identity *identity)
{
    /* Fresnel at n = 1.4; roughness and softness by eye beside photographs. */
    scene_material material = {.surface = SCENE_DIFFUSE, .colour = {1, 1, 1}, .opacity = 1, .specular = 0.024f, .roughness = 0.5f};
    material.softness = identity->band == BAND_RGB ? 0.15f : 0.3f; /* near infrared goes deeper */
    if (identity->detail) {
        material.texture = identity->detail;
        material.uv_scale = SKIN_DETAIL_PER_UV;
        for (int c = 0; c < 3; c++)
            material.colour[c] = 1 / SKIN_DETAIL_MEAN;
    }
    return material;
}

scene_material head_part_material(const head_identity *identity, const head_params *params, face_part_kind kind, face_region region)
{
    const material_row *row = &rows[kind];
    scene_material material = {
        .surface = row->surface, .alpha = row->alpha, .specular = row->specular, .roughness = row->roughness, .opacity = 1};
    const float scale = identity->band == BAND_RGB ? 1.0f : near_infrared_scale(identity->band, region);
    for (int c = 0; c < 3; c++)
        material.colour[c] = row->takes_hair_colour ? identity->hair[c] : scale;
    if (region == FACE_GLASSES)
        for (int c = 0; c < 3; c++)
            material.colour[c] = identity->band == BAND_RGB ? 0.03f : nir_albedo(identity->band, NIR_FRAME);
    if (region == FACE_LENS)
        lens(params, &material);
    if (region == FACE_IRIS)
        iris(identity, &material);
    if (region == FACE_CLOTHES)
        memcpy(material.colour, params->clothes, sizeof material.colour);
    return material;
}
