/* Plans: memory that is used again does not change results; what is not needed does not run; failures are told. */
#include <math.h>

#include "check.h"
#include "nn/gradient.h"
#include "nn/op.h"
#include "nn/ops.h"
#include "nn/plan.h"

static const float picture[2 * 3 * 6 * 5] = {0.5f, -1, 2, 0.25f, 3, -0.75f, 1, 1.5f};
static const float kernel[4 * 3 * 3 * 3] = {0.5f, 1, -1, 0.25f, 2, 0.75f};

/* A small network with branches, sums of a node with itself, and results that may stand in their input's place. */
static nn_node *small_network(nn_graph *g, nn_node **x, nn_node **w)
{
    *x = nn_input(g, "x", nn_shape_of(2, 3, 6, 5));
    *w = nn_parameter(g, "w", nn_shape_of(4, 3, 3, 3));
    nn_node *a = nn_relu(nn_conv(nn_scale(*x, 2, 0.1f), *w, (nn_conv_form){.stride = {1, 1}, .pad = {1, 1}, .groups = 1}));
    nn_node *b = nn_add(nn_scale(a, -1, 1), nn_mul(a, a)), *c = nn_sigmoid(nn_scale(b, 0.1f, 0));
    return nn_sum(nn_mul(nn_add(c, nn_reshape(nn_reshape(c, nn_shape_of(240)), *nn_shape_at(c))), b));
}

static nn_plan *bound_plan(nn_graph *g, size_t count, nn_node *const *outputs, nn_node *x, nn_node *w)
{
    df_error err = {0};
    nn_plan *plan = nn_plan_new(g, count, outputs, &err);
    must(plan != NULL, &err);
    nn_plan_bind(plan, x, picture);
    nn_plan_bind(plan, w, kernel);
    must(nn_plan_run(plan, &err), &err);
    return plan;
}

static void memory_that_is_used_again_changes_no_bit(void **state)
{
    (void)state;
    enum { MOST = 256 };
    df_error err = {0};
    nn_graph *g = nn_graph_new(&err);
    nn_node *x, *w, *dx[2], *all[MOST];
    nn_node *y = small_network(g, &x, &w), *const leaves[] = {x, w};
    nn_gradients(y, NULL, 2, leaves, dx);
    must(nn_graph_ok(g, &err), &err);
    const size_t count = nn_node_count(g);
    assert_true(count <= MOST);
    for (size_t i = 0; i < count; i++) /* as outputs all results have places of their own */
        all[i] = nn_node_at(g, i);
    nn_node *const wanted[] = {y, dx[0], dx[1]};
    nn_plan *packed = bound_plan(g, 3, wanted, x, w), *apart = bound_plan(g, count, all, x, w);
    for (int i = 0; i < 3; i++)
        assert_memory_equal(nn_plan_value(packed, wanted[i]), nn_plan_value(apart, wanted[i]),
                            (size_t)nn_elements(nn_shape_at(wanted[i])) * sizeof(float));
    assert_true(nn_plan_bytes(packed) < nn_plan_bytes(apart));
    const float before = *nn_plan_value(packed, y);
    must(nn_plan_run(packed, &err), &err); /* again: the same bits */
    assert_memory_equal(&before, nn_plan_value(packed, y), sizeof before);
    nn_plan_free(packed);
    nn_plan_free(apart);
    nn_graph_free(g);
}

static void what_no_output_needs_is_not_run(void **state)
{
    (void)state;
    df_error err = {0};
    nn_graph *g = nn_graph_new(&err);
    nn_node *x, *w, *y = small_network(g, &x, &w), *little = nn_scale(x, 2, 0);
    nn_plan *plan = nn_plan_new(g, 1, &little, &err);
    must(plan != NULL, &err);
    assert_int_equal(nn_plan_steps(plan), 1);
    must_say(nn_plan_run(plan, &err), &err, "x: not bound");
    nn_plan_bind(plan, x, picture);
    must(nn_plan_run(plan, &err), &err); /* w is not bound, and not needed */
    assert_true(nn_plan_value(plan, little)[2] == 4);
    nn_plan_free(plan);
    assert_non_null(y);
    nn_graph_free(g);
}

static void a_layer_that_does_not_fit_is_named_once(void **state)
{
    (void)state;
    df_error err = {0};
    nn_graph *g = nn_graph_new(&err);
    nn_node *x = nn_input(g, "x", nn_shape_of(1, 3, 8, 8)), *w = nn_parameter(g, "w", nn_shape_of(4, 5, 3, 3));
    nn_enter(g, "layer1.%d", 0);
    nn_node *bad = nn_conv(x, w, (nn_conv_form){.stride = {1, 1}, .groups = 1});
    nn_leave(g);
    assert_null(bad);
    assert_null(nn_relu(bad));
    assert_null(nn_add(x, bad));
    must_say(nn_graph_ok(g, &err), &err, "layer1.0: conv: input [1][3][8][8], weight [4][5][3][3]");
    assert_null(nn_plan_new(g, 1, &x, &err));
    nn_graph_free(g);
}

/* An obvious convolution. */
static float conv_at(const float *x, const float *w, int out, int row, int column)
{
    float sum = 0;
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++) {
                const int r = row * 2 + i - 1, s = column + k - 1;
                if (r >= 0 && r < 6 && s >= 0 && s < 5)
                    sum += x[(c * 6 + r) * 5 + s] * w[((out * 3 + c) * 3 + i) * 3 + k];
            }
    return sum;
}

static void a_convolution_is_what_plain_loops_say(void **state)
{
    (void)state;
    df_error err = {0};
    nn_graph *g = nn_graph_new(&err);
    nn_node *x = nn_input(g, "x", nn_shape_of(2, 3, 6, 5)), *w = nn_parameter(g, "w", nn_shape_of(4, 3, 3, 3));
    nn_node *y = nn_conv(x, w, (nn_conv_form){.stride = {2, 1}, .pad = {1, 1}, .groups = 1});
    float xs[180], ws[108];
    for (int i = 0; i < 180; i++)
        xs[i] = sinf((float)i);
    for (int i = 0; i < 108; i++)
        ws[i] = cosf(3 * (float)i);
    nn_plan *plan = nn_plan_new(g, 1, &y, &err);
    must(plan != NULL, &err);
    nn_plan_bind(plan, x, xs);
    nn_plan_bind(plan, w, ws);
    must(nn_plan_run(plan, &err), &err);
    const float *got = nn_plan_value(plan, y);
    for (int n = 0; n < 2; n++)
        for (int o = 0; o < 4; o++)
            for (int r = 0; r < 3; r++)
                for (int c = 0; c < 5; c++)
                    must_lie(got[((n * 4 + o) * 3 + r) * 5 + c] - conv_at(xs + n * 90, ws, o, r, c), -1e-5f, 1e-5f);
    nn_plan_free(plan);
    nn_graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_that_is_used_again_changes_no_bit),
        cmocka_unit_test(what_no_output_needs_is_not_run),
        cmocka_unit_test(a_layer_that_does_not_fit_is_named_once),
        cmocka_unit_test(a_convolution_is_what_plain_loops_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
