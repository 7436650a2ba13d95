/* build_people.c: what the model knows of people, out of the drawn heads' traits and coefficients. */
#include <string.h>

#include "face/build_internal.h"
#include "face/separability.h"
#include "face/trait_fit.h"

enum { GROUP_DRAWS = 2000, GENDERS = 2 };

static float *features_of(build *b, int count)
{
    const int f = traits_feature_count(MAKEHUMAN_GROUPS);
    float *features = df_alloc(b->arena, (size_t)count * (size_t)f, sizeof *features, b->err);
    for (int i = 0; features && i < count; i++)
        traits_features(&b->traits[i], MAKEHUMAN_GROUPS, features + (size_t)i * (size_t)f);
    return features;
}

static bool fit_law(build *b, const float *features, const pca *fit, const float **law, const float **residual)
{
    const int f = traits_feature_count(MAKEHUMAN_GROUPS), k = fit->count;
    float *rows = df_alloc(b->arena, (size_t)f * (size_t)k, sizeof *rows, b->err);
    float *factor = rows ? df_alloc(b->arena, (size_t)k * (size_t)k, sizeof *factor, b->err) : NULL;
    if (!factor || !trait_law_fit(features, f, fit->coefficients, fit->samples, k, b->arena, rows, factor, b->err))
        return false;
    *law = rows;
    *residual = factor;
    return true;
}

/* Pure members of each group and gender, drawn as heads of a model of pure groups are. */
static bool group_cells(build *b)
{
    const int f = traits_feature_count(MAKEHUMAN_GROUPS), n = b->shape.count + b->albedo.count;
    const size_t cells = MAKEHUMAN_GROUPS * GENDERS, square = (size_t)n * (size_t)n;
    float *mean = df_alloc(b->arena, cells * (size_t)n, sizeof *mean, b->err);
    float *covariance = mean ? df_alloc(b->arena, cells * square, sizeof *covariance, b->err) : NULL;
    float *samples = covariance ? df_alloc(b->arena, (size_t)GROUP_DRAWS * (size_t)f, sizeof *samples, b->err) : NULL;
    if (!samples)
        return false;
    for (size_t cell = 0; cell < cells; cell++) {
        df_random random = df_random_at(b->options->seed, cell, 0, DF_FOR_PERSON_TRAITS);
        for (int i = 0; i < GROUP_DRAWS; i++) {
            float proportions;
            const traits known = head_traits_draw(&random, (int)cell / GENDERS, (int)cell % GENDERS, BUILD_GROUPS_PURE, &proportions);
            traits_features(&known, MAKEHUMAN_GROUPS, samples + (size_t)i * (size_t)f);
        }
        if (!group_statistics(&b->model.law, b->shape.count, b->albedo.count, samples, GROUP_DRAWS, b->arena, mean + cell * (size_t)n,
                              covariance + cell * square, b->err))
            return false;
    }
    b->model.group_mean = mean;
    b->model.group_covariance = covariance;
    return true;
}

static float attribute_of(const traits *known, face_attribute attribute)
{
    switch (attribute) {
    case FACE_GENDER:
        return known->gender;
    case FACE_AGE:
        return known->age;
    case FACE_WEIGHT:
        return known->weight;
    case FACE_ATTRIBUTE_COUNT:
        break;
    }
    return 0;
}

static bool directions(build *b)
{
    const int shape = b->shape.count, albedo = b->albedo.count, n = shape + albedo, count = b->skins;
    float *joint = df_alloc(b->arena, (size_t)count * (size_t)n, sizeof *joint, b->err);
    float *values = joint ? df_alloc(b->arena, (size_t)count, sizeof *values, b->err) : NULL;
    float *out = values ? df_alloc(b->arena, FACE_ATTRIBUTE_COUNT * (size_t)n, sizeof *out, b->err) : NULL;
    if (!out)
        return false;
    for (size_t i = 0; i < (size_t)count; i++) {
        memcpy(joint + i * (size_t)n, b->shape.coefficients + i * (size_t)shape, (size_t)shape * sizeof *joint);
        memcpy(joint + i * (size_t)n + (size_t)shape, b->albedo.coefficients + i * (size_t)albedo, (size_t)albedo * sizeof *joint);
    }
    for (int a = 0; a < FACE_ATTRIBUTE_COUNT; a++) {
        for (int i = 0; i < count; i++)
            values[i] = attribute_of(&b->traits[i], (face_attribute)a);
        if (!attribute_direction(joint, values, count, n, b->arena, out + (size_t)a * (size_t)n, b->err))
            return false;
    }
    b->model.attribute_directions = out;
    return true;
}

static int largest_group(const traits *known)
{
    int largest = 0;
    for (int g = 1; g < MAKEHUMAN_GROUPS; g++)
        if (known->group[g] > known->group[largest])
            largest = g;
    return largest;
}

bool build_separability(build *b)
{
    const int train = b->heads - 3 * b->heads / 10, k = b->shape.count;
    int *labels = df_alloc(b->arena, (size_t)b->heads, sizeof *labels, b->err);
    if (!labels)
        return false;
    for (int i = 0; i < b->heads; i++)
        labels[i] = b->traits[i].gender >= 0.5f;
    if (!linear_separability(b->shape.coefficients, labels, b->heads, k, GENDERS, train, b->arena, &b->gender_separable, b->err))
        return false;
    for (int i = 0; i < b->heads; i++)
        labels[i] = largest_group(&b->traits[i]);
    return linear_separability(b->shape.coefficients, labels, b->heads, k, MAKEHUMAN_GROUPS, train, b->arena, &b->group_separable, b->err);
}

bool build_people(build *b)
{
    face_model *m = &b->model;
    const float *features = features_of(b, b->heads);
    m->group_count = MAKEHUMAN_GROUPS;
    for (int g = 0; g < MAKEHUMAN_GROUPS; g++)
        memcpy(m->group_names[g], makehuman_group_names[g], strlen(makehuman_group_names[g]) + 1);
    m->law.features = traits_feature_count(MAKEHUMAN_GROUPS);
    return features && fit_law(b, features, &b->shape, &m->law.shape, &m->law.shape_residual) &&
           fit_law(b, features, &b->albedo, &m->law.albedo, &m->law.albedo_residual) && group_cells(b) && directions(b);
}
