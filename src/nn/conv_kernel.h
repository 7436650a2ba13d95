/* conv_kernel.h: the three convolutions by oneDNN, for op_conv.c, with what may follow a forward one: the offset of each channel, a sum,
   ReLU. */
#ifndef DF_NN_CONV_KERNEL_H
#define DF_NN_CONV_KERNEL_H

#include "nn/op.h"

/* Places in nn_form.whole; see also NN_BENDS in op.h. */
enum { NN_CONV_STRIDE = 0, NN_CONV_PAD = 2, NN_CONV_GROUPS = 4, NN_CONV_SIDES = 5, NN_CONV_OFFSETS = 7 };

typedef enum nn_conv_kind { NN_CONV_FORWARD, NN_CONV_INPUT, NN_CONV_WEIGHT } nn_conv_kind;

typedef struct nn_conv_array {
    const nn_shape *shape;
    nn_layout layout;
    int input; /* of the step; -1: its result */
} nn_conv_array;

/* x, w, y of the convolution that all three kinds belong to; numbers of the inputs that hold the offsets [c] and what is added, -1: none. */
typedef struct nn_conv_arrays {
    nn_conv_kind kind;
    nn_conv_array x, w, y;
    int offset, other;
} nn_conv_arrays;

/* The state of a step. A fixed weight is kept as the kernel wants it. */
bool nn_conv_prepare(nn_step *step, const nn_conv_arrays *arrays, df_arena *arena, df_error *err) DF_CHECKED;
void nn_conv_run(const nn_step *step);
void nn_conv_release(nn_step *step);

#endif
