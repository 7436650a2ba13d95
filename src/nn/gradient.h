/* gradient.h: derivatives as further nodes of the graph, by reverse accumulation. What comes out is made of the same operations, so it
   can be differentiated again. */
#ifndef DF_NN_GRADIENT_H
#define DF_NN_GRADIENT_H

#include "nn/graph.h"

/* dx[i] = the derivative of sum(y * dy) with respect to x[i], of x[i]'s shape; NULL where y does not depend on it. dy NULL stands for
   ones. A bad graph gives NULLs. */
DF_API void nn_gradients(nn_node *y, nn_node *dy, int count, nn_node *const *x, nn_node **dx);

/* The same with each x[i] as a variable of its own, even where one is made of another: for operations whose derivative goes through the
   same function made of simpler ones. */
DF_API void nn_partial_gradients(nn_node *y, nn_node *dy, int count, nn_node *const *x, nn_node **dx);

#endif
