/* verify.h: is a data set what its manifest says? Every image is there, decodes, has the size and the pixels; labels too; no line
   lost, doubled or out of order (against what .diffuse/job.json expects, where it is there); no file that the manifest does not
   name; landmarks agree with the camera. Streams: memory grows by 32 bytes an identity. */
#ifndef DF_DATASET_VERIFY_H
#define DF_DATASET_VERIFY_H

#include "base/api.h"
#include "base/error.h"
#include "base/progress.h"

#include <stdint.h>

typedef struct verify_result {
    int64_t images, problems;
} verify_result;

/* What is wrong, one sentence each, "PATH: what" with the path as the manifest has it; in the order of the manifest. */
typedef void verify_problem(void *user, const char *sentence);

/* threads 0: as many as OpenMP gives. Fails only where there is nothing to verify: no manifest, memory, a signal. */
DF_API bool verify_dataset(const char *folder, int threads, const df_progress *progress, verify_problem *problem, void *user,
                           verify_result *out, df_error *err) DF_CHECKED;

#endif
