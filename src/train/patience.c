/* patience.c: the best so far, and how long ago. */
#include "train/patience.h"

#include <math.h>

bool patience_take(const patience_form *form, patience_state *state, int64_t step, double value)
{
    const double gain = form->goal == PATIENCE_LARGER ? value - state->best : state->best - value;
    const bool is_best = isfinite(value) && (!state->has_best || gain > form->least);
    if (is_best)
        *state = (patience_state){.has_best = true, .best = value, .best_step = step};
    else
        state->since++;
    return is_best;
}

bool patience_is_over(const patience_form *form, const patience_state *state)
{
    return form->patience > 0 && state->since >= form->patience;
}
