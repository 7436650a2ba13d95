/* net_train.h: a few steps of training on arrays that are there already, so that losses can be compared with other programs'. */
#ifndef DF_TRAIN_NET_TRAIN_H
#define DF_TRAIN_NET_TRAIN_H

#include "base/progress.h"
#include "nets/net_run.h"
#include "train/optimizer.h"

typedef struct net_training {
    const net_task *task; /* row, options and weights */
    optimizer_form optimizer;
    int64_t steps;
    const df_progress *progress;
} net_training;

/* `given`: x [batches][n][c][h][w], and y: [batches][n] labels for cross-entropy, mean over n; or [batches][n][k] for binary
   cross-entropy of logits, mean over n and k. Step s takes batch s mod batches. losses [steps]: each before its step's change. */
DF_API bool net_train(const net_training *training, const tensor_list *given, float *losses, df_error *err) DF_CHECKED;

#endif
