/* sensor_noise.c: normal numbers from counters in vector loops, by the inverse of the error function: M. Giles, "Approximating
   the erfinv function", GPU Computing Gems (Jade edition, 2011), single precision. Its logarithm is a polynomial here, so that
   all processors give the same bytes. */
#include "render/sensor_noise.h"

#include <math.h>
#include <string.h>

#include "base/clones.h"

enum { LANES = SENSOR_NORMALS / 4 }; /* counters a block; each gives four numbers */

/* ln x for normal x above 0: exponent and a polynomial on [sqrt 1/2, sqrt 2), 4e-8 off. */
static inline float logarithm(float x)
{
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int32_t above = bits - 0x3F3504F3;
    const float exponent = (float)(above >> 23);
    const int32_t mantissa = (above & 0x7FFFFF) + 0x3F3504F3;
    float m;
    memcpy(&m, &mantissa, sizeof m);
    const float t = m - 1;
    float p = 0.0853331308f;
    p = p * t - 0.142692582f;
    p = p * t + 0.149774013f;
    p = p * t - 0.165779929f;
    p = p * t + 0.199559334f;
    p = p * t - 0.250013522f;
    p = p * t + 0.333341933f;
    p = p * t - 0.499999964f;
    p = p * t + 0.999999974f;
    return exponent * 0.693147181f + t * p;
}

static inline float central(float w)
{
    const float v = w - 2.5f;
    float p = 2.81022636e-08f;
    p = p * v + 3.43273939e-07f;
    p = p * v - 3.5233877e-06f;
    p = p * v - 4.39150654e-06f;
    p = p * v + 0.00021858087f;
    p = p * v - 0.00125372503f;
    p = p * v - 0.00417768164f;
    p = p * v + 0.246640727f;
    return p * v + 1.50140941f;
}

static inline float tail(float w)
{
    const float v = sqrtf(w) - 3;
    float p = -0.000200214257f;
    p = p * v + 0.000100950558f;
    p = p * v + 0.00134934322f;
    p = p * v - 0.00367342844f;
    p = p * v + 0.00573950773f;
    p = p * v - 0.0076224613f;
    p = p * v + 0.00943887047f;
    p = p * v + 1.00167406f;
    return p * v + 2.83297682f;
}

/* N(0, 1) of 24 bits: sqrt(2) erfinv(x) for the middle x of one of 2^24 equal parts of (-1, 1). */
static inline float normal_of(uint32_t number)
{
    const float x = ((float)((int32_t)number >> 8) + 0.5f) * 0x1p-23f;
    const float w = -logarithm((1 - x) * (1 + x)), inner = central(w), outer = tail(w);
    return 1.41421356f * x * (w < 5 ? inner : outer);
}

DF_CLONES static void draw(const uint32_t counter[4], const uint32_t key[2], uint32_t *restrict out)
{
    const uint32_t first = counter[0], image = counter[1], low = counter[2], high = counter[3], key0 = key[0], key1 = key[1];
    for (uint32_t i = 0; i < LANES; i++) {
        const uint32_t here[4] = {first + i, image, low, high}, with[2] = {key0, key1};
        uint32_t drawn[4];
        df_philox(here, with, drawn);
        for (int k = 0; k < 4; k++)
            out[(uint32_t)k * LANES + i] = drawn[k];
    }
}

DF_CLONES static void make_normal(const uint32_t *restrict numbers, float *restrict out)
{
    for (int i = 0; i < SENSOR_NORMALS; i++)
        out[i] = normal_of(numbers[i]);
}

void sensor_normals(const df_random *stream, uint32_t block, float out[SENSOR_NORMALS])
{
    const uint32_t counter[4] = {block * LANES, stream->counter[1], stream->counter[2], stream->counter[3]};
    uint32_t numbers[SENSOR_NORMALS];
    draw(counter, stream->key, numbers);
    make_normal(numbers, out);
}

DF_CLONES static void add(float *restrict values, const float *restrict normals, float full_scale, float read_variance, size_t count)
{
    const float unit = 1 / full_scale;
    for (size_t i = 0; i < count; i++) {
        const float electrons = values[i] * full_scale;
        values[i] = (electrons + sqrtf(electrons + read_variance) * normals[i]) * unit;
    }
}

void sensor_add_noise(float *values, size_t count, float full_scale, float read_noise, df_random stream)
{
    float normals[SENSOR_NORMALS];
    for (size_t first = 0; first < count; first += SENSOR_NORMALS) {
        sensor_normals(&stream, (uint32_t)(first / SENSOR_NORMALS), normals);
        add(values + first, normals, full_scale, read_noise * read_noise, count - first < SENSOR_NORMALS ? count - first : SENSOR_NORMALS);
    }
}
