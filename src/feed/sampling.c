/* sampling.c: which samples a step takes. */
#include "feed/sampling.h"

#include <math.h>
#include <string.h>

#include "base/random.h"

enum { MOST_SLOTS = 65536, MOST_COLUMNS = 8 };
static const int64_t NO_EPOCH = -1;

/* What is shuffled: samples of a group, or the identities themselves. */
enum { ORDER_OF_SAMPLES, ORDER_OF_IDENTITIES };

typedef struct group {
    size_t first, count; /* in members */
    int64_t epoch;       /* which one `order` holds */
} group;

struct sampling {
    sampling_rule rule;
    size_t drawable;
    group *groups;       /* [group_count] */
    uint32_t *members;   /* [drawable] samples by group, ascending */
    uint32_t *order;     /* [drawable] the same as the epoch of each group has them */
    int32_t *group_of;   /* [count]; NULL: all in one */
    uint32_t *place;     /* [count] of a sample among all members; NULL as group_of: its number */
    size_t slot_count;   /* of the pattern */
    uint16_t *slot_rank; /* [slot_count] how often the group stood before in the pattern */
    int32_t *slots;      /* [slot_count] groups */
    uint32_t *weights;   /* [group_count] */
    uint32_t *people;    /* [person_count] groups with samples, and their order in an epoch */
    uint32_t *people_order;
    size_t person_count;
    int64_t people_epoch;
};

/* Fisher and Yates: out becomes `from` in the order of that epoch. */
static void shuffle(const uint32_t *from, uint32_t *out, size_t count, uint64_t seed, int64_t epoch, uint32_t key, uint32_t what)
{
    df_random random = df_random_at(seed, (uint64_t)key << 32 | (uint32_t)epoch, what, DF_FOR_ORDER);
    if (count)
        memcpy(out, from, count * sizeof *out);
    for (size_t left = count; left > 1; left--) {
        const uint32_t at = df_random_below(&random, (uint32_t)left);
        const uint32_t kept = out[left - 1];
        out[left - 1] = out[at];
        out[at] = kept;
    }
}

/* The member at place `at` of the group's endless stream of epochs. */
static uint32_t member_at(sampling *s, int32_t number, int64_t epoch, size_t at)
{
    group *g = &s->groups[number];
    if (g->epoch != epoch) {
        shuffle(s->members + g->first, s->order + g->first, g->count, s->rule.seed, epoch, (uint32_t)number, ORDER_OF_SAMPLES);
        g->epoch = epoch;
    }
    return s->order[g->first + at];
}

static uint32_t stream_at(sampling *s, int32_t number, int64_t draw)
{
    const int64_t count = (int64_t)s->groups[number].count;
    return member_at(s, number, draw / count, (size_t)(draw % count));
}

/* ---- making ---- */

static int32_t group_of(const sampling *s, size_t sample)
{
    return s->group_of ? s->group_of[sample] : 0;
}

static bool find_members(sampling *s, df_arena *arena, df_error *err)
{
    const size_t count = s->rule.count, groups = (size_t)s->rule.group_count;
    s->groups = df_alloc(arena, groups, sizeof *s->groups, err);
    if (!s->groups)
        return false;
    for (size_t i = 0; i < count; i++)
        if (group_of(s, i) >= 0)
            s->groups[group_of(s, i)].count++;
    for (size_t g = 0; g < groups; g++) {
        s->groups[g].first = s->drawable;
        s->groups[g].epoch = NO_EPOCH;
        s->drawable += s->groups[g].count;
        s->groups[g].count = 0;
    }
    if (!(s->members = df_alloc(arena, s->drawable, sizeof *s->members, err)) ||
        !(s->order = df_alloc(arena, s->drawable, sizeof *s->order, err)) ||
        (s->group_of && !(s->place = df_alloc(arena, count, sizeof *s->place, err))))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (group_of(s, i) < 0)
            continue;
        group *g = &s->groups[group_of(s, i)];
        if (s->place)
            s->place[i] = (uint32_t)(g->first + g->count);
        s->members[g->first + g->count++] = (uint32_t)i;
    }
    return true;
}

/* Spreads the groups over the pattern: each slot goes to the group that lags most behind its share, the first of equals. */
static bool lay_pattern(sampling *s, df_arena *arena, df_error *err)
{
    const size_t groups = (size_t)s->rule.group_count, total = s->slot_count;
    s->slots = df_alloc(arena, total, sizeof *s->slots, err);
    s->slot_rank = s->slots ? df_alloc(arena, total, sizeof *s->slot_rank, err) : NULL;
    uint32_t *given = s->slot_rank ? df_alloc(arena, groups, sizeof *given, err) : NULL;
    if (!given)
        return false;
    bool is_even = true;
    for (size_t g = 0; g < groups; g++)
        is_even &= s->weights[g] == s->weights[0];
    for (size_t slot = 0; slot < total; slot++) {
        size_t best = is_even ? slot % groups : 0;
        int64_t most = INT64_MIN;
        for (size_t g = 0; !is_even && g < groups; g++) {
            const int64_t lag = (int64_t)(s->weights[g] * (slot + 1)) - (int64_t)(given[g] * total);
            if (given[g] < s->weights[g] && lag > most) {
                most = lag;
                best = g;
            }
        }
        s->slots[slot] = (int32_t)best;
        s->slot_rank[slot] = (uint16_t)given[best]++;
    }
    return true;
}

