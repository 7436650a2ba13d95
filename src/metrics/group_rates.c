/* group_rates.c: accepted pairs are counted one by one, all pairs by how many images of each person each group has. */
#include "metrics/group_rates.h"

#include <string.h>

#include "metrics/group_intervals.h"

typedef struct axis_tally {
    int64_t *accepted; /* [groups][groups] impostors; of two groups in the cell of the lower row */
    int64_t *rejected; /* [groups] genuine */
} axis_tally;

struct group_counter {
    const embedding_set *set;
    const group_axis *axes;
    size_t axis_count;
    int32_t kept_out;
    axis_tally *counts; /* [axis_count] */
};

group_counter *group_counter_new(const embedding_set *set, const group_axis *axes, size_t axis_count, int32_t kept_out, df_arena *arena,
                                 df_error *err)
{
    group_counter *c = df_alloc(arena, 1, sizeof *c, err);
    if (!c)
        return NULL;
    *c = (group_counter){.set = set, .axes = axes, .axis_count = axis_count, .kept_out = kept_out};
    c->counts = df_alloc(arena, axis_count, sizeof *c->counts, err);
    for (size_t a = 0; c->counts && a < axis_count; a++) {
        const size_t groups = axes[a].count;
        c->counts[a].accepted = df_alloc(arena, groups * groups, sizeof(int64_t), err);
        c->counts[a].rejected = df_alloc(arena, groups, sizeof(int64_t), err);
        if (!c->counts[a].accepted || !c->counts[a].rejected)
            return NULL;
    }
    return c->counts ? c : NULL;
}

static void count_pair(group_counter *c, size_t row, size_t other, bool is_genuine)
{
    for (size_t a = 0; a < c->axis_count; a++) {
        const int one = c->axes[a].of[row], two = c->axes[a].of[other];
        if (one < 0 || two < 0 || (is_genuine && one != two))
            continue;
        const size_t low = (size_t)(one < two ? one : two), high = (size_t)(one < two ? two : one);
        int64_t *cell = is_genuine ? &c->counts[a].rejected[low] : &c->counts[a].accepted[low * c->axes[a].count + high];
        __atomic_fetch_add(cell, 1, __ATOMIC_RELAXED);
    }
}

bool group_counter_visit(void *counter, const pair_run *run, df_error *err)
{
    group_counter *c = counter;
    (void)err;
    for (size_t i = 0; i < run->count; i++)
        if ((score_bin(run->scores[i]) > c->kept_out) != run->is_genuine)
            count_pair(c, run->row, run->first + i, run->is_genuine);
    return true;
}

static void set_cell(group_cell *cell, int64_t pairs, int64_t errors)
{
    *cell = (group_cell){.pairs = pairs, .errors = errors, .rate = pairs > 0 ? (double)errors / (double)pairs : (double)NAN};
}

static void set_cells(const group_axis *axis, const axis_tally *counts, const double *pairs, const double *genuine, group_rates *out)
{
    const size_t n = axis->count;
    for (size_t g = 0; g < n; g++) {
        set_cell(&out->fnmr[g], (int64_t)genuine[g], counts->rejected[g]);
        for (size_t h = g; h < n; h++) {
            set_cell(&out->fmr[g * n + h], (int64_t)pairs[g * n + h], counts->accepted[g * n + h]);
            out->fmr[h * n + g] = out->fmr[g * n + h];
        }
    }
}

static void set_spreads(group_rates *out)
{
    double fmr[GROUP_MOST], fnmr[GROUP_MOST];
    const size_t n = out->axis->count;
    for (size_t g = 0; g < n; g++) {
        fmr[g] = out->fmr[g * n + g].rate;
        fnmr[g] = out->fnmr[g].rate;
    }
    out->fmr_spread.value = fairness_of_rates(fmr, n);
    out->fnmr_spread.value = fairness_of_rates(fnmr, n);
    out->fdr = fairness_fdr(&out->fmr_spread.value, &out->fnmr_spread.value);
    out->garbe = fairness_garbe(&out->fmr_spread.value, &out->fnmr_spread.value);
}

static bool finish_axis(const group_counter *c, size_t a, const score_sample *sample, const bootstrap_setting *how, df_arena *arena,
                        group_rates *out, df_error *err)
{
    const group_axis *axis = &c->axes[a];
    const size_t n = axis->count;
    group_rates rates = {
        .axis = axis, .fnmr = df_alloc(arena, n, sizeof *rates.fnmr, err), .fmr = df_alloc(arena, n * n, sizeof *rates.fmr, err)};
    double *pairs = df_alloc(arena, n * n, sizeof *pairs, err), *genuine = df_alloc(arena, n, sizeof *genuine, err);
    group_share_list shares;
    if (!rates.fnmr || !rates.fmr || !pairs || !genuine || !group_shares(c->set, axis, arena, &shares, err))
        return false;
    group_pairs(&shares, NULL, n, pairs, genuine);
    set_cells(axis, &c->counts[a], pairs, genuine, &rates);
    set_spreads(&rates);
    *out = rates;
    return how->replicates == 0 || group_intervals(c->set, &shares, sample, c->kept_out, how, out, err);
}

bool group_counter_finish(group_counter *c, const score_sample *sample, const bootstrap_setting *how, df_arena *arena, group_rates *out,
                          df_error *err)
{
    for (size_t a = 0; a < c->axis_count; a++)
        if (!finish_axis(c, a, sample, how, arena, &out[a], err))
            return false;
    return true;
}
