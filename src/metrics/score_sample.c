/* score_sample.c: how many zeros the hash of a pair ends with says down to which score it is taken. */
#include "metrics/score_sample.h"

#include <stdlib.h>

enum { LEVELS = 33, MOST_GENUINE = 1 << 18, WHOLE_IMPOSTORS = 1 << 17, SLACK = 4096 };

typedef struct pair_store {
    sampled_pair *pairs; /* [room] */
    size_t room, count;
    int32_t lowest[LEVELS]; /* a pair whose hash ends with z zeros is taken from this bin up */
} pair_store;

struct score_sampler {
    pair_store genuine, impostor;
};

/* Room for what will be taken, and somewhat more than chance will need. */
static bool make_room(pair_store *store, double expected, df_arena *arena, df_error *err)
{
    store->room = (size_t)(expected * 1.1) + SLACK;
    store->pairs = df_alloc(arena, store->room, sizeof *store->pairs, err);
    return store->pairs != NULL;
}

/* The best `whole` pairs are taken all, each further doubling at half the rate. */
static bool plan_store(pair_store *store, const score_histogram *of, int64_t whole, df_arena *arena, df_error *err)
{
    int64_t seen = 0;
    int level = 0;
    double expected = 0;
    for (int32_t bin = SCORE_BINS; (bin = score_histogram_below(of, of, bin)) >= 0;) {
        const int64_t here = score_histogram_count(of, bin);
        seen += here;
        for (; level < LEVELS - 1 && seen > whole; whole *= 2)
            store->lowest[level++] = bin + 1;
        expected += (double)here / (double)((int64_t)1 << level);
    }
    return make_room(store, expected, arena, err);
}

/* The same rate for all. */
static bool plan_even_store(pair_store *store, int64_t all, int64_t most, df_arena *arena, df_error *err)
{
    int level = 0;
    for (; level < LEVELS - 1 && all >> level > most; level++)
        store->lowest[level] = SCORE_BINS;
    return make_room(store, (double)all / (double)((int64_t)1 << level), arena, err);
}

score_sampler *score_sampler_new(const score_histogram *genuine, const score_histogram *impostor, df_arena *arena, df_error *err)
{
    score_sampler *s = df_alloc(arena, 1, sizeof *s, err);
    return s && plan_even_store(&s->genuine, score_histogram_total(genuine), MOST_GENUINE, arena, err) &&
                   plan_store(&s->impostor, impostor, WHOLE_IMPOSTORS, arena, err)
               ? s
               : NULL;
}

/* The finalizer of SplitMix64 (Steele, Lea and Flood 2014) over both rows. */
static uint64_t pair_hash(uint64_t row, uint64_t other)
{
    uint64_t z = (row << 32 | other) + 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static bool put_pair(pair_store *store, size_t row, size_t other, int32_t bin, df_error *err)
{
    int level = 0; /* of the bin: the first whose pairs are taken here */
    while (bin < store->lowest[level])
        level++;
    const size_t place = __atomic_fetch_add(&store->count, 1, __ATOMIC_RELAXED);
    if (place >= store->room)
        return df_fail(err, "the sample of %zu pairs is full", store->room);
    store->pairs[place] =
        (sampled_pair){.bin = bin, .rows = {(uint32_t)row, (uint32_t)other}, .stands_for = (uint32_t)((int64_t)1 << level)};
    return true;
}

bool score_sampler_visit(void *sampler, const pair_run *run, df_error *err)
{
    score_sampler *s = sampler;
    pair_store *store = run->is_genuine ? &s->genuine : &s->impostor;
    for (size_t i = 0; i < run->count; i++) {
        const int zeros = __builtin_ctzll(pair_hash(run->row, run->first + i) | (uint64_t)1 << (LEVELS - 1));
        const int32_t bin = score_bin(run->scores[i]);
        if (bin >= store->lowest[zeros] && !put_pair(store, run->row, run->first + i, bin, err))
            return false;
    }
    return true;
}

static int by_falling_score(const void *a, const void *b)
{
    const sampled_pair *x = a, *y = b;
    if (x->bin != y->bin)
        return x->bin > y->bin ? -1 : 1;
    if (x->rows[0] != y->rows[0])
        return x->rows[0] < y->rows[0] ? -1 : 1;
    return (x->rows[1] > y->rows[1]) - (x->rows[1] < y->rows[1]);
}

void score_sample_sort(score_sample *sample)
{
    qsort(sample->genuine, sample->genuine_count, sizeof *sample->genuine, by_falling_score);
    qsort(sample->impostor, sample->impostor_count, sizeof *sample->impostor, by_falling_score);
}

score_sample score_sampler_finish(score_sampler *s)
{
    score_sample sample = {
        .genuine = s->genuine.pairs, .genuine_count = s->genuine.count, .impostor = s->impostor.pairs, .impostor_count = s->impostor.count};
    score_sample_sort(&sample);
    return sample;
}
