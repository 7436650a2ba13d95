/* generate.h: makes a data set, or a shard of it, or one image; goes on with what a killed run left. docs/render.md tells it from
   the outside. Memory does not grow with the number of identities or images. */
#ifndef DF_DATASET_GENERATE_H
#define DF_DATASET_GENERATE_H

#include "base/progress.h"
#include "dataset/image_maker.h"
#include "dataset/set_folder.h"

typedef enum generate_sync { SYNC_NONE, SYNC_IDENTITY } generate_sync;

/* How a job is run; changes no byte of the set. */
typedef struct generate_run {
    const face_model *model;
    const char *identities, *out;
    const char *model_path; /* written down for those who make images again; NULL: not known */
    int threads;            /* 0: as many as OpenMP gives */
    int shard, shards;      /* shards 0 is 1 */
    set_start start;
    generate_sync sync; /* SYNC_IDENTITY: images reach the disk before their lines are appended, which then do too */
    const df_progress *progress;
} generate_run;

typedef struct generate_result {
    int64_t images;             /* of this shard (or 1 with --only) */
    int64_t made;               /* in this run; the others were there */
    bool is_complete;           /* manifest.jsonl is there: false while other shards are not done */
    double seconds;             /* wall clock of the rendering */
    double stages[STAGE_COUNT]; /* seconds, summed over the threads */
    double waiting;             /* seconds of threads without work */
    int threads;
} generate_result;

/* Completes `job` with the hashes of model, identities and backgrounds. A signal (stop.h) ends it with a sentence; what is done stays. */
DF_API bool generate(render_job *job, const generate_run *run, generate_result *out, df_error *err) DF_CHECKED;

#endif
