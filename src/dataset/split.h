/* split.h: deals a data set into parts of given shares: by identity (nobody is in two parts) or by image, each stratum (all that have the
   same values in some columns) by the same shares. Counts are exact: the parts' totals are the largest remainders of the whole set, and
   each stratum's are within 1 of its share (apportion.h). Who goes where hangs on seed and identity (and index) alone, not on the order
   of the lines. */
#ifndef DF_DATASET_SPLIT_H
#define DF_DATASET_SPLIT_H

#include "dataset/apportion.h"
#include "dataset/set_maker.h"
#include "base/progress.h"

enum { SPLIT_PARTS = APPORTION_COLUMNS, SPLIT_COLUMNS = 8, SPLIT_STRATA = 4096, SPLIT_UNIT = 1000000, SPLIT_DECIMALS = 6 };

typedef enum split_unit { SPLIT_IDENTITY, SPLIT_IMAGE } split_unit;

typedef struct split_parts {
    char names[SPLIT_PARTS][FACE_NAME]; /* letters, digits, - and _ */
    int64_t weights[SPLIT_PARTS];       /* shares, 1 is SPLIT_UNIT; any sum above 0 */
    int count;
} split_parts;

/* "train:0.8" for each; shares of any sum, up to six decimals. Names are distinct. */
DF_API bool split_parse(const char *const *texts, size_t count, split_parts *out, df_error *err) DF_CHECKED;

typedef struct split_setting {
    split_parts parts;
    split_unit by;
    const char *const *columns; /* [column_count] of the strata: keys of the manifest, as "light.strength"; texts, whole numbers, true or
                                   false; "age" by the bins 18, 30, 45, 60, 76 */
    size_t column_count;
    uint64_t seed;
} split_setting;

typedef struct split_result {
    int64_t identities[SPLIT_PARTS], images[SPLIT_PARTS]; /* by image: an identity counts in each part that has some of it */
    int64_t strata;
} split_result;

/* Deals and counts, changes nothing. */
DF_API bool split_count(const char *folder, const split_setting *setting, const df_progress *progress, split_result *out,
                        df_error *err) DF_CHECKED;

/* Writes the part into each line's key "split": a new manifest.jsonl replaces the old one in one step. Refused, unless `replaces`, where
   a line has a part already. */
DF_API bool split_write(const char *folder, const split_setting *setting, bool replaces, const df_progress *progress, split_result *out,
                        df_error *err) DF_CHECKED;

/* Makes a set of each part, OUT/NAME, with the key "split" in its lines. Parts without images are not there. */
DF_API bool split_make(const char *folder, const split_setting *setting, const char *out, set_maker_files files,
                       const df_progress *progress, split_result *result, df_error *err) DF_CHECKED;

#endif
