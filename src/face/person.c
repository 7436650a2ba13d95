/* person.c: what a person's numbers say, and the line that holds them. */
#include "face/person.h"

#include <math.h>
#include <string.h>

enum { MOST_DIGITS = 9 };
static const float SAME_WEIGHT = 1e-6f; /* two group weights closer than this share the lead */

const char *const person_gender_names[2] = {[PERSON_FEMALE] = "female", [PERSON_MALE] = "male"};

bool person_id_is_safe(const char *id)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const size_t length = strspn(id, allowed);
    return length > 0 && length < PERSON_ID && id[length] == '\0' && id[0] != '.';
}

static int largest(const float *weights, int count)
{
    int best = 0;
    for (int i = 1; i < count; i++)
        if (weights[i] > weights[best])
            best = i;
    return best;
}

static bool shares_the_lead(const float *weights, int count, int leader)
{
    for (int i = 0; i < count; i++)
        if (i != leader && weights[i] > weights[leader] - SAME_WEIGHT)
            return true;
    return false;
}

void person_label(person *who, const face_model *model)
{
    who->gender = who->gender_value >= 0.5f ? PERSON_MALE : PERSON_FEMALE;
    who->group = -1;
    memset(who->ethnicity, 0, sizeof who->ethnicity);
    if (who->mixture_count == 0)
        return;
    const int leader = largest(who->mixture, who->mixture_count);
    if (shares_the_lead(who->mixture, who->mixture_count, leader)) {
        memcpy(who->ethnicity, PERSON_MIXTURE, sizeof PERSON_MIXTURE);
        return;
    }
    who->group = leader;
    memcpy(who->ethnicity, model->group_names[leader], sizeof who->ethnicity);
}

float person_round(float value, int digits)
{
    static const double powers[] = {1, 10, 100, 1000, 10000, 100000};
    const double rounded = floor(fabs((double)value) * powers[digits] + 0.5) / powers[digits];
    return (float)(value < 0 ? -rounded : rounded);
}

/* The usual number of decimals, or all that a float has where somebody else gave a number more of them. */
static int digits_of(const float *values, int count, int usual)
{
    for (int i = 0; i < count; i++)
        if (person_round(values[i], usual) != values[i])
            return MOST_DIGITS;
    return usual;
}

static void write_string(df_text *out, const char *key, const char *value)
{
    df_text_addf(out, ",\"%s\":", key);
    df_text_json_string(out, value);
}

static void write_number(df_text *out, const char *key, float value, int digits)
{
    df_text_addf(out, ",\"%s\":", key);
    df_text_number(out, (double)value, digits_of(&value, 1, digits));
}

static void write_mixture(const person *who, const face_model *model, df_text *out)
{
    const int digits = digits_of(who->mixture, who->mixture_count, PERSON_DIGITS);
    for (int i = 0; i < who->mixture_count; i++) {
        df_text_add(out, i == 0 ? ",\"mixture\":{" : ",");
        df_text_json_string(out, model->group_names[i]);
        df_text_add(out, ":");
        df_text_number(out, (double)who->mixture[i], digits);
    }
    if (who->mixture_count > 0)
        df_text_add(out, "}");
}

static void write_looks(const person_looks *looks, df_text *out)
{
    write_string(out, "hair", looks->hair);
    write_string(out, "beard", looks->beard);
    write_string(out, "moustache", looks->moustache);
    write_string(out, "brows", looks->brows);
    write_string(out, "lashes", looks->lashes);
    write_string(out, "iris", looks->iris);
    write_number(out, "hair_melanin", looks->hair_melanin, PERSON_DIGITS);
    write_number(out, "hair_grey", looks->hair_grey, PERSON_DIGITS);
    write_number(out, "nir_tone", looks->nir_tone, PERSON_DIGITS);
}

static void write_coefficients(df_text *out, const char *key, const float *values, int count)
{
    df_text_addf(out, ",\"%s\":", key);
    df_text_json_floats(out, values, (size_t)count, digits_of(values, count, PERSON_COEFFICIENT_DIGITS));
}

void person_write(const person *who, const face_model *model, df_text *out)
{
    df_text_add(out, "{\"id\":");
    df_text_json_string(out, who->id);
    write_string(out, "gender", person_gender_names[who->gender]);
    write_number(out, "gender_value", who->gender_value, PERSON_DIGITS);
    if (who->ethnicity[0] != '\0')
        write_string(out, "ethnicity", who->ethnicity);
    else
        df_text_add(out, ",\"ethnicity\":null");
    write_mixture(who, model, out);
    write_number(out, "age", who->age, PERSON_AGE_DIGITS);
    write_number(out, "weight", who->weight, PERSON_DIGITS);
    write_number(out, "muscle", who->muscle, PERSON_DIGITS);
    write_looks(&who->looks, out);
    write_coefficients(out, "shape", who->shape, who->shape_count);
    write_coefficients(out, "albedo", who->albedo, who->albedo_count);
    df_text_add(out, "}\n");
}
