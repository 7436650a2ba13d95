/* op.h: what an operation is: one row with its shape rule, its gradient and its kernel. To add one, write a file op_NAME.c with a row
   and a function that makes its node (declared in ops.h), as docs/networks.md shows. */
#ifndef DF_NN_OP_H
#define DF_NN_OP_H

#include "nn/graph.h"
#include "nn/channel_blocks.h"

enum { NN_MAX_INPUTS = 6, NN_MAX_NUMBERS = 16 };

/* What an operation must know beside its inputs. Each file says what its numbers mean. */
typedef struct nn_form {
    int64_t whole[NN_MAX_NUMBERS];
    float real[4];
} nn_form;

typedef struct nn_op nn_op;

struct nn_node {
    const nn_op *op;
    nn_graph *graph;
    const char *name;
    size_t number; /* in the order of making: inputs have smaller ones */
    int input_count;
    nn_node *inputs[NN_MAX_INPUTS];
    nn_form form;
    nn_shape shape;
    nn_layout layout; /* of the result; lower.h */
    nn_node *copy;    /* the same in the other layout, where a neighbour wants that; NULL: none */
    nn_leaf leaf;     /* of leaves */
};

/* What kernels share in a plan: device.h. */
typedef struct nn_device nn_device;

/* One node in a plan, as its kernel sees it. */
typedef struct nn_step {
    const nn_node *node;
    const nn_device *device;
    const float *in[NN_MAX_INPUTS]; /* each of its input's shape and layout */
    float *out;
    unsigned fixed;      /* bit k: input k changes only before a run with is_fresh */
    bool is_fresh;       /* in the first run and after new leaves were bound */
    unsigned kept;       /* bit k: `prepare` says that of a fixed input k it keeps a copy, so that its memory is free again */
    void *state;         /* what prepare made */
    size_t scratch_size; /* bytes that run wants for itself, said by prepare */
    void *scratch;
} nn_step;

struct nn_op {
    const char *name;
    int inputs; /* how many; -1: one to NN_MAX_INPUTS */

    /* The shape of the result, from node->inputs and node->form. */
    bool (*shape)(const nn_node *node, nn_shape *out, df_error *err);

    /* Adds the nodes of the derivative: from dy, the derivative with respect to the result, those with respect to the inputs; an entry
       that stays NULL has none. Only what is in `wanted` need be added. */
    void (*gradient)(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx);

    /* Which layout it wants of each input, from those that there are, and which one it makes; NULL: all plain. */
    nn_layout (*layouts)(const nn_node *node, const nn_layout *have, nn_layout *want);

    /* Computes the result. `prepare`, unless NULL, makes the state that `run` needs (in `arena`, or freed by `release`). */
    bool (*prepare)(nn_step *step, df_arena *arena, df_error *err);
    void (*run)(const nn_step *step);
    void (*release)(nn_step *step);

    /* How many products with a sum it takes, for reports; NULL: none worth counting. */
    int64_t (*products)(const nn_node *node);

    /* Whether `out` may be the memory of input 0 where nobody else needs that: each element is read before it is written. */
    bool in_place;
};

/* A node of an operation; NULL where the graph is bad, or becomes so. */
nn_node *nn_add_node(nn_graph *graph, const nn_op *op, const nn_form *form, int count, nn_node *const *inputs);

/* Spoils the graph with a sentence. Returns NULL. */
nn_node *nn_spoil(nn_graph *graph, const char *format, ...) DF_PRINTF(2, 3);

/* For `layouts`: arrays of the result's shape are blocked as soon as one is, the others plain. For operations that take zeros to
   zeros, so that unused lanes stay zeros. */
nn_layout nn_follow_layouts(const nn_node *node, const nn_layout *have, nn_layout *want);

/* Numbers of the result in memory. */
int64_t nn_memory_elements(const nn_node *node);

/* The gradient of an operation that has none. */
void nn_no_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx);

/* ---- operations that lower.h looks for ---- */

extern const nn_op nn_leaf_op, nn_reshape_op, nn_add_op, nn_mul_op, nn_bent_op, nn_slope_op, nn_conv_op, nn_norm_op, nn_norm_sums_op,
    nn_norm_input_op;

/* ---- and those that it makes of chains, which have no gradient ----
   Their forms are those of the chain's head, and behind it: */
enum { NN_BEND_AT = 1, /* in real: slope, gain, top */ NN_BENDS = 15 /* in whole: whether there is one */ };
extern const nn_op nn_conv_chain_op, nn_conv_sum_op;                              /* op_conv.c: [what is added,] x, weight [, offset] */
extern const nn_op nn_norm_chain_op, nn_bent_norm_sums_op, nn_bent_norm_input_op; /* op_norm.c */

/* The nodes of a graph in the order of making. */
size_t nn_node_count(const nn_graph *graph);
nn_node *nn_node_at(const nn_graph *graph, size_t number);

#endif
