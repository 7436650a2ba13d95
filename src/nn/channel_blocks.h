/* channel_blocks.h: how an array of images lies in memory. Plain: [n][c][h][w]. Blocked: [n][ceil(c / B)][h][w][B], where oneDNN's
   convolutions read and write whole vectors of channels; lanes past c hold zeros. */
#ifndef DF_NN_CHANNEL_BLOCKS_H
#define DF_NN_CHANNEL_BLOCKS_H

#include "nn/shape.h"

typedef enum nn_layout { NN_PLAIN, NN_BLOCKED } nn_layout;

/* B: 16 where vectors of 512 bits are there, else 8. */
int64_t nn_block(void);

/* Whether an array of that shape can be blocked at all: rank 4, nothing empty. */
bool nn_can_block(const nn_shape *shape);

/* Numbers in memory, those in unused lanes too. */
int64_t nn_layout_elements(const nn_shape *shape, nn_layout layout);

/* Copies an array of rank 4 from one layout to the other. */
void nn_block_up(const nn_shape *shape, const float *plain, float *blocked);
void nn_unblock(const nn_shape *shape, const float *blocked, float *plain);

#endif
