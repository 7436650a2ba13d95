/* merge.h: several data sets as one: the lines of the first, then those of the second, and so on. An identity whose id an earlier set
   has too is another person: it becomes sK-ID, K the set's place from 2 on (s2-s2-ID if somebody has that name already), in its paths
   and its line, which keeps the former id in "renamed_from". All other lines stay as they are, byte for byte. */
#ifndef DF_DATASET_MERGE_H
#define DF_DATASET_MERGE_H

#include "base/progress.h"
#include "dataset/set_maker.h"

enum { MERGE_SETS = 64 };

typedef struct merge_setting {
    const char *const *folders; /* [count], 2 .. MERGE_SETS */
    size_t count;
    set_maker_files files;
    bool is_mixed; /* rendered images of different sizes, channels or bits are welcome; imported ones always are */
} merge_setting;

typedef struct merge_result {
    int64_t images, identities, renamed; /* renamed: identities */
} merge_result;

/* Every manifest is read twice: what is wrong is told before a file is touched. Refuses a folder that is there twice and sets of the same
   manifest. Memory grows by 48 bytes an identity. */
DF_API bool merge_make(const merge_setting *setting, const char *out, const df_progress *progress, merge_result *result,
                       df_error *err) DF_CHECKED;

#endif
