/* reducer.h: how the ranks of a data parallel training add up their numbers; src/cli gives one that calls MPI, tests give their own. */
#ifndef DF_TRAIN_REDUCER_H
#define DF_TRAIN_REDUCER_H

#include <stddef.h>

#include "base/error.h"

enum { REDUCER_MOST = 64 }; /* sums under way at a time */

typedef struct reducer {
    void *self;
    int rank, size; /* 0 .. size - 1 */

    /* Begins to replace `values` by their sums over all ranks; every rank calls in the same order with the same counts. The values must
       stay where they are and not be touched until the call of `finish` that ends it: these come in the order of the begins. Both
       fail where another rank is gone, and when a signal asks to stop. */
    bool (*begin)(void *self, float *values, size_t count, df_error *err);
    bool (*finish)(void *self, df_error *err);
} reducer;

#endif
