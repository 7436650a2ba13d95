/* rate_finder.h: how large a rate a training bears (Smith, "Cyclical learning rates for training neural networks", WACV 2017): the rate
   rises by the same factor each step until the loss breaks away. */
#ifndef DF_TRAIN_RATE_FINDER_H
#define DF_TRAIN_RATE_FINDER_H

#include "train/trainer.h"

typedef struct rate_point {
    double rate, loss, smooth; /* smooth: moving average of the loss, 0.9, corrected for its start */
} rate_point;

typedef struct rate_range {
    double low, high; /* 0 < low < high */
    int64_t steps;    /* at least 10 */
} rate_range;

/* Trains from the form's weights, which are not changed, with rates low ... high; schedule, clip, folder, hooks and steps of the form are
   not used. Ends where the smoothed loss is above four times its least, or no number. points [range->steps]: *count of them are set.
   *suggested: the rate at which the smoothed loss falls most steeply per factor of the rate, before its least; NaN where it never falls. */
DF_API bool rate_find(const trainer_form *form, const rate_range *range, rate_point *points, int64_t *count, double *suggested,
                      df_error *err) DF_CHECKED;

#endif
