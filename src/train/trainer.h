/* trainer.h: the training loop: forward, loss, backward, update, for any graph with a loss, and what keeps the work of hours: checkpoints,
   exact resume, early stop, an orderly end on a signal.

       trainer_form form = {.graph = g, .loss = loss, .inputs = inputs, .input_count = 2, .data = &data, .weights = weights,
                            .optimizer = {.kind = OPTIMIZER_SGD, .rate = 0.1f, .momentum = 0.9f}, .steps = 2000,
                            .folder = "run", .save_steps = 500, .is_resumed = true};
       trainer_report report;
       trainer *t = trainer_new(&form, &err);
       if (t && trainer_run(t, &report, &err) && trainer_save(t, TRAINER_EVALUATED, "net.safetensors", NULL, &err)) ...
       trainer_free(t);

   A step is one change of the weights. It takes `accumulate` micro batches of each rank; the derivative is that of the mean of their
   losses. Micro batch m of step s (both from 0) is what data->get gives for s * accumulate + m; what this rank gets of it is the data's
   affair. Steps in reports, hooks and files count from 1: step n is done when n changes have been made.

   The same settings, data and number of threads give the same weights, bit for bit, also when killed at any moment and resumed. One
   thread calls; kernels use OpenMP's. Memory stays the same from the first step on. */
#ifndef DF_TRAIN_TRAINER_H
#define DF_TRAIN_TRAINER_H

#include "base/progress.h"
#include "nets/net_weights.h"
#include "nn/plan.h"
#include "tensor/tensor.h"
#include "train/batches.h"
#include "train/optimizer.h"
#include "train/patience.h"
#include "train/reducer.h"
#include "train/schedule.h"

typedef struct trainer trainer;

/* An input that the data fill. */
typedef struct trainer_input {
    nn_node *node;
    int64_t classes; /* above 0: whole numbers 0 .. classes - 1 are expected, and each batch is checked; 0: any numbers */
} trainer_input;

/* Which parameters shrink by optimizer.decay. */
typedef enum trainer_decay {
    TRAINER_DECAY_ALL,
    TRAINER_DECAY_MATRICES /* those of rank 2 and more: neither biases nor what normalisation scales by */
} trainer_decay;

/* Batch normalisation under several ranks. Statistics over all ranks are not there yet. */
typedef enum trainer_norm {
    TRAINER_NORM_REFUSED,  /* a network with running values does not train under several ranks */
    TRAINER_NORM_EACH_RANK /* each rank normalises by its own part of the batch; running values are the mean over ranks */
} trainer_norm;

/* What a step was. */
typedef struct trainer_step {
    int64_t step;               /* from 1 */
    double loss;                /* mean over micro batches and ranks, before the change */
    double rate, gradient_norm; /* the norm before clipping, over all parameters */
    double seconds, waited;     /* of the whole step; of it for data */
    bool is_clipped;
} trainer_step;

/* Called by trainer_run in its thread, under several ranks on rank 0 alone; each may be NULL. A false return ends the training with that sentence. */
typedef struct trainer_hooks {
    void *user;

    /* Once, before the first step: `done` steps are done already (0: from the start), by the checkpoint at `path` (NULL: none). What was
       written for later steps is to be dropped. */
    bool (*begun)(void *user, trainer *t, int64_t done, const char *path, df_error *err);

    bool (*stepped)(void *user, trainer *t, const trainer_step *step, df_error *err);

    /* After every `evaluate_steps` steps and after the last: measures TRAINER_EVALUATED weights. *metric is what early stop looks at. Must
       depend on weights and data alone. */
    bool (*evaluate)(void *user, trainer *t, int64_t step, double *metric, df_error *err);

    bool (*saved)(void *user, trainer *t, int64_t step, const char *path, df_error *err); /* a checkpoint is there */
} trainer_hooks;

