/* sampler_gaussian.c: traits of people drawn without a trait law. A model's attribute directions d say that a step of 1 along d[a]
   changes attribute a by 1, so the attribute of coefficients x is base[a] + d[a] . x / |d[a]|^2 (over the coefficients that a person has). What is demanded is reached by
   steps along the directions in turn (Gauss-Seidel; they are nearly at right angles); the rest is read back. */
#include "face/sampler_internal.h"

#include <math.h>

enum { SWEEPS = 64 };
static const float SLACK = 1e-3f; /* of the mean face's value: coefficients are rounded to 5 decimals */

/* Of the mean face: between the genders, of average weight, in the middle of the ages that models are learned from. */
static const float base[FACE_ATTRIBUTE_COUNT] = {[FACE_GENDER] = 0.5f, [FACE_AGE] = 46.5f, [FACE_WEIGHT] = 0.5f};

/* A direction is over the joint coefficients, shape first. */
static const float *direction(const face_model *model, int attribute)
{
    return model->attribute_directions + (size_t)attribute * (size_t)(model->shape_count + model->albedo_count);
}

static float dot(const float *a, const float *b, int count)
{
    float sum = 0;
    for (int i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

bool sampler_has_direction(const face_model *model, face_attribute attribute)
{
    if (!model->attribute_directions)
        return false;
    const float *d = direction(model, (int)attribute);
    return dot(d, d, model->shape_count + model->albedo_count) > 0;
}

static float read_back(const face_model *model, int attribute, const person *who)
{
    const float *d = direction(model, attribute), *albedo = d + model->shape_count;
    const float along = dot(d, who->shape, who->shape_count) + dot(albedo, who->albedo, who->albedo_count);
    return base[attribute] + along / (dot(d, d, who->shape_count) + dot(albedo, albedo, who->albedo_count));
}

static void step(const face_model *model, int attribute, float change, person *who)
{
    const float *d = direction(model, attribute);
    for (int i = 0; i < who->shape_count; i++)
        who->shape[i] += change * d[i];
    for (int i = 0; i < who->albedo_count; i++)
        who->albedo[i] += change * d[model->shape_count + i];
}

static float within(float value, float low, float high)
{
    return fminf(high, fmaxf(low, value));
}

typedef struct demands {
    bool is_demanded[FACE_ATTRIBUTE_COUNT];
    float value[FACE_ATTRIBUTE_COUNT]; /* as drawn, demanded or not */
} demands;

static demands demands_of(const sampler_options *options, sampler_cell cell, const person *who)
{
    return (demands){
        .is_demanded = {[FACE_GENDER] = cell.gender != SAMPLER_ANY || !isnan(options->fixed_gender),
                        [FACE_AGE] = cell.age != SAMPLER_ANY || !isnan(options->fixed_age),
                        [FACE_WEIGHT] = !isnan(options->fixed_weight)},
        .value = {[FACE_GENDER] = who->gender_value, [FACE_AGE] = who->age, [FACE_WEIGHT] = who->weight},
    };
}

void sampler_meet_demand(const face_model *model, const sampler_options *options, sampler_cell cell, person *who)
{
    const demands d = demands_of(options, cell, who);
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (int a = 0; a < FACE_ATTRIBUTE_COUNT; a++)
            if (d.is_demanded[a])
                step(model, a, d.value[a] - read_back(model, a, who), who);
}

bool sampler_read_traits(const face_model *model, const sampler_options *options, sampler_cell cell, person *who, df_error *err)
{
    demands d = demands_of(options, cell, who);
    for (int a = 0; a < FACE_ATTRIBUTE_COUNT; a++) {
        if (!sampler_has_direction(model, (face_attribute)a))
            continue;
        const float found = read_back(model, a, who);
        if (d.is_demanded[a] && !(fabsf(d.value[a] - found) <= SLACK * base[a]))
            return df_fail(err, "the demanded gender, age and weight cannot be had at once along the model's attribute directions");
        if (!d.is_demanded[a])
            d.value[a] = found;
    }
    who->gender_value = person_round(within(d.value[FACE_GENDER], 0, 1), PERSON_DIGITS);
    who->age = person_round(within(d.value[FACE_AGE], SAMPLER_YOUNGEST, SAMPLER_OLDEST), PERSON_AGE_DIGITS);
    who->weight = person_round(within(d.value[FACE_WEIGHT], 0, 1), PERSON_DIGITS);
    person_label(who, model);
    return true;
}
