/* identity_bootstrap.c: each replicate weights the sampled pairs and walks down them once. */
#include "metrics/identity_bootstrap.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "base/random.h"
#include "base/stop.h"

enum { VALUES = VERIFICATION_RATES + 2, EER = VERIFICATION_RATES, AUC };
static const double LOW = 0.025, HIGH = 0.975;

typedef struct thread_room {
    uint32_t *drawn;             /* [people] */
    int64_t *genuine, *impostor; /* weights of the pairs */
} thread_room;

typedef struct bootstrap {
    const score_sample *sample;
    const uint32_t *person;
    size_t people;
    thread_room *rooms; /* [threads] */
    double *values;     /* [VALUES][replicates] */
    int replicates;
} bootstrap;

void bootstrap_draw(uint64_t seed, int replicate, size_t people, uint32_t *drawn)
{
    df_random random = df_random_at(seed, (uint64_t)replicate + 1, 0, DF_FOR_PAIRS); /* of pair_choice.c's streams none is above 0 */
    memset(drawn, 0, people * sizeof *drawn);
    for (size_t i = 0; i < people; i++)
        drawn[df_random_below(&random, (uint32_t)people)]++;
}

/* Weights of the pairs into `weights`; returns their sum. Of a genuine pair the person counts once. */
static int64_t weigh(const bootstrap *b, const sampled_pair *pairs, size_t count, const uint32_t *drawn, bool is_genuine, int64_t *weights)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        const int64_t first = drawn[b->person[pairs[i].rows[0]]], second = is_genuine ? 1 : drawn[b->person[pairs[i].rows[1]]];
        weights[i] = first * second * pairs[i].stands_for;
        sum += weights[i];
    }
    return sum;
}

/* The weight of all pairs of that bin, from *at on, which steps over them. */
static int64_t take_bin(const sampled_pair *pairs, const int64_t *weights, size_t count, int32_t bin, size_t *at)
{
    int64_t sum = 0;
    for (; *at < count && pairs[*at].bin == bin; (*at)++)
        sum += weights[*at];
    return sum;
}

static void replicate(const bootstrap *b, uint64_t seed, int number)
{
    const score_sample *s = b->sample;
    const thread_room *room = &b->rooms[omp_get_thread_num()];
    double *values = b->values + number;
    for (int v = 0; v < VALUES; v++)
        values[(size_t)v * (size_t)b->replicates] = (double)NAN;
    bootstrap_draw(seed, number, b->people, room->drawn);
    const int64_t all_genuine = weigh(b, s->genuine, s->genuine_count, room->drawn, true, room->genuine);
    const int64_t all_impostor = weigh(b, s->impostor, s->impostor_count, room->drawn, false, room->impostor);
    if (all_genuine == 0 || all_impostor == 0)
        return;
    verification_walk walk = verification_begin(all_genuine, all_impostor);
    for (size_t g = 0, i = 0; g < s->genuine_count || i < s->impostor_count;) {
        const int32_t next_genuine = g < s->genuine_count ? s->genuine[g].bin : -1;
        const int32_t next_impostor = i < s->impostor_count ? s->impostor[i].bin : -1;
        const int32_t bin = next_genuine > next_impostor ? next_genuine : next_impostor;
        const int64_t genuine = take_bin(s->genuine, room->genuine, s->genuine_count, bin, &g);
        const int64_t impostor = take_bin(s->impostor, room->impostor, s->impostor_count, bin, &i);
        if (genuine + impostor > 0) /* a score that nobody drawn has does not occur */
            verification_step(&walk, bin, genuine, impostor);
    }
    const verification v = verification_end(&walk);
    for (int e = 0; e < VERIFICATION_RATES; e++)
        if (v.points[e].has_value)
            values[(size_t)e * (size_t)b->replicates] = v.points[e].frr;
    values[(size_t)EER * (size_t)b->replicates] = v.eer;
    values[(size_t)AUC * (size_t)b->replicates] = v.auc;
}

interval bootstrap_interval(double *values, size_t count)
{
    size_t there = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            values[there++] = values[i];
    if (there == 0 || 2 * there < count)
        return (interval){0};
    qsort(values, there, sizeof *values, df_by_double);
    const double last = (double)(there - 1);
    return (interval){.has_value = true, .low = values[(size_t)floor(LOW * last)], .high = values[(size_t)ceil(HIGH * last)]};
}

static bool get_room(bootstrap *b, int threads, df_arena *arena, df_error *err)
{
    b->rooms = df_alloc(arena, (size_t)threads, sizeof *b->rooms, err);
    b->values = df_alloc(arena, (size_t)b->replicates, VALUES * sizeof *b->values, err);
    if (!b->rooms || !b->values)
        return false;
    for (int t = 0; t < threads; t++) {
        thread_room *room = &b->rooms[t];
        room->drawn = df_alloc(arena, b->people, sizeof *room->drawn, err);
        room->genuine = df_alloc(arena, b->sample->genuine_count, sizeof *room->genuine, err);
        room->impostor = df_alloc(arena, b->sample->impostor_count, sizeof *room->impostor, err);
        if (!room->drawn || !room->genuine || !room->impostor)
            return false;
    }
    return true;
}

bool identity_bootstrap(const score_sample *sample, const uint32_t *person, size_t people, const bootstrap_setting *how, df_arena *arena,
                        verification_intervals *out, df_error *err)
{
    bootstrap b = {.sample = sample, .person = person, .people = people, .replicates = how->replicates};
    const int threads = how->threads > 0 ? how->threads : omp_get_max_threads();
    *out = (verification_intervals){0};
    if (how->replicates == 0)
        return true;
    if (!get_room(&b, threads, arena, err))
        return false;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (int r = 0; r < how->replicates; r++)
        if (df_stop_signal() == 0)
            replicate(&b, how->seed, r);
    if (!df_may_go_on(err))
        return false;
    double *values = b.values;
    for (int e = 0; e < VERIFICATION_RATES; e++, values += b.replicates)
        out->frr[e] = bootstrap_interval(values, (size_t)b.replicates);
    out->eer = bootstrap_interval(values, (size_t)b.replicates);
    out->auc = bootstrap_interval(values + b.replicates, (size_t)b.replicates);
    return true;
}
