/* pair_scores.h: the cosines of all pairs of a set, tile by tile, never stored: 384 x 384 products at a time (BLAS, float32), each pair
   i < j once. The scores do not depend on how many threads work. One multiply-add for each pair and element; memory: a tile a thread. */
#ifndef DF_METRICS_PAIR_SCORES_H
#define DF_METRICS_PAIR_SCORES_H

#include "base/progress.h"
#include "metrics/embedding_set.h"

/* Pairs of `row` with first .. first + count - 1, all of them the row's identity or none. */
typedef struct pair_run {
    size_t row, first, count;
    const float *scores; /* [count] */
    bool is_genuine;
} pair_run;

/* Called from several threads at a time, in any order; one `err` a thread. */
typedef bool pair_visit(void *user, const pair_run *run, df_error *err);

/* Fails when a visit does, when memory ends, and when a signal came. threads 0: one a processor. */
DF_API bool pair_scores_walk(const embedding_set *set, int threads, pair_visit *visit, void *user, const df_progress *progress,
                             df_error *err) DF_CHECKED;

#endif
