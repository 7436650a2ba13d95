/* subset.h: the images of a data set that meet a condition (where.h): as a new set, as a list, as a number. */
#ifndef DF_DATASET_SUBSET_H
#define DF_DATASET_SUBSET_H

#include "dataset/set_maker.h"
#include "base/progress.h"

typedef struct subset_result {
    int64_t images, identities;      /* of the set */
    int64_t taken, identities_taken; /* of those that meet the condition */
} subset_result;

/* Called for each image that meets the condition, in the manifest's order; false stops with its error. */
typedef bool subset_found(void *user, const manifest_entry *entry, df_error *err);

/* Reads the manifest once. Fails on names that no line has. found may be NULL. */
DF_API bool subset_list(const char *folder, const char *condition, subset_found *found, void *user, const df_progress *progress,
                        subset_result *out, df_error *err) DF_CHECKED;

/* Makes the set `out` of them: files linked or copied, lines byte for byte, identities and indices kept. Reads the manifest twice: what
   is wrong with the condition or the lines is told before a file is touched. Fails where nothing meets the condition. */
DF_API bool subset_make(const char *folder, const char *condition, const char *out, set_maker_files files, const df_progress *progress,
                        subset_result *result, df_error *err) DF_CHECKED;

#endif
