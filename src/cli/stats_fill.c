/* stats_fill.c: a hole pins two attributes: a person's by shares of 1 in `sample`, an image's by a range or share in `render`. The
   rest stays as the set has it, so that filling one hole tears no other. */
#include "cli/stats_fill.h"

#include <stdio.h>
#include <string.h>

#include "cli/command_text.h"
#include "cli/report_job.h"
#include "dataset/derived.h"
#include "dataset/set_state.h"

enum { LEAST_PEOPLE = 4, USUAL_PER_IDENTITY = 10, BILLION = 1000000000, NUMBER = 32, SEEDS = 1000, NAME_ROOM = 4200 };

static const double MARGIN = 0.002; /* of a bin, at both ends: numbers are rounded before they are drawn */

typedef struct filling {
    const stats *of;
    const stats_fill_setting *setting;
    json_t *job; /* of the set, or a stand-in; owned */
    const char *model;
    char name[NAME_ROOM]; /* of the set's folder, without a slash at the end */
    set_state state;
    df_text *out;
} filling;

/* ---- the set's own job ---- */

static json_t *stand_in(const summary *sum)
{
    const int side = sum->width > sum->height ? sum->width : sum->height;
    const int size = side < JOB_MIN_SIZE ? JOB_MIN_SIZE : side > JOB_MAX_SIZE ? JOB_MAX_SIZE : side;
    return json_pack("{s:i, s:s, s:i}", "size", size, "band", sum->channels == 1 ? "850" : "rgb", "per-identity", USUAL_PER_IDENTITY);
}

static bool find_job(filling *f, df_error *err)
{
    bool found;
    json_t *derived = NULL;
    if (!set_state_read(f->setting->folder, &f->state, &f->job, &found, err))
        return false;
    f->model = f->setting->model ? f->setting->model : found && f->state.model_path[0] ? f->state.model_path : "MODEL";
    if (found)
        return true;
    if (!derived_read(f->setting->folder, &derived, &found, err))
        return false;
    const json_t *job = found ? derived_job_at(derived, 0) : NULL;
    f->job = job ? json_deep_copy(job) : stand_in(&f->of->sum);
    json_decref(derived);
    return f->job || df_fail(err, "out of memory");
}

/* ---- people ---- */

static void add_share(command_text *text, const char *trait, const df_text *shares)
{
    df_text whole = {0};
    df_text_addf(&whole, "%s=%s", trait, shares->data ? shares->data : "");
    command_text_add(text, "--share", whole.data ? whole.data : "");
    text->out->failed |= whole.failed || shares->failed;
    df_text_free(&whole);
}

/* "male:0.5,female:0.5" of counts, in billionths that add up; the last takes what rounding leaves. */
static void shares_of(const char *const *names, const int64_t *heads, int count, df_text *out)
{
    int64_t sum = 0, given = 0;
    int last = 0;
    for (int i = 0; i < count; i++) {
        sum += heads[i];
        last = heads[i] > 0 ? i : last;
    }
    for (int i = 0; i < count; i++) {
        const int64_t share = i == last ? BILLION - given : (int64_t)((double)heads[i] / (double)sum * BILLION);
        if (heads[i] == 0 || share <= 0)
            continue;
        given += share;
        df_text_addf(out, "%s%s:", out->size ? "," : "", names[i]);
        df_text_number(out, (double)share / BILLION, 9);
    }
}

static bool is_known(const char *name)
{
    return strcmp(name, "unknown") != 0 && strcmp(name, "other") != 0;
}

/* As the set has them; nothing where some of the set's people do not say. which: 0 gender, 1 group, 2 age. */
static void usual_shares(const demographics *d, int which, df_text *out)
{
    char ages[DEMOGRAPHICS_AGES][NUMBER];
    const char *names[DEMOGRAPHICS_AGES];
    int64_t heads[DEMOGRAPHICS_AGES], sum = 0;
    const int count = which == 0 ? d->gender_count : which == 1 ? d->group_count : d->age_count;
    for (int i = 0; i < count; i++) {
        snprintf(ages[i], NUMBER, "%.4g-%.4g", (double)d->age_edges[i], (double)d->age_edges[i + 1]);
        names[i] = which == 0 ? d->genders[i] : which == 1 ? d->groups[i] : ages[i];
        heads[i] = demographics_sum(d, which == 0 ? i : -1, which == 1 ? i : -1, which == 2 ? i : -1).people;
        sum += heads[i];
        if (!is_known(names[i]))
            return;
    }
    if (sum > 0)
        shares_of(names, heads, count, out);
}

/* The level that the hole pins of this trait; NULL: none. */
static const char *pinned(const stats *of, const stats_hole *hole, const char *trait)
{
    const stats_pair *pair = &of->pairs[hole->pair];
    const stats_axis *axes[] = {&of->axes[pair->rows], &of->axes[pair->columns]};
    const int levels[] = {hole->row, hole->column};
    for (int i = 0; i < 2; i++)
        if (axes[i]->row->fill == STATS_FILL_SAMPLE && strcmp(axes[i]->row->option, trait) == 0)
            return axes[i]->levels[levels[i]];
    return NULL;
}

static void add_traits(const filling *f, const stats_hole *hole, command_text *text)
{
    static const char *const traits[] = {"gender", "ethnicity", "age"};
    for (int t = 0; t < 3; t++) {
        df_text shares = {0};
        const char *level = pinned(f->of, hole, traits[t]);
        if (level)
            df_text_addf(&shares, "%s:1", level);
        else
            usual_shares(&f->of->sum.people, t, &shares);
        if (shares.size > 0)
            add_share(text, traits[t], &shares);
        df_text_free(&shares);
    }
}

