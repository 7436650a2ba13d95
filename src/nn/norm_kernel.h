/* norm_kernel.h: the loops of batch normalisation, for op_norm.c, in both layouts. */
#ifndef DF_NN_NORM_KERNEL_H
#define DF_NN_NORM_KERNEL_H

#include "nn/op.h"
#include "nn/vector8.h"

/* Images [n][c]..., as planes of `width` channels side by side. */
typedef struct norm_view {
    int64_t n, c, pixels;
    int64_t width;  /* 1: plain */
    int64_t groups; /* planes of an image */
} norm_view;
norm_view norm_view_of(const nn_shape *x, nn_layout layout);

/* Bytes of scratch memory that each of the following takes. */
size_t norm_scratch(const norm_view *view);

/* [2][c]: mean and variance (divided by the count). Sums are of short pieces in float, of these in double, always in one order. */
void norm_moments(const norm_view *view, const float *x, void *scratch, float *moments);

/* For each channel y = bend((x - mean) * factor + offset [+ other]). */
typedef struct norm_line {
    const float *mean, *factor, *offset; /* [c] */
    nn_bend_form bend;
} norm_line;
void norm_apply(const norm_view *view, const norm_line *line, const float *x, const float *other, void *scratch, float *y);

/* [2][c]: sums of g and of g * (x - mean), g = dy times the bend's slope at the line's value. */
void norm_sums(const norm_view *view, const norm_line *line, const float *x, const float *dy, void *scratch, float *sums);

/* dx = factor * (g - share - (x - mean) * lean). share, lean [c] */
void norm_back(const norm_view *view, const norm_line *line, const float *share, const float *lean, const float *x, const float *dy,
               void *scratch, float *dx);

#endif
