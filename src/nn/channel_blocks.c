/* channel_blocks.c: copies between the layouts; a block of channels of one image is one thread's. */
#include "nn/channel_blocks.h"

#include "base/clones.h"

enum { MOST_LANES = 16 };

int64_t nn_block(void)
{
    return __builtin_cpu_supports("avx512f") ? MOST_LANES : 8;
}

bool nn_can_block(const nn_shape *shape)
{
    return shape->rank == 4 && nn_elements(shape) > 0;
}

static int64_t blocks_of(const nn_shape *shape)
{
    return (shape->size[1] + nn_block() - 1) / nn_block();
}

int64_t nn_layout_elements(const nn_shape *shape, nn_layout layout)
{
    return layout == NN_PLAIN ? nn_elements(shape) : shape->size[0] * blocks_of(shape) * nn_block() * shape->size[2] * shape->size[3];
}

typedef void copy_block(const float *in, float *out, int64_t pixels, int64_t lanes, int64_t width);

/* Each of `lanes` rows of pixels to a column of the block, the rest of its columns to zeros. */
DF_CLONES static void rows_to_lanes(const float *in, float *out, int64_t pixels, int64_t lanes, int64_t width)
{
    for (int64_t i = 0; i < pixels; i++)
        for (int64_t lane = 0; lane < width; lane++)
            out[i * width + lane] = lane < lanes ? in[lane * pixels + i] : 0;
}

DF_CLONES static void lanes_to_rows(const float *in, float *out, int64_t pixels, int64_t lanes, int64_t width)
{
    for (int64_t lane = 0; lane < lanes; lane++)
        for (int64_t i = 0; i < pixels; i++)
            out[lane * pixels + i] = in[i * width + lane];
}

static void each_block(const nn_shape *shape, const float *in, float *out, copy_block *copy, bool is_up)
{
    const int64_t width = nn_block(), blocks = blocks_of(shape), channels = shape->size[1], pixels = shape->size[2] * shape->size[3];
#pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < shape->size[0] * blocks; i++) {
        const int64_t first = i % blocks * width, lanes = channels - first < width ? channels - first : width;
        const int64_t plain = (i / blocks * channels + first) * pixels, blocked = i * width * pixels;
        copy(in + (is_up ? plain : blocked), out + (is_up ? blocked : plain), pixels, lanes, width);
    }
}

void nn_block_up(const nn_shape *shape, const float *plain, float *blocked)
{
    each_block(shape, plain, blocked, rows_to_lanes, true);
}

void nn_unblock(const nn_shape *shape, const float *blocked, float *plain)
{
    each_block(shape, blocked, plain, lanes_to_rows, false);
}
