/* image.c: making images and changing their type and channels, row by row through floats. */
#include "image/image.h"

#include <assert.h>
#include <string.h>

#include "base/size.h"
#include "image/colour.h"
#include "image/rows.h"

enum { MOST_CHANNELS = 4 };

static size_t sample_bytes(image_type type)
{
    switch (type) {
    case IMAGE_U8:
        return sizeof(uint8_t);
    case IMAGE_U16:
        return sizeof(uint16_t);
    case IMAGE_FLOAT:
        return sizeof(float);
    }
    return 0;
}

static size_t row_samples(const image *img)
{
    return (size_t)img->width * (size_t)img->channels;
}

size_t image_bytes(const image *img)
{
    return row_samples(img) * (size_t)img->height * sample_bytes(img->type);
}

bool image_new(image *out, int width, int height, int channels, image_type type, df_arena *arena, df_error *err)
{
    if (width < 1 || height < 1 || width > IMAGE_MAX_SIDE || height > IMAGE_MAX_SIDE)
        return df_fail(err, "image of %d x %d pixels, expected 1 to %d a side", width, height, IMAGE_MAX_SIDE);
    if (channels < 1 || channels > MOST_CHANNELS)
        return df_fail(err, "image of %d channels, expected 1 to %d", channels, MOST_CHANNELS);
    image made = {.width = width, .height = height, .channels = channels, .type = type};
    made.data = df_alloc(arena, image_bytes(&made), 1, err);
    if (!made.data)
        return df_fail_in(err, "image of %d x %d pixels", width, height);
    *out = made;
    return true;
}

void image_load_row(const image *from, int y, float *out)
{
    const size_t count = row_samples(from), start = (size_t)y * count;
    const uint8_t *bytes = from->data;
    const uint16_t *words = from->data;
    switch (from->type) {
    case IMAGE_U8:
        for (size_t i = 0; i < count; i++)
            out[i] = (float)bytes[start + i] / 255.0f;
        return;
    case IMAGE_U16:
        for (size_t i = 0; i < count; i++)
            out[i] = (float)words[start + i] / 65535.0f;
        return;
    case IMAGE_FLOAT:
        memcpy(out, (const float *)from->data + start, count * sizeof *out);
        return;
    }
}

/* 0 .. maximum, rounded; NaN fails both comparisons and becomes 0. */
static int quantise(float value, float maximum)
{
    const float above = value > 0.0f ? value : 0.0f;
    return (int)((above < 1.0f ? above : 1.0f) * maximum + 0.5f);
}

void image_store_row(const image *to, int y, const float *values)
{
    const size_t count = row_samples(to), start = (size_t)y * count;
    uint8_t *bytes = to->data;
    uint16_t *words = to->data;
    switch (to->type) {
    case IMAGE_U8:
        for (size_t i = 0; i < count; i++)
            bytes[start + i] = (uint8_t)quantise(values[i], 255.0f);
        return;
    case IMAGE_U16:
        for (size_t i = 0; i < count; i++)
            words[start + i] = (uint16_t)quantise(values[i], 65535.0f);
        return;
    case IMAGE_FLOAT:
        memcpy((float *)to->data + start, values, count * sizeof *values);
        return;
    }
}

bool image_convert(const image *in, image_type type, image *out, df_arena *arena, df_error *err)
{
    image made;
    if (!image_new(&made, in->width, in->height, in->channels, type, arena, err))
        return false;
    const df_arena_mark mark = df_arena_save(arena);
    float *row = df_alloc(arena, row_samples(in), sizeof *row, err);
    if (!row)
        return false;
    for (int y = 0; y < in->height; y++) {
        image_load_row(in, y, row);
        image_store_row(&made, y, row);
    }
    df_arena_restore(arena, mark);
    *out = made;
    return true;
}

/* One row of pixels from `from` channels to `to`, 1 or 3. */
static void change_channels(const float *in, int from, float *out, int to, size_t pixels)
{
    const bool grey = from < 3;
    for (size_t i = 0; i < pixels; i++) {
        const float *pixel = in + i * (size_t)from;
        float *changed = out + i * (size_t)to;
        if (to == 1)
            changed[0] = grey ? pixel[0] : luminance(pixel);
        else
            for (int c = 0; c < to; c++)
                changed[c] = pixel[grey ? 0 : c];
    }
}

bool image_to_channels(const image *in, int channels, image *out, df_arena *arena, df_error *err)
{
    assert(channels == 1 || channels == 3);
    image made;
    if (!image_new(&made, in->width, in->height, channels, in->type, arena, err))
        return false;
    const df_arena_mark mark = df_arena_save(arena);
    float *row = df_alloc(arena, row_samples(in), sizeof *row, err);
    float *changed = df_alloc(arena, row_samples(&made), sizeof *changed, err);
    if (!row || !changed)
        return false;
    for (int y = 0; y < in->height; y++) {
        image_load_row(in, y, row);
        change_channels(row, in->channels, changed, channels, (size_t)in->width);
        image_store_row(&made, y, changed);
    }
    df_arena_restore(arena, mark);
    *out = made;
    return true;
}
