/* group_intervals.c: each replicate gives every cell a rate; intervals are those of the cells' columns. */
#include "metrics/group_intervals.h"

#include <omp.h>
#include <string.h>

#include "base/stop.h"

enum { SPREAD_VALUES = 5, MEASURES = 2 * SPREAD_VALUES + 2, FDR = 2 * SPREAD_VALUES, GARBE };

typedef struct group_room { /* of a thread */
    uint32_t *drawn;
    double *pairs, *errors;                  /* [groups][groups] */
    double *genuine, *rejected, *fmr, *fnmr; /* [groups] */
} group_room;

typedef struct replication {
    const embedding_set *set;
    const group_axis *axis;
    const group_share_list *shares;
    const score_sample *sample;
    size_t accepted; /* the sample's impostors above the threshold come first */
    int32_t kept_out;
    size_t groups, replicates;
    double *cells;    /* [groups * groups + groups][replicates]: FMR, then FNMR */
    double *measures; /* [MEASURES][replicates] */
    group_room *rooms;
} replication;

bool group_shares(const embedding_set *set, const group_axis *axis, df_arena *arena, group_share_list *out, df_error *err)
{
    int64_t images[GROUP_MOST];
    group_share_list list = {.items = df_alloc(arena, set->count, sizeof *list.items, err)};
    if (!list.items)
        return false;
    for (size_t k = 0; k < set->identity_count; k++) {
        memset(images, 0, sizeof images);
        for (size_t row = set->first[k]; row < set->first[k + 1]; row++)
            if (axis->of[row] >= 0)
                images[axis->of[row]]++;
        for (size_t g = 0; g < axis->count; g++)
            if (images[g] > 0)
                list.items[list.count++] = (group_share){.person = (uint32_t)k, .group = (int16_t)g, .images = images[g]};
    }
    *out = list;
    return true;
}

/* Pairs of two groups are those of all images less those of one person with themselves. */
void group_pairs(const group_share_list *shares, const uint32_t *drawn, size_t groups, double *pairs, double *genuine)
{
    double sums[GROUP_MOST] = {0};
    for (size_t g = 0; g < groups; g++)
        genuine[g] = 0;
    for (size_t i = 0; i < shares->count; i++) {
        const group_share *s = &shares->items[i];
        const double weight = drawn ? drawn[s->person] : 1, images = (double)s->images;
        sums[s->group] += weight * images;
        genuine[s->group] += weight * images * (images - 1) / 2;
    }
    for (size_t g = 0; g < groups; g++)
        for (size_t h = g; h < groups; h++)
            pairs[g * groups + h] = g == h ? sums[g] * sums[g] / 2 : sums[g] * sums[h];
    for (size_t i = 0; i < shares->count; i++)
        for (size_t j = i; j < shares->count && shares->items[j].person == shares->items[i].person; j++) {
            const group_share *a = &shares->items[i], *b = &shares->items[j];
            const double weight = drawn ? drawn[a->person] : 1, own = weight * weight * (double)a->images * (double)b->images;
            pairs[(size_t)a->group * groups + (size_t)b->group] -= i == j ? own / 2 : own;
        }
}

static void add_accepted(const replication *r, const group_room *room)
{
    for (size_t i = 0; i < r->accepted; i++) {
        const sampled_pair *p = &r->sample->impostor[i];
        const int one = r->axis->of[p->rows[0]], two = r->axis->of[p->rows[1]];
        if (one < 0 || two < 0)
            continue;
        const double weight = (double)room->drawn[r->set->identity[p->rows[0]]] * room->drawn[r->set->identity[p->rows[1]]];
        room->errors[(size_t)(one < two ? one : two) * r->groups + (size_t)(one < two ? two : one)] += weight * p->stands_for;
    }
}

/* Genuine pairs are sampled too, so their share is that of the sample. */
static void add_genuine(const replication *r, const group_room *room)
{
    for (size_t i = 0; i < r->sample->genuine_count; i++) {
        const sampled_pair *p = &r->sample->genuine[i];
        const int group = r->axis->of[p->rows[0]];
        if (group < 0 || group != r->axis->of[p->rows[1]])
            continue;
        const double weight = room->drawn[r->set->identity[p->rows[0]]];
        room->genuine[group] += weight;
        room->rejected[group] += p->bin <= r->kept_out ? weight : 0;
    }
}

static double share(double part, double all)
{
    return all > 0 ? part / all : (double)NAN;
}

static void put_spread(const replication *r, const fairness_spread *s, size_t first, size_t number)
{
    const double values[SPREAD_VALUES] = {s->worst_to_best, s->worst_to_mean, s->deviation, s->range, s->gini};
    for (size_t v = 0; v < SPREAD_VALUES; v++)
        r->measures[(first + v) * r->replicates + number] = values[v];
}

