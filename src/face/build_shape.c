/* build_shape.c: from drawn people to shape components: all heads are one matrix product of weights and displacements; each is
   aligned, then the principal components of all are taken. */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "face/build_internal.h"
#include "face/identity_modes.h"
#include "face/lips.h"
#include "face/procrustes.h"

static const float neck_below_mm = -80, neck_weight = 0.3f; /* the neck varies most and says least */

static bool draw_people(build *b)
{
    b->traits = df_alloc(b->arena, (size_t)b->heads, sizeof *b->traits, b->err);
    b->proportions = b->traits ? df_alloc(b->arena, (size_t)b->heads, sizeof *b->proportions, b->err) : NULL;
    if (!b->proportions)
        return false;
    for (int i = 0; i < b->heads; i++)
        b->traits[i] = head_traits(b->options->seed, i, b->options->groups, &b->proportions[i]);
    return true;
}

/* Which target rows are read: macros, and sliders unless the modes replace them. */
static bool choose_rows(build *b, head_rows *rows, int *targets, int *count)
{
    *count = MAKEHUMAN_MACROS;
    if (!makehuman_macro_rows(&b->targets, targets, b->err))
        return false;
    if (b->options->modes != BUILD_MODES_NONE)
        return true;
    makehuman_slider *sliders = NULL;
    slider_draw *draws = NULL;
    int slider_count = 0;
    if (!makehuman_sliders_read(b->options->assets, &b->targets, head_slider_groups, b->arena, &sliders, &slider_count, b->err) ||
        !slider_draws(&b->targets, sliders, slider_count, b->arena, &draws, &rows->slider_count, targets, count, b->err))
        return false;
    rows->sliders = draws;
    return true;
}

static bool read_rows(build *b, head_rows *rows)
{
    int *targets = df_alloc(b->arena, (size_t)b->targets.count * 2 + MAKEHUMAN_MACROS, sizeof *targets, b->err);
    int count = 0, mode_count = 0;
    float *modes = NULL;
    if (!targets || !choose_rows(b, rows, targets, &count))
        return false;
    if (b->options->modes == BUILD_MODES_ICT &&
        !identity_modes_read(b->options->modes_file, &b->head, b->arena, &modes, &mode_count, b->err))
        return false;
    const size_t stride = 3 * (size_t)b->head.cage_count;
    float *made = df_alloc(b->arena, (size_t)(count + mode_count) * stride, sizeof *made, b->err);
    if (!made)
        return false;
    for (int r = 0; r < count; r++)
        if (!makehuman_target_read(&b->targets, targets[r], b->head.base, b->head.cage_count, made + (size_t)r * stride, b->err))
            return false;
    if (mode_count)
        memcpy(made + (size_t)count * stride, modes, (size_t)mode_count * stride * sizeof *made);
    rows->rows = made;
    rows->count = count + mode_count;
    rows->first_mode = count;
    rows->mode_count = mode_count;
    return true;
}

/* shapes [heads][3 cage] = rest + weights . rows. */
static bool combine(build *b, const head_rows *rows, float *shapes)
{
    const int stride = 3 * b->head.cage_count;
    float *weights = df_alloc(b->arena, (size_t)b->heads * (size_t)rows->count, sizeof *weights, b->err);
    if (!weights)
        return false;
    for (int i = 0; i < b->heads; i++) {
        head_weights(rows, b->options->seed, i, b->options->groups, &b->traits[i], b->proportions[i],
                     weights + (size_t)i * (size_t)rows->count);
        memcpy(shapes + (size_t)i * (size_t)stride, b->head.rest, (size_t)stride * sizeof *shapes);
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, b->heads, stride, rows->count, 1, weights, rows->count, rows->rows, stride, 1,
                shapes, stride);
    return true;
}

/* Brings each head onto the base mesh's and its lips together. */
static bool align(build *b, float *shapes)
{
    const size_t stride = 3 * (size_t)b->head.cage_count;
    const lips *meeting = lips_of(&b->head, b->arena, b->err);
    if (!meeting)
        return false;
    for (int i = 0; i < b->heads; i++) {
        rigid_motion motion;
        float *shape = shapes + (size_t)i * stride;
        if (!procrustes_fit(shape, b->head.rest, b->head.rigid, b->head.rigid_count, &motion, b->err))
            return false;
        procrustes_apply(&motion, shape, b->head.cage_count);
        lips_close(meeting, shape);
    }
    return true;
}

