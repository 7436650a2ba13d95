/* What is fused and laid out in blocks gives what the plain plan of the same graph gives, forward and backward; convolutions by tiles what
   plain sums give; a frozen plan computes what is fixed once. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "nn/gradient.h"
#include "nn/op.h"
#include "nn/ops.h"
#include "nn/plan.h"
#include "nn/winograd.h"

enum { MOST_LEAVES = 64, MOST_OUTPUTS = 64 };

typedef struct subject {
    nn_graph *graph;
    nn_node *outputs[MOST_OUTPUTS];
    size_t count;
    float *data[MOST_LEAVES]; /* of every leaf that is bound */
    const nn_node *leaves[MOST_LEAVES];
    int leaf_count;
} subject;

static float number_at(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;
    return (float)(*state >> 8) / (float)(1 << 23) - 1;
}

/* Numbers for all leaves: between -1 and 1, those of buffers and factors of normalisations above 0. */
static void fill_leaves(subject *s)
{
    uint32_t state = 7;
    for (int kind = NN_INPUT; kind <= NN_BUFFER; kind++) {
        nn_node *leaf;
        for (size_t i = 0; (leaf = nn_leaf_at(s->graph, (nn_leaf)kind, i)) != NULL; i++) {
            const size_t count = (size_t)nn_elements(nn_shape_at(leaf));
            float *data = malloc(count * sizeof *data);
            assert_non_null(data);
            for (size_t k = 0; k < count; k++)
                data[k] = kind == NN_BUFFER || strstr(nn_name(leaf), "factor") ? 0.6f + 0.4f * number_at(&state) : number_at(&state);
            s->leaves[s->leaf_count] = leaf;
            s->data[s->leaf_count++] = data;
        }
    }
}

static nn_plan *plan_of(const subject *s, nn_plan_form form)
{
    df_error err = {0};
    nn_plan *plan = nn_plan_new_as(s->graph, s->count, s->outputs, &form, &err);
    must(plan != NULL, &err);
    for (int i = 0; i < s->leaf_count; i++)
        nn_plan_bind(plan, s->leaves[i], s->data[i]);
    must(nn_plan_run(plan, &err), &err);
    return plan;
}

/* Differences are small beside the largest number of the array. */
static void compare(const subject *s, const nn_plan *a, const nn_plan *b, float tolerance)
{
    for (size_t i = 0; i < s->count; i++) {
        const float *x = nn_plan_value(a, s->outputs[i]), *y = nn_plan_value(b, s->outputs[i]);
        const int64_t count = nn_elements(nn_shape_at(s->outputs[i]));
        float most = 0, worst = 0;
        for (int64_t k = 0; k < count; k++) {
            most = fmaxf(most, fabsf(x[k]));
            const float apart = fabsf(x[k] - y[k]);
            worst = apart <= worst ? worst : apart; /* NaN too */
        }
        if (!(worst <= tolerance * fmaxf(most, 1e-3f)))
            fail_msg("output %d (%s): %g apart of %g", (int)i, nn_name(s->outputs[i]), (double)worst, (double)most);
    }
}

static void finish(subject *s)
{
    for (int i = 0; i < s->leaf_count; i++)
        free(s->data[i]);
    nn_graph_free(s->graph);
}

/* Both plans of the graph; returns how many steps the lowered one saves. */
static int check_lowered(subject *s, float tolerance)
{
    df_error err = {0};
    must(nn_graph_ok(s->graph, &err), &err);
    fill_leaves(s);
    nn_plan *plain = plan_of(s, (nn_plan_form){.is_as_written = true}), *lowered = plan_of(s, (nn_plan_form){.is_frozen = false});
    nn_plan *frozen = plan_of(s, (nn_plan_form){.is_frozen = true});
    compare(s, plain, lowered, tolerance);
    compare(s, plain, frozen, tolerance);
    must(nn_plan_run(frozen, &err), &err); /* what is fixed is not computed again */
    compare(s, plain, frozen, tolerance);
    const int saved = (int)nn_plan_steps(plain) - (int)nn_plan_steps(lowered);
    nn_plan_free(plain);
    nn_plan_free(lowered);
    nn_plan_free(frozen);
    return saved;
}

