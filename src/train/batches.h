/* batches.h: where a training gets the numbers of its steps from. */
#ifndef DF_TRAIN_BATCHES_H
#define DF_TRAIN_BATCHES_H

#include <stdint.h>

#include "base/error.h"

typedef struct batches {
    void *self;

    /* The arrays of step `step`, counted from 0 over the whole training: one for each input of the graph that learns, in the order of
       its inputs, each of that input's shape; valid until the next call. They depend on the step's number and the seed alone, whatever
       the number of threads, so that a training that was killed goes on with what it would have had. Steps may be asked for in any
       order; the usual one, each after the last, is made ready ahead. False, with the sentence, where no batch can be made. */
    bool (*get)(void *self, int64_t step, const float **arrays, df_error *err);

    double (*waited)(const void *self); /* seconds that `get` has waited for data so far; NULL: none, ever */
} batches;

#endif
