/* optimizer.c: one loop a kind. The decay of SGD and Adam is a part of the derivative, that of AdamW shrinks the values themselves
   (Loshchilov and Hutter, 2017). */
#include "train/optimizer.h"

#include <math.h>

static const float BETA1 = 0.9f, BETA2 = 0.999f, EPS = 1e-8f;
enum { ALONE = 1 << 14 }; /* below this many values a loop is not shared out */

static const char *const names[] = {
    [OPTIMIZER_SGD] = "sgd", [OPTIMIZER_ADAM] = "adam", [OPTIMIZER_ADAMW] = "adamw", [OPTIMIZER_KIND_COUNT] = NULL};

const char *optimizer_name(optimizer_kind kind)
{
    return names[kind];
}

bool optimizer_slot_init(optimizer_slot *slot, const optimizer_form *form, size_t count, df_arena *arena, df_error *err)
{
    optimizer_slot made = {.count = count, .first = df_alloc(arena, count, sizeof(float), err)};
    if (made.first && form->kind != OPTIMIZER_SGD)
        made.second = df_alloc(arena, count, sizeof(float), err);
    if (!made.first || (form->kind != OPTIMIZER_SGD && !made.second))
        return false;
    *slot = made;
    return true;
}

static void step_sgd(const optimizer_form *form, const optimizer_slot *slot, int64_t step, float scale, const float *gradient,
                     float *values)
{
    const float rate = form->rate, decay = form->decay, momentum = step == 1 ? 0 : form->momentum;
    float *const kept = slot->first;
#pragma omp parallel for simd schedule(static) if (slot->count > ALONE)
    for (size_t i = 0; i < slot->count; i++) {
        kept[i] = momentum * kept[i] + (scale * gradient[i] + decay * values[i]);
        values[i] -= rate * kept[i];
    }
}

static void step_adam(const optimizer_form *form, const optimizer_slot *slot, int64_t step, float scale, const float *gradient,
                      float *values)
{
    const bool is_apart = form->kind == OPTIMIZER_ADAMW;
    const float inside = is_apart ? 0 : form->decay, shrink = is_apart ? 1 - form->rate * form->decay : 1;
    const float rate = (float)((double)form->rate / (1 - pow((double)BETA1, (double)step)));
    const float root = (float)sqrt(1 - pow((double)BETA2, (double)step));
    float *const first = slot->first, *const second = slot->second;
#pragma omp parallel for simd schedule(static) if (slot->count > ALONE)
    for (size_t i = 0; i < slot->count; i++) {
        const float g = scale * gradient[i] + inside * values[i];
        first[i] = BETA1 * first[i] + (1 - BETA1) * g;
        second[i] = BETA2 * second[i] + (1 - BETA2) * g * g;
        values[i] = shrink * values[i] - rate * first[i] / (sqrtf(second[i]) / root + EPS);
    }
}

void optimizer_step(const optimizer_form *form, optimizer_slot *slot, int64_t step, float scale, const float *gradient, float *values)
{
    switch (form->kind) {
    case OPTIMIZER_SGD:
        step_sgd(form, slot, step, scale, gradient, values);
        return;
    case OPTIMIZER_ADAM:
    case OPTIMIZER_ADAMW:
        step_adam(form, slot, step, scale, gradient, values);
        return;
    case OPTIMIZER_KIND_COUNT:
        return;
    }
}
