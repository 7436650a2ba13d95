/* tile_product.c: one kernel for each width of vectors, all of the same lines. */
#include "nn/tile_product.h"

#if defined(__x86_64__)
#include <immintrin.h>

/* Two vectors of columns for each row; with ROWS = 6 (12) all sums stay in the 16 (32) registers. */
#define KERNEL(NAME, TARGET, VECTOR, WIDTH, ROWS, ZERO, LOAD, STORE, ALL, FUSED)                                                           \
    __attribute__((target(TARGET))) static void NAME(int64_t count, const float *a, int64_t lda, const float *b, float *c, int64_t ldc)    \
    {                                                                                                                                      \
        VECTOR left[ROWS], right[ROWS];                                                                                                    \
        _Pragma("GCC unroll 16") for (int r = 0; r < (ROWS); r++)                                                                          \
        {                                                                                                                                  \
            left[r] = ZERO();                                                                                                              \
            right[r] = ZERO();                                                                                                             \
        }                                                                                                                                  \
        for (int64_t i = 0; i < count; i++, b += 2 * (WIDTH)) {                                                                            \
            const VECTOR first = LOAD(b), second = LOAD(b + (WIDTH));                                                                      \
            _Pragma("GCC unroll 16") for (int r = 0; r < (ROWS); r++)                                                                      \
            {                                                                                                                              \
                const VECTOR x = ALL(a[r * lda + i]);                                                                                      \
                left[r] = FUSED(x, first, left[r]);                                                                                        \
                right[r] = FUSED(x, second, right[r]);                                                                                     \
            }                                                                                                                              \
        }                                                                                                                                  \
        _Pragma("GCC unroll 16") for (int r = 0; r < (ROWS); r++)                                                                          \
        {                                                                                                                                  \
            STORE(c + r * ldc, left[r]);                                                                                                   \
            STORE(c + r * ldc + (WIDTH), right[r]);                                                                                        \
        }                                                                                                                                  \
    }

KERNEL(product_256, "avx2,fma", __m256, 8, 6, _mm256_setzero_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_set1_ps, _mm256_fmadd_ps)
KERNEL(product_512, "avx512f", __m512, 16, 12, _mm512_setzero_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_set1_ps, _mm512_fmadd_ps)

tile_product tile_product_here(void)
{
    if (__builtin_cpu_supports("avx512f"))
        return (tile_product){.rows = 12, .columns = 32, .run = product_512};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return (tile_product){.rows = 6, .columns = 16, .run = product_256};
    return (tile_product){.rows = 0};
}

#else

tile_product tile_product_here(void)
{
    return (tile_product){.rows = 0};
}

#endif