static void do_replicate(const replication *r, uint64_t seed, size_t number)
{
    const group_room *room = &r->rooms[omp_get_thread_num()];
    const size_t n = r->groups;
    bootstrap_draw(seed, (int)number, r->set->identity_count, room->drawn);
    group_pairs(r->shares, room->drawn, n, room->pairs, room->genuine);
    memset(room->errors, 0, n * n * sizeof *room->errors);
    memset(room->genuine, 0, n * sizeof *room->genuine);
    memset(room->rejected, 0, n * sizeof *room->rejected);
    add_accepted(r, room);
    add_genuine(r, room);
    for (size_t g = 0; g < n; g++) {
        for (size_t h = g; h < n; h++)
            r->cells[(g * n + h) * r->replicates + number] = share(room->errors[g * n + h], room->pairs[g * n + h]);
        room->fmr[g] = share(room->errors[g * n + g], room->pairs[g * n + g]);
        room->fnmr[g] = share(room->rejected[g], room->genuine[g]);
        r->cells[(n * n + g) * r->replicates + number] = room->fnmr[g];
    }
    const fairness_spread fmr = fairness_of_rates(room->fmr, n), fnmr = fairness_of_rates(room->fnmr, n);
    put_spread(r, &fmr, 0, number);
    put_spread(r, &fnmr, SPREAD_VALUES, number);
    r->measures[FDR * r->replicates + number] = fairness_fdr(&fmr, &fnmr);
    r->measures[GARBE * r->replicates + number] = fairness_garbe(&fmr, &fnmr);
}

static bool get_room(replication *r, int threads, df_arena *arena, df_error *err)
{
    const size_t n = r->groups;
    r->cells = df_alloc(arena, r->replicates, (n * n + n) * sizeof *r->cells, err);
    r->measures = df_alloc(arena, r->replicates, MEASURES * sizeof *r->measures, err);
    r->rooms = df_alloc(arena, (size_t)threads, sizeof *r->rooms, err);
    if (!r->cells || !r->measures || !r->rooms)
        return false;
    for (int t = 0; t < threads; t++) {
        group_room *room = &r->rooms[t];
        room->drawn = df_alloc(arena, r->set->identity_count, sizeof *room->drawn, err);
        room->pairs = df_alloc(arena, 2 * n * n, sizeof *room->pairs, err);
        room->genuine = df_alloc(arena, 4 * n, sizeof *room->genuine, err);
        if (!room->drawn || !room->pairs || !room->genuine)
            return false;
        room->errors = room->pairs + n * n;
        room->rejected = room->genuine + n;
        room->fmr = room->genuine + 2 * n;
        room->fnmr = room->genuine + 3 * n;
    }
    return true;
}

static void set_spread(const replication *r, size_t first, group_spread *spread)
{
    interval *const places[SPREAD_VALUES] = {&spread->worst_to_best, &spread->worst_to_mean, &spread->deviation, &spread->range,
                                             &spread->gini};
    for (size_t v = 0; v < SPREAD_VALUES; v++)
        *places[v] = bootstrap_interval(r->measures + (first + v) * r->replicates, r->replicates);
}

static void set_intervals(const replication *r, group_rates *rates)
{
    const size_t n = r->groups;
    for (size_t g = 0; g < n; g++) {
        rates->fnmr[g].between = bootstrap_interval(r->cells + (n * n + g) * r->replicates, r->replicates);
        for (size_t h = g; h < n; h++) {
            rates->fmr[g * n + h].between = bootstrap_interval(r->cells + (g * n + h) * r->replicates, r->replicates);
            rates->fmr[h * n + g].between = rates->fmr[g * n + h].between;
        }
    }
    set_spread(r, 0, &rates->fmr_spread);
    set_spread(r, SPREAD_VALUES, &rates->fnmr_spread);
    rates->fdr_between = bootstrap_interval(r->measures + FDR * r->replicates, r->replicates);
    rates->garbe_between = bootstrap_interval(r->measures + GARBE * r->replicates, r->replicates);
}

bool group_intervals(const embedding_set *set, const group_share_list *shares, const score_sample *sample, int32_t kept_out,
                     const bootstrap_setting *how, group_rates *rates, df_error *err)
{
    replication r = {.set = set,
                     .axis = rates->axis,
                     .shares = shares,
                     .sample = sample,
                     .kept_out = kept_out,
                     .groups = rates->axis->count,
                     .replicates = (size_t)how->replicates};
    const int threads = how->threads > 0 ? how->threads : omp_get_max_threads();
    df_arena *scratch = df_arena_new(SIZE_MAX / 2, err);
    while (r.accepted < sample->impostor_count && sample->impostor[r.accepted].bin > kept_out)
        r.accepted++;
    bool is_good = scratch && get_room(&r, threads, scratch, err);
    if (is_good) {
#pragma omp parallel for schedule(dynamic) num_threads(threads)
        for (size_t number = 0; number < r.replicates; number++)
            if (df_stop_signal() == 0)
                do_replicate(&r, how->seed, number);
        is_good = df_may_go_on(err);
    }
    if (is_good)
        set_intervals(&r, rates);
    df_arena_free(scratch);
    return is_good;
}