static bool weigh_groups(sampling *s, const uint32_t *weights, df_arena *arena, df_error *err)
{
    const size_t groups = (size_t)s->rule.group_count;
    if (!(s->weights = df_alloc(arena, groups, sizeof *s->weights, err)))
        return false;
    for (size_t g = 0; g < groups; g++) {
        s->weights[g] = weights ? weights[g] : 1;
        if (s->weights[g] > MOST_SLOTS || (s->slot_count += s->weights[g]) > MOST_SLOTS)
            return df_fail(err, "weights of groups: a sum above %d", MOST_SLOTS);
        if (s->weights[g] && s->groups[g].count == 0)
            return df_fail(err, "group %zu has no samples, so there is nothing to balance", g);
    }
    return s->slot_count ? lay_pattern(s, arena, err) : df_fail(err, "no group has a weight above 0");
}

static bool gather_people(sampling *s, df_arena *arena, df_error *err)
{
    const size_t groups = (size_t)s->rule.group_count;
    const int each = s->rule.images_each;
    if (each < 1 || s->rule.batch % each != 0)
        return df_fail(err, "a batch of %d is no multiple of %d images of each identity", s->rule.batch, each);
    s->people = df_alloc(arena, groups, sizeof *s->people, err);
    s->people_order = s->people ? df_alloc(arena, groups, sizeof *s->people_order, err) : NULL;
    if (!s->people_order)
        return false;
    for (size_t g = 0; g < groups; g++)
        if (s->groups[g].count)
            s->people[s->person_count++] = (uint32_t)g;
    s->people_epoch = NO_EPOCH;
    const int64_t wanted = (int64_t)(s->rule.batch / each) * s->rule.ranks;
    if ((int64_t)s->person_count < wanted)
        return df_fail(err, "%zu identities, expected at least the %lld of a batch", s->person_count, (long long)wanted);
    return true;
}

static bool check_rule(const sampling_rule *rule, df_error *err)
{
    if (rule->count < 1 || rule->count > INT32_MAX)
        return df_fail(err, "%zu samples, expected 1 to %d", rule->count, INT32_MAX);
    if (rule->batch < 1 || rule->batch >= 1 << 24)
        return df_fail(err, "a batch of %d, expected 1 to %d", rule->batch, (1 << 24) - 1);
    if (rule->groups && rule->group_count < 1)
        return df_fail(err, "no groups of samples");
    for (size_t i = 0; rule->groups && i < rule->count; i++)
        if (rule->groups[i] < -1 || rule->groups[i] >= rule->group_count)
            return df_fail(err, "sample %zu: group %d, expected -1 to %d", i, rule->groups[i], rule->group_count - 1);
    return true;
}

static bool prepare(sampling *s, const sampling_rule *rule, df_arena *arena, df_error *err)
{
    const bool is_grouped = rule->kind == SAMPLING_GROUPS || rule->kind == SAMPLING_IDENTITIES;
    s->rule = *rule;
    s->rule.groups = NULL;
    s->rule.weights = NULL;
    if (rule->ranks == 0)
        s->rule.ranks = 1;
    if (!is_grouped)
        s->rule.group_count = 1;
    else if (!(s->group_of = df_copy(arena, rule->groups, rule->count * sizeof *rule->groups, err)))
        return false;
    if (!find_members(s, arena, err))
        return false;
    if (s->drawable == 0)
        return df_fail(err, "no sample belongs to a group");
    if (rule->kind == SAMPLING_GROUPS)
        return weigh_groups(s, rule->weights, arena, err);
    return rule->kind != SAMPLING_IDENTITIES || gather_people(s, arena, err);
}

sampling *sampling_new(const sampling_rule *rule, df_arena *arena, df_error *err)
{
    if (!check_rule(rule, err))
        return NULL;
    sampling *s = df_alloc(arena, 1, sizeof *s, err);
    return s && prepare(s, rule, arena, err) ? s : NULL;
}

/* ---- drawing ---- */

static int in_order(const sampling *s, int64_t first, uint32_t *out)
{
    int used = 0;
    while (used < s->rule.batch && first + used < (int64_t)s->rule.count) {
        out[used] = (uint32_t)(first + used);
        used++;
    }
    return used;
}

static uint32_t of_pattern(sampling *s, int64_t draw)
{
    const int64_t round = draw / (int64_t)s->slot_count;
    const size_t slot = (size_t)(draw % (int64_t)s->slot_count);
    const int32_t number = s->slots[slot];
    return stream_at(s, number, round * s->weights[number] + s->slot_rank[slot]);
}

