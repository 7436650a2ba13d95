/* appender.h: moves the finished lines of a window into the shard's journal, in order; with SYNC_IDENTITY the files that they name
   reach the disk first. Calls come from one thread at a time. Private to shard_render.c. */
#ifndef DF_DATASET_APPENDER_H
#define DF_DATASET_APPENDER_H

#include <stdatomic.h>

#include "dataset/generate.h"
#include "dataset/window.h"

typedef struct appender {
    const maker_setting *setting;
    journal *journal;
    generate_sync sync;
    const df_progress *progress;
    df_text lines; /* of one append */
    double last;   /* when, by df_clock */
    int64_t made;
    atomic_bool is_broken; /* an append failed, for this reason; nothing is appended any more */
    df_error err;
} appender;

/* The lines of the images that are done and not there yet, up to the first that is not done. */
void appender_put(appender *to, window *w);
/* The same if the last time is half a second ago. */
void appender_put_sometimes(appender *to, window *w);
void appender_free(appender *to);

#endif
