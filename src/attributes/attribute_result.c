/* attribute_result.c: columns of logits to measures. */
#include "attributes/attribute_result.h"

#include <math.h>

static bool is_known(const attribute_result *r, size_t i, int column)
{
    return r->logits->is_read[i] && !isnan(r->list->labels[i * (size_t)r->form->count + (size_t)column]);
}

bool attribute_column(const attribute_result *r, int column, df_arena *arena, float **logits, bool **truths, size_t *count, df_error *err)
{
    const size_t columns = (size_t)r->form->count, c = (size_t)column;
    size_t have = 0;
    for (size_t i = 0; i < r->list->count; i++)
        have += is_known(r, i, column);
    float *z = df_alloc(arena, have, sizeof *z, err);
    bool *t = z ? df_alloc(arena, have, sizeof *t, err) : NULL;
    if (!t)
        return false;
    have = 0;
    for (size_t i = 0; i < r->list->count; i++)
        if (is_known(r, i, column)) {
            z[have] = r->logits->values[i * columns + c];
            t[have++] = r->list->labels[i * columns + c] > 0.5f;
        }
    *logits = z;
    *truths = t;
    *count = have;
    return true;
}

/* The measures of probabilities; `probability` has room for them. */
static bool measure_as(const classifier_attribute *how, const float *logits, const bool *truths, size_t count, float *probability,
                       df_arena *scratch, binary_measures *out, df_error *err)
{
    for (size_t i = 0; i < count; i++)
        probability[i] = classifier_probability(how, logits[i]);
    return binary_measure(&(binary_scores){probability, truths, count}, (double)classifier_probability(how, 0), scratch, out, err);
}

static bool measure_column(attribute_result *r, int column, df_arena *scratch, df_error *err)
{
    static const classifier_attribute as_trained = {.slope = 1};
    const classifier_attribute *calibrated = &r->form->attributes[column];
    attribute_measured *m = &r->of[column];
    const df_arena_mark mark = df_arena_save(scratch);
    float *logits;
    bool *truths;
    size_t count;
    if (!attribute_column(r, column, scratch, &logits, &truths, &count, err))
        return false;
    float *probability = df_alloc(scratch, count, sizeof *probability, err);
    if (!probability)
        return false;
    m->known = (int64_t)count;
    const bool ok = count == 0 || (measure_as(&as_trained, logits, truths, count, probability, scratch, &m->as_trained, err) &&
                                   measure_as(calibrated, logits, truths, count, probability, scratch, &m->calibrated, err));
    df_arena_restore(scratch, mark);
    return ok || df_fail_in(err, "attribute '%s'", calibrated->name);
}

bool attribute_measure(const classifier_form *form, const sample_list *list, const attribute_logits *logits, df_arena *arena,
                       attribute_result *out, df_error *err)
{
    attribute_result r = {.form = form, .list = list, .logits = logits, .of = df_alloc(arena, (size_t)form->count, sizeof *r.of, err)};
    int64_t known = 0;
    if (!r.of)
        return false;
    for (int c = 0; c < form->count; c++) {
        if (!measure_column(&r, c, arena, err))
            return false;
        known += r.of[c].known;
    }
    if (known == 0)
        return df_fail(err, "no attribute of any of %zu images is known", list->count);
    *out = r;
    return true;
}

double attribute_mean_balanced(const attribute_result *result)
{
    double sum = 0;
    int count = 0;
    for (int c = 0; c < result->form->count; c++)
        if (result->of[c].known > 0 && !isnan(result->of[c].calibrated.balanced)) {
            sum += result->of[c].calibrated.balanced;
            count++;
        }
    return count ? sum / count : (double)NAN;
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *bins_json(const binary_measures *m)
{
    json_t *bins = json_array();
    for (int b = 0; b < BINARY_BINS; b++)
        json_array_append_new(bins, json_pack("{s:I, s:I, s:f}", "images", (json_int_t)m->bins[b].count, "positive",
                                              (json_int_t)m->bins[b].positives, "mean", m->bins[b].mean));
    return bins;
}

static json_t *measured_json(const char *name, const attribute_measured *m)
{
    const binary_measures *c = &m->calibrated;
    if (m->known == 0)
        return json_pack("{s:s, s:i}", "name", name, "images", 0);
    return json_pack("{s:s, s:I, s:I, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:o}", "name", name, "images", (json_int_t)m->known,
                     "positive", (json_int_t)c->positives, "accuracy", number(c->accuracy), "balanced_accuracy", number(c->balanced), "auc",
                     number(c->auc), "true_positives", (json_int_t)c->true_positives, "true_negatives", (json_int_t)c->true_negatives,
                     "brier", number(c->brier), "ece", number(c->ece), "ece_as_trained", number(m->as_trained.ece), "reliability",
                     bins_json(c));
}

json_t *attribute_result_json(const attribute_result *r)
{
    json_t *list = json_array();
    for (int c = 0; c < r->form->count; c++)
        json_array_append_new(list, measured_json(r->form->attributes[c].name, &r->of[c]));
    return json_pack("{s:I, s:I, s:o, s:o}", "images", (json_int_t)r->list->count, "unreadable", (json_int_t)r->logits->unreadable,
                     "mean_balanced_accuracy", number(attribute_mean_balanced(r)), "attributes", list);
}
