/* mood.c: a table of moods over MakeHuman's expression units. */
#include "dataset/mood.h"

#include <string.h>

enum { MOOD_UNITS = 6, RANDOM_UNITS = 3, DRAWS = 3 * MOOD_UNITS };

typedef struct mood {
    float share; /* how often, of the sum of all */
    struct {
        const char *unit;
        float weight;
    } units[MOOD_UNITS];
} mood;

static const mood moods[] = {
    {.share = 30}, /* neutral */
    {.share = 12, .units = {{"mouth-corner-puller", 0.7f}, {"eye-left-slit", 0.25f}, {"eye-right-slit", 0.25f}}},
    {.share = 10, .units = {{"mouth-corner-puller", 1}, {"mouth-part-later", 0.6f}, {"eye-left-slit", 0.4f}, {"eye-right-slit", 0.4f}}},
    {.share = 10, .units = {{"mouth-open", 0.35f}, {"mouth-parling", 0.4f}}}, /* talking */
    {.share = 8, .units = {{"mouth-pursing", 0.5f}, {"mouth-protusion", 0.3f}}},
    {.share = 8,
     .units = {{"eyebrows-left-up", 0.8f},
               {"eyebrows-right-up", 0.8f},
               {"eye-left-opened-up", 0.6f},
               {"eye-right-opened-up", 0.6f},
               {"mouth-open", 0.4f}}},
    {.share = 8,
     .units = {{"eyebrows-left-down", 0.8f},
               {"eyebrows-right-down", 0.8f},
               {"mouth-compression", 0.5f},
               {"eye-left-slit", 0.3f},
               {"eye-right-slit", 0.3f}}},
    {.share = 7, .units = {{"eyebrows-left-inner-up", 0.8f}, {"eyebrows-right-inner-up", 0.8f}, {"mouth-depression", 0.6f}}},
    {.share = 7,
     .units = {{"eye-left-slit", 0.8f}, {"eye-right-slit", 0.8f}, {"eyebrows-left-down", 0.4f}, {"eyebrows-right-down", 0.4f}}}, /* glare */
};

static const float BLINK_SHARE = 0.06f; /* of the time with lids partly or fully closed, Stern et al. 1984: 15-20 a minute of 0.2 s */
static const char *const lids[2] = {"eye-left-closure", "eye-right-closure"};

static const mood *choose_mood(float dice)
{
    float sum = 0;
    for (size_t i = 0; i < DF_ARRAY_LEN(moods); i++)
        sum += moods[i].share;
    float left = dice * sum;
    size_t i = 0;
    while (i + 1 < DF_ARRAY_LEN(moods) && left >= moods[i].share)
        left -= moods[i++].share;
    return &moods[i];
}

static bool knows_moods(const face_model *model)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(moods); i++)
        if (moods[i].units[0].unit && face_model_expression(model, moods[i].units[0].unit) >= 0)
            return true;
    return false;
}

static void set_weight(const face_model *model, const char *unit, float weight, float *weights)
{
    const int index = face_model_expression(model, unit);
    if (index >= 0)
        weights[index] = weight;
}

static void random_units(const face_model *model, float strength, const float dice[DRAWS], float *weights)
{
    for (int i = 0; i < RANDOM_UNITS; i++) {
        const int unit = (int)(dice[2 * i] * (float)model->expression_count);
        weights[unit] = strength * dice[2 * i + 1] * dice[2 * i + 1];
    }
}

void mood_draw(const face_model *model, float strength, df_random *random, float *weights)
{
    const float which = df_random_uniform(random), blink = df_random_uniform(random), closed = df_random_uniform(random);
    float dice[DRAWS];
    for (int i = 0; i < DRAWS; i++)
        dice[i] = df_random_uniform(random);

    memset(weights, 0, (size_t)model->expression_count * sizeof *weights);
    if (strength <= 0 || model->expression_count == 0)
        return;
    if (!knows_moods(model)) {
        random_units(model, strength, dice, weights);
        return;
    }
    const mood *chosen = choose_mood(which);
    for (int i = 0; i < MOOD_UNITS && chosen->units[i].unit; i++) /* all units of a mood about equally strong */
        set_weight(model, chosen->units[i].unit, strength * chosen->units[i].weight * (0.45f + 0.45f * dice[MOOD_UNITS] + 0.1f * dice[i]),
                   weights);
    if (blink < BLINK_SHARE)
        for (int side = 0; side < 2; side++)
            set_weight(model, lids[side], strength * (0.4f + 0.6f * closed), weights);
}
