/* sums.h: plain loops over long arrays: the same bits for any number of threads. For src/train itself. */
#ifndef DF_TRAIN_SUMS_H
#define DF_TRAIN_SUMS_H

#include <stddef.h>

void sums_add(float *sum, const float *x, size_t count);                   /* sum += x */
void sums_move(float *average, const float *x, size_t count, float share); /* average += share * (x - average) */
void sums_scale(float *out, const float *x, size_t count, float factor);   /* out = factor * x */
double sums_square(const float *x, size_t count);                          /* sum of squares, in double, in one order */
size_t sums_first_not_finite(const float *x, size_t count);                /* count: none is */

#endif
