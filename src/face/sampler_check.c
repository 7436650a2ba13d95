/* sampler_check.c: what sampler options may say together, and of which model. */
#include "face/sampler_internal.h"

#include <inttypes.h>
#include <math.h>

#include "face/traits.h"

sampler_options sampler_defaults(void)
{
    sampler_options o = {.count = 1,
                         .age_bins = 4,
                         .age_edge = {18, 30, 45, 60, 76},
                         .variation = 1,
                         .sigma = 1,
                         .components = SAMPLER_COMPONENTS,
                         .take = {-1, -1}};
    o.fixed_gender = o.fixed_age = o.fixed_weight = NAN;
    for (int i = 0; i < FACE_MAX_GROUPS; i++)
        o.fixed_mixture[i] = NAN;
    return o;
}

static bool check_deal(const char *name, const deal *d, int categories, df_error *err)
{
    int64_t sum = 0;
    if (d->count == 0)
        return true;
    if (d->count > categories)
        return df_fail(err, "%s: %d shares, expected at most %d", name, d->count, categories);
    for (int i = 0; i < d->count; i++) {
        if (d->share[i] < 0 || d->share[i] > DEAL_UNIT)
            return df_fail(err, "%s: share %d is out of range", name, i);
        sum += d->share[i];
    }
    return sum > 0 || df_fail(err, "%s: all shares are 0", name);
}

static bool check_range(const char *name, float value, float low, float high, df_error *err)
{
    return (value >= low && value <= high) ||
           df_fail(err, "%s: %.6g, expected %.6g to %.6g", name, (double)value, (double)low, (double)high);
}

static bool check_ages(const sampler_options *o, df_error *err)
{
    if (o->age_bins < 1 || o->age_bins > SAMPLER_MAX_BINS)
        return df_fail(err, "%d age bins, expected 1 to %d", o->age_bins, SAMPLER_MAX_BINS);
    for (int i = 0; i <= o->age_bins; i++) {
        if (!check_range("age bins", o->age_edge[i], SAMPLER_YOUNGEST, SAMPLER_OLDEST, err))
            return false;
        if (i > 0 && o->age_edge[i] - o->age_edge[i - 1] < 0.1f) /* so that every bin holds hundredths of a year */
            return df_fail(err, "age bins: %.6g after %.6g, expected edges that ascend by 0.1 years or more", (double)o->age_edge[i],
                           (double)o->age_edge[i - 1]);
    }
    return true;
}

static bool check_mixture(const face_model *model, const sampler_options *o, df_error *err)
{
    float sum = 0;
    if (isnan(o->fixed_mixture[0]))
        return true;
    if (o->ethnicity.count > 0)
        return df_fail(err, "a chosen mixture leaves no ethnicity to deal");
    for (int i = 0; i < model->group_count; i++) {
        if (!check_range("mixture", o->fixed_mixture[i], 0, 1, err))
            return false;
        sum += o->fixed_mixture[i];
    }
    return fabsf(sum - 1) <= 1e-3f || df_fail(err, "mixture: the weights sum to %.6g, expected 1", (double)sum);
}

static bool check_chosen(const sampler_options *o, df_error *err)
{
    if (!isnan(o->fixed_gender) && o->gender.count > 0)
        return df_fail(err, "a chosen gender value leaves no gender to deal");
    if (!isnan(o->fixed_age) && o->age.count > 0)
        return df_fail(err, "a chosen age leaves no age bins to deal");
    return (isnan(o->fixed_gender) || check_range("gender value", o->fixed_gender, 0, 1, err)) &&
           (isnan(o->fixed_weight) || check_range("weight", o->fixed_weight, 0, 1, err)) &&
           (isnan(o->fixed_age) || check_range("age", o->fixed_age, SAMPLER_YOUNGEST, SAMPLER_OLDEST, err));
}

/* Without a trait law. */
static bool check_gaussian(const face_model *model, const sampler_options *o, df_error *err)
{
    if (o->ethnicity.count > 0 || !isnan(o->fixed_mixture[0]))
        return df_fail(err, "Gaussian sampling knows no ethnicities");
    if (o->overlap)
        return df_fail(err, "Gaussian sampling knows no pure or overlapping groups");
    const struct {
        bool is_demanded;
        face_attribute attribute;
        const char *name;
    } rows[] = {
        {o->gender.count > 0 || !isnan(o->fixed_gender), FACE_GENDER, "gender"},
        {o->age.count > 0 || !isnan(o->fixed_age), FACE_AGE, "age"},
        {!isnan(o->fixed_weight), FACE_WEIGHT, "weight"},
    };
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        if (rows[i].is_demanded && !sampler_has_direction(model, rows[i].attribute))
            return df_fail(err, "the model '%s' has no direction of %s, so it cannot be chosen", model->name, rows[i].name);
    return check_range("sigma", o->sigma, 0, 10, err);
}

static bool check_law(const face_model *model, const sampler_options *o, df_error *err)
{
    const int features = traits_feature_count(model->group_count);
    if (model->law.features == 0)
        return df_fail(err, "the model '%s' has no law from traits to coefficients: sample it with --gaussian", model->name);
    if (model->law.features != features)
        return df_fail(err, "the model '%s' has a law of %d features, expected %d", model->name, model->law.features, features);
    return check_range("variation", o->variation, 0, 10, err);
}

bool sampler_check(const face_model *model, const sampler_options *o, df_error *err)
{
    const int ethnicities = model->group_count + (model->group_count > 1);
    if (o->count < 1)
        return df_fail(err, "count: %" PRId64 ", expected 1 or more", o->count);
    if (!(o->min_distance >= 0 && o->min_distance <= PERSON_MOST_DEVIATIONS))
        return check_range("minimum distance", o->min_distance, 0, PERSON_MOST_DEVIATIONS, err);
    if (!o->include && (o->take[0] >= 0 || o->take[1] >= 0))
        return df_fail(err, "people are to be taken, but from no file");
    return check_deal("gender", &o->gender, 2, err) && check_deal("ethnicity", &o->ethnicity, ethnicities, err) &&
           check_deal("age", &o->age, o->age_bins, err) && check_ages(o, err) && check_chosen(o, err) && check_mixture(model, o, err) &&
           (o->gaussian ? check_gaussian(model, o, err) : check_law(model, o, err));
}
