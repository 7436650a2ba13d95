/* shard_path.c: names below DIR/.diffuse. */
#include "dataset/shard_path.h"

#include <stdio.h>
#include <string.h>

bool shard_state_file(char path[DATASET_PATH], const char *folder, const char *name, df_error *err)
{
    const int length = snprintf(path, DATASET_PATH, "%s/.diffuse%s%s", folder, name[0] ? "/" : "", name);
    return (length > 0 && length < DATASET_PATH) || df_fail(err, "%.200s...: path longer than %d bytes", folder, DATASET_PATH - 1);
}

bool shard_state_folder(char path[DATASET_PATH], const char *folder, df_error *err)
{
    return shard_state_file(path, folder, "", err);
}

bool shard_path(char path[DATASET_PATH], const char *folder, int shard, int shards, const char *ending, df_error *err)
{
    char name[64];
    snprintf(name, sizeof name, "shard-%d-of-%d.%s", shard, shards, ending);
    return shard_state_file(path, folder, name, err);
}