/* The images that an identity gives at its visit of an epoch: the next `each` of its own order, from one epoch of that. */
static void images_of(sampling *s, int32_t number, int64_t visit, uint32_t *out)
{
    const size_t count = s->groups[number].count, each = (size_t)s->rule.images_each;
    const int64_t visits = count > each ? (int64_t)(count / each) : 1;
    const size_t first = (size_t)(visit % visits) * each;
    for (size_t k = 0; k < each; k++)
        out[k] = member_at(s, number, visit / visits, (first + k) % count);
}

static void of_identities(sampling *s, int64_t step, uint32_t *out)
{
    const int64_t per_rank = s->rule.batch / s->rule.images_each, per_step = per_rank * s->rule.ranks;
    const int64_t steps = (int64_t)s->person_count / per_step, epoch = step / steps;
    if (s->people_epoch != epoch) {
        shuffle(s->people, s->people_order, s->person_count, s->rule.seed, epoch, 0, ORDER_OF_IDENTITIES);
        s->people_epoch = epoch;
    }
    const int64_t first = step % steps * per_step + per_rank * s->rule.rank;
    for (int64_t p = 0; p < per_rank; p++)
        images_of(s, (int32_t)s->people_order[first + p], epoch, out + p * s->rule.images_each);
}

int sampling_batch(sampling *s, int64_t step, uint32_t *out)
{
    const int64_t first = (step * s->rule.ranks + s->rule.rank) * s->rule.batch;
    switch (s->rule.kind) {
    case SAMPLING_IN_ORDER:
        return in_order(s, first, out);
    case SAMPLING_SHUFFLED:
        for (int i = 0; i < s->rule.batch; i++)
            out[i] = stream_at(s, 0, first + i);
        break;
    case SAMPLING_GROUPS:
        for (int i = 0; i < s->rule.batch; i++)
            out[i] = of_pattern(s, first + i);
        break;
    case SAMPLING_IDENTITIES:
        of_identities(s, step, out);
        break;
    }
    return s->rule.batch;
}

bool sampling_substitute(const sampling *s, uint32_t sample, size_t attempt, uint32_t *out)
{
    const group *g = &s->groups[group_of(s, sample)];
    const size_t place = s->place ? s->place[sample] : sample;
    if (attempt < g->count)
        *out = s->members[g->first + (place - g->first + attempt) % g->count];
    else
        *out = s->members[(g->first + attempt) % s->drawable];
    return attempt < s->drawable;
}

const sampling_rule *sampling_rule_of(const sampling *s)
{
    return &s->rule;
}

int64_t sampling_epoch_steps(const sampling *s)
{
    const int64_t wide = (int64_t)s->rule.ranks * s->rule.batch;
    if (s->rule.kind == SAMPLING_IDENTITIES)
        return (int64_t)s->person_count / (wide / s->rule.images_each);
    return ((int64_t)s->drawable + wide - 1) / wide;
}

/* ---- groups ---- */

/* The combination of the columns' values; -1: one is not known. */
static int32_t combine(const float *labels, const int *columns, int count)
{
    int32_t bits = 0;
    for (int k = 0; k < count; k++) {
        if (isnan(labels[columns[k]]))
            return -1;
        bits |= (int32_t)(labels[columns[k]] > 0.5f) << k;
    }
    return bits;
}

static bool check_columns(const sample_list *list, const int *columns, int count, const int32_t *combinations, df_error *err)
{
    for (int k = 0; k < count; k++) {
        size_t with[2] = {0, 0};
        for (size_t i = 0; i < list->count; i++)
            if (combinations[i] >= 0)
                with[combinations[i] >> k & 1]++;
        for (int value = 0; value < 2; value++)
            if (with[value] == 0)
                return df_fail(err, "label '%s': no sample is %d, so there is nothing to balance", list->label[columns[k]].name, value);
    }
    return true;
}

bool sampling_groups_of_labels(const sample_list *list, const int *columns, int column_count, int32_t *out, int *group_count, df_error *err)
{
    if (column_count < 1 || column_count > MOST_COLUMNS)
        return df_fail(err, "%d labels to balance, expected 1 to %d", column_count, MOST_COLUMNS);
    int32_t number[1 << MOST_COLUMNS] = {0};
    for (size_t i = 0; i < list->count; i++)
        if ((out[i] = combine(list->labels + i * (size_t)list->label_count, columns, column_count)) >= 0)
            number[out[i]] = 1;
    const bool is_good = check_columns(list, columns, column_count, out, err);
    int count = 0;
    for (size_t bits = 0; bits < (size_t)1 << column_count; bits++)
        number[bits] = number[bits] ? count++ : -1;
    for (size_t i = 0; i < list->count; i++)
        out[i] = out[i] >= 0 ? number[out[i]] : -1;
    *group_count = count;
    return is_good;
}

void sampling_groups_of_sets(const sample_list *list, int32_t *out, int *group_count)
{
    for (size_t i = 0; i < list->count; i++)
        out[i] = list->sets[i];
    *group_count = list->set_count;
}
