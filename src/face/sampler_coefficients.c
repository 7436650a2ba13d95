/* sampler_coefficients.c: traits to coefficients. With a trait law: features . law + variation * residual . z; with --gaussian:
   sigma * z. z is standard normal, one stream a person, a try and a purpose. */
#include "face/sampler_internal.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "face/traits.h"

enum { MOST_FEATURES = FACE_MAX_GROUPS * 2 * TRAITS_AGE_KNOTS + 54 };

/* out[count] = features . law, law [features][count]. */
static void mean_of_traits(const float *features, int feature_count, const float *law, int count, float *out)
{
    memset(out, 0, (size_t)count * sizeof *out);
    for (int f = 0; f < feature_count; f++)
        for (int i = 0; features[f] != 0 && i < count; i++)
            out[i] += features[f] * law[(size_t)f * (size_t)count + (size_t)i];
}

/* out += scale * triangle . z, triangle [count][count] lower. */
static void add_residual(const float *triangle, const float *z, int count, float scale, float *out)
{
    for (int i = 0; i < count; i++) {
        float sum = 0;
        for (int j = 0; j <= i; j++)
            sum += triangle[(size_t)i * (size_t)count + (size_t)j] * z[j];
        out[i] += scale * sum;
    }
}

static void normals(uint64_t seed, int64_t k, uint32_t try, df_purpose purpose, int count, float *z)
{
    df_random random = df_random_at(seed, (uint64_t)k, try, purpose);
    for (int i = 0; i < count; i++)
        z[i] = df_random_normal(&random);
}

static bool round_all(const char *what, float *values, int count, int64_t k, df_error *err)
{
    for (int i = 0; i < count; i++) {
        if (!(fabsf(values[i]) <= (float)PERSON_MOST_DEVIATIONS))
            return df_fail(err, "person %" PRId64 ": %s[%d] is %.4g standard deviations, expected at most %d: ask for less variation", k,
                           what, i, (double)values[i], PERSON_MOST_DEVIATIONS);
        values[i] = person_round(values[i], PERSON_COEFFICIENT_DIGITS);
    }
    return true;
}

/* One of the two sets: law and residual NULL for the Gaussian. */
static void draw_set(const float *features, const face_trait_law *law, const float *matrix, const float *residual, float scale,
                     const float *z, int count, float *out)
{
    mean_of_traits(features, matrix ? law->features : 0, matrix, count, out);
    if (residual)
        add_residual(residual, z, count, scale, out);
    else
        for (int i = 0; i < count; i++)
            out[i] = scale * z[i];
}

static void known_features(const face_model *model, const person *who, float features[MOST_FEATURES])
{
    traits known = {.gender = who->gender_value, .age = who->age, .weight = who->weight, .muscle = who->muscle};
    memcpy(known.group, who->mixture, sizeof known.group);
    traits_features(&known, model->group_count, features);
}

int sampler_drawn_count(const sampler_options *options, int available)
{
    const bool is_cut = options->gaussian && options->components > 0 && options->components < available;
    return is_cut ? options->components : available;
}

bool sampler_coefficients(const face_model *model, const sampler_options *options, sampler_cell cell, int64_t k, uint32_t try, person *who,
                          df_error *err)
{
    float features[MOST_FEATURES] = {0}, z[FACE_MAX_COMPONENTS];
    const face_trait_law none = {0}, *law = options->gaussian ? &none : &model->law;
    const float scale = options->gaussian ? options->sigma : options->variation;
    if (!options->gaussian)
        known_features(model, who, features);
    who->shape_count = sampler_drawn_count(options, model->shape_count);
    who->albedo_count = sampler_drawn_count(options, model->albedo_count);
    normals(options->seed, k, try, DF_FOR_PERSON_SHAPE, who->shape_count, z);
    draw_set(features, law, law->shape, law->shape_residual, scale, z, who->shape_count, who->shape);
    normals(options->seed, k, 0, DF_FOR_PERSON_ALBEDO, who->albedo_count, z);
    draw_set(features, law, law->albedo, law->albedo_residual, scale, z, who->albedo_count, who->albedo);
    if (options->gaussian)
        sampler_meet_demand(model, options, cell, who);
    if (!round_all("shape", who->shape, who->shape_count, k, err) || !round_all("albedo", who->albedo, who->albedo_count, k, err))
        return false;
    if (options->gaussian && !sampler_read_traits(model, options, cell, who, err))
        return df_fail_in(err, "person %" PRId64, k);
    return true;
}
