/* augment.c: changes of pixels, in the order of augment.h. */
#include "feed/augment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "base/clones.h"
#include "base/random.h"
#include "feed/warp.h"

enum { MIDDLE_GREY = 128, CODES = 256, MOST_RADIUS = 20, TAPS = 2 * MOST_RADIUS + 1 };

struct augmenter {
    df_arena *own;
    tjhandle compressor, decompressor;
    unsigned char *jpeg; /* turbojpeg's, grown by it */
    unsigned long jpeg_room;
};

augmenter *augmenter_new(df_error *err)
{
    df_arena *own = df_arena_new(sizeof(augmenter) + 64, err);
    augmenter *made = own ? df_alloc(own, 1, sizeof *made, err) : NULL;
    if (!made) {
        df_arena_free(own);
        return NULL;
    }
    *made = (augmenter){.own = own, .compressor = tjInitCompress(), .decompressor = tjInitDecompress()};
    if (made->compressor && made->decompressor)
        return made;
    augmenter_free(made);
    df_fail(err, "JPEG: out of memory");
    return NULL;
}

void augmenter_free(augmenter *a)
{
    if (!a)
        return;
    if (a->compressor)
        tjDestroy(a->compressor);
    if (a->decompressor)
        tjDestroy(a->decompressor);
    tjFree(a->jpeg);
    df_arena_free(a->own);
}

static unsigned char byte_of(float value)
{
    return (unsigned char)(value <= 0.0f ? 0.0f : value >= 255.0f ? 255.0f : value + 0.5f);
}

/* ---- blur ---- */

/* Weights of a Gaussian in 1/65536; returns the radius. The middle takes what rounding left. */
static int blur_weights(float sigma, int32_t weights[TAPS])
{
    const int wanted = (int)ceilf(2.5f * sigma), radius = wanted < MOST_RADIUS ? wanted : MOST_RADIUS;
    float raw[TAPS], sum = 0.0f;
    int32_t given = 0;
    for (int k = -radius; k <= radius; k++)
        sum += raw[k + radius] = expf(-0.5f * (float)(k * k) / (sigma * sigma));
    for (int k = 0; k <= 2 * radius; k++)
        given += weights[k] = (int32_t)(raw[k] / sum * 65536.0f + 0.5f);
    weights[radius] += 65536 - given;
    return radius;
}

DF_CLONES static void add_weighed(int32_t *restrict sum, const unsigned char *restrict row, int32_t weight, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sum[i] += weight * row[i];
}

DF_CLONES static void store_sums(const int32_t *restrict sum, unsigned char *restrict out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (unsigned char)((sum[i] + 32768) >> 16);
}

static void clear(int32_t *sum, size_t count)
{
    memset(sum, 0, count * sizeof *sum);
}

static int within(int at, int side)
{
    return at < 0 ? 0 : at >= side ? side - 1 : at;
}

/* A row with its edges repeated `radius` pixels far. */
static void pad_row(const unsigned char *row, int width, int channels, int radius, unsigned char *out)
{
    const size_t pixel = (size_t)channels, length = (size_t)width * pixel;
    for (int k = 0; k < radius; k++) {
        memcpy(out + (size_t)k * pixel, row, pixel);
        memcpy(out + (size_t)(radius + k) * pixel + length, row + length - pixel, pixel);
    }
    memcpy(out + (size_t)radius * pixel, row, length);
}

/* Columns into `plane`, then its rows back into the image. */
static bool blur(const image *im, float sigma, df_arena *arena, df_error *err)
{
    int32_t weights[TAPS];
    const int radius = blur_weights(sigma, weights);
    const size_t row = (size_t)im->width * (size_t)im->channels;
    unsigned char *pixels = im->data, *plane = df_alloc(arena, row, (size_t)im->height, err);
    int32_t *sum = plane ? df_alloc(arena, row, sizeof *sum, err) : NULL;
    unsigned char *padded = sum ? df_alloc(arena, row + 2 * (size_t)radius * (size_t)im->channels, 1, err) : NULL;
    if (!padded)
        return false;
    for (int y = 0; y < im->height; y++) {
        clear(sum, row);
        for (int k = -radius; k <= radius; k++)
            add_weighed(sum, pixels + (size_t)within(y + k, im->height) * row, weights[k + radius], row);
        store_sums(sum, plane + (size_t)y * row, row);
    }
    for (int y = 0; y < im->height; y++) {
        pad_row(plane + (size_t)y * row, im->width, im->channels, radius, padded);
        clear(sum, row);
        for (int k = 0; k <= 2 * radius; k++)
            add_weighed(sum, padded + (size_t)k * (size_t)im->channels, weights[k], row);
        store_sums(sum, pixels + (size_t)y * row, row);
    }
    return true;
}

/* ---- colour ---- */

static void fill_table(const augment_drawn *d, unsigned char table[CODES])
{
    for (int v = 0; v < CODES; v++) {
        const float shaped = d->gamma == 1.0f ? (float)v : 255.0f * powf((float)v / 255.0f, d->gamma);
        table[v] = byte_of((shaped - 127.5f) * d->contrast + 127.5f + 255.0f * d->brightness);
    }
}

static void look_up(const image *im, const unsigned char table[CODES])
{
    unsigned char *pixels = im->data;
    const size_t count = image_bytes(im);
    for (size_t i = 0; i < count; i++)
        pixels[i] = table[pixels[i]];
}

static inline int clamped(int value)
{
    return value < 0 ? 0 : value > 255 ? 255 : value;
}

