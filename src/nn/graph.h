/* graph.h: a network as a graph of operations on arrays of float32: defined first, run later (plan.h), differentiated by adding
   further nodes of the same kind (gradient.h). Nothing is computed here.

       nn_graph *g = nn_graph_new(&err);
       nn_node *x = nn_input(g, "x", nn_shape_of(8, 3, 112, 112));
       nn_node *w = nn_parameter(g, "conv1.weight", nn_shape_of(64, 3, 7, 7));
       nn_node *y = nn_relu(g, nn_conv(g, x, w, (nn_conv_form){.stride = {2, 2}, .pad = {3, 3}, .groups = 1}));
       if (!nn_graph_ok(g, &err)) ...

   A function that adds a node checks its inputs' shapes. What does not fit makes the graph bad: the first sentence is kept, with the
   scope of the layer, and every further node is NULL; so a network is written without checks and asked once at the end. NULL as an
   input is legal for that reason. Nodes and graph live until nn_graph_free. */
#ifndef DF_NN_GRAPH_H
#define DF_NN_GRAPH_H

#include "base/arena.h"
#include "base/error.h"
#include "nn/shape.h"

typedef struct nn_graph nn_graph;
typedef struct nn_node nn_node;

enum { NN_NAME = 128 };

DF_API nn_graph *nn_graph_new(df_error *err) DF_CHECKED;
DF_API void nn_graph_free(nn_graph *graph); /* NULL is legal */

/* Whether all nodes so far are good; else the first sentence. */
DF_API bool nn_graph_ok(const nn_graph *graph, df_error *err) DF_CHECKED;

/* Names of what follows begin with this and a dot, inside the scope around it; nn_leave ends it. */
DF_API void nn_enter(nn_graph *graph, const char *format, ...) DF_PRINTF(2, 3);
DF_API void nn_leave(nn_graph *graph);

/* ---- leaves: what a run is given ---- */

typedef enum nn_leaf {
    NN_INPUT,
    NN_PARAMETER, /* what training changes */
    NN_BUFFER,    /* what belongs to the network and has no gradient: running means and variances */
    NN_CONSTANT   /* a number that is known while the graph is made */
} nn_leaf;

DF_API nn_node *nn_input(nn_graph *graph, const char *name, nn_shape shape);
DF_API nn_node *nn_parameter(nn_graph *graph, const char *name, nn_shape shape);
DF_API nn_node *nn_buffer(nn_graph *graph, const char *name, nn_shape shape);
DF_API nn_node *nn_constant(nn_graph *graph, float value, nn_shape shape);

/* Leaves of a kind, in the order in which they were added; NULL past the end. */
DF_API nn_node *nn_leaf_at(const nn_graph *graph, nn_leaf kind, size_t index);

DF_API const char *nn_name(const nn_node *node); /* of a leaf its full name, of others that of their operation and scope */
DF_API const nn_shape *nn_shape_at(const nn_node *node);
DF_API nn_graph *nn_graph_of(const nn_node *node);

/* Marks a buffer's new value, which a training step writes back after its run. */
DF_API void nn_update(nn_graph *graph, nn_node *buffer, nn_node *value);
DF_API nn_node *nn_updated(const nn_graph *graph, const nn_node *buffer); /* NULL: it stays */

#endif
