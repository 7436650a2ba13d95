/* labels_add.h: further labels for a data set that is complete: the same bytes as if they had been asked for when it was drawn. Each
   image is made again on the way, and must give the line that the manifest has.

   New files are made below `.diffuse/adding`; when all are there, their folders take their place, and manifest and job.json follow.
   Whatever stops it before leaves the set as it was; the same call goes on, and ends with the same set. Labels that the set has
   already are written again, so lost files come back. */
#ifndef DF_DATASET_LABELS_ADD_H
#define DF_DATASET_LABELS_ADD_H

#include "dataset/remake.h"

typedef struct labels_add_run {
    remake_source source;
    bool labels[LABEL_KIND_COUNT]; /* at least one */
    bool normals16;                /* of normals that the set does not have yet */
    job_landmarks landmarks;       /* so too; count 0: dense */
    int threads;
    const df_progress *progress;
} labels_add_run;

typedef struct labels_add_result {
    int64_t images, files;
    double seconds;
} labels_add_result;

DF_API bool labels_add(const labels_add_run *run, labels_add_result *out, df_error *err) DF_CHECKED;

#endif