/* ---- networks ---- */

static nn_node *conv(nn_node *x, const char *name, int64_t out, int kernel, int stride, int groups)
{
    nn_node *weight = nn_parameter(nn_graph_of(x), name, nn_shape_of(out, nn_shape_at(x)->size[1] / groups, kernel, kernel));
    return nn_conv(x, weight, (nn_conv_form){.stride = {stride, stride}, .pad = {kernel / 2, kernel / 2}, .groups = groups});
}

static nn_node *norm(nn_node *x, const char *scope, nn_mode mode)
{
    nn_graph *g = nn_graph_of(x);
    const nn_shape c = nn_shape_of(nn_shape_at(x)->size[1]);
    nn_enter(g, "%s", scope);
    const nn_norm form = {.weight = nn_parameter(g, "factor", c),
                          .bias = nn_parameter(g, "bias", c),
                          .mean = nn_buffer(g, "mean", c),
                          .variance = nn_buffer(g, "variance", c),
                          .eps = 1e-5f,
                          .momentum = 0.1f};
    nn_leave(g);
    return nn_batch_norm(x, &form, mode);
}

/* Residual blocks with a depthwise convolution, odd sides, channels that do not fill blocks, pools and a join. */
static nn_node *network(nn_graph *g, nn_mode mode)
{
    nn_node *x = nn_input(g, "x", nn_shape_of(2, 3, 19, 17));
    x = nn_relu(norm(conv(x, "stem", 20, 3, 1, 1), "n0", mode));
    nn_node *wide = nn_relu6(norm(conv(x, "w1", 44, 1, 1, 1), "n1", mode));
    nn_node *deep = nn_relu6(norm(conv(wide, "w2", 44, 3, 1, 44), "n2", mode));
    x = nn_add(norm(conv(deep, "w3", 20, 1, 1, 1), "n3", mode), x);
    nn_node *down = norm(conv(x, "w4", 48, 1, 2, 1), "n4", mode), *y = nn_relu(norm(conv(x, "w5", 48, 3, 2, 1), "n5", mode));
    y = nn_relu(nn_add(norm(conv(y, "w6", 48, 3, 1, 1), "n6", mode), down));
    const nn_pool_form pool = {.kernel = {3, 3}, .stride = {1, 1}, .pad = {1, 1}};
    nn_node *const parts[] = {nn_max_pool(y, pool), nn_average_pool(y, pool), nn_scale(nn_mul(y, y), 0.5f, 0)};
    y = nn_join(g, 1, 3, parts);
    y = nn_bias(conv(y, "w7", 36, 1, 1, 1), nn_parameter(g, "b7", nn_shape_of(36)));
    return nn_global_mean(nn_bent(y, (nn_bend){.slope = 0.2f, .gain = 1.4f, .top = INFINITY}));
}

static void add_outputs(subject *s, nn_node *y)
{
    nn_node *x[MOST_LEAVES], *dx[MOST_LEAVES], *leaf;
    int count = 0;
    x[count++] = nn_leaf_at(s->graph, NN_INPUT, 0);
    for (size_t i = 0; (leaf = nn_leaf_at(s->graph, NN_PARAMETER, i)) != NULL; i++)
        x[count++] = leaf;
    nn_gradients(y, nn_input(s->graph, "dy", *nn_shape_at(y)), count, x, dx);
    s->outputs[s->count++] = y;
    for (int i = 0; i < count; i++)
        if (dx[i])
            s->outputs[s->count++] = dx[i];
    for (size_t i = 0; (leaf = nn_leaf_at(s->graph, NN_BUFFER, i)) != NULL; i++)
        if (nn_updated(s->graph, leaf))
            s->outputs[s->count++] = nn_updated(s->graph, leaf);
}

