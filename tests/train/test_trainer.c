/* The training loop: what a step is, when it ends, what it refuses. */
#include "small_training.h"

#include <stdio.h>

#include "train/rate_finder.h"

enum { ROOM = 512 };

static size_t train(small *s, const trainer_form *form, trainer_weights which, float *out, trainer_report *report)
{
    df_error err = {0};
    trainer *t = trainer_new(form, &err);
    must(t != NULL, &err);
    must(trainer_run(t, report, &err), &err);
    const size_t count = small_weights(t, which, out, ROOM);
    trainer_free(t);
    small_close(s);
    return count;
}

static void must_be_near(const float *a, const float *b, size_t count, float tolerance)
{
    for (size_t i = 0; i < count; i++)
        must_lie(a[i] - b[i], -tolerance, tolerance);
}

static void a_training_learns(void **state)
{
    (void)state;
    small s = {.batch = 16, .bad_step = -1};
    trainer_form form = small_open(&s);
    trainer_report report;
    float weights[ROOM];
    form.steps = 300;
    train(&s, &form, TRAINER_LATEST, weights, &report);
    must_lie((float)report.loss, 0, 0.35f); /* chance: log(3) = 1.1 */
    assert_int_equal(report.steps, 300);
    assert_int_equal(report.end, TRAINER_ALL_STEPS);
}

/* Sums of 16 terms in another order: a few units of the last place of numbers around 1, through 40 steps. */
static const float ROUNDING = 2e-5f;

static void micro_batches_are_the_large_batch(void **state)
{
    (void)state;
    float large[ROOM], parts[ROOM];
    trainer_report report;
    small one = {.batch = 16, .bad_step = -1}, four = {.batch = 4, .bad_step = -1};
    trainer_form form = small_open(&one);
    form.clip = 0.5f;
    const size_t count = train(&one, &form, TRAINER_LATEST, large, &report);
    form = small_open(&four);
    form.clip = 0.5f;
    form.accumulate = 4;
    assert_int_equal(train(&four, &form, TRAINER_LATEST, parts, &report), count);
    must_be_near(large, parts, count, ROUNDING);
}

/* ---- the formulas ---- */

typedef struct seen {
    double norm, loss;
    float before[ROOM], after[ROOM], average[ROOM];
    bool is_clipped;
} seen;

static bool look(void *user, trainer *t, const trainer_step *step, df_error *err)
{
    seen *s = user;
    (void)err;
    if (step->step == 1) {
        s->norm = step->gradient_norm;
        s->loss = step->loss;
        s->is_clipped = step->is_clipped;
        small_weights(t, TRAINER_LATEST, s->after, ROOM);
        small_weights(t, TRAINER_EVALUATED, s->average, ROOM);
    }
    return true;
}

static void first_step(trainer_form form, small *s, seen *out)
{
    df_error err = {0};
    trainer_report report;
    form.steps = 1;
    form.hooks = (trainer_hooks){.user = out, .stepped = look};
    trainer *t = trainer_new(&form, &err);
    must(t != NULL, &err);
    small_weights(t, TRAINER_LATEST, out->before, ROOM);
    must(trainer_run(t, &report, &err), &err);
    trainer_free(t);
    small_close(s);
}

static double distance(const float *a, const float *b)
{
    double sum = 0;
    for (int i = 0; i < SMALL_HIDDEN * (SMALL_IN + 1) + SMALL_CLASSES * (SMALL_HIDDEN + 1); i++)
        sum += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    return sqrt(sum);
}

static void clipping_cuts_the_step_to_the_longest_derivative(void **state)
{
    (void)state;
    for (int clipped = 0; clipped < 2; clipped++) {
        small s = {.batch = 8, .bad_step = -1};
        trainer_form form = small_open(&s);
        seen found = {.norm = 0};
        form.optimizer = (optimizer_form){.kind = OPTIMIZER_SGD, .rate = 1};
        form.clip = clipped ? 0.125f : 0;
        first_step(form, &s, &found);
        assert_int_equal(found.is_clipped, clipped);
        assert_true(found.norm > 0.2); /* else the test says nothing */
        must_lie((float)(distance(found.before, found.after) / (clipped ? 0.125 : found.norm)), 0.9999f, 1.0001f);
    }
}

static void the_average_follows_its_formula(void **state)
{
    (void)state;
    small s = {.batch = 8, .bad_step = -1};
    trainer_form form = small_open(&s);
    seen found = {.norm = 0};
    form.average = 0.999;
    first_step(form, &s, &found);
    for (int i = 0; i < 20; i++) { /* d = 2 / 11 after one step */
        const float expected = found.before[i] + 9.0f / 11 * (found.after[i] - found.before[i]);
        must_lie(found.average[i] - expected, -1e-6f, 1e-6f);
    }
}

