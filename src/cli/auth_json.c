/* auth_json.c: rates by their name, intervals beside them; what has no value is null. */
#include "cli/auth_json.h"

#include <math.h>
#include <stdio.h>

enum { NOTE = 256 };

const char *const auth_rate_names[VERIFICATION_RATES + 1] = {"1e-1", "1e-2", "1e-3", "1e-4", "1e-5", "1e-6", NULL};

void auth_rate_note(const verification *v, int rate, char *out, size_t size)
{
    snprintf(out, size,
             "FAR %s: %lld impostor pairs are too few, expected %.0f at least; had none of them been accepted, FAR would be below %.2g "
             "(rule of three, 95 %%)",
             auth_rate_names[rate], (long long)v->impostor, pow(10, rate + 1), 3 / (double)v->impostor);
}

static json_t *real_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *interval_json(const interval *i)
{
    return i->has_value && isfinite(i->low) && isfinite(i->high) ? json_pack("[f, f]", i->low, i->high) : json_null();
}

static json_t *intervals_json(const verification_intervals *between)
{
    json_t *frr = json_object();
    for (int e = 0; e < VERIFICATION_RATES; e++)
        json_object_set_new(frr, auth_rate_names[e], interval_json(&between->frr[e]));
    return json_pack("{s:o, s:o, s:o}", "frr", frr, "eer", interval_json(&between->eer), "auc", interval_json(&between->auc));
}

static json_t *notes_json(const verification *v)
{
    json_t *notes = json_array();
    char note[NOTE];
    for (int e = 0; e < VERIFICATION_RATES; e++)
        if (!v->points[e].has_value) {
            auth_rate_note(v, e, note, sizeof note);
            json_array_append_new(notes, json_string(note));
        }
    return notes;
}

static json_t *beyond_json(const auth_figures *f)
{
    json_t *rates = json_object();
    for (int e = 0; e < VERIFICATION_RATES; e++)
        if (f->beyond[e].has_value)
            json_object_set_new(rates, auth_rate_names[e],
                                json_pack("{s:f, s:f}", "threshold", f->beyond[e].threshold, "frr", f->beyond[e].frr));
    return json_pack(
        "{s:s, s:f, s:f, s:f, s:I, s:o}", "method",
        "extrapolation: generalized Pareto tail of the best impostor scores, probability-weighted moments (Hosking and Wallis 1987)",
        "start", f->tail.start, "shape", f->tail.shape, "scale", f->tail.scale, "exceedances", (json_int_t)f->tail.exceedances, "rates",
        rates);
}

/* Members of one set of pairs. */
static void set_figures(json_t *object, const auth_figures *f)
{
    json_t *frr = json_object(), *threshold = json_object();
    json_object_set_new(object, "images", json_integer(f->images));
    json_object_set_new(object, "people", json_integer(f->people));
    json_object_set_new(object, "genuine", json_integer(f->rates.genuine));
    json_object_set_new(object, "impostor", json_integer(f->rates.impostor));
    for (int e = 0; e < VERIFICATION_RATES; e++) {
        const verification_point *p = &f->rates.points[e];
        json_object_set_new(frr, auth_rate_names[e], p->has_value ? json_real(p->frr) : json_null());
        json_object_set_new(threshold, auth_rate_names[e], p->has_value ? real_or_null(p->threshold) : json_null());
    }
    json_object_set_new(object, "frr", frr);
    json_object_set_new(object, "threshold", threshold);
    json_object_set_new(object, "eer", f->has_value ? json_real(f->rates.eer) : json_null());
    json_object_set_new(object, "auc", f->has_value ? json_real(f->rates.auc) : json_null());
    json_object_set_new(object, "intervals", intervals_json(&f->between));
    if (f->tail.has_value)
        json_object_set_new(object, "extrapolated", beyond_json(f));
}

static json_t *cell_json(const group_cell *c)
{
    return json_pack("{s:I, s:I, s:o, s:o}", "pairs", (json_int_t)c->pairs, "errors", (json_int_t)c->errors, "rate", real_or_null(c->rate),
                     "interval", interval_json(&c->between));
}

