/* score_count.h: the scores of all pairs of a set, counted. */
#ifndef DF_METRICS_SCORE_COUNT_H
#define DF_METRICS_SCORE_COUNT_H

#include "metrics/pair_scores.h"
#include "metrics/score_histogram.h"

typedef struct score_counts {
    score_histogram *genuine, *impostor;
} score_counts;

/* Empty ones. */
DF_API bool score_counts_new(df_arena *arena, score_counts *out, df_error *err) DF_CHECKED;

/* The counts live in the arena; while it runs, each further thread has some 15 MB. threads 0: one a processor. */
DF_API bool score_count(const embedding_set *set, int threads, df_arena *arena, const df_progress *progress, score_counts *out,
                        df_error *err) DF_CHECKED;

#endif
