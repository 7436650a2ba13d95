/* looks.c: choices among the model's parts by tables of weights. Where a table says "chosen", nobody counted it: it is meant to
   look like a street and to keep faces in view. Counted figures:

   grey hair   Panhard, Lozano, Loussouarn, Br J Dermatol 167 (2012) 865: some grey in 63 % at 45-50 years, 78 % at 51-55, 86 %
               at 56-60, 91 % at 61-65 (these cover 40 % of the head), men more often than women (78 and 71 %), less in people
               of African and Asian descent. A normal age of onset (mean 42.4, deviation 15.3 years) gives these shares.
   baldness    Norwood, South Med J 68 (1975) 1359: some 35 % of men at 50 and 55 % at 65; a third of them show no hair here.
   beards      YouGov, United Kingdom, 2016: 18 % of men wear a beard with moustache, 4 % a moustache only.
   irises      American Academy of Ophthalmology, United States: 32 % blue or grey, 15 % blends with flecks, 12 % green or light
               brown, 41 % brown; taken for the Caucasian group, though it is of the whole country. */
#include "face/looks.h"

#include <math.h>
#include <string.h>

enum { AGES = 3, GENDERS = 2 };

typedef struct look_row {
    const char *name;
    float weight[GENDERS][AGES]; /* by person_gender; under 35 years, under 55, above */
    float african;               /* factor for people of the African group */
} look_row;

static const look_row hair_rows[] = {
    /* chosen */
    {"short01", {{0.2f, 0.6f, 1.2f}, {4, 4, 4}}, 1},
    {"short02", {{0.2f, 0.6f, 1.2f}, {4, 4, 3}}, 0.6f},
    {"short04", {{0.1f, 0.2f, 0.4f}, {4, 4, 4}}, 1.5f},
    {"bob02", {{0.7f, 0.7f, 0.6f}, {0, 0, 0}}, 0.2f}, /* over one eye */
    {"long01", {{5, 3.5f, 2}, {0.3f, 0.2f, 0.1f}}, 0.3f},
    {"ponytail01", {{4, 3, 2}, {0.3f, 0.2f, 0.2f}}, 0.6f},
    {"afro01", {{0.03f, 0.03f, 0.03f}, {0.03f, 0.02f, 0.02f}}, 150},
    {"braid01", {{1.5f, 1, 0.5f}, {0, 0, 0}}, 1.5f},
    {"wig_bun_blonde", {{0.1f, 0.2f, 0.3f}, {0, 0, 0}}, 0.5f}, /* its tufts look like a crown from the front */
};

static const look_row brow_rows[] = {
    /* chosen by thickness and arch; 009 and 012 are bushy, 006 and 007 plucked */
    {"eyebrow001", {{1, 1, 1}, {1.5f, 1.5f, 1.5f}}, 1},
    {"eyebrow002", {{1, 1, 1}, {1, 1, 1}}, 1},
    {"eyebrow003", {{0.5f, 0.5f, 0.5f}, {1.5f, 1.5f, 1.5f}}, 1},
    {"eyebrow004", {{0.5f, 0.5f, 0.5f}, {2, 2, 2}}, 1},
    {"eyebrow005", {{1.5f, 1.5f, 1.5f}, {0.3f, 0.3f, 0.3f}}, 1},
    {"eyebrow006", {{1, 1, 1}, {0, 0, 0}}, 1},
    {"eyebrow007", {{0.5f, 0.7f, 1}, {0, 0, 0}}, 1},
    {"eyebrow008", {{1, 1, 1}, {1.2f, 1.2f, 1.2f}}, 1},
    {"eyebrow009", {{0, 0, 0}, {0.2f, 0.5f, 1}}, 1},
    {"eyebrow010", {{1.2f, 1.2f, 1.2f}, {0.7f, 0.7f, 0.7f}}, 1},
    {"eyebrow011", {{1.5f, 1.5f, 1.5f}, {0.7f, 0.7f, 0.7f}}, 1},
    {"eyebrow012", {{0, 0, 0}, {1, 1.3f, 1.5f}}, 1},
};

static const look_row other_row = {NULL, {{1, 1, 1}, {1, 1, 1}}, 1}; /* a part that the tables do not know */

