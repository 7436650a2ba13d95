/* score_sample.h: some pairs with their scores, for intervals: all of a small set. Of a large one, every impostor pair among the 131,072
   best, half of those that follow up to twice as many, a quarter up to four times as many, and so on, each standing for 1, 2, 4 ... pairs;
   and of more than 262,144 genuine pairs an even part. Which are taken depends on their rows alone (a hash), so the
   sample is the same for any number of threads. Rates of the sample differ from the full ones by a few thousandths of themselves. */
#ifndef DF_METRICS_SCORE_SAMPLE_H
#define DF_METRICS_SCORE_SAMPLE_H

#include "metrics/pair_scores.h"
#include "metrics/score_histogram.h"

typedef struct sampled_pair {
    int32_t bin;
    uint32_t rows[2];
    uint32_t stands_for; /* so many pairs */
} sampled_pair;

typedef struct score_sample {
    sampled_pair *genuine, *impostor; /* by falling score, then by rows */
    size_t genuine_count, impostor_count;
} score_sample;

/* A sampler for the pairs that the histograms have counted: visit them all again with score_sampler_visit (a pair_visit), then finish. */
typedef struct score_sampler score_sampler;
DF_API score_sampler *score_sampler_new(const score_histogram *genuine, const score_histogram *impostor, df_arena *arena,
                                        df_error *err) DF_CHECKED;
DF_API bool score_sampler_visit(void *sampler, const pair_run *run, df_error *err);
DF_API score_sample score_sampler_finish(score_sampler *sampler);

/* Sorts pairs that were put together by hand. */
DF_API void score_sample_sort(score_sample *sample);

#endif
