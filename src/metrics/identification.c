/* identification.c: probes in blocks against the gallery in blocks; the scores of a block of probes are kept until they are ranked. */
#include "metrics/identification.h"

#include <cblas.h>
#include <omp.h>
#include <string.h>

#include "base/stop.h"

enum { BLOCK = EMBEDDING_TILE };

typedef struct search {
    const embedding_set *set;
    float *gallery;       /* [people, padded to BLOCK][length] */
    size_t padded;        /* of people */
    const size_t *probes; /* [probe_count] rows */
    size_t probe_count;
    int64_t *ranks; /* [probe_count] from 1 */
    float **scores; /* [threads][BLOCK][padded] */
    float **block;  /* [threads][BLOCK][length] probes */
} search;

static int64_t rank_of(const float *scores, size_t people, size_t own)
{
    const int32_t bin = score_bin(scores[own]);
    int64_t rank = 0;
    for (size_t k = 0; k < people; k++)
        rank += score_bin(scores[k]) >= bin;
    return rank;
}

/* The probes from `first` on, as many as a block has. */
static void search_block(const search *s, size_t first)
{
    const embedding_set *set = s->set;
    const size_t left = s->probe_count - first, count = left < BLOCK ? left : BLOCK, length = set->length;
    float *scores = s->scores[omp_get_thread_num()], *block = s->block[omp_get_thread_num()];
    for (size_t i = 0; i < count; i++)
        memcpy(block + i * length, set->rows + s->probes[first + i] * length, length * sizeof *block);
    for (size_t column = 0; column < s->padded; column += BLOCK)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, BLOCK, BLOCK, (int)length, 1, block, (int)length, s->gallery + column * length,
                    (int)length, 0, scores + column, (int)s->padded);
    for (size_t i = 0; i < count; i++)
        s->ranks[first + i] = rank_of(scores + i * s->padded, set->identity_count, set->identity[s->probes[first + i]]);
}

static bool get_room(search *s, int threads, df_arena *arena, df_error *err)
{
    s->ranks = df_alloc(arena, s->probe_count, sizeof *s->ranks, err);
    s->scores = df_alloc(arena, (size_t)threads, sizeof *s->scores, err);
    s->block = df_alloc(arena, (size_t)threads, sizeof *s->block, err);
    if (!s->ranks || !s->scores || !s->block)
        return false;
    for (int t = 0; t < threads; t++) {
        s->scores[t] = df_alloc(arena, BLOCK * s->padded, sizeof **s->scores, err);
        s->block[t] = df_alloc(arena, BLOCK * s->set->length, sizeof **s->block, err);
        if (!s->scores[t] || !s->block[t])
            return false;
    }
    return true;
}

/* The first image of each person into the gallery, the rows of the others into `probes`. */
static bool split(search *s, df_arena *arena, df_error *err)
{
    const embedding_set *set = s->set;
    s->padded = (set->identity_count + BLOCK - 1) / BLOCK * BLOCK;
    s->gallery = df_alloc(arena, s->padded * set->length, sizeof *s->gallery, err);
    size_t *probes = df_alloc(arena, set->count, sizeof *probes, err);
    if (!s->gallery || !probes)
        return false;
    for (size_t k = 0; k < set->identity_count; k++) {
        const size_t first = set->first[k];
        memcpy(s->gallery + k * set->length, set->rows + first * set->length, set->length * sizeof *s->gallery);
        for (size_t row = first + 1; row < set->first[k + 1]; row++)
            probes[s->probe_count++] = row;
    }
    s->probes = probes;
    return true;
}

/* Draws people anew; the gallery stays. */
static bool rank1_interval(const search *s, const bootstrap_setting *how, df_arena *arena, interval *out, df_error *err)
{
    const size_t people = s->set->identity_count, replicates = (size_t)how->replicates;
    double *values = df_alloc(arena, replicates, sizeof *values, err);
    uint32_t *drawn = df_alloc(arena, people, sizeof *drawn, err);
    if (!values || !drawn)
        return false;
    for (size_t r = 0; r < replicates; r++) {
        int64_t hits = 0, all = 0;
        bootstrap_draw(how->seed, (int)r, people, drawn);
        for (size_t i = 0; i < s->probe_count; i++) {
            const uint32_t weight = drawn[s->set->identity[s->probes[i]]];
            hits += s->ranks[i] == 1 ? weight : 0;
            all += weight;
        }
        values[r] = all > 0 ? (double)hits / (double)all : (double)NAN;
    }
    *out = bootstrap_interval(values, replicates);
    return true;
}

static void count_ranks(const search *s, identification *out)
{
    for (int k = 0; k < IDENTIFICATION_RANKS; k++) {
        int64_t found = 0;
        for (size_t i = 0; i < s->probe_count; i++)
            found += s->ranks[i] <= k + 1;
        out->cmc[k] = (double)found / (double)s->probe_count;
    }
}

bool identification_measure(const embedding_set *set, const bootstrap_setting *how, df_arena *arena, identification *out, df_error *err)
{
    search s = {.set = set};
    const int threads = how->threads > 0 ? how->threads : omp_get_max_threads();
    if (!split(&s, arena, err) || !get_room(&s, threads, arena, err))
        return false;
    identification found = {.gallery = (int64_t)set->identity_count, .probes = (int64_t)s.probe_count};
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (size_t first = 0; first < s.probe_count; first += BLOCK)
        if (df_stop_signal() == 0)
            search_block(&s, first);
    if (!df_may_go_on(err))
        return false;
    if (s.probe_count > 0)
        count_ranks(&s, &found);
    if (s.probe_count > 0 && !rank1_interval(&s, how, arena, &found.rank1, err))
        return false;
    *out = found;
    return true;
}
