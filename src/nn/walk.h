/* walk.h: loops over arrays that spread over each other, for kernels: sides that go together are joined, rows are shared out among
   threads. */
#ifndef DF_NN_WALK_H
#define DF_NN_WALK_H

#include "nn/op.h"

/* One row of `count` results. */
typedef void nn_pair_row(float *restrict out, const float *a, int64_t step_a, const float *b, int64_t step_b, int64_t count);

/* Runs `row` over all rows of a step with two inputs that spread to its shape. */
void nn_walk_pair(const nn_step *step, nn_pair_row *row);

/* Sums input 0, that has the shape `from`, to the step's shape, which spreads to it. Sums are in double, in one order. */
void nn_walk_sum(const nn_step *step);

/* Below this many elements a loop is not shared out. */
enum { NN_ALONE = 1 << 14 };

#endif