/* Distance from grey times `share` / 256. */
DF_CLONES static void saturate(unsigned char *pixels, size_t count, int share)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char *p = pixels + 3 * i;
        const int grey = (77 * p[0] + 150 * p[1] + 29 * p[2] + 128) >> 8;
        for (int c = 0; c < 3; c++)
            p[c] = (unsigned char)clamped(grey + (((p[c] - grey) * share + 128) >> 8));
    }
}

static void colour(const augment_drawn *d, const image *im)
{
    if (d->brightness != 0.0f || d->contrast != 1.0f || d->gamma != 1.0f) {
        unsigned char table[CODES];
        fill_table(d, table);
        look_up(im, table);
    }
    if (im->channels == 3 && (d->is_grey || d->saturation != 1.0f))
        saturate(im->data, (size_t)im->width * (size_t)im->height, d->is_grey ? 0 : (int)(d->saturation * 256.0f + 0.5f));
}

/* ---- noise ---- */

/* Of each 32-bit number of the stream the sum of its four bytes, less the mean: within 1 % of a normal distribution's up to 2 sigma, and
   never above 3.45 sigma. `scale` in 1/65536. Four values a block. */
DF_CLONES static void add_noise(unsigned char *pixels, size_t first, size_t blocks, const df_random *stream, int scale)
{
    for (size_t b = 0; b < blocks; b++) {
        const uint32_t at[4] = {(uint32_t)(first + b), stream->counter[1], stream->counter[2], stream->counter[3]};
        uint32_t numbers[4];
        df_philox(at, stream->key, numbers);
        for (int k = 0; k < 4; k++) {
            const uint32_t r = numbers[k];
            const int sum = (int)((r & 255) + (r >> 8 & 255) + (r >> 16 & 255) + (r >> 24)) - 510;
            const int value = pixels[4 * b + (size_t)k] + ((sum * scale + 32768) >> 16);
            pixels[4 * b + (size_t)k] = (unsigned char)clamped(value);
        }
    }
}

static void add_all_noise(const augment_drawn *d, unsigned char *pixels, size_t count)
{
    static const float BYTES_SIGMA = 147.8f; /* of the sum of four: sqrt(4 (256^2 - 1) / 12) */
    const df_random random = df_random_at(d->seed, d->step, d->slot, DF_FOR_AUGMENT_NOISE);
    const int scale = (int)(d->noise * 255.0f / BYTES_SIGMA * 65536.0f + 0.5f);
    const size_t blocks = count / 4, rest = count % 4;
    unsigned char last[4] = {0};
    add_noise(pixels, 0, blocks, &random, scale);
    if (rest) { /* of one block more */
        memcpy(last, pixels + 4 * blocks, rest);
        add_noise(last, blocks, 1, &random, scale);
        memcpy(pixels + 4 * blocks, last, rest);
    }
}

/* A grey image has one sensor: its three channels have the same noise. */
static bool noise(const augment_drawn *d, const image *im, df_arena *arena, df_error *err)
{
    unsigned char *pixels = im->data;
    if (!d->is_grey || im->channels == 1) {
        add_all_noise(d, pixels, image_bytes(im));
        return true;
    }
    const size_t count = image_bytes(im) / 3;
    unsigned char *plane = df_alloc(arena, count, 1, err);
    if (!plane)
        return false;
    for (size_t i = 0; i < count; i++)
        plane[i] = pixels[3 * i];
    add_all_noise(d, plane, count);
    for (size_t i = 0; i < 3 * count; i++)
        pixels[i] = plane[i / 3];
    return true;
}

/* ---- JPEG and cutout ---- */

static bool recompress(augmenter *a, const image *im, int quality, df_error *err)
{
    const bool is_grey = im->channels == 1;
    const int format = is_grey ? TJPF_GRAY : TJPF_RGB, sampling = is_grey ? TJSAMP_GRAY : TJSAMP_420;
    unsigned long size = a->jpeg_room;
    if (tjCompress2(a->compressor, im->data, im->width, 0, im->height, format, &a->jpeg, &size, sampling, quality, 0) != 0)
        return df_fail(err, "JPEG: %s", tjGetErrorStr2(a->compressor));
    a->jpeg_room = size > a->jpeg_room ? size : a->jpeg_room;
    if (tjDecompress2(a->decompressor, a->jpeg, size, im->data, im->width, 0, im->height, format, 0) != 0)
        return df_fail(err, "JPEG: %s", tjGetErrorStr2(a->decompressor));
    return true;
}

static void cut_out(const int box[4], const image *im)
{
    const size_t pixel = (size_t)im->channels, row = (size_t)im->width * pixel;
    for (int y = box[1]; y < box[1] + box[3]; y++)
        memset((unsigned char *)im->data + (size_t)y * row + (size_t)box[0] * pixel, MIDDLE_GREY, (size_t)box[2] * pixel);
}

bool augment_apply(augmenter *a, const augment_drawn *d, const image *in, image *out, df_arena *arena, df_error *err)
{
    image made;
    if (!image_new(&made, d->out_width, d->out_height, in->channels, IMAGE_U8, arena, err))
        return false;
    if (d->is_plain)
        memcpy(made.data, in->data, image_bytes(in));
    else
        warp_image(in, d->to_input, &made);
    if (d->blur > 0.05f && !blur(&made, d->blur, arena, err))
        return false;
    colour(d, &made);
    if (d->noise > 0.0f && !noise(d, &made, arena, err))
        return false;
    if (d->jpeg && !recompress(a, &made, d->jpeg, err))
        return false;
    if (d->cutout[2])
        cut_out(d->cutout, &made);
    *out = made;
    return true;
}
