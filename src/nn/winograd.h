/* winograd.h: convolutions of 3 x 3 with stride 1 by Winograd's F(4x4, 3x3) (Lavin and Gray, arXiv:1509.09308): a quarter of the products, on
   blocked images, with what may follow: the offset of each channel, a sum, ReLU. Its rounding errors are some ten times those of plain sums. */
#ifndef DF_NN_WINOGRAD_H
#define DF_NN_WINOGRAD_H

#include <stdbool.h>

#include "nn/channel_blocks.h"
#include "nn/vector8.h"

/* Sides of a convolution as it is computed: of a derivative to x, `in` is dy and the kernel is turned. */
typedef struct winograd_form {
    int64_t n, in_channels, out_channels, in[2], out[2], pad[2];
    bool is_turned; /* weights are [in][out][3][3] and turned by 180 degrees */
} winograd_form;

typedef struct winograd_plan {
    winograd_form form;
    int64_t tiles[2], in_lanes, out_lanes; /* channels with those of unused lanes */
    int64_t rows, columns;                 /* of the processor's product kernel */
    int64_t part;                          /* tiles that a thread transforms at once */
    bool is_shared;                        /* all tiles are one part, that threads do together */
    int threads;
} winograd_plan;

/* Whether it is expected to be faster than the direct sums on this processor. */
bool winograd_fits(const winograd_form *form);
winograd_plan winograd_plan_of(const winograd_form *form);

size_t winograd_weight_bytes(const winograd_plan *plan);  /* of transformed weights */
size_t winograd_scratch_bytes(const winograd_plan *plan); /* aligned to 64 */

/* weights: plain. */
void winograd_weights(const winograd_plan *plan, const float *weights, float *transformed);

/* y = bend(convolution + offsets [out_channels] + other); NULL: none. other may be y itself. */
typedef struct winograd_tail {
    const float *offsets, *other;
    const nn_bend_form *bend;
} winograd_tail;
void winograd_run(const winograd_plan *plan, const float *x, const float *transformed, const winograd_tail *tail, void *scratch, float *y);

#endif
