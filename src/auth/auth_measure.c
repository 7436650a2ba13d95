/* auth_measure.c: a first walk over the pairs counts scores, which says where thresholds are; a second one takes the sample for intervals
   and counts by group. */
#include "auth/auth_measure.h"

#include "metrics/score_count.h"

static const size_t SCRATCH = (size_t)1 << 40;

/* What the second walk feeds. */
typedef struct second_walk {
    score_sampler *sampler;
    group_counter *groups; /* or NULL */
} second_walk;

static bool sample_and_count(void *user, const pair_run *run, df_error *err)
{
    const second_walk *second = user;
    return score_sampler_visit(second->sampler, run, err) && (!second->groups || group_counter_visit(second->groups, run, err));
}

typedef struct evaluation {
    const embedding_set *set;
    const group_table *groups; /* or NULL */
    const auth_setting *setting;
    df_arena *arena, *scratch; /* of the result; of what can go */
    const df_progress *progress;
    score_counts counts;
    score_sample sample;
} evaluation;

static bool extrapolate(evaluation *e, auth_figures *out, df_error *err)
{
    if (!score_tail_fit(e->counts.impostor, e->scratch, &out->tail, err))
        return false;
    double far = 1;
    for (int r = 0; r < VERIFICATION_RATES; r++) {
        far /= 10;
        if (out->rates.points[r].has_value || !out->tail.has_value || far >= out->tail.share)
            continue;
        const double threshold = score_tail_threshold(&out->tail, far);
        out->beyond[r] = (auth_extrapolation){
            .has_value = true, .threshold = threshold, .frr = score_histogram_share_below(e->counts.genuine, threshold)};
    }
    return true;
}

/* From the counts alone. */
static bool measure_counts(evaluation *e, auth_figures *out, df_error *err)
{
    out->has_value = true;
    return verification_measure(e->counts.genuine, e->counts.impostor, &out->rates, err) &&
           verification_trace(e->counts.genuine, e->counts.impostor, e->arena, &out->curve, err) &&
           (!e->setting->extrapolates || extrapolate(e, out, err));
}

/* The rate at which groups are compared: as asked for, or the lowest that can be shown. */
static bool choose_rate(const verification *v, int wanted, int *out, df_error *err)
{
    while (wanted >= 0 && !v->points[wanted].has_value)
        wanted--;
    *out = wanted;
    return wanted >= 0 ||
           df_fail(err, "%lld impostor pairs show no rate at which groups could be compared, expected 10 at least", (long long)v->impostor);
}

static bool walk_again(evaluation *e, auth_figures *all, auth_result *result, group_rates *rates, df_error *err)
{
    second_walk second = {.sampler = score_sampler_new(e->counts.genuine, e->counts.impostor, e->scratch, err)};
    const bootstrap_setting *how = &e->setting->bootstrap;
    if (!second.sampler)
        return false;
    if (e->groups) {
        if (!choose_rate(&all->rates, e->setting->at, &result->at, err))
            return false;
        second.groups =
            group_counter_new(e->set, e->groups->axes, e->groups->axis_count, all->rates.points[result->at].kept_out, e->scratch, err);
        if (!second.groups)
            return false;
    }
    if (!pair_scores_walk(e->set, how->threads, sample_and_count, &second, e->progress, err))
        return false;
    e->sample = score_sampler_finish(second.sampler);
    return identity_bootstrap(&e->sample, e->set->identity, e->set->identity_count, how, e->scratch, &all->between, err) &&
           (!e->groups || group_counter_finish(second.groups, &e->sample, how, e->arena, rates, err));
}

/* result and rates: for groups; NULL without. */
static bool evaluate(evaluation *e, auth_figures *out, auth_result *result, group_rates *rates, df_error *err)
{
    return score_count(e->set, e->setting->bootstrap.threads, e->scratch, e->progress, &e->counts, err) && measure_counts(e, out, err) &&
           ((e->setting->bootstrap.replicates == 0 && !e->groups) || walk_again(e, out, result, rates, err));
}

static auth_figures count_people(const embedding_set *set)
{
    auth_figures f = {.images = (int64_t)set->count, .people = (int64_t)set->identity_count};
    for (size_t k = 0; k < set->identity_count; k++)
        f.alone += set->first[k + 1] - set->first[k] == 1;
    return f;
}

static bool has_both_kinds(const embedding_set *set)
{
    return set->identity_count > 1 && embedding_set_genuine(set) > 0;
}

/* A group alone. */
static bool measure_group(const evaluation *whole, const group_axis *axis, size_t group, auth_figures *out, df_error *err)
{
    evaluation e = {.set = NULL, .setting = whole->setting, .arena = whole->arena, .scratch = df_arena_new(SCRATCH, err)};
    embedding_set part;
    bool *wanted = e.scratch ? df_alloc(e.scratch, whole->set->count, sizeof *wanted, err) : NULL;
    bool is_good = wanted != NULL;
    for (size_t i = 0; is_good && i < whole->set->count; i++)
        wanted[i] = axis->of[i] == (int16_t)group;
    is_good = is_good && embedding_set_take(whole->set, wanted, e.scratch, &part, err);
    if (is_good) {
        e.set = &part;
        *out = count_people(&part);
        is_good = !has_both_kinds(&part) || evaluate(&e, out, NULL, NULL, err);
    }
    df_arena_free(e.scratch);
    return is_good;
}