static void inference_is_the_same_fused(void **state)
{
    (void)state;
    df_error err = {0};
    subject s = {.graph = nn_graph_new(&err)};
    s.outputs[s.count++] = network(s.graph, NN_EVALUATE);
    assert_true(check_lowered(&s, 3e-6f) > 4);
    finish(&s);
}

static void training_is_the_same_fused(void **state)
{
    (void)state;
    df_error err = {0};
    subject s = {.graph = nn_graph_new(&err)};
    add_outputs(&s, network(s.graph, NN_TRAIN));
    assert_true(s.count > 25);
    assert_true(check_lowered(&s, 2e-4f) > 4);
    finish(&s);
}

static void what_is_wanted_is_not_hidden_in_a_chain(void **state)
{
    (void)state;
    df_error err = {0};
    subject s = {.graph = nn_graph_new(&err)};
    nn_node *x = nn_input(s.graph, "x", nn_shape_of(1, 16, 5, 5));
    nn_node *a = conv(x, "w", 24, 3, 1, 1), *b = nn_relu(a);
    s.outputs[s.count++] = a;
    s.outputs[s.count++] = b;
    s.outputs[s.count++] = nn_add(conv(b, "v", 24, 1, 1, 1), b); /* b is read again after the sum */
    s.outputs[s.count++] = nn_relu(nn_add(s.outputs[2], b));
    check_lowered(&s, 2e-6f);
    finish(&s);
}

/* ---- tiles ---- */

static void tiles_give_the_plain_sums(void **state)
{
    (void)state;
    static const struct {
        int64_t n, in, out, height, width;
        int pad;
    } cases[] = {{1, 32, 32, 8, 8, 1}, {2, 40, 36, 13, 10, 1}, {1, 64, 48, 9, 16, 0}, {3, 33, 72, 7, 6, 2}, {16, 96, 96, 5, 4, 1}};
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        df_error err = {0};
        subject s = {.graph = nn_graph_new(&err)};
        nn_node *x = nn_input(s.graph, "x", nn_shape_of(cases[i].n, cases[i].in, cases[i].height, cases[i].width));
        nn_node *w = nn_parameter(s.graph, "w", nn_shape_of(cases[i].out, cases[i].in, 3, 3));
        nn_node *y = nn_conv(x, w, (nn_conv_form){.stride = {1, 1}, .pad = {cases[i].pad, cases[i].pad}, .groups = 1});
        nn_node *z = nn_bias(y, nn_parameter(s.graph, "b", nn_shape_of(cases[i].out)));
        z = nn_relu(nn_add(z, nn_input(s.graph, "other", *nn_shape_at(z))));
        nn_node *const leaves[] = {x, w};
        nn_node *dx[2];
        nn_gradients(y, nn_input(s.graph, "dy", *nn_shape_at(y)), 2, leaves, dx);
        s.outputs[s.count++] = z;
        s.outputs[s.count++] = dx[0];
        check_lowered(&s, 2e-5f);
        finish(&s);
    }
}

static void tiles_are_left_where_they_do_not_pay(void **state)
{
    (void)state;
    winograd_form form = {.n = 1, .in_channels = 64, .out_channels = 64, .in = {56, 56}, .out = {56, 56}, .pad = {1, 1}};
    if (!winograd_fits(&form))
        skip(); /* no fused multiply-add here */
    form.in_channels = 16;
    assert_false(winograd_fits(&form));
    form = (winograd_form){.n = 8, .in_channels = 64, .out_channels = 64, .in = {2, 2}, .out = {2, 2}, .pad = {1, 1}};
    assert_false(winograd_fits(&form));
    form = (winograd_form){.n = 1, .in_channels = 512, .out_channels = 512, .in = {7, 7}, .out = {7, 7}, .pad = {1, 1}};
    assert_false(winograd_fits(&form));
    form.n = 8;
    assert_true(winograd_fits(&form));
}

/* ---- frozen plans ---- */

