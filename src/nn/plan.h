/* plan.h: a graph made ready to run: the nodes that the outputs need, in order; kernels prepared once; results packed into one block
   of memory by when they are needed; then run as often as wanted with new inputs.

       nn_plan *plan = nn_plan_new(g, 1, &y, &err);
       nn_plan_bind(plan, x, pixels);          // and every parameter and buffer
       if (!nn_plan_run(plan, &err)) ...
       const float *result = nn_plan_value(plan, y);

   The same inputs give the same bits on the same processor for the same number of threads. One plan belongs to one thread; its kernels
   use OpenMP's. */
#ifndef DF_NN_PLAN_H
#define DF_NN_PLAN_H

#include "nn/graph.h"

typedef struct nn_plan nn_plan;

/* The graph must outlive the plan. */
DF_API nn_plan *nn_plan_new(const nn_graph *graph, size_t count, nn_node *const *outputs, df_error *err) DF_CHECKED;
DF_API void nn_plan_free(nn_plan *plan); /* NULL is legal */

/* Where a leaf's numbers are: nn_elements of its shape, read in every run until bound anew. Leaves that the outputs do not need may be
   bound or not. */
DF_API void nn_plan_bind(nn_plan *plan, const nn_node *leaf, const float *data);

/* Fails where a leaf that is needed is not bound. */
DF_API bool nn_plan_run(nn_plan *plan, df_error *err) DF_CHECKED;

/* An output's numbers, until the next run. */
DF_API const float *nn_plan_value(const nn_plan *plan, const nn_node *output);

DF_API size_t nn_plan_bytes(const nn_plan *plan); /* of results and scratch memory */
DF_API size_t nn_plan_steps(const nn_plan *plan);

/* The node of a step; steps are in the order in which they run. */
DF_API const nn_node *nn_plan_step_node(const nn_plan *plan, size_t step);

#endif
