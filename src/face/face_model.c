/* face_model.c: the names of regions and parts, and finding things of a model by name. */
#include "face/face_model.h"

#include <string.h>

const char *const face_region_names[FACE_REGION_COUNT] = {
    [FACE_BACKGROUND] = "background",
    [FACE_SKIN] = "skin",
    [FACE_NOSE] = "nose",
    [FACE_EARS] = "ears",
    [FACE_NECK] = "neck",
    [FACE_SCALP] = "scalp",
    [FACE_EYELIDS] = "eyelids",
    [FACE_LIPS] = "lips",
    [FACE_MOUTH] = "mouth",
    [FACE_EYE_SOCKET] = "eye-socket",
    [FACE_SCLERA] = "sclera",
    [FACE_IRIS] = "iris",
    [FACE_TEETH] = "teeth",
    [FACE_TONGUE] = "tongue",
    [FACE_LASHES] = "lashes",
    [FACE_BROWS] = "brows",
    [FACE_HAIR] = "hair",
    [FACE_BEARD] = "beard",
    [FACE_MOUSTACHE] = "moustache",
    [FACE_GLASSES] = "glasses",
    [FACE_LENS] = "lens",
    [FACE_HAT] = "hat",
    [FACE_CLOTHES] = "clothes",
    [FACE_MASK] = "mask",
    [FACE_SCARF] = "scarf",
    [FACE_HAND] = "hand",
    [FACE_PHONE] = "phone",
    [FACE_WHEEL] = "wheel",
    [FACE_BELT] = "belt",
};

const face_part_row face_part_rows[FACE_PART_KIND_COUNT] = {
    [FACE_PART_EYES] = {.name = "eyes", .region = FACE_SCLERA},
    [FACE_PART_TEETH] = {.name = "teeth", .region = FACE_TEETH},
    [FACE_PART_TONGUE] = {.name = "tongue", .region = FACE_TONGUE},
    [FACE_PART_LASHES] = {.name = "lashes", .region = FACE_LASHES},
    [FACE_PART_BROWS] = {.name = "brows", .region = FACE_BROWS},
    [FACE_PART_HAIR] = {.name = "hair", .region = FACE_HAIR},
    [FACE_PART_BEARD] = {.name = "beard", .region = FACE_BEARD},
    [FACE_PART_MOUSTACHE] = {.name = "moustache", .region = FACE_MOUSTACHE},
    [FACE_PART_GLASSES] = {.name = "glasses", .region = FACE_GLASSES},
    [FACE_PART_HAT] = {.name = "hat", .region = FACE_HAT},
    [FACE_PART_CLOTHES] = {.name = "clothes", .region = FACE_CLOTHES},
};

const char *const face_amount_names[FACE_AMOUNT_COUNT] = {
    [FACE_AMOUNT_GENDER] = "gender",
    [FACE_AMOUNT_AGE] = "age",
    [FACE_AMOUNT_HEIGHT] = "height",
    [FACE_AMOUNT_WEIGHT] = "weight",
};

int face_model_part(const face_model *model, face_part_kind kind, const char *name)
{
    for (int i = 0; i < model->part_count; i++)
        if (model->parts[i].kind == kind && strcmp(model->parts[i].name, name) == 0)
            return i;
    return -1;
}

static int find_name(const char (*names)[FACE_NAME], int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

int face_model_group(const face_model *model, const char *name)
{
    return find_name(model->group_names, model->group_count, name);
}

int face_model_expression(const face_model *model, const char *name)
{
    return find_name(model->expression_names, model->expression_count, name);
}
