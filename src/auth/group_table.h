/* group_table.h: which group each embedding belongs to: from a data set's manifest, or from a table.

   A folder is a data set, a file that ends in ".jsonl" a manifest (docs/manifest.md), any other a table with a header (csv.h). A line
   speaks of the embedding whose `name` is its image: the path, or the path without its ending, or IDENTITY_0001 with four digits for the image
   of index 0, as LFW's pairs have it. A table has a column `name`, `image`, `file` or `path`, or, for all images of a person, `label`.
   Groups of a key are those of stats_axis.h: names, or bins of ages and angles. Every embedding must be found. */
#ifndef DF_AUTH_GROUP_TABLE_H
#define DF_AUTH_GROUP_TABLE_H

#include "metrics/group_rates.h"

typedef struct group_table {
    group_axis *axes; /* [axis_count] in the order of the keys; with two keys or more also their intersection, as the last */
    size_t axis_count;
} group_table;

/* keys: 1 .. GROUP_AXES - 1 names as `diffuse dataset stats --pairs` takes them. All memory is the arena's; errors name path and line. */
DF_API bool group_table_read(const char *path, const char *const *keys, size_t key_count, const embedding_set *set, df_arena *arena,
                             group_table *out, df_error *err) DF_CHECKED;

#endif
