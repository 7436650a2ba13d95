/* net_train.h: training on arrays that are there already, so that losses can be compared with other programs'. */
#ifndef DF_TRAIN_NET_TRAIN_H
#define DF_TRAIN_NET_TRAIN_H

#include "nets/net_run.h"
#include "train/trainer.h"

typedef struct net_training {
    const net_task *task; /* row, options and weights */
    trainer_form form;    /* optimizer, schedule, steps, checkpoints ...; graph, loss, inputs, data, weights and hooks are filled in */
    const char *out;      /* safetensors file for the weights; NULL: none */
} net_training;

/* `given`: x [batches][n][c][h][w], and y: [batches][n] labels for cross-entropy, mean over n; or [batches][n][k] for binary
   cross-entropy of logits, mean over n and k. Micro batch s takes batch s mod batches, under several ranks rank r takes
   (s * ranks + r) mod batches. losses [steps]: each before its step's change, the mean over micro batches and ranks; NaN for
   steps that a training before this did. Fails on labels that are no classes, and where all are the same. */
DF_API bool net_train(const net_training *training, const tensor_list *given, float *losses, df_error *err) DF_CHECKED;

#endif
