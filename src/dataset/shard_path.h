/* shard_path.h: where a data set keeps what belongs to a run: DIR/.diffuse/... Buffers hold DATASET_PATH bytes. */
#ifndef DF_DATASET_SHARD_PATH_H
#define DF_DATASET_SHARD_PATH_H

#include "base/error.h"
#include "dataset/journal.h"

bool shard_state_folder(char path[DATASET_PATH], const char *folder, df_error *err) DF_CHECKED;                 /* DIR/.diffuse */
bool shard_state_file(char path[DATASET_PATH], const char *folder, const char *name, df_error *err) DF_CHECKED; /* DIR/.diffuse/NAME */
bool shard_path(char path[DATASET_PATH], const char *folder, int shard, int shards, const char *ending, df_error *err) DF_CHECKED;

#endif
