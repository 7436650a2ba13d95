/* net_meter.h: how long a network takes for random images, as a whole and step by step of its plan: its outputs alone, or a step of
   training (forward, backward, SGD with momentum). */
#ifndef DF_TRAIN_NET_METER_H
#define DF_TRAIN_NET_METER_H

#include "base/progress.h"
#include "nets/net_info.h"
#include "nets/net_run.h"

typedef struct net_meter_task {
    const net_task *task; /* row, options and weights; a row whose one input is images, with weights from somewhere */
    nn_shape shape;       /* of the images: [n][c][h][w] */
    int64_t repeats;      /* from 1; behind one run that is not counted */
    bool trains;
    const df_progress *progress;
} net_meter_task;

/* Seconds; medians over the repeats. Outputs are of a frozen plan (nn/plan.h): what depends on weights alone was computed in the first run. The whole and the steps are of different runs, in turn, so that reading the clock between steps
   adds nothing to the whole; the steps of training leave out the change of the weights. */
typedef struct net_meter_times {
    net_info info; /* of the plan that ran */
    double whole, least, most;
    const double *steps; /* [info.step_count] in the arena */
} net_meter_times;

DF_API bool net_meter_run(const net_meter_task *task, df_arena *arena, net_meter_times *out, df_error *err) DF_CHECKED;

#endif
