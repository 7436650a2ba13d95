/* integers.h: whole numbers without branches, for loops that are to become vector code. Private to src/render. */
#ifndef DF_RENDER_INTEGERS_H
#define DF_RENDER_INTEGERS_H

#include <stdint.h>

static inline int32_t int_least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static inline int32_t int_most(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static inline int32_t int_clamp(int32_t v, int32_t low, int32_t high)
{
    return int_least(int_most(v, low), high);
}

/* The largest integer not above v, for |v| below 2^30. */
static inline int32_t int_floor(float v)
{
    const int32_t toward_zero = (int32_t)v;
    return toward_zero - ((float)toward_zero > v);
}

#endif
