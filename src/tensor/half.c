/* half.c: IEEE 754 binary16 (1 sign, 5 exponent, 10 fraction bits) in integers. */
#include <string.h>

#include "tensor/tensor.h"

float half_to_float(uint16_t half)
{
    const uint32_t sign = (uint32_t)(half & 0x8000u) << 16, exponent = half >> 10 & 31u, fraction = half & 0x3FFu;
    if (exponent == 0) { /* zero and subnormal: fraction units of 2^-24, exact */
        const float magnitude = (float)fraction * 0x1p-24f;
        return sign ? -magnitude : magnitude;
    }
    const uint32_t bits = sign | (exponent == 31 ? 0x7F800000u : (exponent + 112) << 23) | fraction << 13;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* value >> shift, to nearest, ties to even. shift: 1 to 31 */
static uint32_t shift_rounding(uint32_t value, uint32_t shift)
{
    const uint32_t kept = value >> shift, rest = value & ((1u << shift) - 1), half = 1u << (shift - 1);
    return kept + (rest > half || (rest == half && (kept & 1)));
}

uint16_t float_to_half(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint32_t sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7FFFFFFFu;
    const uint32_t exponent = magnitude >> 23, fraction = (magnitude & 0x7FFFFFu) | 0x800000u;
    if (magnitude > 0x7F800000u) /* NaN stays one */
        return (uint16_t)(sign | 0x7E00u);
    if (magnitude >= 0x47800000u) /* 65536 and above */
        return (uint16_t)(sign | 0x7C00u);
    if (exponent >= 113) /* normal; a carry out of the fraction raises the exponent, as it should */
        return (uint16_t)(sign | shift_rounding(magnitude - (112u << 23), 13));
    if (exponent < 102) /* below half of the smallest subnormal */
        return (uint16_t)sign;
    return (uint16_t)(sign | shift_rounding(fraction, 126 - exponent));
}
