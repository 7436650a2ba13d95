/* net_run.h: a network on arrays: outputs, and derivatives of the main one. */
#ifndef DF_NETS_NET_RUN_H
#define DF_NETS_NET_RUN_H

#include "nets/net.h"
#include "nets/net_weights.h"
#include "tensor/tensor.h"

typedef struct net_task {
    const net_row *row;
    net_options options;
    net_source weights; /* from NULL: for networks without */
    bool gradients;     /* of sum(main output * r): grad_x and kin, and grad/NAME of each parameter that the output uses */
    bool bfloat16;      /* convolutions may round what they multiply to it; fails where the processor does not have it */
} net_task;

/* `given`: the row's inputs by name, of any type, and "r" where gradients are wanted. In train mode also "buffer/NAME": what each
   running value is after this step. *out lives in `arena`. */
DF_API bool net_run(const net_task *task, const tensor_list *given, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;

/* The shape of a tensor; fails beyond NN_MAX_RANK. */
DF_API bool net_shape_of(const tensor *t, nn_shape *out, df_error *err) DF_CHECKED;

#endif
