/* job_plan.h: what a job would cost, measured on a handful of its images: people spread over the identities file, drawn in a temporary place
   in memory with as many threads, and removed again. Time is processor time spread evenly over the threads, without that of a slow disk;
   bytes and files are those of the sample's averages. */
#ifndef DF_DATASET_JOB_PLAN_H
#define DF_DATASET_JOB_PLAN_H

#include "dataset/generate.h"

typedef struct job_plan_part {
    int64_t identities, images, files;
    double image_bytes, label_bytes, manifest_bytes; /* of the files' contents */
    double disk_bytes;                               /* in blocks of 4096 bytes */
    double seconds;
} job_plan_part;

typedef struct job_plan {
    job_plan_part whole, shard; /* shard: that of the run, of run->shards */
    int threads;
    double image_seconds, identity_seconds; /* of one thread */
    double memory_bytes;                    /* the most that this process had, which does not grow with the set */
    int64_t sample_identities, sample_images;
} job_plan;

/* `run` as for generate(); nothing is written to run->out. The job is left as generate() would. */
DF_API bool job_plan_make(render_job *job, const generate_run *run, job_plan *out, df_error *err) DF_CHECKED;

#endif
