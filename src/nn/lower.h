/* lower.h: from a graph as it was written to the one that runs: only what the outputs need, chains fused (fuse.h), and each array in the
   layout that its kernels want, with copies between layouts where two neighbours want different ones. */
#ifndef DF_NN_LOWER_H
#define DF_NN_LOWER_H

#include "base/arena.h"
#include "nn/op.h"

/* map [nodes of the graph]: receives what each node became, NULL: nothing that is there. Leaves and outputs are there and plain.
   is_plain: nothing is fused, all layouts are plain. The result is freed by nn_graph_free, before `graph`. */
nn_graph *nn_lower(const nn_graph *graph, size_t count, nn_node *const *outputs, bool is_plain, nn_node **map, df_error *err) DF_CHECKED;

#endif