static void a_frozen_plan_reads_weights_when_they_are_bound(void **state)
{
    (void)state;
    df_error err = {0};
    nn_graph *g = nn_graph_new(&err);
    nn_node *x = nn_input(g, "x", nn_shape_of(2)), *w = nn_parameter(g, "w", nn_shape_of(2));
    nn_node *y = nn_mul(x, nn_scale(w, 2, 0));
    nn_plan *plan = nn_plan_new_as(g, 1, &y, &(nn_plan_form){.is_frozen = true}, &err);
    must(plan != NULL, &err);
    float xs[] = {1, 2}, ws[] = {3, 4};
    nn_plan_bind(plan, x, xs);
    nn_plan_bind(plan, w, ws);
    must(nn_plan_run(plan, &err), &err);
    assert_true(nn_plan_value(plan, y)[1] == 16);
    ws[1] = 5;
    xs[1] = 3; /* inputs are read in each run */
    must(nn_plan_run(plan, &err), &err);
    assert_true(nn_plan_value(plan, y)[1] == 24);
    nn_plan_bind(plan, w, ws);
    double seconds[8];
    assert_true(nn_plan_steps(plan) <= 8);
    must(nn_plan_time(plan, seconds, &err), &err);
    assert_true(nn_plan_value(plan, y)[1] == 30);
    nn_plan_free(plan);
    nn_graph_free(g);
}

static void what_is_not_a_number_stays_so(void **state)
{
    (void)state;
    df_error err = {0};
    for (int is_plain = 0; is_plain < 2; is_plain++) {
        nn_graph *g = nn_graph_new(&err);
        nn_node *x = nn_input(g, "x", nn_shape_of(1, 8, 2, 2)), *y = nn_relu6(conv(x, "w", 8, 1, 1, 1)), *z = nn_relu(x);
        nn_node *const outputs[] = {y, z};
        nn_plan *plan = nn_plan_new_as(g, 2, outputs, &(nn_plan_form){.is_as_written = is_plain}, &err);
        must(plan != NULL, &err);
        float xs[32], ws[64];
        for (int i = 0; i < 64; i++)
            ws[i] = xs[i % 32] = NAN;
        nn_plan_bind(plan, x, xs);
        nn_plan_bind(plan, nn_leaf_at(g, NN_PARAMETER, 0), ws);
        must(nn_plan_run(plan, &err), &err);
        assert_true(isnan(nn_plan_value(plan, z)[3]));
        if (is_plain)
            assert_true(isnan(nn_plan_value(plan, y)[3]));
        nn_plan_free(plan);
        nn_graph_free(g);
    }
}

static void bfloat16_is_nearly_the_same_or_refused(void **state)
{
    (void)state;
    df_error err = {0};
    subject s = {.graph = nn_graph_new(&err)};
    s.outputs[s.count++] = network(s.graph, NN_EVALUATE);
    fill_leaves(&s);
    nn_plan *plan = nn_plan_new_as(s.graph, s.count, s.outputs, &(nn_plan_form){.bfloat16 = true}, &err);
    if (plan) {
        nn_plan *half = plan_of(&s, (nn_plan_form){.bfloat16 = true}), *plain = plan_of(&s, (nn_plan_form){.is_as_written = true});
        compare(&s, plain, half, 0.05f);
        nn_plan_free(half);
        nn_plan_free(plain);
    } else {
        must_say(false, &err, "this processor does not multiply such numbers");
    }
    nn_plan_free(plan);
    finish(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inference_is_the_same_fused),
        cmocka_unit_test(training_is_the_same_fused),
        cmocka_unit_test(what_is_wanted_is_not_hidden_in_a_chain),
        cmocka_unit_test(tiles_give_the_plain_sums),
        cmocka_unit_test(tiles_are_left_where_they_do_not_pay),
        cmocka_unit_test(a_frozen_plan_reads_weights_when_they_are_bound),
        cmocka_unit_test(what_is_not_a_number_stays_so),
        cmocka_unit_test(bfloat16_is_nearly_the_same_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
