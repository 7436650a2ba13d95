/* Steps of the optimizers against their formulas in double. */
#include "train/optimizer.h"

#include <math.h>

#include "check.h"

enum { STEPS = 20 };

static void follow(optimizer_form form, float *value)
{
    df_error err = {0};
    df_arena *arena = df_arena_new(1 << 16, &err);
    optimizer_slot slot;
    must(optimizer_slot_init(&slot, &form, 1, arena, &err), &err);
    for (int64_t t = 1; t <= STEPS; t++) {
        const float gradient = 2 * *value; /* of the square */
        optimizer_step(&form, &slot, t, 1, &gradient, value);
    }
    df_arena_free(arena);
}

static void sgd_with_momentum_and_decay_is_its_formula(void **state)
{
    (void)state;
    double p = 3, b = 0;
    for (int t = 1; t <= STEPS; t++) {
        const double g = 2 * p + 0.1 * p;
        b = t == 1 ? g : 0.9 * b + g;
        p -= 0.01 * b;
    }
    float value = 3;
    follow((optimizer_form){.kind = OPTIMIZER_SGD, .rate = 0.01f, .momentum = 0.9f, .decay = 0.1f}, &value);
    must_lie(value - (float)p, -1e-5f, 1e-5f);
}

static void adam_and_adamw_are_their_formulas(void **state)
{
    (void)state;
    for (int apart = 0; apart < 2; apart++) {
        double p = 3, m = 0, v = 0;
        for (int t = 1; t <= STEPS; t++) {
            const double g = 2 * p + (apart ? 0 : 0.1 * p);
            if (apart)
                p -= 0.01 * 0.1 * p;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            p -= 0.01 / (1 - pow(0.9, t)) * m / (sqrt(v) / sqrt(1 - pow(0.999, t)) + 1e-8);
        }
        float value = 3;
        follow((optimizer_form){.kind = apart ? OPTIMIZER_ADAMW : OPTIMIZER_ADAM, .rate = 0.01f, .decay = 0.1f}, &value);
        must_lie(value - (float)p, -1e-5f, 1e-5f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sgd_with_momentum_and_decay_is_its_formula),
        cmocka_unit_test(adam_and_adamw_are_their_formulas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
