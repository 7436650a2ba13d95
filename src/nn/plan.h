/* plan.h: a graph made ready to run: the nodes that the outputs need, chains of them fused and arrays in the layout that kernels like
   (lower.h); kernels prepared once; results packed into one block of memory by when they are needed; then run as often as wanted with
   new inputs.

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

typedef struct nn_plan_form {
    bool is_frozen;     /* leaves but inputs change only by nn_plan_bind: what depends on them alone is computed once */
    bool is_as_written; /* nothing fused, plain layouts: to compare with */
    bool bfloat16;      /* convolutions may round their inputs to bfloat16 where the processor multiplies such */
} nn_plan_form;

/* The graph must outlive the plan. form: NULL is all false. */
DF_API nn_plan *nn_plan_new_as(const nn_graph *graph, size_t count, nn_node *const *outputs, const nn_plan_form *form,
                               df_error *err) DF_CHECKED;
DF_API nn_plan *nn_plan_new(const nn_graph *graph, size_t count, nn_node *const *outputs, df_error *err) DF_CHECKED;
DF_API void nn_plan_free(nn_plan *plan); /* NULL is legal */

/* Where a leaf's numbers are: nn_elements of its shape, read in every run until bound anew (in a frozen plan, of a leaf that is no input:
   in the first run after it). Leaves that the outputs do not need may be
   bound or not. */
DF_API void nn_plan_bind(nn_plan *plan, const nn_node *leaf, const float *data);

/* Fails where a leaf that is needed is not bound. */
DF_API bool nn_plan_run(nn_plan *plan, df_error *err) DF_CHECKED;

/* The same, and the seconds of each step into [nn_plan_steps]; 0 of one that a frozen plan need not run again. */
DF_API bool nn_plan_time(nn_plan *plan, double *seconds, df_error *err) DF_CHECKED;

/* An output's numbers, until the next run. */
DF_API const float *nn_plan_value(const nn_plan *plan, const nn_node *output);

DF_API size_t nn_plan_bytes(const nn_plan *plan); /* of results and scratch memory */
DF_API size_t nn_plan_steps(const nn_plan *plan);

/* The node of a step, in a graph of the plan's own; steps are in the order in which they run. */
DF_API const nn_node *nn_plan_step_node(const nn_plan *plan, size_t step);

/* Products with a sum that a step takes: of convolutions, their derivatives, and matrix products; else 0. */
DF_API int64_t nn_plan_step_products(const nn_plan *plan, size_t step);

#endif
