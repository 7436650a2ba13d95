/* sensor.c: radiance to codes, in the order of the light: vignetting, blur, exposure, electrons and their noise, codes. Every
   step is a plain loop over rows or blocks that the compiler vectorises. */
#include "render/sensor.h"

#include <math.h>
#include <string.h>

#include "base/clones.h"
#include "render/sensor_noise.h"

enum { MAX_RADIUS = 24 }; /* three standard deviations of the largest blur */
static const float MAX_BLUR = 8.0f;

/* A row's light, less what is lost at distance (x, dy) from the middle: rate times its square. `start` is the distance of the
   first pixel's centre. */
DF_CLONES static void darken_row(float start, float dy, float rate, int width, int channels, float *restrict row)
{
    const int values = width * channels;
    const float per_value = 1 / (float)channels;
    for (int i = 0; i < values; i++) {
        const float dx = (float)(int)(((float)i + 0.5f) * per_value) + start;
        row[i] *= 1 - rate * (dx * dx + dy * dy);
    }
}

/* Natural vignetting's shape, 1 - loss * (r / corner)^2. */
static void darken_corners(float loss, int width, int height, int channels, float *radiance)
{
    const float half_width = 0.5f * (float)width, half_height = 0.5f * (float)height;
    const float rate = loss / (half_width * half_width + half_height * half_height);
    for (int y = 0; y < height; y++)
        darken_row(0.5f - half_width, (float)y + 0.5f - half_height, rate, width, channels,
                   radiance + (size_t)y * (size_t)width * (size_t)channels);
}

/* Weights of distances 0 to radius, which sum to 1 over both sides. */
static int gaussian(float sigma, float weights[MAX_RADIUS + 1])
{
    const int radius = (int)ceilf(3 * sigma);
    float sum = 0;
    for (int k = 0; k <= radius; k++) {
        weights[k] = expf(-0.5f * (float)(k * k) / (sigma * sigma));
        sum += k == 0 ? weights[k] : 2 * weights[k];
    }
    for (int k = 0; k <= radius; k++)
        weights[k] /= sum;
    return radius;
}

/* out += weight * (a + b) */
DF_CLONES static void add_pair(float *restrict out, const float *restrict a, const float *restrict b, float weight, int count)
{
    for (int i = 0; i < count; i++)
        out[i] += weight * (a[i] + b[i]);
}

DF_CLONES static void scale_into(float *restrict out, const float *restrict in, float weight, int count)
{
    for (int i = 0; i < count; i++)
        out[i] = weight * in[i];
}

static void blur_row(float *row, float *padded, const float *weights, int radius, int width, int channels)
{
    const int values = width * channels, margin = radius * channels;
    memcpy(padded + margin, row, (size_t)values * sizeof(float));
    for (int i = 0; i < margin; i++) {
        padded[i] = row[i % channels];
        padded[margin + values + i] = row[values - channels + i % channels];
    }
    scale_into(row, padded + margin, weights[0], values);
    for (int k = 1; k <= radius; k++)
        add_pair(row, padded + margin - k * channels, padded + margin + k * channels, weights[k], values);
}

static int clamp_row(int y, int height)
{
    return y < 0 ? 0 : y >= height ? height - 1 : y;
}

/* Rows, then columns of the result; the picture's edge continues outside. */
static bool blur(float sigma, int width, int height, int channels, float *radiance, df_arena *scratch, df_error *err)
{
    const size_t values = (size_t)width * (size_t)channels;
    float weights[MAX_RADIUS + 1];
    const int radius = gaussian(sigma, weights), row_values = width * channels;
    float *padded = df_alloc(scratch, values + 2 * (size_t)radius * (size_t)channels, sizeof(float), err);
    float *across = padded ? df_alloc(scratch, values * (size_t)height, sizeof(float), err) : NULL;
    if (!across)
        return false;
    for (int y = 0; y < height; y++)
        blur_row(radiance + (size_t)y * values, padded, weights, radius, width, channels);
    memcpy(across, radiance, values * (size_t)height * sizeof(float));
    for (int y = 0; y < height; y++) {
        float *row = radiance + (size_t)y * values;
        scale_into(row, across + (size_t)y * values, weights[0], row_values);
        for (int k = 1; k <= radius; k++)
            add_pair(row, across + (size_t)clamp_row(y - k, height) * values, across + (size_t)clamp_row(y + k, height) * values,
                     weights[k], row_values);
    }
    return true;
}