static void biases_need_not_shrink(void **state)
{
    (void)state;
    for (int matrices = 0; matrices < 2; matrices++) {
        small s = {.batch = 8, .bad_step = -1};
        trainer_form form = small_open(&s);
        seen plain = {.norm = 0}, found = {.norm = 0};
        form.optimizer = (optimizer_form){.kind = OPTIMIZER_SGD, .rate = 0.1f};
        first_step(form, &s, &plain);
        s = (small){.batch = 8, .bad_step = -1};
        form = small_open(&s);
        form.optimizer = (optimizer_form){.kind = OPTIMIZER_SGD, .rate = 0.1f, .decay = 0.5f};
        form.decays = matrices ? TRAINER_DECAY_MATRICES : TRAINER_DECAY_ALL;
        first_step(form, &s, &found);
        const int bias = SMALL_HIDDEN * SMALL_IN; /* of layer one, after its matrix */
        must_lie(found.after[0] - (plain.after[0] - 0.05f * plain.before[0]), -1e-6f, 1e-6f);
        must_lie(found.after[bias] - (plain.after[bias] - (matrices ? 0 : 0.05f) * plain.before[bias]), -1e-6f, 1e-6f);
        assert_true(fabsf(plain.before[bias]) > 1e-3f);
    }
}

/* ---- early stop ---- */

typedef struct judged {
    const double *metrics;
    int64_t calls, begun;
    float best[ROOM];
} judged;

static bool judge(void *user, trainer *t, int64_t step, double *metric, df_error *err)
{
    judged *j = user;
    (void)step, (void)err;
    *metric = j->metrics[j->calls++];
    if (j->calls == 2)
        small_weights(t, TRAINER_EVALUATED, j->best, ROOM);
    return true;
}

static void no_gain_ends_it_and_the_best_weights_stay(void **state)
{
    (void)state;
    static const double metrics[] = {0.5, 0.8, 0.8, 0.79, 0.7, 0.9};
    judged j = {.metrics = metrics};
    small s = {.batch = 8, .bad_step = -1, .has_norm = true};
    trainer_form form = small_open(&s);
    trainer_report report;
    float best[ROOM];
    form.evaluate_steps = 5;
    form.patience = (patience_form){.goal = PATIENCE_LARGER, .patience = 3};
    form.hooks = (trainer_hooks){.user = &j, .evaluate = judge};
    const size_t count = train(&s, &form, TRAINER_BEST, best, &report);
    assert_int_equal(report.end, TRAINER_PATIENCE);
    assert_int_equal(report.steps, 25);
    assert_int_equal(report.patience.best_step, 10);
    assert_int_equal(j.calls, 5);
    assert_memory_equal(best, j.best, count * sizeof(float));
}

static bool wish(void *user, trainer *t, const trainer_step *step, df_error *err)
{
    (void)user, (void)err;
    if (step->step == 7)
        trainer_end_early(t);
    return true;
}

static void a_hook_may_end_it(void **state)
{
    (void)state;
    small s = {.batch = 4, .bad_step = -1};
    trainer_form form = small_open(&s);
    trainer_report report;
    float weights[ROOM];
    form.hooks = (trainer_hooks){.stepped = wish};
    train(&s, &form, TRAINER_LATEST, weights, &report);
    assert_int_equal(report.steps, 7);
}

/* ---- what goes wrong ---- */

static void must_fail(small *s, const trainer_form *form, const char *part)
{
    df_error err = {0};
    trainer_report report;
    trainer *t = trainer_new(form, &err);
    must(t != NULL, &err);
    must_say(trainer_run(t, &report, &err), &err, part);
    must_say(false, &err, "after step 5 of 40");
    trainer_free(t);
    small_close(s);
}

static void bad_numbers_end_it_with_step_and_cause(void **state)
{
    (void)state;
    small s = {.batch = 4, .bad_step = 5};
    trainer_form form = small_open(&s);
    must_fail(&s, &form, "input 'x' has a value that is not finite, the first in sample 1");
    s = (small){.batch = 4, .bad_step = 5, .bad_label = true};
    form = small_open(&s);
    must_fail(&s, &form, "input 'labels': sample 1 has label 3, expected a whole number from 0 to 2");
}

static void a_rate_far_too_large_is_said_to_be(void **state)
{
    (void)state;
    df_error err = {0};
    trainer_report report;
    small s = {.batch = 4, .bad_step = -1};
    trainer_form form = small_open(&s);
    form.optimizer = (optimizer_form){.kind = OPTIMIZER_SGD, .rate = 1e38f};
    trainer *t = trainer_new(&form, &err);
    must(t != NULL, &err);
    must_say(trainer_run(t, &report, &err), &err, "a smaller rate may help");
    trainer_free(t);
    small_close(&s);
}