static json_t *measure_json(double value, const interval *between)
{
    return json_pack("{s:o, s:o}", "value", real_or_null(value), "interval", interval_json(between));
}

static json_t *spread_json(const group_spread *s)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "worst_to_best", measure_json(s->value.worst_to_best, &s->worst_to_best), "worst_to_mean",
                     measure_json(s->value.worst_to_mean, &s->worst_to_mean), "deviation", measure_json(s->value.deviation, &s->deviation),
                     "range", measure_json(s->value.range, &s->range), "gini", measure_json(s->value.gini, &s->gini));
}

static json_t *axis_json(const auth_axis *a)
{
    const group_axis *axis = a->rates.axis;
    json_t *groups = json_array(), *cross = json_array();
    for (size_t g = 0; g < axis->count; g++) {
        json_t *group = json_pack("{s:s, s:o, s:o}", "name", axis->names[g], "fmr", cell_json(&a->rates.fmr[g * axis->count + g]), "fnmr",
                                  cell_json(&a->rates.fnmr[g]));
        set_figures(group, &a->own[g]);
        json_array_append_new(groups, group);
        for (size_t h = g + 1; h < axis->count; h++)
            json_array_append_new(cross, json_pack("{s:[s, s], s:o}", "groups", axis->names[g], axis->names[h], "fmr",
                                                   cell_json(&a->rates.fmr[g * axis->count + h])));
    }
    return json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "name", axis->name, "images_in_no_group", (json_int_t)axis->missing,
                     "groups", groups, "cross", cross, "fmr", spread_json(&a->rates.fmr_spread), "fnmr", spread_json(&a->rates.fnmr_spread),
                     "fdr", measure_json(a->rates.fdr, &a->rates.fdr_between), "garbe",
                     measure_json(a->rates.garbe, &a->rates.garbe_between));
}

static json_t *groups_json(const auth_result *r)
{
    const verification_point *p = &r->all.rates.points[r->at];
    json_t *axes = json_array();
    for (size_t a = 0; a < r->axis_count; a++)
        json_array_append_new(axes, axis_json(&r->axes[a]));
    return json_pack("{s:s, s:o, s:o}", "far", auth_rate_names[r->at], "threshold", real_or_null(p->threshold), "axes", axes);
}

static json_t *search_json(const identification *s)
{
    json_t *cmc = json_array();
    for (int k = 0; k < IDENTIFICATION_RANKS && k < s->gallery; k++)
        json_array_append_new(cmc, json_real(s->cmc[k]));
    return json_pack("{s:I, s:I, s:f, s:o, s:o}", "gallery", (json_int_t)s->gallery, "probes", (json_int_t)s->probes, "rank1", s->cmc[0],
                     "rank1_interval", interval_json(&s->rank1), "cmc", cmc);
}

static json_t *curve_json(const verification_curve *c)
{
    json_t *far = json_array(), *frr = json_array();
    for (size_t i = 0; i < c->count; i++) {
        json_array_append_new(far, json_real(c->far[i]));
        json_array_append_new(frr, json_real(c->frr[i]));
    }
    return json_pack("{s:o, s:o}", "far", far, "frr", frr);
}

json_t *auth_json(const auth_result *r, const auth_setting *setting)
{
    json_t *object = json_object();
    set_figures(object, &r->all);
    json_object_set_new(object, "bootstrap",
                        json_pack("{s:i, s:s, s:f}", "replicates", setting->bootstrap.replicates, "drawn", "people", "level", 0.95));
    json_object_set_new(object, "notes", notes_json(&r->all.rates));
    if (r->search.probes > 0)
        json_object_set_new(object, "identification", search_json(&r->search));
    json_object_set_new(object, "curve", curve_json(&r->all.curve));
    if (r->axis_count > 0)
        json_object_set_new(object, "groups", groups_json(r));
    return object;
}