typedef struct trainer_form {
    nn_graph *graph;             /* with the loss, in NN_TRAIN mode; gets the derivatives; must outlive the trainer */
    nn_node *loss;               /* one number */
    const trainer_input *inputs; /* [input_count] in the order of data->get's arrays; copied */
    int input_count;
    const batches *data;        /* borrowed */
    const net_weights *weights; /* the start, of this graph (before the derivatives were added or after); copied */

    optimizer_form optimizer;
    trainer_decay decays;
    schedule rates; /* a cosine of length 0 is one of `steps` */
    float clip;     /* longest derivative over all parameters, as PyTorch's clip_grad_norm_; 0: any */
    int accumulate; /* micro batches of a step; 0: 1 */
    double average; /* moving average of the weights: per step a += (1 - d) (w - a) with d = min(average, (1 + n) / (10 + n)); 0: none */
    int64_t steps;  /* to be done in all, at least 1 */
    const reducer *ranks; /* NULL: one */
    trainer_norm norm;

    int64_t evaluate_steps; /* 0: after the last step alone */
    patience_form patience; /* used where hooks.evaluate is there */

    /* Checkpoints: FOLDER/checkpoint-STEP.safetensors with all that goes on: weights, running values, optimizer, average, best weights,
       step, early stop, settings. After `save_steps` steps, after `save_seconds` (whichever first; 0: not by this), at the end and on a
       signal. The newest `keep` stay (0: 2). Rank 0 writes. */
    const char *folder; /* NULL: no checkpoints; made where it is not there */
    int64_t save_steps;
    double save_seconds;
    int keep;
    bool is_resumed; /* goes on from the newest good checkpoint in `folder`, from the start where there is none. A damaged one is told by a
                        note and the one before taken. False: a folder that holds checkpoints is refused */
    const char *settings; /* a JSON object: what else must be the same when resumed (data, network, batch); NULL: nothing. Kept in the
                             checkpoints together with optimizer, schedule, clip, accumulate, average, ranks and the inputs'
                             shapes; `steps` and `patience` may change. A difference is refused, naming the setting and both values */

    trainer_hooks hooks;
    const df_progress *progress; /* steps, and notes */
} trainer_form;

typedef enum trainer_end {
    TRAINER_ALL_STEPS,
    TRAINER_PATIENCE /* ended early: no gain */
} trainer_end;

typedef struct trainer_report {
    trainer_end end;
    int64_t steps;           /* done in all */
    int64_t first;           /* of them before this run */
    patience_state patience; /* best metric and its step */
    double loss;             /* of the last step; NaN where none was made */
    double seconds, waited;  /* of this run */
} trainer_report;

/* Adds the derivatives to the graph, makes the plan, copies the weights. Strings of the form are borrowed. Fails where no parameter has
   a derivative, on settings out of range, and on running values under several ranks (see trainer_norm). */
DF_API trainer *trainer_new(const trainer_form *form, df_error *err) DF_CHECKED;
DF_API void trainer_free(trainer *t); /* NULL is legal */

/* Trains until `steps`, or patience, ends; at once where the checkpoint is that far already. Fails, always naming the step: when loss or
   derivatives are no finite numbers any more (the sentence says whether an input was not finite; no checkpoint is written then, the
   last good one stays and is named), when labels are out of range, when data, hooks or files fail, and on a signal: the step under way
   is dropped, a checkpoint of what is done written, and the sentence says how to go on. *report is set in every case. Once a trainer. */
DF_API bool trainer_run(trainer *t, trainer_report *report, df_error *err) DF_CHECKED;

/* Which numbers of the parameters. */
typedef enum trainer_weights {
    TRAINER_LATEST,
    TRAINER_EVALUATED, /* the moving average where there is one, else the latest: what `evaluate` should measure */
    TRAINER_BEST       /* those evaluated at the best step, the start before any; without hooks.evaluate TRAINER_EVALUATED */
} trainer_weights;

/* Binds the parameters and buffers of another graph of the same network (for evaluation: another batch, NN_EVALUATE) to the trainer's by
   name. The pointers stay the same for the trainer's life, so once is enough; values change with each step. Leaves that the trainer's
   graph has not are left alone. Fails where shapes differ. */
DF_API bool trainer_bind(const trainer *t, trainer_weights which, const nn_graph *graph, nn_plan *plan, df_error *err) DF_CHECKED;

/* Parameters and buffers as tensors of their names, views of the trainer's; the list itself in the arena. */
DF_API bool trainer_tensors(const trainer *t, trainer_weights which, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;

/* Writes them to a safetensors file, with the metadata of `notes` (its tensors are not looked at; NULL: none). */
DF_API bool trainer_save(const trainer *t, trainer_weights which, const char *path, const tensor_list *notes, df_error *err) DF_CHECKED;

DF_API int64_t trainer_steps_done(const trainer *t);

/* Asks trainer_run to end after this step as if it were the last, under several ranks after the next; for hooks. A resumed training goes
   on from there. */
DF_API void trainer_end_early(trainer *t);

DF_API size_t trainer_bytes(const trainer *t); /* of the plan, weights and optimizer */

#endif
