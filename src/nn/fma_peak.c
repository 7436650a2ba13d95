/* fma_peak.c: chains of fused multiply-adds in registers. A processor starts two of them a cycle, each takes four or five cycles, so that
   ten or more chains side by side keep it busy (Fog, "Instruction tables"); CHAINS of them still fit in 16 registers. */
#include "nn/fma_peak.h"

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/clock.h"

enum { CHAINS = 12, TRIES = 8 };
static const double TRY_S = 0.01;
static const int64_t ROUNDS_AT_A_TIME = 20000;

/* x = x * FACTOR + OFFSET stays near OFFSET / (1 - FACTOR): neither overflow nor denormals, which would be slow. */
static const float FACTOR = 0.5f, OFFSET = 0.75f;

/* A kernel does `rounds` steps of CHAINS vectors and returns something made of all of them, so that no step can be left out. */
typedef float (*peak_kernel)(int64_t rounds, float start);

typedef struct peak_row {
    const char *instructions;
    int lanes;
    peak_kernel run;
} peak_row;

#if defined(__x86_64__)
#define KERNEL(NAME, TARGET, VECTOR, ALL, FUSED, ADD, FIRST)                                                                               \
    __attribute__((target(TARGET))) static float NAME(int64_t rounds, float start)                                                         \
    {                                                                                                                                      \
        const VECTOR factor = ALL(FACTOR), offset = ALL(OFFSET);                                                                           \
        VECTOR x[CHAINS];                                                                                                                  \
        for (int c = 0; c < CHAINS; c++)                                                                                                   \
            x[c] = ALL(start + (float)c);                                                                                                  \
        for (int64_t i = 0; i < rounds; i++)                                                                                               \
            _Pragma("GCC unroll 12") for (int c = 0; c < CHAINS; c++) x[c] = FUSED(x[c], factor, offset);                                  \
        for (int c = 1; c < CHAINS; c++)                                                                                                   \
            x[0] = ADD(x[0], x[c]);                                                                                                        \
        return FIRST(x[0]);                                                                                                                \
    }
KERNEL(run_avx2, "avx2,fma", __m256, _mm256_set1_ps, _mm256_fmadd_ps, _mm256_add_ps, _mm256_cvtss_f32)
KERNEL(run_avx512, "avx512f", __m512, _mm512_set1_ps, _mm512_fmadd_ps, _mm512_add_ps, _mm512_cvtss_f32)
#endif

enum { PLAIN_LANES = 4 };

static float run_plain(int64_t rounds, float start)
{
    float x[CHAINS][PLAIN_LANES], sum = 0;
    for (int c = 0; c < CHAINS; c++)
        for (int lane = 0; lane < PLAIN_LANES; lane++)
            x[c][lane] = start + (float)c;
    for (int64_t i = 0; i < rounds; i++)
        for (int c = 0; c < CHAINS; c++)
            for (int lane = 0; lane < PLAIN_LANES; lane++)
                x[c][lane] = x[c][lane] * FACTOR + OFFSET;
    for (int c = 0; c < CHAINS; c++)
        for (int lane = 0; lane < PLAIN_LANES; lane++)
            sum += x[c][lane];
    return sum;
}

static peak_row choose(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return (peak_row){.instructions = "AVX-512", .lanes = 16, .run = run_avx512};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return (peak_row){.instructions = "AVX2", .lanes = 8, .run = run_avx2};
#endif
    return (peak_row){.instructions = "plain", .lanes = PLAIN_LANES, .run = run_plain};
}

/* Operations a second of one thread over TRY_S. */
static double try_once(const peak_row *row, float *sink)
{
    const double begin = df_clock();
    double now = begin;
    int64_t rounds = 0;
    for (; now - begin < TRY_S; now = df_clock(), rounds += ROUNDS_AT_A_TIME)
        *sink += row->run(ROUNDS_AT_A_TIME, *sink);
    return 2.0 * CHAINS * row->lanes * (double)rounds / (now - begin);
}

nn_fma_peak nn_measure_fma_peak(void)
{
    const peak_row row = choose();
    nn_fma_peak best = {.instructions = row.instructions};
    for (int i = 0; i < TRIES; i++) {
        double rate = 0;
#pragma omp parallel reduction(+ : rate)
        {
            volatile float kept = 0;
            float sink = 0;
            rate += try_once(&row, &sink);
            kept = sink;
            (void)kept;
        }
        best.rate = rate > best.rate ? rate : best.rate;
    }
    return best;
}
