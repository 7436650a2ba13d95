/* makehuman_macro.c: names and weights of the macro targets, made by the same loops, so that they stand in the same order. */
#include "face/makehuman_macro.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { GENDERS = 2, STAGES = 3, LEVELS = 3, ENDS = 2, NAME_ROOM = 128 };
_Static_assert(MAKEHUMAN_GROUPS *GENDERS *STAGES + GENDERS * STAGES * LEVELS * LEVELS * (1 + ENDS) == MAKEHUMAN_MACROS,
               "one macro target for each product");

const char *const makehuman_group_names[MAKEHUMAN_GROUPS] = {"African", "Asian", "Caucasian"};
const char *const makehuman_group_folders[MAKEHUMAN_GROUPS] = {"african", "asian", "caucasian"};
const char *const makehuman_gender_names[2] = {"female", "male"};

static const char *const stage_names[STAGES] = {"child", "young", "old"};
static const char *const level_names[LEVELS] = {"min", "average", "max"};
static const char *const end_names[ENDS] = {"uncommonproportions", "idealproportions"};

static bool next_row(const makehuman_targets *targets, const char *name, int **next, df_error *err)
{
    const int row = makehuman_target_find(targets, name);
    if (row < 0)
        return df_fail(err, "no target '%s'", name);
    *(*next)++ = row;
    return true;
}

/* universal-GENDER-STAGE-MUSCLE-WEIGHT and its two variants of proportions. */
static bool universal_rows(const makehuman_targets *targets, const char *gender, const char *stage, int **next, df_error *err)
{
    char name[NAME_ROOM];
    for (int m = 0; m < LEVELS; m++)
        for (int w = 0; w < LEVELS; w++) {
            snprintf(name, sizeof name, "macrodetails/universal-%s-%s-%smuscle-%sweight", gender, stage, level_names[m], level_names[w]);
            if (!next_row(targets, name, next, err))
                return false;
            for (int e = 0; e < ENDS; e++) {
                snprintf(name, sizeof name, "macrodetails/proportions/%s-%s-%smuscle-%sweight-%s", gender, stage, level_names[m],
                         level_names[w], end_names[e]);
                if (!next_row(targets, name, next, err))
                    return false;
            }
        }
    return true;
}

bool makehuman_macro_rows(const makehuman_targets *targets, int rows[MAKEHUMAN_MACROS], df_error *err)
{
    int *next = rows;
    char name[NAME_ROOM];
    for (int r = 0; r < MAKEHUMAN_GROUPS; r++)
        for (int g = 0; g < GENDERS; g++)
            for (int s = 0; s < STAGES; s++) {
                snprintf(name, sizeof name, "macrodetails/%s-%s-%s", makehuman_group_folders[r], makehuman_gender_names[g], stage_names[s]);
                if (!next_row(targets, name, &next, err))
                    return false;
            }
    for (int g = 0; g < GENDERS; g++)
        for (int s = 0; s < STAGES; s++)
            if (!universal_rows(targets, makehuman_gender_names[g], stage_names[s], &next, err))
                return false;
    return true;
}

void makehuman_macro_weights(const traits *known, float proportions, float weights[MAKEHUMAN_MACROS])
{
    const float gender[GENDERS] = {1 - known->gender, known->gender};
    const float ends[ENDS] = {fmaxf(0, 1 - 2 * proportions), fmaxf(0, 2 * proportions - 1)};
    float stages[STAGES], muscle[LEVELS], weight[LEVELS];
    traits_stages(known->age, stages);
    traits_levels(known->muscle, muscle);
    traits_levels(known->weight, weight);

    float *next = weights;
    for (int r = 0; r < MAKEHUMAN_GROUPS; r++)
        for (int g = 0; g < GENDERS; g++)
            for (int s = 0; s < STAGES; s++)
                *next++ = known->group[r] * gender[g] * stages[s];
    for (int g = 0; g < GENDERS; g++)
        for (int s = 0; s < STAGES; s++)
            for (int m = 0; m < LEVELS; m++)
                for (int w = 0; w < LEVELS; w++) {
                    const float universal = gender[g] * stages[s] * muscle[m] * weight[w];
                    *next++ = universal;
                    for (int e = 0; e < ENDS; e++)
                        *next++ = universal * ends[e];
                }
}
