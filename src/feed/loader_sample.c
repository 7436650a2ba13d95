/* loader_sample.c: decode, fit, change, convert. */
#include "feed/loader_sample.h"

#include <math.h>
#include <string.h>

#include "base/clones.h"
#include "exchange/source_examine.h"
#include "feed/fit.h"
#include "image/image_file.h"

static const size_t LARGEST_FILE = (size_t)1 << 30;

/* How pixels of a file's image lie in the fitted one: x * scale + offset, each axis; and what else is known of the file. */
typedef struct fitting {
    float scale[2], offset[2];
    int is_grey; /* the file is */
} fitting;

static size_t pixel_bytes(const loader_setting *s)
{
    return (size_t)s->width * (size_t)s->height * (size_t)s->channels;
}

size_t sample_entry_bytes(const loader_setting *s)
{
    return pixel_bytes(s) + sizeof(fitting);
}

size_t sample_floats(const sample_kitchen *k, loader_output output)
{
    switch (output) {
    case LOADER_IMAGES:
        return pixel_bytes(&k->setting);
    case LOADER_LABELS:
    case LOADER_KNOWN:
        return (size_t)k->list->label_count;
    case LOADER_IDENTITY:
    case LOADER_USED:
        return 1;
    case LOADER_TRANSFORM:
        return 6;
    }
    return 0;
}

/* ---- from the file ---- */

static int most(int a, int b)
{
    return a > b ? a : b;
}

static bool fit(sample_cook *cook, const image *decoded, const int full[2], df_error *err)
{
    const loader_setting *s = &cook->kitchen->setting;
    const int wanted[2] = {s->width, s->height}, sides[2] = {decoded->width, decoded->height};
    const fit_box box = fit_middle(decoded->width, decoded->height, s->fit == LOADER_CROP ? wanted : NULL, s->zoom);
    const int from[2] = {box.x, box.y}, size[2] = {box.width, box.height};
    const image out = {.width = s->width, .height = s->height, .channels = s->channels, .type = IMAGE_U8, .data = cook->fitted};
    fitting how = {.is_grey = decoded->channels < 3};
    for (int axis = 0; axis < 2; axis++) {
        const double grown = (double)wanted[axis] / size[axis];
        how.scale[axis] = (float)(grown * sides[axis] / full[axis]);
        how.offset[axis] = (float)(-grown * from[axis]);
    }
    memcpy(cook->fitted + pixel_bytes(s), &how, sizeof how);
    return fit_image(decoded, &box, &out, cook->scratch, err);
}

/* The shorter side that a decoded image must keep so that its part is as large as the network's image. */
static int least_side(const loader_setting *s)
{
    return (int)ceilf((float)most(s->width, s->height) / s->zoom);
}

/* Into cook->fitted. */
static bool decode(sample_cook *cook, uint32_t sample, df_error *err)
{
    const char *path = cook->kitchen->list->paths[sample];
    df_bytes bytes;
    image decoded;
    int full[2];
    return df_file_read(path, LARGEST_FILE, cook->scratch, &bytes, err) &&
           ((image_decode_reduced(bytes, least_side(&cook->kitchen->setting), &decoded, full, cook->scratch, err) &&
             fit(cook, &decoded, full, err)) ||
            df_fail_in(err, "%s", path));
}

/* *entry NULL: the file cannot be read, which has been told. */
static bool find_entry(sample_cook *cook, uint32_t sample, const unsigned char **entry, df_error *err)
{
    sample_kitchen *k = cook->kitchen;
    df_error what;
    *entry = NULL;
    if (atomic_load(&k->is_bad[sample]))
        return true;
    if ((*entry = image_cache_find(k->cache, sample)))
        return true;
    if (!decode(cook, sample, &what)) {
        if (source_is_shortage(&what))
            return df_fail(err, "%s", what.text);
        if (!atomic_exchange(&k->is_bad[sample], 1))
            k->tell(k->user, what.text);
        return true;
    }
    atomic_fetch_add(&k->decoded, 1);
    image_cache_add(k->cache, sample, cook->fitted);
    *entry = cook->fitted;
    return true;
}

/* The wanted sample, or the first that can take its place. */
static bool find_readable(sample_cook *cook, uint32_t wanted, uint32_t *sample, const unsigned char **entry, df_error *err)
{
    const sample_kitchen *k = cook->kitchen;
    const bool has_substitutes = sampling_rule_of(k->sampling)->kind != SAMPLING_IN_ORDER;
    *sample = wanted;
    if (!find_entry(cook, wanted, entry, err))
        return false;
    for (size_t attempt = 1; has_substitutes && !*entry; attempt++) {
        if (!sampling_substitute(k->sampling, wanted, attempt, sample))
            return df_fail(err, "none of the images can be read, beginning with %s", k->list->paths[wanted]);
        df_arena_reset(cook->scratch);
        if (!find_entry(cook, *sample, entry, err))
            return false;
    }
    return true;
}

/* ---- to the arrays ---- */

static inline __attribute__((always_inline)) void spread_plane(const unsigned char *restrict in, size_t apart, float mean, float scale,
                                                               float *restrict out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = ((float)in[i * apart] - mean) * scale;
}

