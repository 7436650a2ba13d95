/* label_planes.c: regions are stored as they are, depths and normals as integers. */
#include "dataset/label_planes.h"

#include <math.h>
#include <string.h>

bool label_is_image(label_kind kind)
{
    return strcmp(label_kind_endings[kind], "png") == 0;
}

void label_form(label_kind kind, render_band band, bool normals16, int *channels, image_type *type)
{
    *channels = kind == LABEL_NORMALS || kind == LABEL_UV ? 2 : kind == LABEL_ALBEDO ? band_channels(band) : 1;
    *type = kind == LABEL_DEPTH || kind == LABEL_ALBEDO || kind == LABEL_UV || (kind == LABEL_NORMALS && normals16) ? IMAGE_U16 : IMAGE_U8;
}

static bool plane_new(bool is_wanted, size_t pixels, size_t values, float **out, df_arena *scratch, df_error *err)
{
    *out = NULL;
    return !is_wanted || (*out = df_alloc(scratch, pixels, values * sizeof(float), err)) != NULL;
}

bool label_planes_new(const render_job *job, scene_picture *picture, df_arena *scratch, df_error *err)
{
    const size_t pixels = (size_t)job->size * (size_t)job->size, channels = (size_t)band_channels(job->band);
    const bool *wanted = job->labels;
    picture->regions = NULL;
    if ((wanted[LABEL_SEGMENTATION] || wanted[LABEL_GAZE]) && !(picture->regions = df_alloc(scratch, pixels, 1, err)))
        return false;
    return plane_new(wanted[LABEL_DEPTH] || wanted[LABEL_LANDMARKS], pixels, 1, &picture->depth, scratch, err) &&
           plane_new(wanted[LABEL_NORMALS], pixels, 3, &picture->normals, scratch, err) &&
           plane_new(wanted[LABEL_ALBEDO], pixels, channels, &picture->albedo, scratch, err) &&
           plane_new(wanted[LABEL_UV], pixels, 2, &picture->uv, scratch, err) &&
           plane_new(wanted[LABEL_MATTE], pixels, 1, &picture->matte, scratch, err);
}

static float with_sign_of(float sign, float value)
{
    return sign < 0 ? -value : value;
}

void label_normal_encode(const float normal[3], int top, uint16_t code[2])
{
    const float sum = fabsf(normal[0]) + fabsf(normal[1]) + fabsf(normal[2]);
    if (!(sum > 0)) {
        code[0] = code[1] = 0;
        return;
    }
    float x = normal[0] / sum, y = normal[1] / sum;
    if (normal[2] > 0) { /* surfaces that are seen look back, z below 0: they fill the inner square */
        const float fold_x = with_sign_of(x, 1 - fabsf(y)), fold_y = with_sign_of(y, 1 - fabsf(x));
        x = fold_x;
        y = fold_y;
    }
    const int half = top / 2;
    code[0] = (uint16_t)(half + 1 + (int)floorf((float)half * x + 0.5f));
    code[1] = (uint16_t)(half + 1 + (int)floorf((float)half * y + 0.5f));
}

void label_normal_decode(const uint16_t code[2], int top, float normal[3])
{
    normal[0] = normal[1] = normal[2] = 0;
    if (code[0] == 0 && code[1] == 0)
        return;
    const int half = top / 2;
    float x = (float)(code[0] - half - 1) / (float)half, y = (float)(code[1] - half - 1) / (float)half;
    const float z = fabsf(x) + fabsf(y) - 1;
    if (z > 0) {
        const float fold_x = with_sign_of(x, 1 - fabsf(y)), fold_y = with_sign_of(y, 1 - fabsf(x));
        x = fold_x;
        y = fold_y;
    }
    const float length = sqrtf(x * x + y * y + z * z);
    normal[0] = x / length;
    normal[1] = y / length;
    normal[2] = z / length;
}

static void fill_depth(const float *depth, size_t count, uint16_t *out)
{
    for (size_t i = 0; i < count; i++) {
        const float tenths = depth[i] * (float)LABEL_DEPTH_PER_MM + 0.5f;
        out[i] = tenths >= 65535.0f ? 65535 : (uint16_t)tenths;
    }
}

static void fill_normals(const float *normals, size_t count, const image *out)
{
    uint8_t *bytes = out->data;
    uint16_t *words = out->data;
    for (size_t i = 0; i < count; i++) {
        uint16_t code[2];
        label_normal_encode(normals + 3 * i, out->type == IMAGE_U16 ? 65535 : 255, code);
        for (size_t c = 0; c < 2; c++) {
            if (out->type == IMAGE_U16)
                words[2 * i + c] = code[c];
            else
                bytes[2 * i + c] = (uint8_t)code[c];
        }
    }
}

/* 0 to 1 and beyond as a whole number up to `top`, halves up. */
static float share_of(float value, float top)
{
    return floorf((value < 0 ? 0 : value > 1 ? 1 : value) * top + 0.5f);
}

static void fill_shares(const float *values, size_t count, const image *out)
{
    uint8_t *bytes = out->data;
    uint16_t *words = out->data;
    for (size_t i = 0; i < count; i++) {
        if (out->type == IMAGE_U16)
            words[i] = (uint16_t)share_of(values[i], 65535);
        else
            bytes[i] = (uint8_t)share_of(values[i], 255);
    }
}

static void fill_uv(const float *uv, size_t count, uint16_t *out)
{
    for (size_t i = 0; i < 2 * count; i++)
        out[i] = uv[i / 2 * 2] < 0 ? 0 : (uint16_t)(1 + share_of(uv[i], 65534));
}

bool label_image(label_kind kind, const render_job *job, const scene_picture *picture, image *out, df_arena *scratch, df_error *err)
{
    const size_t pixels = (size_t)job->size * (size_t)job->size;
    int channels;
    image_type type;
    label_form(kind, job->band, job->normals16, &channels, &type);
    image made;
    if (!image_new(&made, job->size, job->size, channels, type, scratch, err))
        return false;
    switch (kind) {
    case LABEL_SEGMENTATION:
        memcpy(made.data, picture->regions, pixels);
        break;
    case LABEL_DEPTH:
        fill_depth(picture->depth, pixels, made.data);
        break;
    case LABEL_NORMALS:
        fill_normals(picture->normals, pixels, &made);
        break;
    case LABEL_ALBEDO:
        fill_shares(picture->albedo, pixels * (size_t)channels, &made);
        break;
    case LABEL_UV:
        fill_uv(picture->uv, pixels, made.data);
        break;
    case LABEL_MATTE:
        fill_shares(picture->matte, pixels, &made);
        break;
    case LABEL_GAZE:
    case LABEL_MESH:
    case LABEL_LANDMARKS:
    case LABEL_KIND_COUNT:
        return df_fail(err, "no label that is an image");
    }
    *out = made;
    return true;
}
