/* export_split.h: the split of an image, for formats that keep splits apart: a set has one for every image or for none. */
#ifndef DF_EXCHANGE_EXPORT_SPLIT_H
#define DF_EXCHANGE_EXPORT_SPLIT_H

#include "dataset/manifest_read.h"

typedef enum export_split { EXPORT_ALL, EXPORT_TRAIN, EXPORT_VALID, EXPORT_TEST, EXPORT_SPLIT_COUNT } export_split;
extern const char *const export_split_names[EXPORT_SPLIT_COUNT]; /* "" for EXPORT_ALL */

/* What the images before had; {0} before the first. */
typedef struct export_splits {
    bool is_known, has_split;
} export_splits;

/* Fails on other names, and where some images have a split and others none. */
bool export_split_of(export_splits *splits, const manifest_entry *entry, export_split *out, df_error *err) DF_CHECKED;

#endif
