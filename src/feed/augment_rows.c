/* augment_rows.c: the table of changes, plans as text, and the plans that have a name. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/augment.h"

static const float USUAL_PROBABILITY = 0.5f;
enum { LONGEST_WORD = 48 };

static const augment_row rows[AUGMENT_COUNT] = {
    [AUGMENT_FLIP] = {.name = "flip", .help = "left becomes right"},
    [AUGMENT_ROTATE] = {"rotate", "degrees", 0.0f, 180.0f, 10.0f, "turned up to so far either way"},
    [AUGMENT_SCALE] = {"scale", "share", 0.0f, 1.0f, 0.1f, "made smaller or larger, by up to 1 + the share"},
    [AUGMENT_SHIFT] = {"shift", "share of the side", 0.0f, 0.5f, 0.05f, "moved along both axes"},
    [AUGMENT_SHEAR] = {"shear", "degrees", 0.0f, 45.0f, 5.0f, "slanted along x"},
    [AUGMENT_BRIGHTNESS] = {"brightness", "share of white", 0.0f, 1.0f, 0.15f, "made darker or lighter"},
    [AUGMENT_CONTRAST] = {"contrast", "share", 0.0f, 4.0f, 0.3f, "contrast changed by up to 1 + the share"},
    [AUGMENT_GAMMA] = {"gamma", "share", 0.0f, 4.0f, 0.3f, "gamma changed by up to 1 + the share"},
    [AUGMENT_SATURATION] = {"saturation", "share", 0.0f, 1.0f, 0.4f, "colours made weaker or stronger"},
    [AUGMENT_GREY] = {.name = "grey", .help = "colours taken away"},
    [AUGMENT_BLUR] = {"blur", "pixels", 0.0f, 8.0f, 1.0f, "Gaussian blur with a sigma of up to so many pixels"},
    [AUGMENT_NOISE] = {"noise", "share of white", 0.0f, 0.5f, 0.03f, "noise with a sigma of up to the share"},
    [AUGMENT_JPEG] = {"jpeg", "quality", 5.0f, 95.0f, 40.0f, "written as JPEG, quality from this to 95, and read again"},
    [AUGMENT_CUTOUT] = {"cutout", "share of the side", 0.0f, 1.0f, 0.4f, "a box of up to this size becomes grey"},
};

const augment_row *augment_row_at(int kind)
{
    return kind >= 0 && kind < AUGMENT_COUNT ? &rows[kind] : NULL;
}

static const struct {
    const char *name, *text;
} plans[] = {
    {"none", ""},
    {"light", "flip=0.5,rotate=0.5:5,scale=0.5:0.08,shift=0.5:0.03,brightness=0.3:0.1,contrast=0.3:0.2"},
    /* What lies between renders and photographs: light, lens, sensor, compression. */
    {"strong", "flip=0.5,rotate=0.7:12,scale=0.7:0.15,shift=0.7:0.06,shear=0.3:5,brightness=0.5:0.2,contrast=0.5:0.5,gamma=0.5:0.5,"
               "saturation=0.5:0.5,grey=0.1,blur=0.3:1.2,noise=0.3:0.05,jpeg=0.3:30,cutout=0.3:0.4"},
};

/* ---- text ---- */

static int find_row(const char *name)
{
    for (int k = 0; k < AUGMENT_COUNT; k++)
        if (strcmp(rows[k].name, name) == 0)
            return k;
    return -1;
}

static bool parse_number(const char *text, const char *what, float low, float high, float *out, df_error *err)
{
    char *end;
    const float value = strtof(text, &end);
    if (end == text || *end || !(value >= low && value <= high))
        return df_fail(err, "%s '%s', expected a number from %g to %g", what, text, (double)low, (double)high);
    *out = value;
    return true;
}

/* "rotate", "rotate=0.5" or "rotate=0.5:10" */
static bool parse_row(char *word, augment_plan *plan, df_error *err)
{
    char *probability = strchr(word, '=');
    if (probability)
        *probability++ = '\0';
    const int k = find_row(word);
    if (k < 0) {
        df_text names = {0};
        for (int i = 0; i < AUGMENT_COUNT; i++)
            df_text_addf(&names, "%s%s", i ? ", " : "", rows[i].name);
        df_fail(err, "'%s', expected one of %s", word, names.data ? names.data : "");
        df_text_free(&names);
        return false;
    }
    char *strength = probability ? strchr(probability, ':') : NULL;
    if (strength)
        *strength++ = '\0';
    plan->of[k].probability = USUAL_PROBABILITY;
    plan->of[k].strength = rows[k].usual;
    if (strength && !rows[k].strength)
        return df_fail(err, "%s has no strength, found '%s'", word, strength);
    if ((probability && !parse_number(probability, "probability", 0.0f, 1.0f, &plan->of[k].probability, err)) ||
        (strength && !parse_number(strength, rows[k].strength, rows[k].least, rows[k].most, &plan->of[k].strength, err)))
        return df_fail_in(err, "%s", word);
    return true;
}

static bool parse_list(const char *text, augment_plan *plan, df_error *err);

static bool parse_word(char *word, augment_plan *plan, df_error *err)
{
    for (size_t p = 0; p < DF_ARRAY_LEN(plans); p++)
        if (strcmp(plans[p].name, word) == 0) {
            *plan = (augment_plan){0};
            return parse_list(plans[p].text, plan, err);
        }
    return parse_row(word, plan, err);
}

/* Plans by name hold rows alone, so that this goes one level deep. */
static bool parse_list(const char *text, augment_plan *plan, df_error *err) /* NOLINT(misc-no-recursion) */
{
    while (*text) {
        char word[LONGEST_WORD];
        const size_t length = strcspn(text, ",");
        if (length >= sizeof word)
            return df_fail(err, "'%.40s...', expected NAME=PROBABILITY:STRENGTH", text);
        memcpy(word, text, length);
        word[length] = '\0';
        if (!parse_word(word, plan, err))
            return false;
        text += length + (text[length] == ',');
    }
    return true;
}

bool augment_parse(const char *text, augment_plan *out, df_error *err)
{
    augment_plan plan = {0};
    if (!parse_list(text, &plan, err))
        return df_fail_in(err, "changes of images");
    *out = plan;
    return true;
}

bool augment_put(const augment_plan *plan, df_text *out, df_error *err)
{
    bool is_first = true;
    for (int k = 0; k < AUGMENT_COUNT; k++) {
        if (!(plan->of[k].probability > 0.0f))
            continue;
        df_text_addf(out, "%s%s=", is_first ? "" : ",", rows[k].name);
        df_text_number(out, (double)plan->of[k].probability, 6);
        if (rows[k].strength) {
            df_text_add(out, ":");
            df_text_number(out, (double)plan->of[k].strength, 6);
        }
        is_first = false;
    }
    if (is_first)
        df_text_add(out, "none");
    return df_text_ok(out, err);
}
