/* What is counted while a network is timed: steps, multiply-adds of outputs and of training. Times themselves are not judged. */
#include "train/net_meter.h"

#include <omp.h>

#include "check.h"

enum { REPEATS = 1, SIDE = 32 };

static const net_task task = {.options = {.classes = 5}, .weights = {.from = "rule:meter."}};

static void measure(bool trains, df_arena *arena, net_meter_times *out)
{
    df_error err = {0};
    net_task one = task;
    one.row = net_find("mobilenet_v2");
    const net_meter_task measured = {.task = &one, .shape = nn_shape_of(2, 3, SIDE, SIDE), .repeats = REPEATS, .trains = trains};
    must(net_meter_run(&measured, arena, out, &err), &err);
    assert_true(out->info.step_count > 0);
    for (size_t i = 0; i < out->info.step_count; i++)
        assert_true(out->steps[i] >= 0);
    assert_true(out->least > 0 && out->least <= out->whole && out->whole <= out->most);
}

/* A layer with weights takes its multiply-adds once more for the derivative of the weights and once more for that of its input, which the
   first one does not need: 32 results of 3 x 3 x 3 weights a pixel of the half side. */
static void what_runs_is_counted(void **state)
{
    (void)state;
    df_error err = {0};
    df_arena *arena = df_arena_new(SIZE_MAX, &err);
    net_meter_times outputs, training;
    net_info info;
    measure(false, arena, &outputs);
    must(net_info_read(net_find("mobilenet_v2"), &nn_shape_of(2, 3, SIDE, SIDE), &task.options, arena, &info, &err), &err);
    assert_int_equal(outputs.info.step_count, info.step_count);
    assert_int_equal(outputs.info.multiply_adds, info.multiply_adds);
    measure(true, arena, &training);
    const int64_t first = INT64_C(2) * 32 * (SIDE / 2) * (SIDE / 2) * 27;
    assert_int_equal(training.info.multiply_adds, 3 * info.multiply_adds - first);
    df_arena_free(arena);
}

int main(void)
{
    omp_set_num_threads(1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_runs_is_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
