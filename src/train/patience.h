/* patience.h: whether a training still gets better, by a number that is measured every now and then. */
#ifndef DF_TRAIN_PATIENCE_H
#define DF_TRAIN_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/api.h"

typedef enum patience_goal { PATIENCE_SMALLER, PATIENCE_LARGER } patience_goal;

typedef struct patience_form {
    patience_goal goal;
    int64_t patience; /* measurements without a gain until the training ends; 0: it never does, the best is still kept */
    double least;     /* what counts as a gain: more than this better than the best so far; 0 or more */
} patience_form;

typedef struct patience_state { /* {0}: nothing measured yet */
    bool has_best;
    double best;
    int64_t best_step, since; /* measurements since the best */
} patience_state;

/* Takes the measurement of a step; true if it is the best so far. NaN never is. */
DF_API bool patience_take(const patience_form *form, patience_state *state, int64_t step, double value);

DF_API bool patience_is_over(const patience_form *form, const patience_state *state);

#endif
