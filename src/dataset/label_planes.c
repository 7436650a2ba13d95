/* label_planes.c: regions are stored as they are, depths and normals as integers. */
#include "dataset/label_planes.h"

#include <math.h>
#include <string.h>

void label_form(label_kind kind, bool normals16, int *channels, image_type *type)
{
    *channels = kind == LABEL_NORMALS ? 2 : 1;
    *type = kind == LABEL_DEPTH || (kind == LABEL_NORMALS && normals16) ? IMAGE_U16 : IMAGE_U8;
}

bool label_planes_new(const render_job *job, scene_picture *picture, df_arena *scratch, df_error *err)
{
    const size_t pixels = (size_t)job->size * (size_t)job->size;
    picture->regions = NULL;
    picture->depth = picture->normals = NULL;
    if (job->labels[LABEL_SEGMENTATION] && !(picture->regions = df_alloc(scratch, pixels, 1, err)))
        return false;
    if (job->labels[LABEL_DEPTH] && !(picture->depth = df_alloc(scratch, pixels, sizeof(float), err)))
        return false;
    return !job->labels[LABEL_NORMALS] || (picture->normals = df_alloc(scratch, pixels, 3 * sizeof(float), err)) != NULL;
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

bool label_image(label_kind kind, const render_job *job, const scene_picture *picture, image *out, df_arena *scratch, df_error *err)
{
    const size_t pixels = (size_t)job->size * (size_t)job->size;
    int channels;
    image_type type;
    label_form(kind, job->normals16, &channels, &type);
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
    case LABEL_KIND_COUNT:
        return df_fail(err, "no such label");
    }
    *out = made;
    return true;
}