typedef struct iris_row {
    const char *name;
    float light, dark; /* shares in the Caucasian group and in the others */
} iris_row;

static const iris_row iris_rows[] = {
    {"brown", 0.30f, 0.92f}, {"brownlight", 0.20f, 0.08f}, {"green", 0.09f, 0},    {"bluegreen", 0.09f, 0}, {"blue", 0.12f, 0},
    {"lightblue", 0.07f, 0}, {"grey", 0.06f, 0},           {"deepblue", 0.04f, 0}, {"ice", 0.03f, 0},
};

static const float no_hair[GENDERS][AGES] = {{0.005f, 0.005f, 0.01f}, {0.04f, 0.10f, 0.18f}};

static const struct {
    float beard[AGES], moustache_with_beard, moustache_alone, asian; /* asian: factor for the Asian group, chosen */
    float from_age;
} shave = {{0.22f, 0.18f, 0.16f}, 0.8f, 0.04f, 0.5f, 20};

static const struct {
    float onset, onset_deviation, earliest; /* years */
    float men_earlier, others_later;        /* years; the first from 78 and 71 %, the second chosen */
    float share_a_year;                     /* so that at 61-65 years 40 % of the hair of those concerned is grey */
} greying = {42.4f, 15.3f, 30, 1.7f, 5, 0.018f};

static int age_of(const person *who)
{
    return who->age < 35 ? 0 : who->age < 55 ? 1 : 2;
}

/* The person's weight of a group by its name; 0 for a model that does not know it and for a person of unknown groups. */
static float share_of(const face_model *model, const person *who, const char *name)
{
    const int group = face_model_group(model, name);
    return group >= 0 && group < who->mixture_count ? who->mixture[group] : 0;
}

/* What is neither African nor Asian: there alone hair and eyes are of many colours. */
static float light_share(const face_model *model, const person *who)
{
    return fmaxf(0, 1 - share_of(model, who, "African") - share_of(model, who, "Asian"));
}

static const look_row *find_row(const look_row *rows, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return &other_row;
}

/* The weight of a part for a person; 0 for parts of another kind. */
static float part_weight(const face_model *model, const person *who, const face_part *part, face_part_kind kind)
{
    if (part->kind != kind)
        return 0;
    const look_row *row = kind == FACE_PART_HAIR    ? find_row(hair_rows, DF_ARRAY_LEN(hair_rows), part->name)
                          : kind == FACE_PART_BROWS ? find_row(brow_rows, DF_ARRAY_LEN(brow_rows), part->name)
                                                    : &other_row;
    const float african = share_of(model, who, "African");
    return row->weight[who->gender][age_of(who)] * (1 + african * (row->african - 1));
}

static float iris_weight(const face_model *model, const person *who, const iris_row *row)
{
    const float light = light_share(model, who);
    return looks_has_iris(model, row->name) ? light * row->light + (1 - light) * row->dark : 0;
}

bool looks_has_iris(const face_model *model, const char *name)
{
    const size_t prefix = strlen(LOOKS_IRIS_PREFIX);
    for (int i = 0; i < model->texture_count; i++)
        if (strncmp(model->textures[i].name, LOOKS_IRIS_PREFIX, prefix) == 0 && strcmp(model->textures[i].name + prefix, name) == 0)
            return true;
    return false;
}

static void set_name(char out[FACE_NAME], const char *name)
{
    memset(out, 0, FACE_NAME);
    memcpy(out, name, strnlen(name, FACE_NAME - 1));
}

/* A draw in proportion to weights, or the largest weight without `random`. Options come one by one. */
typedef struct chooser {
    df_random *random;
    float total, most;
    const char *name;
} chooser;

static void offer(chooser *c, const char *name, float weight)
{
    c->total += weight;
    const bool wins = c->random ? df_random_uniform(c->random) * c->total < weight : weight > c->most;
    if (weight > 0 && wins) {
        c->name = name;
        c->most = weight;
    }
}

