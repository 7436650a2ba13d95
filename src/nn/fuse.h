/* fuse.h: finds in a graph what one kernel does at once: a convolution, the factor and offset of each channel behind it (a batch
   normalisation by running values, a bias), a sum with another array, and ReLU; in training a normalisation with what follows it,
   and the derivative of ReLU with those of the normalisation before it. */
#ifndef DF_NN_FUSE_H
#define DF_NN_FUSE_H

#include "base/arena.h"
#include "nn/op.h"

typedef enum nn_part {
    NN_ALONE_PART, /* as it is written */
    NN_INSIDE,     /* done by a later node; nothing to run */
    NN_CONV_CHAIN, /* [+ sum] of a convolution */
    NN_NORM_CHAIN, /* of a normalisation by the batch's moments */
    NN_NORM_BACK   /* a derivative of a normalisation, with that of the ReLU behind it */
} nn_part;

/* What a node stands for, when it is the last of a chain. */
typedef struct nn_fusion {
    nn_part part;
    const nn_node *head;            /* the convolution, or the normalisation */
    const nn_node *factor, *offset; /* [c] */
    const nn_node *other;           /* what is added */
    const nn_node *bend;            /* the ReLU, or NULL; of NN_NORM_BACK: of the normalisation behind `head` */
    const nn_node *dy;              /* of NN_NORM_BACK: before the ReLU's derivative */
} nn_fusion;

/* users [nodes of the graph]: how many inputs each node is among what is needed; 0: not needed. An output counts as used once more. */
nn_fusion *nn_find_fusions(const nn_graph *graph, size_t nodes, const int *users, df_arena *arena, df_error *err) DF_CHECKED;

#endif
