/* net_weights.h: the numbers of a network's parameters and buffers: out of a file of any kind, or made from their names by a rule, so that
   programs can be compared without files. */
#ifndef DF_NETS_NET_WEIGHTS_H
#define DF_NETS_NET_WEIGHTS_H

#include "nn/plan.h"

typedef struct net_scale { /* factor of tensors of rank 2 and more whose name fits; "*" stands for any text */
    const char *pattern;
    double factor;
} net_scale;

/* Where weights come from: a file, or "rule:PREFIX". */
typedef struct net_source {
    const char *from;
    const net_scale *scales; /* of rules */
    size_t scale_count;
} net_source;

/* The numbers of every parameter and buffer of a graph. A file may have them behind one prefix ("module.", "net_recon.",
   "state_dict."). Fails naming the first tensor that is missing or has another shape. Holds the file open. */
typedef struct net_weights net_weights;
DF_API net_weights *net_weights_load(const nn_graph *graph, const net_source *source, df_error *err) DF_CHECKED;
DF_API void net_weights_close(net_weights *weights); /* NULL is legal */

/* Gives all of them to a plan of that graph. They must outlive its runs. */
DF_API void net_weights_bind(const net_weights *weights, nn_plan *plan);

/* The numbers of leaf `index`: parameters first, then buffers, each in the graph's order. */
DF_API const float *net_weights_data(const net_weights *weights, size_t index);

/* The rule: FNV-1a of the name, SplitMix64 of that, uniform numbers of variance 1, scaled by what the tensor is for. */
DF_API void net_rule_fill(const char *name, const nn_shape *shape, double scale, float *out);

#endif
