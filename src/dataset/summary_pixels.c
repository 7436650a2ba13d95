/* summary_pixels.c: how bright faces came out, by group: a first answer to whether a set treats its groups alike. Reads every k-th
   image only. */
#include <string.h>

#include "base/file.h"
#include "dataset/journal.h"
#include "dataset/manifest_read.h"
#include "dataset/summary.h"
#include "image/image_file.h"

enum { GREY = 1 };

static const double FINEST = 0.01;
static const size_t MEMORY = (size_t)1 << 30;

static int clipped(float value, int limit)
{
    return value > 0 ? value < (float)limit ? (int)value : limit : 0;
}

/* Mean over the box; -1 where the box lies outside. */
static double mean_in_box(const image *grey, const float box[4])
{
    const int x0 = clipped(box[0], grey->width), x1 = clipped(box[0] + box[2], grey->width);
    const int y0 = clipped(box[1], grey->height), y1 = clipped(box[1] + box[3], grey->height);
    const uint8_t *pixels = grey->data;
    double sum = 0;
    for (int y = y0; y < y1; y++)
        for (int x = x0; x < x1; x++)
            sum += pixels[(size_t)y * (size_t)grey->width + (size_t)x];
    return x1 > x0 && y1 > y0 ? sum / ((double)(x1 - x0) * (y1 - y0) * UINT8_MAX) : -1;
}

static bool add_image(const char *folder, const manifest_entry *entry, tally *to, df_arena *scratch, df_error *err)
{
    char path[DATASET_PATH];
    image picture, bytes, grey;
    if (!df_path_join(path, sizeof path, folder, entry->image, err) || !image_read_file(path, &picture, scratch, err) ||
        !image_convert(&picture, IMAGE_U8, &bytes, scratch, err) || !image_to_channels(&bytes, GREY, &grey, scratch, err))
        return false;
    const double mean = mean_in_box(&grey, entry->box);
    if (mean >= 0)
        tally_add(to, mean);
    return true;
}

static int group_index(const summary *of, const char *name)
{
    for (int g = 0; g < of->people.group_count; g++)
        if (strcmp(of->people.groups[g], name) == 0)
            return g;
    return of->people.group_count - 1; /* "other", or "unknown" for an empty name */
}

static bool read_every(const char *folder, manifest_reader *reader, const summary *of, int64_t step, tally *groups, df_arena *scratch,
                       df_error *err)
{
    manifest_entry entry;
    bool found = true;
    for (int64_t i = 0; manifest_next(reader, &entry, &found, err); i++) {
        if (!found)
            return true;
        if (i % step != 0)
            continue;
        df_arena_reset(scratch);
        if (!add_image(folder, &entry, &groups[group_index(of, entry.ethnicity)], scratch, err))
            return false;
    }
    return false;
}

bool summary_read_pixels(const char *folder, const summary *of, int sample, tally groups[DEMOGRAPHICS_GROUPS], df_error *err)
{
    char path[DATASET_PATH];
    if (!df_path_join(path, sizeof path, folder, "manifest.jsonl", err))
        return false;
    for (int g = 0; g < DEMOGRAPHICS_GROUPS; g++)
        groups[g] = (tally){.width = FINEST};
    int64_t step = of->images / (sample > 0 ? sample : 1);
    step = (step > 1 ? step : 1) | 1; /* odd, so as not to walk in step with an even number of images an identity */
    df_arena *scratch = df_arena_new(MEMORY, err);
    manifest_reader *reader = scratch ? manifest_open(path, err) : NULL;
    const bool is_good = reader && read_every(folder, reader, of, step, groups, scratch, err);
    manifest_close(reader);
    df_arena_free(scratch);
    return is_good;
}
