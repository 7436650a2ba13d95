/* image_features.h: the features of all images of a folder or a data set, of any form that source.h knows. Images that cannot be read are
   named, counted and left out. Memory does not grow with the images: features and labels lie on the disk. */
#ifndef DF_METRICS_IMAGE_FEATURES_H
#define DF_METRICS_IMAGE_FEATURES_H

#include "metrics/feature_set.h"
#include "metrics/image_labels.h"
#include "metrics/inception_features.h"

typedef struct image_reading {
    inception *net;
    inception_filter filter;
    const char *scratch; /* a folder for what is put aside: 8 KiB an image */
    bool wants_labels;
    const char *group_key; /* NULL: no groups */
    const df_progress *progress;
} image_reading;

typedef struct image_set {
    feature_set features;
    image_labels labels; /* spool NULL: not wanted */
    int64_t skipped;
} image_set;

/* Fails below 2 images that can be read. On failure nothing is left open. */
DF_API bool image_set_read(const char *path, const image_reading *how, df_arena *arena, image_set *out, df_error *err) DF_CHECKED;
DF_API void image_set_close(image_set *set);

/* All labels, [features.count], in the arena. */
DF_API bool image_set_labels(const image_set *set, df_arena *arena, const image_label **out, df_error *err) DF_CHECKED;

#endif
