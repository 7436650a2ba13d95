/* checkpoint_list.h: the checkpoints of a folder by their names. For src/train itself. */
#ifndef DF_TRAIN_CHECKPOINT_LIST_H
#define DF_TRAIN_CHECKPOINT_LIST_H

#include "base/file.h"
#include "train/checkpoint.h"

/* Steps of the checkpoints, ascending, in the arena. A folder that is not there holds none. */
bool checkpoint_list(const char *folder, df_arena *arena, int64_t **steps, size_t *count, df_error *err) DF_CHECKED;

bool checkpoint_path(const char *folder, int64_t step, char path[CHECKPOINT_PATH], df_error *err) DF_CHECKED;

/* Removes the checkpoints of later steps than `step`, and of the others all but the last `keep`. */
bool checkpoint_prune(const char *folder, int64_t step, int keep, df_error *err) DF_CHECKED;

#endif