/* sRGB's curve by a polynomial in the fourth root: 2e-6 off at most, and no powf for each pixel. */
static inline float encode_srgb(float linear)
{
    const float root = sqrtf(sqrtf(linear));
    float curve = 0.0617343075f;
    curve = curve * root - 0.294247637f;
    curve = curve * root + 0.621002284f;
    curve = curve * root - 0.825280017f;
    curve = curve * root + 1.35457265f;
    curve = curve * root + 0.141958263f;
    curve = curve * root - 0.0597390114f;
    return linear <= 0.0031308f ? 12.92f * linear : curve;
}

DF_CLONES static void encode(float *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = encode_srgb(values[i]);
}

/* 0 to 1; NaN becomes 0. */
DF_CLONES static void clamp(float *values, float scale, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const float v = values[i] * scale, positive = v > 0 ? v : 0;
        values[i] = positive < 1 ? positive : 1;
    }
}

DF_CLONES static void to_bytes(const float *restrict values, uint8_t *restrict codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        codes[i] = (uint8_t)(int)(values[i] * 255.0f + 0.5f);
}

DF_CLONES static void to_words(const float *restrict values, uint16_t *restrict codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        codes[i] = (uint16_t)(int)(values[i] * 65535.0f + 0.5f);
}

static bool check(const sensor *how, const image *out, df_error *err)
{
    if (how->bits != 8 && how->bits != 16)
        return df_fail(err, "sensor: %d bits, expected 8 or 16", how->bits);
    if (out->type != (how->bits == 8 ? IMAGE_U8 : IMAGE_U16))
        return df_fail(err, "sensor: the image has another type than the sensor's %d bits", how->bits);
    if (!(how->blur >= 0 && how->blur <= MAX_BLUR))
        return df_fail(err, "sensor: blur of %g pixels, expected 0 to %g", (double)how->blur, (double)MAX_BLUR);
    if (!(how->full_well >= 0 && how->gain > 0 && how->read_noise >= 0))
        return df_fail(err, "sensor: full well %g, gain %g, read noise %g: expected 0 or more, above 0, 0 or more", (double)how->full_well,
                       (double)how->gain, (double)how->read_noise);
    return true;
}

bool sensor_expose(const sensor *how, float *radiance, uint64_t seed, uint64_t identity, uint32_t image_index, image *out,
                   df_arena *scratch, df_error *err)
{
    if (!check(how, out, err))
        return false;
    const size_t values = (size_t)out->width * (size_t)out->height * (size_t)out->channels;
    if (how->vignetting > 0)
        darken_corners(how->vignetting, out->width, out->height, out->channels, radiance);
    if (how->blur > 0 && !blur(how->blur, out->width, out->height, out->channels, radiance, scratch, err))
        return false;
    clamp(radiance, how->exposure, values);
    if (how->full_well > 0) {
        const float full_scale = how->full_well / how->gain; /* electrons */
        sensor_add_noise(radiance, values, full_scale, how->read_noise, df_random_at(seed, identity, image_index, DF_FOR_SENSOR_NOISE));
        clamp(radiance, 1, values);
    }
    if (how->encode_srgb)
        encode(radiance, values);
    if (how->bits == 8)
        to_bytes(radiance, out->data, values);
    else
        to_words(radiance, out->data, values);
    return true;
}
