/* leak_nearest.c: a block of queries stays while all of the gallery passes by in blocks; threads share the queries in chunks. */
#include "dataset/leak_nearest.h"

#include <cblas.h>
#include <math.h>
#include <omp.h>

#include "base/stop.h"
#include "dataset/likeness.h"

enum { QUERIES = 4096, CHUNK = 64, BLOCK = 1024 };

static const size_t MEMORY = (size_t)1 << 30;
static const float DOUBT = 1e-4f; /* more than the rounding of a product of 2048 numbers, in squared distance */

typedef struct pass { /* of one block of queries over the gallery */
    const leak_search *search;
    int threads, length;
    float *queries, *block; /* [QUERIES][length], [BLOCK][length] */
    float **products;       /* [threads][CHUNK][BLOCK] */
    int64_t *numbers;       /* [QUERIES] of the queries in their gallery */
    leak_hit *hits;         /* [query_count] */
    int64_t query_count;
    int64_t block_first, block_count;
} pass;

static bool may_be_hit(const pass *p, int64_t query, int64_t candidate)
{
    const leak_search *s = p->search;
    switch (s->rule) {
    case LEAK_ANY:
        return true;
    case LEAK_OTHER_IMAGE:
        return query != candidate;
    case LEAK_OTHER_PERSON:
        return leak_gallery_record(s->of, query)->identity != leak_gallery_record(s->among, candidate)->identity;
    }
    return false;
}

/* products: [block_count] of one query with the block. All vectors are of length 1 (or 0), so that distance is 2 - 2 product. */
static void look_through(const pass *p, int64_t query, const float *products)
{
    leak_hit *hit = &p->hits[query];
    const float *vector = p->queries + (size_t)query * (size_t)p->length;
    float least = 1 - (hit->distance * hit->distance + DOUBT) / 2;
    for (int64_t i = 0; i < p->block_count; i++) {
        if (!(products[i] >= least) || !may_be_hit(p, p->numbers[query], p->block_first + i))
            continue;
        const float distance = likeness_distance(vector, p->block + (size_t)i * (size_t)p->length, p->length);
        if (distance < hit->distance || hit->index < 0) {
            *hit = (leak_hit){.index = p->block_first + i, .distance = distance};
            least = 1 - (distance * distance + DOUBT) / 2;
        }
    }
}

static void compare_chunk(const pass *p, int64_t first)
{
    const int64_t left = p->query_count - first, count = left < CHUNK ? left : CHUNK;
    float *products = p->products[omp_get_thread_num()];
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)count, (int)p->block_count, p->length, 1,
                p->queries + (size_t)first * (size_t)p->length, p->length, p->block, p->length, 0, products, BLOCK);
    for (int64_t i = 0; i < count; i++)
        look_through(p, first + i, products + i * BLOCK);
}

static bool load_queries(pass *p, int64_t begin, df_error *err)
{
    const leak_search *s = p->search;
    const int64_t left = s->count - begin;
    p->query_count = left < QUERIES ? left : QUERIES;
    for (int64_t i = 0; i < p->query_count; i++) {
        p->numbers[i] = s->first + (begin + i) * s->step;
        if (!leak_gallery_features(s->of, p->numbers[i], 1, p->queries + (size_t)i * (size_t)p->length, err))
            return false;
        p->hits[i] = (leak_hit){.index = -1, .distance = 2};
    }
    return true;
}

static bool pass_gallery(pass *p, df_error *err)
{
    const leak_gallery *among = p->search->among;
    for (p->block_first = 0; p->block_first < among->count; p->block_first += BLOCK) {
        const int64_t left = among->count - p->block_first;
        p->block_count = left < BLOCK ? left : BLOCK;
        if (df_stop_signal() != 0)
            return df_fail(err, "stopped by a signal");
        if (!leak_gallery_features(among, p->block_first, p->block_count, p->block, err))
            return false;
#pragma omp parallel for schedule(dynamic) num_threads(p->threads)
        for (int64_t first = 0; first < p->query_count; first += CHUNK)
            compare_chunk(p, first);
    }
    return true;
}

static bool get_room(pass *p, df_arena *arena, df_error *err)
{
    const size_t length = (size_t)p->length;
    p->queries = df_alloc(arena, QUERIES * length, sizeof *p->queries, err);
    p->block = df_alloc(arena, BLOCK * length, sizeof *p->block, err);
    p->numbers = df_alloc(arena, QUERIES, sizeof *p->numbers, err);
    p->products = df_alloc(arena, (size_t)p->threads, sizeof *p->products, err);
    if (!p->queries || !p->block || !p->numbers || !p->products)
        return false;
    for (int t = 0; t < p->threads; t++)
        if (!(p->products[t] = df_alloc(arena, (size_t)CHUNK * BLOCK, sizeof **p->products, err)))
            return false;
    return true;
}

bool leak_nearest(const leak_search *search, const df_progress *progress, leak_hit *out, df_error *err)
{
    pass p = {.search = search, .threads = search->threads > 0 ? search->threads : omp_get_max_threads(), .length = search->of->length};
    df_arena *arena = df_arena_new(MEMORY, err);
    bool is_good = arena && get_room(&p, arena, err);
    df_progress_start(progress, "searches", search->count);
    for (int64_t begin = 0; begin < search->count && is_good; begin += p.query_count) {
        p.hits = out + begin;
        is_good = load_queries(&p, begin, err) && pass_gallery(&p, err);
        df_progress_step(progress, begin + p.query_count);
    }
    df_progress_finish(progress);
    df_arena_free(arena);
    return is_good;
}
