/* schedule.h: the rate of each step as a multiple of the optimizer's. */
#ifndef DF_TRAIN_SCHEDULE_H
#define DF_TRAIN_SCHEDULE_H

#include <stdint.h>

#include "base/error.h"

typedef enum schedule_kind {
    SCHEDULE_CONSTANT,
    SCHEDULE_STEPS,  /* times `factor` at each of `drops` */
    SCHEDULE_COSINE, /* from 1 to `floor` along half a cosine (Loshchilov and Hutter, "SGDR", 2016, equation 5, without restarts) */
    SCHEDULE_KIND_COUNT
} schedule_kind;

enum { SCHEDULE_MOST_DROPS = 16 };

typedef struct schedule {
    schedule_kind kind;
    int64_t warm_up;                    /* the first steps rise in a line: step s (from 1) has (s / warm_up) of the rate; 0: none */
    int64_t length;                     /* of a cosine, warm-up included: the step that ends at `floor`; `floor` from there on */
    float floor;                        /* 0 .. 1 */
    int64_t drops[SCHEDULE_MOST_DROPS]; /* ascending, each the last step of the rate before */
    int drop_count;
    float factor; /* above 0 */
} schedule;       /* {0}: always 1 */

DF_API const char *schedule_name(schedule_kind kind); /* "constant", "steps", "cosine" */

/* Fails on numbers out of range, drops that do not ascend and a cosine that is no longer than its warm-up. */
DF_API bool schedule_check(const schedule *s, df_error *err) DF_CHECKED;

/* The multiple at step `step`, from 1. */
DF_API double schedule_at(const schedule *s, int64_t step);

#endif
