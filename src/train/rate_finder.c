/* rate_finder.c: a training of its own with a rate that rises. */
#include "train/rate_finder.h"

#include <math.h>

#include "base/stop.h"
#include "train/learner.h"

enum { LEAST_STEPS = 10 };
static const double SMOOTHING = 0.9, BROKEN = 4;

static double rate_at(const rate_range *range, int64_t step)
{
    return range->low * pow(range->high / range->low, (double)(step - 1) / (double)(range->steps - 1));
}

/* Steps until the loss breaks away; a step that fails for its numbers is the end of the curve. */
static bool follow(learner *l, const rate_range *range, rate_point *points, int64_t *count, df_error *err)
{
    double average = 0, least = (double)INFINITY;
    for (int64_t s = 1; s <= range->steps; s++) {
        trainer_step made;
        if (!learner_step(l, s, rate_at(range, s), &made, err))
            return s > 1 && l->is_lost && !df_stop_signal();
        average = SMOOTHING * average + (1 - SMOOTHING) * made.loss;
        const double smooth = average / (1 - pow(SMOOTHING, (double)s));
        points[(*count)++] = (rate_point){.rate = made.rate, .loss = made.loss, .smooth = smooth};
        df_progress_step(l->form->progress, s);
        least = fmin(least, smooth);
        if (smooth > BROKEN * least)
            return true;
    }
    return true;
}

static double steepest(const rate_point *points, int64_t count)
{
    int64_t least = 0, best = 0;
    for (int64_t i = 1; i < count; i++)
        least = points[i].smooth < points[least].smooth ? i : least;
    double fall = 0;
    for (int64_t i = 1; i < least; i++) { /* rates are equally far apart in the logarithm */
        const double here = points[i - 1].smooth - points[i + 1].smooth;
        best = here > fall ? i : best;
        fall = fmax(fall, here);
    }
    return fall > 0 ? points[best].rate : (double)NAN;
}

bool rate_find(const trainer_form *form, const rate_range *range, rate_point *points, int64_t *count, double *suggested, df_error *err)
{
    trainer_form own = *form;
    learner l = {.plan = NULL};
    own.hooks = (trainer_hooks){.user = NULL};
    own.average = 0;
    if (!(range->low > 0 && range->low < range->high && isfinite(range->high)) || range->steps < LEAST_STEPS)
        return df_fail(err, "rates from %g to %g in %lld steps, expected 0 < low < high and at least %d steps", range->low, range->high,
                       (long long)range->steps, LEAST_STEPS);
    *count = 0;
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    df_progress_start(form->progress, "finding a rate", range->steps);
    const bool ok = arena && learner_open(&l, &own, arena, err) && follow(&l, range, points, count, err);
    df_progress_finish(form->progress);
    learner_close(&l);
    df_arena_free(arena);
    if (ok)
        *suggested = steepest(points, *count);
    return ok;
}