static void choose_part(const face_model *model, const person *who, face_part_kind kind, df_random *random, char out[FACE_NAME])
{
    chooser c = {.random = random, .name = "none"};
    for (int i = 0; i < model->part_count; i++)
        if (model->parts[i].kind == kind)
            offer(&c, model->parts[i].name, part_weight(model, who, &model->parts[i], kind));
    set_name(out, c.name);
}

static void choose_iris(const face_model *model, const person *who, df_random *random, char out[FACE_NAME])
{
    chooser c = {.random = random, .name = "none"};
    for (size_t i = 0; i < DF_ARRAY_LEN(iris_rows); i++)
        offer(&c, iris_rows[i].name, iris_weight(model, who, &iris_rows[i]));
    set_name(out, c.name);
}

static void first_part(const face_model *model, face_part_kind kind, char out[FACE_NAME])
{
    set_name(out, "none");
    for (int i = 0; i < model->part_count; i++)
        if (model->parts[i].kind == kind) {
            set_name(out, model->parts[i].name);
            return;
        }
}

static void draw_beard(const face_model *model, const person *who, df_random *random, person_looks *out)
{
    const float less = 1 + share_of(model, who, "Asian") * (shave.asian - 1);
    const bool can = who->gender == PERSON_MALE && who->age >= shave.from_age;
    const bool has_beard = df_random_uniform(random) < less * shave.beard[age_of(who)] && can;
    const bool has_moustache = df_random_uniform(random) < (has_beard ? shave.moustache_with_beard : less * shave.moustache_alone) && can;
    set_name(out->beard, "none");
    set_name(out->moustache, "none");
    if (has_beard)
        choose_part(model, who, FACE_PART_BEARD, random, out->beard);
    if (has_moustache)
        choose_part(model, who, FACE_PART_MOUSTACHE, random, out->moustache);
}

/* deviate: standard deviations of the age of onset. */
static float grey_of(const face_model *model, const person *who, float deviate)
{
    const float later =
        (1 - light_share(model, who)) * greying.others_later + (who->gender == PERSON_MALE ? -1.0f : 1.0f) * greying.men_earlier;
    const float onset = fmaxf(greying.earliest, greying.onset + later + greying.onset_deviation * deviate);
    return fminf(1, fmaxf(0, who->age - onset) * greying.share_a_year);
}

/* From fair to nearly black in the Caucasian group, brown in the middle; dark in the others. Chosen. uniform: 0 to 1. */
static float melanin_of(const face_model *model, const person *who, float uniform)
{
    const float light = light_share(model, who);
    return light * (0.15f + 0.8f * sqrtf(uniform)) + (1 - light) * (0.85f + 0.15f * uniform);
}

static void set_colours(const face_model *model, const person *who, float uniform, float deviate, float tone, person_looks *out)
{
    out->hair_melanin = person_round(melanin_of(model, who, uniform), PERSON_DIGITS);
    out->hair_grey = person_round(grey_of(model, who, deviate), PERSON_DIGITS);
    out->nir_tone = person_round(tone, PERSON_DIGITS);
}

void looks_draw(const face_model *model, const person *who, df_random *random, person_looks *out)
{
    const float uniform = df_random_uniform(random), deviate = df_random_normal(random), tone = df_random_normal(random);
    set_colours(model, who, uniform, deviate, tone, out);
    const bool is_bald = df_random_uniform(random) < no_hair[who->gender][age_of(who)];
    choose_part(model, who, FACE_PART_HAIR, random, out->hair);
    if (is_bald)
        set_name(out->hair, "none");
    choose_part(model, who, FACE_PART_BROWS, random, out->brows);
    choose_iris(model, who, random, out->iris);
    draw_beard(model, who, random, out);
    first_part(model, FACE_PART_LASHES, out->lashes);
}

void looks_likeliest(const face_model *model, const person *who, person_looks *out)
{
    set_colours(model, who, 0.5f, 0, 0, out);
    choose_part(model, who, FACE_PART_HAIR, NULL, out->hair);
    choose_part(model, who, FACE_PART_BROWS, NULL, out->brows);
    choose_iris(model, who, NULL, out->iris);
    set_name(out->beard, "none");
    set_name(out->moustache, "none");
    first_part(model, FACE_PART_LASHES, out->lashes);
}
