/* conv_kernel.h: the three convolutions by oneDNN, for op_conv.c. */
#ifndef DF_NN_CONV_KERNEL_H
#define DF_NN_CONV_KERNEL_H

#include "nn/op.h"

/* Places in nn_form.whole. */
enum { NN_CONV_STRIDE = 0, NN_CONV_PAD = 2, NN_CONV_GROUPS = 4, NN_CONV_SIDES = 5 };

typedef enum nn_conv_kind { NN_CONV_FORWARD, NN_CONV_INPUT, NN_CONV_WEIGHT } nn_conv_kind;

/* The state of a step: x, w, y are the shapes of the convolution that all three belong to. */
bool nn_conv_prepare(nn_step *step, nn_conv_kind kind, const nn_shape *x, const nn_shape *w, const nn_shape *y, df_arena *arena,
                     df_error *err) DF_CHECKED;
void nn_conv_run(const nn_step *step);
void nn_conv_release(nn_step *step);

#endif
