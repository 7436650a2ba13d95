/* size.h: byte counts by checked arithmetic. Each returns false on overflow and leaves *out as it was. */
#ifndef DF_BASE_SIZE_H
#define DF_BASE_SIZE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/api.h"

DF_CHECKED static inline bool df_size_mul(size_t a, size_t b, size_t *out)
{
    size_t product;
    if (__builtin_mul_overflow(a, b, &product))
        return false;
    *out = product;
    return true;
}

DF_CHECKED static inline bool df_size_add(size_t a, size_t b, size_t *out)
{
    size_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return false;
    *out = sum;
    return true;
}

#endif
