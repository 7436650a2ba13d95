/* traits.c: hat functions of age, weight and muscle, and their products. */
#include "face/traits.h"

#include <math.h>

const float traits_age_knots[TRAITS_AGE_KNOTS] = {10, 25, 45, 75};

enum { GENDERS = 2, STAGES = 3, LEVELS = 3 };

static float held(float value, float low, float high)
{
    return value < low ? low : value > high ? high : value;
}

static float held_age(float age)
{
    return held(age, traits_age_knots[0], traits_age_knots[TRAITS_AGE_KNOTS - 1]);
}

void traits_age_hats(float age, float hats[TRAITS_AGE_KNOTS])
{
    const float years = held_age(age);
    for (int i = 0; i < TRAITS_AGE_KNOTS; i++)
        hats[i] = 0;
    int above = 1;
    while (above < TRAITS_AGE_KNOTS - 1 && years > traits_age_knots[above])
        above++;
    const float share = (years - traits_age_knots[above - 1]) / (traits_age_knots[above] - traits_age_knots[above - 1]);
    hats[above] = share;
    hats[above - 1] = 1 - share;
}

/* MakeHuman runs from child at 10 years to young at 25 and from there to old at 90; but its old heads look like people of some 75. */
void traits_stages(float age, float stages[3])
{
    const float child_years = traits_age_knots[0], young_years = traits_age_knots[1], old_years = traits_age_knots[TRAITS_AGE_KNOTS - 1];
    const float years = held_age(age);
    stages[0] = stages[2] = 0;
    if (years < young_years)
        stages[0] = (young_years - years) / (young_years - child_years);
    else
        stages[2] = (years - young_years) / (old_years - young_years);
    stages[1] = 1 - stages[0] - stages[2];
}

void traits_levels(float value, float levels[3])
{
    const float v = held(value, 0, 1);
    levels[0] = fmaxf(0, 1 - 2 * v);
    levels[2] = fmaxf(0, 2 * v - 1);
    levels[1] = 1 - levels[0] - levels[2];
}

int traits_feature_count(int group_count)
{
    return group_count * GENDERS * TRAITS_AGE_KNOTS + GENDERS * STAGES * LEVELS * LEVELS;
}

void traits_features(const traits *known, int group_count, float *features)
{
    const float male = held(known->gender, 0, 1), gender[GENDERS] = {1 - male, male};
    float hats[TRAITS_AGE_KNOTS], stages[STAGES], muscle[LEVELS], weight[LEVELS];
    traits_age_hats(known->age, hats);
    traits_stages(known->age, stages);
    traits_levels(known->muscle, muscle);
    traits_levels(known->weight, weight);

    float *next = features;
    for (int group = 0; group < group_count; group++)
        for (int g = 0; g < GENDERS; g++)
            for (int a = 0; a < TRAITS_AGE_KNOTS; a++)
                *next++ = known->group[group] * gender[g] * hats[a];
    for (int g = 0; g < GENDERS; g++)
        for (int s = 0; s < STAGES; s++)
            for (int m = 0; m < LEVELS; m++)
                for (int w = 0; w < LEVELS; w++)
                    *next++ = gender[g] * stages[s] * muscle[m] * weight[w];
}
