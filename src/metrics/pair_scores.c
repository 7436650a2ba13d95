/* pair_scores.c: tiles of the upper triangle, numbered row by row and shared among threads in batches. */
#include "metrics/pair_scores.h"

#include <cblas.h>
#include <omp.h>

#include "base/stop.h"

enum { TILE = EMBEDDING_TILE, TILES_A_THREAD = 16 };

typedef struct walk {
    const embedding_set *set;
    pair_visit *visit;
    void *user;
    float **products; /* [threads][TILE][TILE] */
    size_t side;      /* tiles in a row */
    bool is_failed;
    df_error err; /* of the first failure */
} walk;

/* The row's pairs with columns begin .. end - 1, in runs of one kind. */
static bool visit_row(const walk *w, size_t row, size_t begin, size_t end, const float *scores, df_error *err)
{
    const embedding_set *set = w->set;
    const uint32_t k = set->identity[row];
    const size_t same = set->first[k], other = set->first[k + 1];
    const size_t borders[] = {begin, same, other, end};
    for (size_t part = 0; part < 3; part++) {
        const size_t first = borders[part] > begin ? borders[part] : begin, last = borders[part + 1] < end ? borders[part + 1] : end;
        if (first >= last)
            continue;
        const pair_run run = {
            .row = row, .first = first, .count = last - first, .scores = scores + (first - begin), .is_genuine = part == 1};
        if (!w->visit(w->user, &run, err))
            return false;
    }
    return true;
}

static bool do_tile(const walk *w, size_t tile_row, size_t tile_column, float *products, df_error *err)
{
    const embedding_set *set = w->set;
    const size_t top = tile_row * TILE, left = tile_column * TILE, length = set->length;
    const size_t bottom = top + TILE < set->count ? top + TILE : set->count, right = left + TILE < set->count ? left + TILE : set->count;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, TILE, TILE, (int)length, 1, set->rows + top * length, (int)length,
                set->rows + left * length, (int)length, 0, products, TILE);
    for (size_t row = top; row < bottom; row++) {
        const size_t begin = row + 1 > left ? row + 1 : left;
        if (begin < right && !visit_row(w, row, begin, right, products + (row - top) * TILE + (begin - left), err))
            return false;
    }
    return true;
}

/* Row and column of the tile of that number. */
static void find_tile(size_t side, size_t number, size_t *row, size_t *column)
{
    for (*row = 0; number >= side - *row; (*row)++)
        number -= side - *row;
    *column = *row + number;
}

static void do_numbered(walk *w, size_t number)
{
    size_t row, column;
    df_error err = {0};
    find_tile(w->side, number, &row, &column);
    if (df_may_go_on(&err) && do_tile(w, row, column, w->products[omp_get_thread_num()], &err))
        return;
#pragma omp critical(pair_scores_failure)
    {
        if (!w->is_failed)
            w->err = err;
        w->is_failed = true;
    }
}

static bool get_room(walk *w, int threads, df_arena *arena, df_error *err)
{
    w->products = df_alloc(arena, (size_t)threads, sizeof *w->products, err);
    for (int t = 0; w->products && t < threads; t++)
        if (!(w->products[t] = df_alloc(arena, (size_t)TILE * TILE, sizeof **w->products, err)))
            return false;
    return w->products != NULL;
}

bool pair_scores_walk(const embedding_set *set, int threads, pair_visit *visit, void *user, const df_progress *progress, df_error *err)
{
    walk w = {.set = set, .visit = visit, .user = user, .side = set->padded / TILE};
    const size_t tiles = w.side * (w.side + 1) / 2;
    threads = threads > 0 ? threads : omp_get_max_threads();
    const size_t batch = (size_t)threads * TILES_A_THREAD;
    df_arena *arena = df_arena_new(SIZE_MAX / 2, err);
    bool is_good = arena && get_room(&w, threads, arena, err);
    df_progress_start(progress, "compares", (int64_t)tiles);
    for (size_t begin = 0; begin < tiles && is_good; begin += batch) {
        const size_t end = begin + batch < tiles ? begin + batch : tiles;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
        for (size_t number = begin; number < end; number++)
            do_numbered(&w, number);
        is_good = !w.is_failed || df_fail(err, "%s", w.err.text);
        df_progress_step(progress, (int64_t)end);
    }
    df_progress_finish(progress);
    df_arena_free(arena);
    return is_good;
}
