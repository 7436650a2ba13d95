/* sums.c: loops that the compiler makes vector code of. */
#include "train/sums.h"

#include <math.h>

enum {
    ALONE = 1 << 14, /* below this many values a loop is not shared out */
    BLOCK = 1 << 12,
    LANES = 16
};

void sums_add(float *sum, const float *x, size_t count)
{
#pragma omp parallel for simd schedule(static) if (count > ALONE)
    for (size_t i = 0; i < count; i++)
        sum[i] += x[i];
}

void sums_move(float *average, const float *x, size_t count, float share)
{
#pragma omp parallel for simd schedule(static) if (count > ALONE)
    for (size_t i = 0; i < count; i++)
        average[i] += share * (x[i] - average[i]);
}

void sums_scale(float *out, const float *x, size_t count, float factor)
{
    for (size_t i = 0; i < count; i++)
        out[i] = factor * x[i];
}

/* Lane i % LANES takes value i. */
static double square_block(const float *x, size_t count)
{
    double lanes[LANES] = {0}, sum = 0;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            lanes[k] += (double)x[i + k] * (double)x[i + k];
    for (; i < count; i++)
        lanes[i % LANES] += (double)x[i] * (double)x[i];
    for (size_t k = 0; k < LANES; k++)
        sum += lanes[k];
    return sum;
}

/* Threads take groups of blocks; block sums are added in order. */
double sums_square(const float *x, size_t count)
{
    enum { GROUP = 512 };
    double sum = 0;
    for (size_t at = 0; at < count; at += (size_t)GROUP * BLOCK) {
        double parts[GROUP];
        const size_t left = count - at, blocks = (left + BLOCK - 1) / BLOCK < GROUP ? (left + BLOCK - 1) / BLOCK : GROUP;
#pragma omp parallel for schedule(static) if (left > ALONE)
        for (size_t b = 0; b < blocks; b++)
            parts[b] = square_block(x + at + b * BLOCK, left - b * BLOCK < BLOCK ? left - b * BLOCK : BLOCK);
        for (size_t b = 0; b < blocks; b++)
            sum += parts[b];
    }
    return sum;
}

size_t sums_first_not_finite(const float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(x[i]))
            return i;
    return count;
}
