/* head_identity.c: the part of a head that stays the same in all images of a person: neutral shape, albedo in the band, which
   parts are worn always. */
#include "render/head_internal.h"

#include <math.h>
#include <string.h>

#include "face/skin_detail.h"
#include "image/colour.h"

const char *const crop_kind_names[CROP_KIND_COUNT] = {"loose", "arcface"};

/* How much of the scalp's albedo the hair's colour takes under a hair style, so that partings look like partings. */
static const float SCALP_UNDER_HAIR = 0.85f;

static const bool counts_for_box[FACE_REGION_COUNT] = {[FACE_SKIN] = true, [FACE_NOSE] = true, [FACE_EYELIDS] = true, [FACE_LIPS] = true};
static const bool counts_as_skin[FACE_REGION_COUNT] = {[FACE_SKIN] = true, [FACE_NOSE] = true};

/* flags[v] = 1 where a triangle of a wanted region touches vertex v. */
static uint8_t *vertices_of(const face_model *model, const bool wanted[FACE_REGION_COUNT], df_arena *arena, df_error *err)
{
    uint8_t *flags = df_alloc(arena, (size_t)model->skin_count, 1, err);
    if (!flags)
        return NULL;
    for (int t = 0; t < model->triangle_count; t++)
        if (wanted[model->regions ? model->regions[t] : FACE_SKIN])
            for (int c = 0; c < 3; c++)
                flags[model->triangles[3 * t + c]] = 1;
    return flags;
}

static void visible_albedo(float *display, int count)
{
    for (int i = 0; i < 3 * count; i++)
        display[i] = srgb_to_linear(display[i]);
}

static bool make_albedo(head_identity *identity, df_arena *arena, df_error *err)
{
    const face_model *model = identity->model;
    const size_t n = (size_t)model->skin_count;
    float *display = df_alloc(arena, n, 3 * sizeof(float), err);
    const uint8_t *is_skin = display ? vertices_of(model, counts_as_skin, arena, err) : NULL;
    if (!is_skin)
        return false;
    face_albedo(model, identity->person->albedo, identity->person->albedo_count, display);
    if (identity->channels == 3) {
        visible_albedo(display, model->skin_count);
        identity->albedo = display;
        return true;
    }
    float *albedo = df_alloc(arena, n, sizeof(float), err);
    if (!albedo)
        return false;
    nir_skin(identity->band, display, is_skin, model->skin_count, identity->person->looks.nir_tone, albedo);
    identity->albedo = albedo;
    return true;
}

/* Scalp under hair takes some of the hair's colour. */
static bool tint_scalp(head_identity *identity, df_arena *arena, df_error *err)
{
    static const bool scalp[FACE_REGION_COUNT] = {[FACE_SCALP] = true};
    if (identity->parts[FACE_PART_HAIR] < 0)
        return true;
    const uint8_t *is_scalp = vertices_of(identity->model, scalp, arena, err);
    const size_t n = (size_t)identity->model->skin_count, channels = (size_t)identity->channels;
    float *tinted = is_scalp ? df_copy(arena, identity->albedo, n * channels * sizeof(float), err) : NULL;
    if (!tinted)
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; is_scalp[i] && c < channels; c++)
            tinted[channels * i + c] += SCALP_UNDER_HAIR * (identity->hair[c] - tinted[channels * i + c]);
    identity->albedo = tinted;
    return true;
}

/* The first part of kinds that everybody has; -1 where the model has none. */
static int first_part(const face_model *model, face_part_kind kind)
{
    for (int i = 0; i < model->part_count; i++)
        if (model->parts[i].kind == kind)
            return i;
    return -1;
}

static bool choose(const face_model *model, face_part_kind kind, const char *name, int *out, df_error *err)
{
    *out = -1;
    if (strcmp(name, "none") == 0 || name[0] == '\0')
        return true;
    *out = face_model_part(model, kind, name);
    return *out >= 0 || df_fail(err, "%s '%s': the model has none of that name", face_part_rows[kind].name, name);
}

static bool choose_parts(head_identity *identity, df_error *err)
{
    const face_model *model = identity->model;
    const person_looks *looks = &identity->person->looks;
    int *parts = identity->parts;
    for (int k = 0; k < FACE_PART_KIND_COUNT; k++)
        parts[k] = -1;
    parts[FACE_PART_EYES] = first_part(model, FACE_PART_EYES);
    parts[FACE_PART_TEETH] = first_part(model, FACE_PART_TEETH);
    parts[FACE_PART_TONGUE] = first_part(model, FACE_PART_TONGUE);
    parts[FACE_PART_CLOTHES] = first_part(model, FACE_PART_CLOTHES);
    return choose(model, FACE_PART_HAIR, looks->hair, &parts[FACE_PART_HAIR], err) &&
           choose(model, FACE_PART_BEARD, looks->beard, &parts[FACE_PART_BEARD], err) &&
           choose(model, FACE_PART_MOUSTACHE, looks->moustache, &parts[FACE_PART_MOUSTACHE], err) &&
           choose(model, FACE_PART_BROWS, looks->brows, &parts[FACE_PART_BROWS], err) &&
           choose(model, FACE_PART_LASHES, looks->lashes, &parts[FACE_PART_LASHES], err);
}

static const face_texture *texture_named(const face_model *model, const char *prefix, const char *name)
{
    const size_t length = strlen(prefix);
    for (int i = 0; i < model->texture_count; i++)
        if (strncmp(model->textures[i].name, prefix, length) == 0 && strcmp(model->textures[i].name + length, name) == 0)
            return &model->textures[i];
    return NULL;
}

/* In the near infrared all irises look alike: the pattern of a painted grey one serves for all. */
static const char NEAR_INFRARED_IRIS[] = "grey";

head_identity *head_identity_new(const face_model *model, const person *who, render_band band, df_arena *arena, df_error *err)
{
    head_identity *identity = df_alloc(arena, 1, sizeof *identity, err);
    float *cage = identity ? df_alloc(arena, (size_t)model->cage_count, 3 * sizeof(float), err) : NULL;
    if (!cage)
        return NULL;
    *identity = (head_identity){.model = model, .person = who, .band = band, .channels = band_channels(band), .cage = cage};
    face_shape(model, who->shape, who->shape_count, cage);
    for (size_t i = 0; i < 3 * (size_t)model->cage_count; i++)
        cage[i] -= model->origin[i % 3];
    hair_albedo(band, who->looks.hair_melanin, who->looks.hair_grey, identity->hair);
    identity->iris = texture_named(model, "iris-", band == BAND_RGB ? who->looks.iris : NEAR_INFRARED_IRIS);
    identity->detail = texture_named(model, SKIN_DETAIL_NAME, "");
    identity->is_face = vertices_of(model, counts_for_box, arena, err);
    if (!identity->is_face || !choose_parts(identity, err) || !make_albedo(identity, arena, err) || !tint_scalp(identity, arena, err))
        return NULL;
    return identity;
}
