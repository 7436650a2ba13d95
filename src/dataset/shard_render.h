/* shard_render.h: renders what of a shard is not in its journal yet. Private to generate.c. */
#ifndef DF_DATASET_SHARD_RENDER_H
#define DF_DATASET_SHARD_RENDER_H

#include "dataset/generate.h"

typedef struct shard_plan {
    const generate_run *run;
    const maker_setting *setting;
    int threads;
    int64_t images;        /* of the shard */
    int64_t only_position; /* the identity of the job's only image, or -1 */
} shard_plan;

/* Adds to the journal; fills what `out` says of this run. After a failure or a signal the journal holds what is done. */
bool shard_render(const shard_plan *plan, journal *journal, generate_result *out, df_error *err) DF_CHECKED;

#endif
