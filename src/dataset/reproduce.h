/* reproduce.h: makes some images of a data set again, with their labels, and compares the bytes with the files that are there: whether
   the set is what it says it is, and whether this program on this machine makes the same. Nothing is written. */
#ifndef DF_DATASET_REPRODUCE_H
#define DF_DATASET_REPRODUCE_H

#include "dataset/remake.h"

typedef struct reproduce_run {
    remake_source source;
    int64_t sample; /* images, drawn at random without repetition; all of them where the set has no more */
    uint64_t seed;  /* of the choice */
    int threads;
    const df_progress *progress;
} reproduce_run;

typedef struct reproduce_result {
    int64_t images, made; /* of the set; made again */
    int64_t files, same;  /* compared, and equal byte for byte */
    int64_t lines_same;   /* lines of the manifest, likewise */
} reproduce_result;

/* A sentence for each file and line that differs, beginning with its path. */
typedef void reproduce_report(void *user, const char *sentence);

DF_API bool reproduce(const reproduce_run *run, reproduce_report *report, void *user, reproduce_result *out, df_error *err) DF_CHECKED;

#endif
