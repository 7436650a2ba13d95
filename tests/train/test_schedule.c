/* Rates of steps against their formulas; losses against theirs in double; early stop; labels. */
#include "train/schedule.h"

#include <math.h>

#include "check.h"
#include "nn/plan.h"
#include "train/labels.h"
#include "train/losses.h"
#include "train/patience.h"

static void warm_up_rises_in_a_line(void **state)
{
    (void)state;
    const schedule s = {.warm_up = 4};
    static const double expected[] = {0.25, 0.5, 0.75, 1, 1, 1};
    for (int i = 0; i < 6; i++)
        must_lie((float)(schedule_at(&s, i + 1) - expected[i]), -1e-7f, 1e-7f);
}

static void steps_drop_after_their_step(void **state)
{
    (void)state;
    const schedule s = {.kind = SCHEDULE_STEPS, .drops = {3, 5}, .drop_count = 2, .factor = 0.5f};
    static const double expected[] = {1, 1, 1, 0.5, 0.5, 0.25, 0.25};
    for (int i = 0; i < 7; i++)
        must_lie((float)(schedule_at(&s, i + 1) - expected[i]), -1e-7f, 1e-7f);
}

static void a_cosine_goes_from_1_to_its_floor(void **state)
{
    (void)state;
    const schedule s = {.kind = SCHEDULE_COSINE, .warm_up = 10, .length = 110, .floor = 0.2f};
    static const struct {
        int64_t step;
        double rate;
    } expected[] = {{5, 0.5}, {10, 1}, {60, 0.6}, {35, 0.2 + 0.8 * 0.8535533905932737}, {110, 0.2}, {500, 0.2}};
    for (size_t i = 0; i < DF_ARRAY_LEN(expected); i++)
        must_lie((float)(schedule_at(&s, expected[i].step) - expected[i].rate), -1e-6f, 1e-6f);
}

static void schedules_out_of_range_are_refused(void **state)
{
    (void)state;
    df_error err = {0};
    must_say(schedule_check(&(schedule){.warm_up = -1}, &err), &err, "warm-up");
    must_say(schedule_check(&(schedule){.kind = SCHEDULE_STEPS, .factor = 0.1f}, &err), &err, "0 drops");
    must_say(schedule_check(&(schedule){.kind = SCHEDULE_STEPS, .drops = {5, 5}, .drop_count = 2, .factor = 0.1f}, &err), &err,
             "drop 2 is at step 5");
    must_say(schedule_check(&(schedule){.kind = SCHEDULE_STEPS, .drops = {5}, .drop_count = 1}, &err), &err, "factor");
    must_say(schedule_check(&(schedule){.kind = SCHEDULE_COSINE, .length = 10, .floor = 2}, &err), &err, "ends at 2");
    must(schedule_check(&(schedule){.kind = SCHEDULE_CONSTANT}, &err), &err);
}

/* ---- patience ---- */

static void patience_counts_measurements_without_a_gain(void **state)
{
    (void)state;
    const patience_form form = {.goal = PATIENCE_SMALLER, .patience = 2, .least = 0.1};
    patience_state s = {.has_best = false};
    assert_false(patience_take(&form, &s, 1, (double)NAN));
    assert_true(patience_take(&form, &s, 2, 1.0));
    assert_false(patience_take(&form, &s, 3, 0.95)); /* too small a gain */
    assert_false(patience_is_over(&form, &s));
    assert_true(patience_take(&form, &s, 4, 0.85));
    assert_false(patience_take(&form, &s, 5, 2));
    assert_false(patience_take(&form, &s, 6, 2));
    assert_true(patience_is_over(&form, &s));
    assert_int_equal(s.best_step, 4);
}

/* ---- labels ---- */

static void labels_that_teach_nothing_are_refused(void **state)
{
    (void)state;
    df_error err = {0};
    must(labels_check((const float[]){0, 2, 1}, 3, 3, &err), &err);
    must_say(labels_check((const float[]){0}, 1, 3, &err), &err, "1 sample, expected two or more");
    must_say(labels_check((const float[]){1, 1, 1}, 3, 3, &err), &err, "all 3 samples have label 1");
    must_say(labels_check((const float[]){0, 3}, 2, 3, &err), &err, "sample 1 has label 3");
    must_say(labels_check((const float[]){0, -1}, 2, 3, &err), &err, "label -1");
    must_say(labels_check((const float[]){0, 0.5f}, 2, 3, &err), &err, "label 0.5");
    must_say(labels_check((const float[]){0, NAN}, 2, 3, &err), &err, "sample 1");
}