static void settings_out_of_range_are_refused(void **state)
{
    (void)state;
    df_error err = {0};
    small s = {.batch = 4, .bad_step = -1};
    const trainer_form form = small_open(&s);
    trainer_form wrong = form;
    wrong.steps = 0;
    must_say(trainer_new(&wrong, &err) != NULL, &err, "0 steps");
    wrong = form;
    wrong.average = 1;
    must_say(trainer_new(&wrong, &err) != NULL, &err, "moving average");
    wrong = form;
    wrong.rates = (schedule){.kind = SCHEDULE_COSINE, .warm_up = 50};
    must_say(trainer_new(&wrong, &err) != NULL, &err, "a cosine of 40 steps");
    wrong = form;
    wrong.settings = "[1]";
    must_say(trainer_new(&wrong, &err) != NULL, &err, "no JSON object");
    wrong = form;
    wrong.loss = s.inputs[0].node;
    must_say(trainer_new(&wrong, &err) != NULL, &err, "not one number");
    small_close(&s);
}

/* ---- another graph with the trainer's weights ---- */

static void another_graph_takes_the_weights(void **state)
{
    (void)state;
    df_error err = {0};
    small s = {.batch = 8, .bad_step = -1, .has_norm = true};
    const trainer_form form = small_open(&s);
    trainer *t = trainer_new(&form, &err);
    must(t != NULL, &err);
    nn_graph *g = nn_graph_new(&err);
    nn_node *x = nn_input(g, "x", nn_shape_of(1, SMALL_IN)), *logits = small_logits(g, x, true, NN_EVALUATE);
    nn_plan *plan = nn_plan_new(g, 1, &logits, &err);
    must(plan != NULL, &err);
    must(trainer_bind(t, TRAINER_LATEST, g, plan, &err), &err);
    trainer_report report;
    must(trainer_run(t, &report, &err), &err);
    int right = 0;
    for (int64_t p = 0; p < 100; p++) {
        float sample[SMALL_IN], label;
        small_sample(100000 + p, sample, &label);
        nn_plan_bind(plan, x, sample);
        must(nn_plan_run(plan, &err), &err);
        const float *z = nn_plan_value(plan, logits);
        const int best = z[0] > z[1] ? (z[0] > z[2] ? 0 : 2) : (z[1] > z[2] ? 1 : 2);
        right += best == (int)label;
    }
    assert_true(right > 70); /* chance: 33 */
    nn_plan_free(plan);
    nn_graph_free(g);
    trainer_free(t);
    small_close(&s);
}

static bool count_pages(void *user, trainer *t, const trainer_step *step, df_error *err)
{
    long *pages = user;
    (void)t, (void)err;
    if (step->step != 500 && step->step != 3000)
        return true;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d %ld", &pages[step->step == 3000]), 1);
    fclose(file);
    return true;
}

static void memory_stays_the_same(void **state)
{
    (void)state;
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
    skip(); /* it keeps what was freed for a while */
#endif
#endif
    small s = {.batch = 4, .bad_step = -1};
    trainer_form form = small_open(&s);
    trainer_report report;
    float weights[ROOM];
    long pages[2] = {0};
    form.steps = 3000;
    form.hooks = (trainer_hooks){.user = pages, .stepped = count_pages};
    train(&s, &form, TRAINER_LATEST, weights, &report);
    assert_true(pages[0] > 0 && pages[1] - pages[0] < 128); /* half a megabyte: 2500 steps that lost 210 bytes each would show */
}

/* ---- the rate finder ---- */

static void the_rate_finder_brackets_the_rate_that_breaks(void **state)
{
    (void)state;
    df_error err = {0};
    small s = {.batch = 16, .bad_step = -1};
    const trainer_form form = small_open(&s);
    rate_point points[120];
    int64_t count;
    double suggested;
    must(rate_find(&form, &(rate_range){.low = 1e-4, .high = 1e4, .steps = 120}, points, &count, &suggested, &err), &err);
    assert_true(count > 30 && count < 120); /* it broke away on the way */
    assert_true(suggested > points[0].rate && suggested < points[count - 1].rate);
    must_lie((float)(points[1].rate / points[0].rate), 1.15f, 1.18f); /* 10^(8/119) */
    must_say(rate_find(&form, &(rate_range){.low = 1, .high = 1, .steps = 100}, points, &count, &suggested, &err), &err, "0 < low < high");
    small_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_training_learns),
        cmocka_unit_test(micro_batches_are_the_large_batch),
        cmocka_unit_test(clipping_cuts_the_step_to_the_longest_derivative),
        cmocka_unit_test(the_average_follows_its_formula),
        cmocka_unit_test(biases_need_not_shrink),
        cmocka_unit_test(no_gain_ends_it_and_the_best_weights_stay),
        cmocka_unit_test(a_hook_may_end_it),
        cmocka_unit_test(bad_numbers_end_it_with_step_and_cause),
        cmocka_unit_test(a_rate_far_too_large_is_said_to_be),
        cmocka_unit_test(settings_out_of_range_are_refused),
        cmocka_unit_test(another_graph_takes_the_weights),
        cmocka_unit_test(memory_stays_the_same),
        cmocka_unit_test(the_rate_finder_brackets_the_rate_that_breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
