/* warp.c: affine maps of 8-bit images. */
#include "feed/warp.h"

#include <math.h>

enum { ONE = 1 << 16, HALF_WEIGHT = 1 << 15, FARTHEST = 8 * WARP_MOST };

/* Positions that lie far outside are all the edge. */
static int64_t fixed(double position)
{
    return (int64_t)llrint(fmin(fmax(position, -FARTHEST), FARTHEST) * ONE);
}

/* One axis of a position: the two pixels that it lies between and the second one's weight in 1/256. */
static inline void between(int64_t position, int side, int *first, int *second, int *weight)
{
    const int64_t most = (int64_t)(side - 1) << 16;
    const int64_t at = position < 0 ? 0 : position > most ? most : position;
    *first = (int)(at >> 16);
    *second = *first + (*first < side - 1);
    *weight = (int)(at >> 8 & 255);
}

/* Value of one channel: rows weighed by v, columns by u, rounded once. */
static inline unsigned char mixed(int upper_left, int upper_right, int lower_left, int lower_right, int u, int v)
{
    const int upper = upper_left * (256 - u) + upper_right * u, lower = lower_left * (256 - u) + lower_right * u;
    return (unsigned char)((upper * (256 - v) + lower * v + HALF_WEIGHT) >> 16);
}

static inline __attribute__((always_inline)) void warp_row(const image *in, int64_t x, int64_t y, int64_t dx, int64_t dy, int width,
                                                           int channels, unsigned char *out)
{
    const unsigned char *pixels = in->data;
    const ptrdiff_t stride = (ptrdiff_t)in->width * channels;
    for (int i = 0; i < width; i++, x += dx, y += dy) {
        int left, right, top, bottom, u, v;
        between(x, in->width, &left, &right, &u);
        between(y, in->height, &top, &bottom, &v);
        const unsigned char *upper = pixels + top * stride, *lower = pixels + bottom * stride;
        left *= channels;
        right *= channels;
        for (int c = 0; c < channels; c++)
            *out++ = mixed(upper[left + c], upper[right + c], lower[left + c], lower[right + c], u, v);
    }
}

void warp_image(const image *in, const float to_input[2][3], const image *out)
{
    const int64_t dx = fixed((double)to_input[0][0]), dy = fixed((double)to_input[1][0]);
    for (int row = 0; row < out->height; row++) {
        const double y = row + 0.5;
        const int64_t first_x = fixed((double)to_input[0][0] * 0.5 + (double)to_input[0][1] * y + (double)to_input[0][2] - 0.5);
        const int64_t first_y = fixed((double)to_input[1][0] * 0.5 + (double)to_input[1][1] * y + (double)to_input[1][2] - 0.5);
        unsigned char *to = (unsigned char *)out->data + (size_t)row * (size_t)out->width * (size_t)out->channels;
        if (in->channels == 3)
            warp_row(in, first_x, first_y, dx, dy, out->width, 3, to);
        else
            warp_row(in, first_x, first_y, dx, dy, out->width, 1, to);
    }
}