/* Multiplies the neck's columns, so that components care less for it; afterwards divides the components' again. */
static void weigh_neck(const build *b, float *rows, int count, float weight)
{
    const size_t stride = 3 * (size_t)b->head.cage_count;
    for (int v = 0; v < b->head.skin_count; v++) {
        if (b->head.rest[3 * v + 1] >= neck_below_mm)
            continue;
        for (int r = 0; r < count; r++)
            for (size_t axis = 0; axis < 3; axis++)
                rows[(size_t)r * stride + 3 * (size_t)v + axis] *= weight;
    }
}

/* Mean distance of the skin's vertices from what the components make of each head; shapes are centred, neither is weighted. */
static void measure_error(build *b, float *shapes, const float *components)
{
    const size_t stride = 3 * (size_t)b->head.cage_count;
    double sum = 0;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, b->heads, (int)stride, b->components, -1, b->shape.coefficients, b->components,
                components, (int)stride, 1, shapes, (int)stride);
    for (size_t i = 0; i < (size_t)b->heads; i++)
        for (size_t v = 0; v < (size_t)b->head.skin_count; v++) {
            const float *d = shapes + i * stride + 3 * v;
            sum += (double)sqrtf(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        }
    b->shape_error = (float)(sum / ((double)b->heads * b->head.skin_count));
}

bool build_shapes(build *b)
{
    const int stride = 3 * b->head.cage_count;
    head_rows rows = {0};
    float *shapes = df_alloc(b->arena, (size_t)b->heads * (size_t)stride, sizeof *shapes, b->err);
    float *mean = shapes ? df_alloc(b->arena, (size_t)stride, sizeof *mean, b->err) : NULL;
    float *components = mean ? df_alloc(b->arena, (size_t)b->components * (size_t)stride, sizeof *components, b->err) : NULL;
    if (!components || !draw_people(b) || !read_rows(b, &rows) || !combine(b, &rows, shapes) || !align(b, shapes))
        return false;
    pca_centre(shapes, b->heads, stride, mean);
    weigh_neck(b, shapes, b->heads, neck_weight);
    if (!pca_fit(shapes, b->heads, 3 * b->head.skin_count, stride, b->components, b->arena, &b->shape, b->err))
        return false;
    pca_components(&b->shape, shapes, stride, components);
    weigh_neck(b, components, b->components, 1 / neck_weight);
    weigh_neck(b, shapes, b->heads, 1 / neck_weight);
    measure_error(b, shapes, components);
    b->model.cage_mean = mean;
    b->model.shape = components;
    b->model.shape_count = b->components;
    return true;
}

/* Expression units are the same names below each group; their mean is taken. */
static bool read_unit(build *b, const char *unit, float *row, float *scratch)
{
    const size_t stride = 3 * (size_t)b->head.cage_count;
    for (int group = 0; group < MAKEHUMAN_GROUPS; group++) {
        char name[128];
        snprintf(name, sizeof name, "expression/units/%s/%s", makehuman_group_folders[group], unit);
        const int target = makehuman_target_find(&b->targets, name);
        if (target < 0)
            return df_fail(b->err, "no target '%s'", name);
        if (!makehuman_target_read(&b->targets, target, b->head.base, b->head.cage_count, scratch, b->err))
            return false;
        for (size_t i = 0; i < stride; i++)
            row[i] += scratch[i] / MAKEHUMAN_GROUPS;
    }
    return true;
}

bool build_expressions(build *b)
{
    static const char folder[] = "expression/units/caucasian/";
    const size_t stride = 3 * (size_t)b->head.cage_count;
    char(*names)[FACE_NAME] = df_alloc(b->arena, FACE_MAX_EXPRESSIONS, FACE_NAME, b->err);
    float *rows = names ? df_alloc(b->arena, FACE_MAX_EXPRESSIONS * stride, sizeof *rows, b->err) : NULL;
    float *scratch = rows ? df_alloc(b->arena, stride, sizeof *scratch, b->err) : NULL;
    if (!scratch)
        return false;
    int count = 0;
    for (int t = 0; t < b->targets.count; t++) {
        const char *name = b->targets.names[t];
        if (strncmp(name, folder, strlen(folder)) != 0)
            continue;
        const char *unit = name + strlen(folder);
        if (count == FACE_MAX_EXPRESSIONS || strlen(unit) >= FACE_NAME)
            return df_fail(b->err, "expression '%.60s': more than %d, or its name is too long", unit, FACE_MAX_EXPRESSIONS);
        memcpy(names[count], unit, strlen(unit) + 1);
        if (!read_unit(b, unit, rows + (size_t)count * stride, scratch))
            return false;
        count++;
    }
    b->model.expression_count = count;
    b->model.expression_names = (const char(*)[FACE_NAME])names;
    b->model.expression = rows;
    return true;
}
