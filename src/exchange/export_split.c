/* export_split.c: three names and the rule that all images have one or none has. */
#include "exchange/export_split.h"

#include <string.h>

const char *const export_split_names[EXPORT_SPLIT_COUNT] = {
    [EXPORT_ALL] = "", [EXPORT_TRAIN] = "train", [EXPORT_VALID] = "valid", [EXPORT_TEST] = "test"};

bool export_split_of(export_splits *splits, const manifest_entry *entry, export_split *out, df_error *err)
{
    int split = 0;
    while (split < EXPORT_SPLIT_COUNT && strcmp(export_split_names[split], entry->split) != 0)
        split++;
    if (split == EXPORT_SPLIT_COUNT)
        return df_fail(err, "%s: is of the split '%s', expected train, valid or test", entry->image, entry->split);
    const bool has_split = split != EXPORT_ALL;
    if (splits->is_known && splits->has_split != has_split)
        return df_fail(err, "%s: has %s split, but the images before have %s", entry->image, has_split ? "a" : "no",
                       has_split ? "none" : "one");
    *splits = (export_splits){.is_known = true, .has_split = has_split};
    *out = (export_split)split;
    return true;
}
