/* net_info.h: what a network is made of: parameters, the steps of its plan, multiply-adds, memory. */
#ifndef DF_NETS_NET_INFO_H
#define DF_NETS_NET_INFO_H

#include "nets/net.h"
#include "nn/plan.h"

typedef struct net_info_step {
    const char *name;
    nn_shape shape;        /* of its result */
    int64_t multiply_adds; /* of convolutions, their derivatives and matrix products; 0 of others */
    int64_t kernel[2];     /* sides of a convolution's kernel; 0 of others */
} net_info_step;

typedef struct net_info {
    int64_t parameters, multiply_adds;
    size_t tensor_count, plan_bytes, step_count;
    const net_info_step *steps; /* [step_count] in the arena */
} net_info;

/* Of a network for inputs of that shape. */
DF_API bool net_info_read(const net_row *row, const nn_shape *shape, const net_options *options, df_arena *arena, net_info *out,
                          df_error *err) DF_CHECKED;

/* Of a plan that is there already. */
DF_API bool net_info_of_plan(const nn_graph *graph, const nn_plan *plan, df_arena *arena, net_info *out, df_error *err) DF_CHECKED;

#endif
