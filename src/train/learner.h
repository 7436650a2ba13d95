/* learner.h: one step of a training: forward and backward over micro batches, the sum over ranks, the change of the weights. What lies
   around steps is trainer.h's. For src/train itself. */
#ifndef DF_TRAIN_LEARNER_H
#define DF_TRAIN_LEARNER_H

#include "train/trainer.h"

/* A parameter, or a buffer (then all but leaf, change, values, before and best are not used). Each array has `count` numbers. */
typedef struct learner_part {
    nn_node *leaf, *change; /* derivative, or new value; NULL: it stays */
    size_t count;
    float *values;
    float *average; /* NULL: none is kept */
    float *best;    /* NULL: none is kept */
    float *before;  /* of buffers, before the step; NULL where a step needs none */
    float *sum;     /* of derivatives, over micro batches and ranks; of buffers over ranks; NULL: the plan's own are used */
    optimizer_slot slot;
    bool is_shrunk; /* by the optimizer's decay */
} learner_part;

typedef struct learner {
    const trainer_form *form;
    df_arena *arena;
    nn_plan *plan;
    learner_part *parameters, *buffers;
    size_t parameter_count, buffer_count;
    int accumulate, ranks;
    float *sums; /* [sum_count] all parts' sums one after another, and two numbers more; NULL: one micro batch and one rank */
    size_t sum_count;
    const float **arrays; /* [input_count] of the micro batch */
    bool wishes_end;      /* this rank, before a step with several; any rank, after it */
    bool is_lost;         /* the last step failed since its loss or derivative is no finite number */
    size_t bytes;
} learner;

/* form: lives as long as the learner. The learner's memory is the arena's, but for the plan. */
bool learner_open(learner *l, const trainer_form *form, df_arena *arena, df_error *err) DF_CHECKED;
void learner_close(learner *l); /* {0} is legal */

/* Step number `step` (from 1) with `rate`. False: nothing has changed (the sentence names no step), whatever the reason; where that is a
   signal df_stop_signal tells. */
bool learner_step(learner *l, int64_t step, double rate, trainer_step *out, df_error *err) DF_CHECKED;

void learner_keep_best(learner *l);                                 /* copies the evaluated weights and the buffers */
const float *learner_evaluated(const learner_part *part);           /* the average, else the values */
bool learner_is_finite(const learner *l, df_error *err) DF_CHECKED; /* else the sentence names the parameter */

#endif