DF_CLONES static void spread_grey(const unsigned char *restrict in, float mean, float scale, float *restrict out, size_t count)
{
    spread_plane(in, 1, mean, scale, out, count);
}

DF_CLONES static void spread_third(const unsigned char *restrict in, float mean, float scale, float *restrict out, size_t count)
{
    spread_plane(in, 3, mean, scale, out, count);
}

static void put_pixels(const loader_setting *s, const unsigned char *from, float *out)
{
    const size_t count = (size_t)s->width * (size_t)s->height;
    for (int c = 0; c < s->channels; c++)
        if (s->channels == 1)
            spread_grey(from, s->mean[0], s->scale[0], out, count);
        else
            spread_third(from + c, s->mean[c], s->scale[c], out + (size_t)c * count, count);
}

/* Which column a label comes from. */
static int swapped(const loader_setting *s, bool is_flipped, int column)
{
    for (int i = 0; is_flipped && i < s->swap_count; i++) {
        if (s->swaps[i].a == column)
            return s->swaps[i].b;
        if (s->swaps[i].b == column)
            return s->swaps[i].a;
    }
    return column;
}

static void put_labels(const sample_kitchen *k, uint32_t sample, bool is_flipped, loader_output output, float *out)
{
    const float *labels = k->list->labels + (size_t)sample * (size_t)k->list->label_count;
    for (int c = 0; c < k->list->label_count; c++) {
        const float value = labels[swapped(&k->setting, is_flipped, c)];
        const bool is_known = !isnan(value);
        out[c] = output == LOADER_KNOWN ? (float)is_known : is_known ? value : 0.0f;
    }
}

/* The change after the fitting. */
static void put_transform(const augment_drawn *d, const fitting *how, float *out)
{
    for (int r = 0; r < 2; r++) {
        out[3 * r + 2] = d->to_output[r][2];
        for (int axis = 0; axis < 2; axis++) {
            out[3 * r + axis] = d->to_output[r][axis] * how->scale[axis];
            out[3 * r + 2] += d->to_output[r][axis] * how->offset[axis];
        }
    }
}

static void put_output(const sample_kitchen *k, loader_output output, uint32_t sample, const augment_drawn *d, const image *pixels,
                       const fitting *how, float *out)
{
    switch (output) {
    case LOADER_IMAGES:
        put_pixels(&k->setting, pixels->data, out);
        return;
    case LOADER_LABELS:
    case LOADER_KNOWN:
        put_labels(k, sample, d->is_flipped, output, out);
        return;
    case LOADER_IDENTITY:
        *out = (float)k->list->identities[sample];
        return;
    case LOADER_USED:
        *out = 1.0f;
        return;
    case LOADER_TRANSFORM:
        put_transform(d, how, out);
        return;
    }
}

void sample_leave_out(const sample_kitchen *k, int slot, float *const *arrays)
{
    for (int i = 0; i < k->setting.output_count; i++) {
        const size_t floats = sample_floats(k, k->setting.outputs[i]);
        memset(arrays[i] + (size_t)slot * floats, 0, floats * sizeof(float));
    }
}

/* The slot of the batch of all ranks, so that two ranks see what one would. */
static uint32_t slot_of_all(const sample_kitchen *k, int slot)
{
    const sampling_rule *rule = sampling_rule_of(k->sampling);
    return (uint32_t)rule->rank * (uint32_t)rule->batch + (uint32_t)slot;
}

static bool change_and_put(sample_cook *cook, int64_t step, int slot, uint32_t sample, const unsigned char *entry, float *const *arrays,
                           df_error *err)
{
    sample_kitchen *k = cook->kitchen;
    const loader_setting *s = &k->setting;
    augment_drawn d = augment_draw(&k->plan, s->width, s->height, s->width, s->height, s->seed, (uint64_t)step, slot_of_all(k, slot));
    const image fitted = {
        .width = s->width, .height = s->height, .channels = s->channels, .type = IMAGE_U8, .data = (void *)(uintptr_t)entry};
    image pixels = fitted;
    fitting how;
    memcpy(&how, entry + pixel_bytes(s), sizeof how);
    d.is_grey |= how.is_grey != 0;
    if (s->augment && !augment_apply(cook->augmenter, &d, &fitted, &pixels, cook->scratch, err))
        return df_fail_in(err, "%s", k->list->paths[sample]);
    for (int i = 0; i < s->output_count; i++)
        put_output(k, s->outputs[i], sample, &d, &pixels, &how, arrays[i] + (size_t)slot * sample_floats(k, s->outputs[i]));
    return true;
}

bool sample_make(sample_cook *cook, int64_t step, int slot, uint32_t wanted, float *const *arrays, uint32_t *made, df_error *err)
{
    const unsigned char *entry;
    uint32_t sample;
    df_arena_reset(cook->scratch);
    if (!find_readable(cook, wanted, &sample, &entry, err))
        return false;
    *made = entry ? sample : UINT32_MAX;
    if (!entry) {
        sample_leave_out(cook->kitchen, slot, arrays);
        return true;
    }
    atomic_fetch_add(&cook->kitchen->made, 1);
    return change_and_put(cook, step, slot, sample, entry, arrays, err);
}