/* ---- losses ---- */

typedef nn_node *make_loss(nn_node *a, nn_node *b, nn_node *c);

static float value_of(make_loss *make, nn_shape shape_b, const float *a, const float *b, const float *c)
{
    df_error err = {0};
    nn_graph *g = nn_graph_new(&err);
    nn_node *x = nn_input(g, "a", nn_shape_of(2, 3)), *y = nn_input(g, "b", shape_b), *w = c ? nn_input(g, "c", nn_shape_of(2, 3)) : NULL;
    nn_node *loss = make(x, y, w);
    nn_plan *plan = nn_plan_new(g, 1, &loss, &err);
    must(plan != NULL, &err);
    nn_plan_bind(plan, x, a);
    nn_plan_bind(plan, y, b);
    if (w)
        nn_plan_bind(plan, w, c);
    must(nn_plan_run(plan, &err), &err);
    const float value = *nn_plan_value(plan, loss);
    nn_plan_free(plan);
    nn_graph_free(g);
    return value;
}

static nn_node *make_entropy(nn_node *a, nn_node *b, nn_node *c)
{
    (void)c;
    return loss_cross_entropy(a, b);
}

static const float logits[] = {0.5f, -2, 3, 100, 0, -50};

static void cross_entropy_is_its_formula(void **state)
{
    (void)state;
    double expected = 0;
    static const float labels[] = {2, 1};
    for (int n = 0; n < 2; n++) {
        const float *z = logits + 3 * n;
        const double largest = (double)fmaxf(z[0], fmaxf(z[1], z[2]));
        double sum = 0;
        for (int k = 0; k < 3; k++)
            sum += exp((double)z[k] - largest);
        expected += (largest + log(sum) - (double)z[(int)labels[n]]) / 2;
    }
    must_lie(value_of(make_entropy, nn_shape_of(2), logits, labels, NULL) / (float)expected, 0.999999f, 1.000001f);
}

static void binary_cross_entropy_is_its_formula_with_weights_and_without(void **state)
{
    (void)state;
    static const float targets[] = {1, 0, 0.25f, 1, 1, 0}, weights[] = {1, 0, 2, 0.5f, 1, 3};
    for (int weighted = 0; weighted < 2; weighted++) {
        double expected = 0;
        for (int i = 0; i < 6; i++) {
            const double z = (double)logits[i], y = (double)targets[i];
            expected += (weighted ? (double)weights[i] : 1) * (fmax(z, 0) - z * y + log1p(exp(-fabs(z)))) / 6;
        }
        must_lie(value_of(loss_binary, nn_shape_of(2, 3), logits, targets, weighted ? weights : NULL) / (float)expected, 0.999999f,
                 1.000001f);
    }
}

static void the_square_loss_leaves_out_what_weighs_nothing(void **state)
{
    (void)state;
    static const float a[] = {1, 2, 3, 4, 5, 6}, b[] = {0, 2, 1, 4, 5, 1}, weights[] = {1, 1, 0, 1, 1, 2};
    must_lie(value_of(loss_square, nn_shape_of(2, 3), a, b, weights), 8.499999f, 8.500001f); /* (1 + 2 * 25) / 6 */
    must_lie(value_of(loss_square, nn_shape_of(2, 3), a, b, NULL), 4.999999f, 5.000001f);    /* (1 + 4 + 25) / 6 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warm_up_rises_in_a_line),
        cmocka_unit_test(steps_drop_after_their_step),
        cmocka_unit_test(a_cosine_goes_from_1_to_its_floor),
        cmocka_unit_test(schedules_out_of_range_are_refused),
        cmocka_unit_test(patience_counts_measurements_without_a_gain),
        cmocka_unit_test(labels_that_teach_nothing_are_refused),
        cmocka_unit_test(cross_entropy_is_its_formula),
        cmocka_unit_test(binary_cross_entropy_is_its_formula_with_weights_and_without),
        cmocka_unit_test(the_square_loss_leaves_out_what_weighs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