static void add_sample(const filling *f, const stats_hole *hole, int64_t heads, const char *seed, const char *identities)
{
    char count[NUMBER];
    command_text text = command_text_begin(f->out);
    snprintf(count, sizeof count, "%lld", (long long)heads);
    command_text_add(&text, "sample", NULL);
    command_text_add(&text, "--model", f->model);
    command_text_add(&text, "--count", count);
    add_traits(f, hole, &text);
    command_text_add(&text, "--seed", seed);
    command_text_add(&text, "--out", identities);
    df_text_add(f->out, "\n");
}

/* ---- images ---- */

static void set_range(json_t *job, const stats_axis_row *row, int level)
{
    const double low = row->edges[level], high = row->edges[level + 1] > 1 && row->edges[0] == 0 ? 1 : row->edges[level + 1];
    const double margin = MARGIN * (high - low);
    json_object_set_new(job, row->option, json_pack("[f, f]", low + margin, high - margin));
}

static void set_share(json_t *job, const stats_axis_row *row, int level)
{
    if (row->form == STATS_GLASSES) {
        json_object_set_new(job, "glasses", json_integer(level == 1));
        json_object_set_new(job, "sunglasses", json_integer(level == 2));
        return;
    }
    json_object_set_new(job, row->option, json_integer(level));
}

static void pin_job(const stats_axis *axis, int level, json_t *job)
{
    switch (axis->row->fill) {
    case STATS_FILL_RANGE:
        set_range(job, axis->row, level);
        break;
    case STATS_FILL_SHARE:
        set_share(job, axis->row, level);
        break;
    case STATS_FILL_SAMPLE:
    case STATS_FILL_NONE:
        break;
    }
}

static bool add_render(const filling *f, const stats_hole *hole, int64_t per_identity, int64_t seed, const job_places *at, df_error *err)
{
    const stats_pair *pair = &f->of->pairs[hole->pair];
    json_t *job = json_deep_copy(f->job);
    if (!job)
        return df_fail(err, "out of memory");
    json_object_set_new(job, "per-identity", json_integer(per_identity));
    json_object_set_new(job, "seed", json_integer(seed));
    json_object_del(job, "only");
    pin_job(&f->of->axes[pair->rows], hole->row, job);
    pin_job(&f->of->axes[pair->columns], hole->column, job);
    report_job_command_at(job, at, f->out);
    df_text_add(f->out, "\n");
    json_decref(job);
    return true;
}

/* People enough that a hole is not filled with one face, images enough for each. */
static void share_out(const filling *f, int64_t images, int64_t *heads, int64_t *each)
{
    const int64_t usual = json_integer_value(json_object_get(f->job, "per-identity"));
    const int64_t per = usual > 0 ? usual : USUAL_PER_IDENTITY, least = images < LEAST_PEOPLE ? images : LEAST_PEOPLE;
    *heads = (images + per - 1) / per;
    *heads = *heads > least ? *heads : least;
    *each = (images + *heads - 1) / *heads;
}

static bool add_hole(const filling *f, int k, df_error *err)
{
    const stats_hole *hole = &f->setting->holes[k];
    char seed_text[NUMBER], identities[NAME_ROOM + NUMBER], out[NAME_ROOM + NUMBER];
    int64_t heads, each;
    const int64_t seed = f->of->sum.images * SEEDS + k + 1;
    share_out(f, hole->wanted - hole->images, &heads, &each);
    snprintf(seed_text, sizeof seed_text, "%lld", (long long)seed);
    snprintf(identities, sizeof identities, "%s-fill-%d.jsonl", f->name, k + 1);
    snprintf(out, sizeof out, "%s-fill-%d", f->name, k + 1);
    add_sample(f, hole, heads, seed_text, identities);
    return add_render(f, hole, each, seed, &(job_places){.model = f->model, .identities = identities, .out = out}, err);
}

static void add_merge(const filling *f)
{
    char part[NAME_ROOM + NUMBER];
    command_text text = command_text_begin(f->out);
    command_text_add(&text, "dataset", NULL);
    command_text_add(&text, "merge", NULL);
    command_text_add(&text, f->name, NULL);
    for (int k = 0; k < f->setting->count; k++) {
        snprintf(part, sizeof part, "%s-fill-%d", f->name, k + 1);
        command_text_add(&text, part, NULL);
    }
    snprintf(part, sizeof part, "%s-filled", f->name);
    command_text_add(&text, "--out", part);
    df_text_add(f->out, "\n");
}

static bool set_name(filling *f, df_error *err)
{
    size_t length = strlen(f->setting->folder);
    while (length > 1 && f->setting->folder[length - 1] == '/')
        length--;
    return snprintf(f->name, sizeof f->name, "%.*s", (int)length, f->setting->folder) < NAME_ROOM ||
           df_fail(err, "%.60s...: too long a path", f->setting->folder);
}

bool stats_fill_commands(const stats *of, const stats_fill_setting *setting, df_text *out, df_error *err)
{
    filling f = {.of = of, .setting = setting, .out = out};
    bool is_good = setting->count == 0 || (set_name(&f, err) && find_job(&f, err));
    for (int k = 0; is_good && k < setting->count; k++)
        is_good = add_hole(&f, k, err);
    if (is_good && setting->count > 0)
        add_merge(&f);
    json_decref(f.job);
    return is_good && df_text_ok(out, err);
}
