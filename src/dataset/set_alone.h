/* set_alone.h: a complete data set that one process changes: while the lock is held, nobody renders into it, replaces it or makes
   another set of it (set_folder_check_whole refuses). */
#ifndef DF_DATASET_SET_ALONE_H
#define DF_DATASET_SET_ALONE_H

#include "base/api.h"
#include "base/error.h"

/* A descriptor to give to set_alone_close, -1 with a sentence: no whole set, somebody else is there, or the folder may not be
   written to. */
DF_API int set_alone_open(const char *folder, df_error *err) DF_CHECKED;
DF_API void set_alone_close(int lock);

#endif
