/* image_labels.h: what a data set says of its images, kept beside their features: the group that an image belongs to, and numbers of
   pose, light and crop that could explain a distance. 48 bytes an image, on the disk until asked for. */
#ifndef DF_METRICS_IMAGE_LABELS_H
#define DF_METRICS_IMAGE_LABELS_H

#include "base/spool.h"
#include "exchange/source.h"

enum { LABEL_GROUPS = 64, LABEL_NUMBERS = 9, LABEL_PARTS = 3 };

typedef struct image_label {
    int32_t group;                /* index in names; -1: the image has none */
    float numbers[LABEL_NUMBERS]; /* as label_numbers; NaN: not said */
} image_label;

/* The numbers, part by part. Those of a crop are of the face's box: its middle and the root of its area in parts of the image's. */
typedef struct label_part {
    const char *name; /* "pose", "light", "crop" */
    int first, count; /* of the numbers */
    const char *keys; /* of docs/manifest.md, for sentences */
} label_part;
DF_API extern const label_part label_parts[LABEL_PARTS];

typedef struct image_labels {
    const char *key;                     /* whose values are the groups, "gender"; NULL: no groups */
    char names[LABEL_GROUPS][FACE_NAME]; /* [group_count], in the order of appearance */
    int group_count;
    df_spool *spool; /* of image_label */
} image_labels;

/* What the source says of an image of that size. Texts and truth values are groups as they are, numbers by tens ("20 to 29"). Fails for
   other kinds of values and beyond LABEL_GROUPS. */
DF_API bool image_label_of(image_labels *labels, const source_image *of, int width, int height, image_label *out, df_error *err) DF_CHECKED;

#endif
