/* conv_winograd.h: convolutions of a graph that winograd.h does, for conv_kernel.c. */
#ifndef DF_NN_CONV_WINOGRAD_H
#define DF_NN_CONV_WINOGRAD_H

#include "nn/conv_kernel.h"

typedef struct nn_conv_tiles nn_conv_tiles;

/* *out is NULL where the direct sums are to be taken. A fixed weight is kept transformed. */
bool nn_conv_tiles_prepare(nn_step *step, const nn_conv_arrays *arrays, df_arena *arena, nn_conv_tiles **out, df_error *err) DF_CHECKED;
void nn_conv_tiles_run(const nn_step *step, const nn_conv_tiles *tiles);

#endif
