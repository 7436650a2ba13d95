/* face_layers.c: one function a kind of label, in the order of label_kind. */
#include "dataset/face_layers.h"

#include <math.h>
#include <string.h>

enum { RGB = 3, DARKEST = 40, BRIGHTEST = 250 };

static const canvas_colour ground = {0x20, 0x23, 0x28, 255};

/* Skin in skin's colours, what is worn in Okabe and Ito's; neighbours differ in brightness. */
static const canvas_colour regions[FACE_REGION_COUNT] = {
    [FACE_BACKGROUND] = {0x20, 0x23, 0x28, 255}, [FACE_SKIN] = {0xE3, 0xB0, 0x90, 255},    [FACE_NOSE] = {0xF7, 0xD3, 0xB8, 255},
    [FACE_EARS] = {0xC0, 0x80, 0x60, 255},       [FACE_NECK] = {0xA8, 0x70, 0x54, 255},    [FACE_SCALP] = {0x8C, 0x94, 0x9C, 255},
    [FACE_EYELIDS] = {0xF0, 0xE4, 0x42, 255},    [FACE_LIPS] = {0xD8, 0x48, 0x58, 255},    [FACE_MOUTH] = {0x70, 0x18, 0x28, 255},
    [FACE_EYE_SOCKET] = {0x80, 0x60, 0x40, 255}, [FACE_SCLERA] = {0xFF, 0xFF, 0xFF, 255},  [FACE_IRIS] = {0x00, 0x72, 0xB2, 255},
    [FACE_TEETH] = {0xE8, 0xF4, 0xE8, 255},      [FACE_TONGUE] = {0xF0, 0x98, 0xA0, 255},  [FACE_LASHES] = {0x30, 0x18, 0x08, 255},
    [FACE_BROWS] = {0x88, 0x50, 0x20, 255},      [FACE_HAIR] = {0x6A, 0x51, 0xA3, 255},    [FACE_BEARD] = {0x9E, 0x80, 0xC8, 255},
    [FACE_MOUSTACHE] = {0xC4, 0xB0, 0xE4, 255},  [FACE_GLASSES] = {0xD5, 0x5E, 0x00, 255}, [FACE_LENS] = {0x56, 0xB4, 0xE9, 255},
    [FACE_HAT] = {0xE6, 0x9F, 0x00, 255},        [FACE_CLOTHES] = {0x00, 0x9E, 0x73, 255}, [FACE_MASK] = {0x3C, 0xD0, 0xC0, 255},
    [FACE_SCARF] = {0xCC, 0x79, 0xA7, 255},      [FACE_HAND] = {0xFF, 0x8C, 0x5A, 255},    [FACE_PHONE] = {0x30, 0x60, 0xE0, 255},
    [FACE_WHEEL] = {0x90, 0xB0, 0x20, 255},      [FACE_BELT] = {0x58, 0x70, 0x18, 255},
};

canvas_colour face_region_colour(int region)
{
    return region >= 0 && region < FACE_REGION_COUNT ? regions[region] : (canvas_colour){0xFF, 0x00, 0xFF, 255};
}

static void put(uint8_t *pixel, canvas_colour colour)
{
    pixel[0] = colour.r;
    pixel[1] = colour.g;
    pixel[2] = colour.b;
}

static void paint_regions(const image *label, size_t count, uint8_t *out)
{
    const uint8_t *codes = label->data;
    for (size_t i = 0; i < count; i++)
        put(out + i * RGB, face_region_colour(codes[i]));
}

static void paint_depth(const image *label, size_t count, uint8_t *out)
{
    const uint16_t *codes = label->data;
    uint16_t near = UINT16_MAX, far = 0;
    for (size_t i = 0; i < count; i++)
        if (codes[i] > 0) {
            near = codes[i] < near ? codes[i] : near;
            far = codes[i] > far ? codes[i] : far;
        }
    const float scale = far > near ? (float)(BRIGHTEST - DARKEST) / (float)(far - near) : 0;
    for (size_t i = 0; i < count; i++) {
        const uint8_t grey = (uint8_t)(BRIGHTEST - (float)(codes[i] - near) * scale * (codes[i] > 0 ? 1.0f : 0.0f));
        put(out + i * RGB, codes[i] > 0 ? (canvas_colour){grey, grey, grey, 255} : ground);
    }
}

static uint8_t half_range(float value)
{
    return (uint8_t)(127.5f + 127.0f * value);
}

static void paint_normals(const image *label, size_t count, uint8_t *out)
{
    const bool is_wide = label->type == IMAGE_U16;
    for (size_t i = 0; i < count; i++) {
        uint16_t code[2];
        float normal[3];
        for (size_t c = 0; c < 2; c++)
            code[c] = is_wide ? ((const uint16_t *)label->data)[2 * i + c] : ((const uint8_t *)label->data)[2 * i + c];
        label_normal_decode(code, is_wide ? UINT16_MAX : UINT8_MAX, normal);
        const bool is_ground = code[0] == 0 && code[1] == 0;
        const canvas_colour colour = {half_range(normal[0]), half_range(-normal[1]), half_range(-normal[2]), 255};
        put(out + i * RGB, is_ground ? ground : colour);
    }
}

static uint8_t high_byte(uint16_t code)
{
    return (uint8_t)(code >> 8);
}

/* As the eye takes it: the root of the linear value, grey or in colour. */
static void paint_albedo(const image *label, size_t count, uint8_t *out)
{
    const uint16_t *codes = label->data;
    const size_t channels = (size_t)label->channels;
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < RGB; c++)
            out[i * RGB + c] = (uint8_t)(255 * sqrtf((float)codes[i * channels + c % channels] / 65535));
}

/* u in red, v in green. */
static void paint_uv(const image *label, size_t count, uint8_t *out)
{
    const uint16_t *codes = label->data;
    for (size_t i = 0; i < count; i++) {
        const bool is_ground = codes[2 * i] == 0;
        put(out + i * RGB, is_ground ? ground : (canvas_colour){high_byte(codes[2 * i]), high_byte(codes[2 * i + 1]), 128, 255});
    }
}

static void paint_matte(const image *label, size_t count, uint8_t *out)
{
    const uint8_t *codes = label->data;
    for (size_t i = 0; i < count; i++)
        put(out + i * RGB, (canvas_colour){codes[i], codes[i], codes[i], 255});
}

/* NULL: labels that are no images have no picture. */
static void (*const painters[LABEL_KIND_COUNT])(const image *label, size_t count, uint8_t *out) = {
    [LABEL_SEGMENTATION] = paint_regions, [LABEL_DEPTH] = paint_depth, [LABEL_NORMALS] = paint_normals,
    [LABEL_ALBEDO] = paint_albedo,        [LABEL_UV] = paint_uv,       [LABEL_MATTE] = paint_matte};

bool face_layer_picture(label_kind kind, const image *label, image *out, df_arena *arena, df_error *err)
{
    int channels;
    image_type type;
    image made;
    if (!painters[kind])
        return df_fail(err, "%s: a label that is no image", label_kind_names[kind]);
    label_form(kind, label->channels == RGB ? BAND_RGB : BAND_940, label->type == IMAGE_U16, &channels, &type);
    if (label->channels != channels || label->type != type)
        return df_fail(err, "%s: expected another kind of image: %d channels, found %d", label_kind_names[kind], channels, label->channels);
    if (!image_new(&made, label->width, label->height, RGB, IMAGE_U8, arena, err))
        return false;
    painters[kind](label, (size_t)label->width * (size_t)label->height, made.data);
    *out = made;
    return true;
}
