/* losses.h: what a training makes small, as nodes: one number each. All are means over a fixed count, so that the mean of the losses of
   equal parts of a batch is the loss of the batch, which accumulation and data parallel training rely on. NULL in, NULL out, as
   everything that adds nodes (nn/graph.h). */
#ifndef DF_TRAIN_LOSSES_H
#define DF_TRAIN_LOSSES_H

#include "nn/ops.h"

/* Cross-entropy, mean over n: logits [n][classes], labels [n] whole numbers. A label that is no class counts as 0 (check labels:
   trainer_input in train/trainer.h, labels.h). */
DF_API nn_node *loss_cross_entropy(nn_node *logits, nn_node *labels);

/* Binary cross-entropy of logits z with targets y in 0 .. 1: mean over all elements of w * (softplus(z) - z y). logits, targets, weights of
   one shape, or weights NULL: 1. As PyTorch's BCEWithLogitsLoss(weight): the mean is over the count of elements, not over the
   sum of weights; a weight of 0 leaves an element out of the sum, not out of the count. */
DF_API nn_node *loss_binary(nn_node *logits, nn_node *targets, nn_node *weights);

/* Mean over all elements of w * (a - b)^2; weights NULL: 1. */
DF_API nn_node *loss_square(nn_node *a, nn_node *b, nn_node *weights);

#endif
