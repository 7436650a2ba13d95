/* optimizer.h: how parameters follow their derivatives: SGD with momentum, Adam, AdamW, as PyTorch has them, one parameter at a time. */
#ifndef DF_TRAIN_OPTIMIZER_H
#define DF_TRAIN_OPTIMIZER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

typedef enum optimizer_kind { OPTIMIZER_SGD, OPTIMIZER_ADAM, OPTIMIZER_ADAMW, OPTIMIZER_KIND_COUNT } optimizer_kind;

typedef struct optimizer_form {
    optimizer_kind kind;
    float rate, momentum, decay;
} optimizer_form;

/* What is kept for one parameter between steps. */
typedef struct optimizer_slot {
    size_t count;
    float *first, *second; /* [count]: momentum, or Adam's two moments; NULL where the kind has none */
} optimizer_slot;
DF_API bool optimizer_slot_init(optimizer_slot *slot, const optimizer_form *form, size_t count, df_arena *arena, df_error *err) DF_CHECKED;

/* Step number `step`, from 1: changes the parameter's values by `scale` times the derivative (below 1 where it was cut or is a sum). */
DF_API void optimizer_step(const optimizer_form *form, optimizer_slot *slot, int64_t step, float scale, const float *gradient,
                           float *values);

DF_API const char *optimizer_name(optimizer_kind kind); /* "sgd", "adam", "adamw" */

#endif
