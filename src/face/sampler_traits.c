/* sampler_traits.c: draws what is known of a person inside a dealt cell. Gender values and group weights come from the
   distributions that the default model's heads are drawn from (pure or soft), restricted by rejection to the half and the
   leading group that were dealt. Values are rounded as the file shows them before they are judged. */
#include "face/sampler_internal.h"

#include <inttypes.h>
#include <math.h>

#include "face/variates.h"

/* Beta(a, b) of the gender value (mirrored for women), Dirichlet of the group weights: `own` for the dealt group, `others` shared by
   two others, scaled so that the others' sum stays the same for any number of groups. */
typedef struct spread {
    float a, b, own, others;
} spread;
static const spread pure = {9, 1, 9, 0.6f}, soft = {4, 1.5f, 3, 0.8f};

static const float WEIGHT_MEAN = 0.5f, WEIGHT_DEVIATION = 0.17f;
static const float MUSCLE_MEAN = 0.5f, MUSCLE_DEVIATION = 0.15f; /* of the gender's own average */

typedef struct draw {
    const face_model *model;
    const sampler_options *options;
    const spread *spread;
    df_random *random;
    int64_t k;
} draw;

static bool draw_gender(const draw *d, int gender, person *who, df_error *err)
{
    if (!isnan(d->options->fixed_gender)) {
        who->gender_value = person_round(d->options->fixed_gender, PERSON_DIGITS);
        return true;
    }
    for (int try = 0; try < SAMPLER_TRIES; try++) {
        const float own = variate_beta(d->random, d->spread->a, d->spread->b);
        who->gender_value = person_round(gender == PERSON_MALE ? own : 1 - own, PERSON_DIGITS);
        if ((who->gender_value >= 0.5f) == (gender == PERSON_MALE))
            return true;
    }
    return df_fail(err, "person %" PRId64 ": no gender value of the dealt half in %d draws", d->k, SAMPLER_TRIES);
}

/* Rounded weights whose sum is 1 still: the leader takes the rest. */
static void round_mixture(float *weights, int count, int leader)
{
    float rest = 1;
    for (int i = 0; i < count; i++)
        if (i != leader) {
            weights[i] = person_round(weights[i], PERSON_DIGITS);
            rest -= weights[i];
        }
    weights[leader] = person_round(rest, PERSON_DIGITS);
}

static bool draw_group(const draw *d, int group, person *who, df_error *err)
{
    const int count = d->model->group_count;
    float shapes[FACE_MAX_GROUPS];
    for (int i = 0; i < count; i++)
        shapes[i] = i == group ? d->spread->own : 2 * d->spread->others / (float)(count - 1);
    for (int try = 0; try < SAMPLER_TRIES; try++) {
        variate_dirichlet(d->random, shapes, count, who->mixture);
        round_mixture(who->mixture, count, group);
        person_label(who, d->model);
        if (who->group == group)
            return true;
    }
    return df_fail(err, "person %" PRId64 ": no weights led by the dealt group in %d draws", d->k, SAMPLER_TRIES);
}

/* Halves of two groups. */
static void draw_halves(const draw *d, person *who)
{
    const uint32_t count = (uint32_t)d->model->group_count;
    const uint32_t first = df_random_below(d->random, count), step = 1 + df_random_below(d->random, count - 1);
    who->mixture[first] = who->mixture[(first + step) % count] = 0.5f;
}

static bool draw_mixture(const draw *d, int ethnicity, person *who, df_error *err)
{
    const int count = d->model->group_count;
    if (count == 0 || d->options->gaussian)
        return true;
    who->mixture_count = count;
    if (!isnan(d->options->fixed_mixture[0])) {
        for (int i = 0; i < count; i++)
            who->mixture[i] = person_round(d->options->fixed_mixture[i], PERSON_DIGITS);
        return true;
    }
    if (ethnicity < count)
        return draw_group(d, ethnicity, who, err);
    draw_halves(d, who);
    return true;
}

/* Uniform over the hundredths of a year in [low, high). */
static float age_between(float low, float high, float uniform)
{
    const float first = ceilf(low * 100 - 0.001f), end = ceilf(high * 100 - 0.001f);
    return fminf(first + floorf((end - first) * uniform), end - 1) / 100;
}

static float draw_age(const sampler_options *options, int bin, float uniform)
{
    if (!isnan(options->fixed_age))
        return person_round(options->fixed_age, PERSON_AGE_DIGITS);
    if (bin == SAMPLER_ANY)
        return age_between(options->age_edge[0], options->age_edge[options->age_bins], uniform);
    return age_between(options->age_edge[bin], options->age_edge[bin + 1], uniform);
}

static float clipped_normal(df_random *random, float mean, float deviation)
{
    return person_round(fminf(1, fmaxf(0, mean + deviation * df_random_normal(random))), PERSON_DIGITS);
}

/* The dealt category, or one of `count` at random. Draws in any case, so that what follows does not depend on it. */
static int settle(df_random *random, int category, int count)
{
    const float uniform = df_random_uniform(random);
    const int any = (int)(uniform * (float)count);
    return category != SAMPLER_ANY ? category : any < count ? any : count - 1;
}

bool sampler_traits(const face_model *model, const sampler_options *options, sampler_cell cell, int64_t k, person *who, df_error *err)
{
    df_random random = df_random_at(options->seed, (uint64_t)k, 0, DF_FOR_PERSON_TRAITS);
    const draw d = {.model = model, .options = options, .spread = options->overlap ? &soft : &pure, .random = &random, .k = k};
    const int gender = settle(&random, cell.gender, 2), ethnicity = settle(&random, cell.ethnicity, model->group_count);
    who->age = draw_age(options, cell.age, df_random_uniform(&random));
    who->weight = clipped_normal(&random, WEIGHT_MEAN, WEIGHT_DEVIATION);
    who->muscle = clipped_normal(&random, MUSCLE_MEAN, MUSCLE_DEVIATION);
    if (!isnan(options->fixed_weight))
        who->weight = person_round(options->fixed_weight, PERSON_DIGITS);
    if (!draw_gender(&d, gender, who, err) || !draw_mixture(&d, ethnicity, who, err))
        return false;
    person_label(who, model);
    return true;
}
