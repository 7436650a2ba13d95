/* score_count.c: each thread counts into histograms of its own, which are added up at the end. */
#include "metrics/score_count.h"

#include <omp.h>

typedef struct thread_counts {
    df_arena *arena;
    score_counts counts;
} thread_counts;

bool score_counts_new(df_arena *arena, score_counts *out, df_error *err)
{
    out->genuine = score_histogram_new(arena, err);
    out->impostor = score_histogram_new(arena, err);
    return out->genuine && out->impostor;
}

static bool count_run(void *user, const pair_run *run, df_error *err)
{
    const thread_counts *own = (const thread_counts *)user + omp_get_thread_num();
    score_histogram *to = run->is_genuine ? own->counts.genuine : own->counts.impostor;
    int32_t bins[EMBEDDING_TILE]; /* a run is no longer than a tile */
    for (size_t i = 0; i < run->count; i++)
        bins[i] = score_bin(run->scores[i]);
    for (size_t i = 0; i < run->count; i++)
        if (!score_histogram_add(to, bins[i], err))
            return false;
    return true;
}

static bool join(const thread_counts *all, int threads, df_arena *arena, score_counts *out, df_error *err)
{
    score_counts sum;
    if (!score_counts_new(arena, &sum, err))
        return false;
    for (int t = 0; t < threads; t++)
        if (!score_histogram_join(sum.genuine, all[t].counts.genuine, err) ||
            !score_histogram_join(sum.impostor, all[t].counts.impostor, err))
            return false;
    *out = sum;
    return true;
}

bool score_count(const embedding_set *set, int threads, df_arena *arena, const df_progress *progress, score_counts *out, df_error *err)
{
    threads = threads > 0 ? threads : omp_get_max_threads();
    thread_counts *all = df_alloc(arena, (size_t)threads, sizeof *all, err);
    bool is_good = all != NULL;
    for (int t = 0; is_good && t < threads; t++) {
        all[t].arena = df_arena_new(SIZE_MAX / 2, err);
        is_good = all[t].arena && score_counts_new(all[t].arena, &all[t].counts, err);
    }
    is_good = is_good && pair_scores_walk(set, threads, count_run, all, progress, err) && join(all, threads, arena, out, err);
    for (int t = 0; all && t < threads; t++)
        df_arena_free(all[t].arena);
    return is_good;
}