static bool measure_groups(const evaluation *e, auth_result *result, const group_rates *rates, df_error *err)
{
    result->axis_count = e->groups->axis_count;
    result->axes = df_alloc(e->arena, result->axis_count, sizeof *result->axes, err);
    int64_t done = 0, total = 0;
    for (size_t a = 0; a < result->axis_count; a++)
        total += (int64_t)e->groups->axes[a].count;
    df_progress_start(e->progress, "compares within groups", total);
    for (size_t a = 0; result->axes && a < result->axis_count; a++) {
        const group_axis *axis = &e->groups->axes[a];
        result->axes[a].rates = rates[a];
        result->axes[a].own = df_alloc(e->arena, axis->count, sizeof *result->axes[a].own, err);
        if (!result->axes[a].own)
            return false;
        for (size_t g = 0; g < axis->count; g++) {
            if (!measure_group(e, axis, g, &result->axes[a].own[g], err))
                return false;
            df_progress_step(e->progress, ++done);
        }
    }
    df_progress_finish(e->progress);
    return result->axes != NULL;
}

static bool measure_all(evaluation *e, auth_result *result, df_error *err)
{
    group_rates rates[GROUP_AXES] = {0};
    if (!has_both_kinds(e->set))
        return df_fail(err, "%s",
                       e->set->identity_count > 1 ? "no genuine pair: every label has one embedding, expected one with two at least"
                                                  : "no impostor pair: all embeddings have one label, expected two labels at least");
    return evaluate(e, &result->all, result, rates, err) &&
           identification_measure(e->set, &e->setting->bootstrap, e->scratch, &result->search, err) &&
           (!e->groups || measure_groups(e, result, rates, err));
}

bool auth_measure(const embedding_set *set, const group_table *groups, const auth_setting *setting, df_arena *arena,
                  const df_progress *progress, auth_result *out, df_error *err)
{
    evaluation e = {.set = set, .groups = groups, .setting = setting, .arena = arena, .progress = progress};
    auth_result result = {.all = count_people(set), .at = setting->at};
    e.scratch = df_arena_new(SCRATCH, err);
    const bool is_good = e.scratch && measure_all(&e, &result, err);
    df_arena_free(e.scratch);
    if (is_good)
        *out = result;
    return is_good;
}

/* ---- lists ---- */

/* Scores the pairs; the sample holds them all, with people in the place of rows. */
static bool score_list(evaluation *e, const pairs_list *list, df_error *err)
{
    e->sample.genuine = df_alloc(e->scratch, list->count, sizeof *e->sample.genuine, err);
    e->sample.impostor = df_alloc(e->scratch, list->count, sizeof *e->sample.impostor, err);
    if (!e->sample.genuine || !e->sample.impostor || !score_counts_new(e->scratch, &e->counts, err))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        const listed_pair *pair = &list->pairs[i];
        const int32_t bin = score_bin_double(embedding_set_score(e->set, pair->rows[0], pair->rows[1]));
        const sampled_pair sampled = {.bin = bin, .rows = {pair->people[0], pair->people[1]}, .stands_for = 1};
        if (pair->is_genuine)
            e->sample.genuine[e->sample.genuine_count++] = sampled;
        else
            e->sample.impostor[e->sample.impostor_count++] = sampled;
        if (!score_histogram_add(pair->is_genuine ? e->counts.genuine : e->counts.impostor, bin, err))
            return false;
    }
    score_sample_sort(&e->sample);
    return true;
}

static bool measure_list(evaluation *e, const pairs_list *list, auth_figures *out, df_error *err)
{
    uint32_t *person = df_alloc(e->scratch, list->people, sizeof *person, err);
    if (!person || !score_list(e, list, err))
        return false;
    for (size_t p = 0; p < list->people; p++)
        person[p] = (uint32_t)p;
    out->people = (int64_t)list->people;
    out->alone = 0;
    return measure_counts(e, out, err) &&
           identity_bootstrap(&e->sample, person, list->people, &e->setting->bootstrap, e->scratch, &out->between, err);
}

bool auth_measure_list(const embedding_set *set, const pairs_list *list, const auth_setting *setting, df_arena *arena, auth_result *out,
                       df_error *err)
{
    evaluation e = {.set = set, .setting = setting, .arena = arena, .scratch = df_arena_new(SCRATCH, err)};
    auth_result result = {.all = count_people(set), .is_listed = true, .at = setting->at};
    const bool is_good = e.scratch && measure_list(&e, list, &result.all, err);
    df_arena_free(e.scratch);
    if (is_good)
        *out = result;
    return is_good;
}
