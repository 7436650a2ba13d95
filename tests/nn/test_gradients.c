/* Every operation's derivative against central differences of its own forward pass, and the derivative of that derivative against
   central differences of the first, along random directions. Sums are in double; values are kept away from kinks. */
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "check.h"
#include "nn/gradient.h"
#include "nn/ops.h"
#include "nn/plan.h"

enum { MOST_INPUTS = 4 };

typedef struct gradient_case {
    const char *name;
    nn_shape shapes[MOST_INPUTS]; /* of the inputs; rank 0 with size 0 ends them */
    int inputs;
    float low, high; /* of their values */
    nn_node *(*build)(nn_node **x);
} gradient_case;

/* Values in steps of a fixed grid, all different, so that no maximum or kink lies within a difference's reach. */
static void fill(float *values, int64_t count, float low, float high, df_random *random)
{
    for (int64_t i = 0; i < count; i++)
        values[i] = low + (high - low) * ((float)i + 0.5f) / (float)count;
    for (int64_t i = count - 1; i > 0; i--) {
        const int64_t k = (int64_t)df_random_below(random, (uint32_t)i + 1);
        const float kept = values[i];
        values[i] = values[k];
        values[k] = kept;
    }
}

typedef struct trial {
    const gradient_case *what;
    df_arena *arena;
    nn_graph *graph;
    nn_node *x[MOST_INPUTS], *r[1 + MOST_INPUTS]; /* inputs; weights of the sums that are differentiated */
    float *values[MOST_INPUTS], *direction[MOST_INPUTS], *weights[1 + MOST_INPUTS];
    df_random random;
} trial;

static float *new_values(trial *t, const nn_shape *shape, float low, float high)
{
    df_error err;
    float *values = df_alloc(t->arena, (size_t)nn_elements(shape), sizeof *values, &err);
    must(values != NULL, &err);
    fill(values, nn_elements(shape), low, high, &t->random);
    return values;
}

/* The value of `scalar` with the inputs moved by h along the direction. */
static double value_at(const trial *t, nn_plan *plan, nn_node *scalar, double h)
{
    df_error err = {0};
    float *moved[MOST_INPUTS];
    for (int i = 0; i < t->what->inputs; i++) {
        const int64_t count = nn_elements(&t->what->shapes[i]);
        moved[i] = malloc((size_t)count * sizeof(float));
        for (int64_t k = 0; k < count; k++)
            moved[i][k] = (float)((double)t->values[i][k] + h * (double)t->direction[i][k]);
        nn_plan_bind(plan, t->x[i], moved[i]);
    }
    must(nn_plan_run(plan, &err), &err);
    const float *terms = nn_plan_value(plan, scalar);
    double sum = 0;
    for (int64_t k = 0; k < nn_elements(nn_shape_at(scalar)); k++)
        sum += (double)terms[k];
    for (int i = 0; i < t->what->inputs; i++)
        free(moved[i]);
    return sum;
}

static nn_plan *plan_of(const trial *t, int count, nn_node *const *outputs)
{
    df_error err = {0};
    nn_plan *plan = nn_plan_new(t->graph, (size_t)count, outputs, &err);
    must(plan != NULL, &err);
    for (int i = 0; i < 1 + MOST_INPUTS; i++)
        if (t->r[i])
            nn_plan_bind(plan, t->r[i], t->weights[i]);
    for (int i = 0; i < t->what->inputs; i++)
        nn_plan_bind(plan, t->x[i], t->values[i]);
    return plan;
}

/* How far the derivatives of sum(terms) along the direction are from the central difference, as a share. */
static double mismatch(const trial *t, nn_node *terms, nn_node *const *dx)
{
    enum { STEPS = 3 };
    static const double steps[STEPS] = {1.0 / 32, 1.0 / 128, 1.0 / 512};
    df_error err = {0};
    double sum = 0, size = 0, best = HUGE_VAL;
    nn_node *outputs[MOST_INPUTS];
    int count = 0;
    for (int i = 0; i < t->what->inputs; i++)
        if (dx[i])
            outputs[count++] = dx[i];
    if (count > 0) {
        nn_plan *plan = plan_of(t, count, outputs);
        must(nn_plan_run(plan, &err), &err);
        for (int i = 0; i < t->what->inputs; i++)
            for (int64_t k = 0; dx[i] && k < nn_elements(&t->what->shapes[i]); k++) {
                const double part = (double)nn_plan_value(plan, dx[i])[k] * (double)t->direction[i][k];
                sum += part;
                size += fabs(part);
            }
        nn_plan_free(plan);
    }
    nn_plan *plan = plan_of(t, 1, &terms);
    for (int s = 0; s < STEPS; s++) { /* large steps bend, small ones round: the best of three */
        const double slope = (value_at(t, plan, terms, steps[s]) - value_at(t, plan, terms, -steps[s])) / (2 * steps[s]);
        best = fmin(best, fabs(slope - sum) / (size + fabs(slope) + 1e-3));
    }
    nn_plan_free(plan);
    return best;
}

static const double TOLERANCE = 2e-3;

/* Mismatches of first and second order. */
static void try_case(const gradient_case *what, uint64_t seed, double *first, double *second)
{
    df_error err = {0};
    trial t = {.what = what, .arena = df_arena_new((size_t)1 << 28, &err), .graph = nn_graph_new(&err)};
    nn_node *dx[MOST_INPUTS] = {NULL}, *ddx[MOST_INPUTS] = {NULL}, *terms = NULL;
    t.random = df_random_at(seed, 0, 0, 0);
    for (int i = 0; i < what->inputs; i++) {
        t.x[i] = nn_input(t.graph, "x", what->shapes[i]);
        t.values[i] = new_values(&t, &what->shapes[i], what->low, what->high);
        t.direction[i] = new_values(&t, &what->shapes[i], -0.1f, 0.1f);
    }
    nn_node *y = what->build(t.x);
    must(nn_graph_ok(t.graph, &err), &err);
    t.r[0] = nn_input(t.graph, "r", *nn_shape_at(y));
    t.weights[0] = new_values(&t, nn_shape_at(y), -1, 1);
    nn_gradients(y, t.r[0], what->inputs, t.x, dx);
    must(nn_graph_ok(t.graph, &err), &err);
    *first = mismatch(&t, nn_mul(y, t.r[0]), dx);

    for (int i = 0; i < what->inputs; i++) { /* sum over the inputs of dx * r_i */
        if (!dx[i])
            continue;
        t.r[1 + i] = nn_input(t.graph, "r", what->shapes[i]);
        t.weights[1 + i] = new_values(&t, &what->shapes[i], -1, 1);
        nn_node *part = nn_reshape(nn_sum(nn_mul(dx[i], t.r[1 + i])), nn_shape_of(1));
        terms = terms ? nn_add(terms, part) : part;
    }
    nn_gradients(terms, NULL, what->inputs, t.x, ddx);
    must(nn_graph_ok(t.graph, &err), &err);
    *second = mismatch(&t, terms, ddx);
    nn_graph_free(t.graph);
    df_arena_free(t.arena);
}

/* ---- the cases ---- */

#define BUILD(NAME, EXPRESSION)                                                                                                            \
    static nn_node *NAME(nn_node **x)                                                                                                      \
    {                                                                                                                                      \
        return EXPRESSION;                                                                                                                 \
    }
BUILD(build_add, nn_add(x[0], x[1]))
BUILD(build_sub, nn_sub(x[0], x[1]))
BUILD(build_mul, nn_mul(x[0], x[1]))
BUILD(build_div, nn_div(x[0], x[1]))
BUILD(build_scale, nn_scale(x[0], -1.5f, 0.25f))
BUILD(build_exp, nn_exp(x[0]))
BUILD(build_log, nn_log(x[0]))
BUILD(build_sqrt, nn_sqrt(x[0]))
BUILD(build_sigmoid, nn_sigmoid(x[0]))
BUILD(build_tanh, nn_tanh(x[0]))
BUILD(build_softplus, nn_softplus(x[0]))
BUILD(build_leaky, nn_mul(nn_bent(x[0], (nn_bend){.slope = 0.2f, .gain = 1.4f, .top = 1.1f}), x[0]))
BUILD(build_relu6, nn_mul(nn_relu6(x[0]), x[0]))
BUILD(build_sum, nn_mul(nn_sum_to(x[0], nn_shape_of(3, 1, 5)), nn_sum_to(x[0], nn_shape_of(5))))
BUILD(build_spread, nn_mul(nn_spread_to(x[0], nn_shape_of(2, 3, 4)), nn_spread_to(x[0], nn_shape_of(2, 3, 4))))
BUILD(build_mean, nn_mul(nn_mean(x[0]), nn_global_mean(x[0])))
BUILD(build_slice, nn_mul(nn_slice(x[0], 1, 1, 2), nn_slice(x[0], 1, 2, 2)))
BUILD(build_softmax, nn_softmax(x[0]))
BUILD(build_log_softmax, nn_log_softmax(x[0]))
BUILD(build_matmul, nn_matmul(x[0], NN_AS_IT_IS, x[1], NN_AS_IT_IS))
BUILD(build_matmul_a, nn_matmul(x[0], NN_TURNED, x[1], NN_AS_IT_IS))
BUILD(build_matmul_b, nn_matmul(x[0], NN_AS_IT_IS, x[1], NN_TURNED))
BUILD(build_matmul_ab, nn_matmul(x[0], NN_TURNED, x[1], NN_TURNED))
BUILD(build_linear, nn_linear(x[0], x[1], x[2]))
BUILD(build_conv, nn_bias(nn_conv(x[0], x[1], (nn_conv_form){.stride = {1, 1}, .pad = {1, 1}, .groups = 1}), x[2]))
BUILD(build_conv_stride, nn_conv(x[0], x[1], (nn_conv_form){.stride = {2, 3}, .pad = {0, 1}, .groups = 1}))
BUILD(build_conv_groups, nn_conv(x[0], x[1], (nn_conv_form){.stride = {1, 2}, .pad = {1, 0}, .groups = 2}))
BUILD(build_conv_depthwise, nn_conv(x[0], x[1], (nn_conv_form){.stride = {2, 2}, .pad = {1, 1}, .groups = 8}))
BUILD(build_max_pool, nn_mul(nn_max_pool(x[0], (nn_pool_form){.kernel = {3, 2}, .stride = {2, 1}, .pad = {1, 0}}),
                             nn_max_pool(x[0], (nn_pool_form){.kernel = {3, 2}, .stride = {2, 1}, .pad = {1, 0}})))
BUILD(build_average_pool, nn_exp(nn_average_pool(x[0], (nn_pool_form){.kernel = {3, 3}, .stride = {1, 2}, .pad = {1, 1}})))
BUILD(build_average_padded,
      nn_exp(nn_average_pool(x[0], (nn_pool_form){.kernel = {3, 3}, .stride = {2, 1}, .pad = {1, 1}, .counts_padding = true})))
BUILD(build_enlarge, nn_exp(nn_resize(x[0], 7, 9)))
BUILD(build_shrink, nn_exp(nn_resize(x[0], 2, 3)))

static nn_node *build_join(nn_node **x)
{
    nn_node *const parts[] = {x[0], x[1], x[0], x[1], x[0], x[1]};
    return nn_exp(nn_join(nn_graph_of(x[0]), 1, 6, parts));
}

static nn_node *build_gather(nn_node **x)
{
    nn_node *columns = nn_add(nn_constant(nn_graph_of(x[0]), 2, nn_shape_of(3)), nn_constant(nn_graph_of(x[0]), 1, nn_shape_of(3)));
    return nn_mul(nn_gather(x[0], columns), nn_gather(nn_exp(x[0]), columns));
}

static nn_node *build_scatter(nn_node **x)
{
    return nn_exp(nn_scatter(x[0], nn_constant(nn_graph_of(x[0]), 1, nn_shape_of(3)), 4));
}

static nn_node *batch_norm(nn_node **x, nn_mode mode)
{
    nn_graph *g = nn_graph_of(x[0]);
    const nn_norm norm = {.weight = x[1],
                          .bias = x[2],
                          .mean = nn_constant(g, 0.3f, nn_shape_of(3)),
                          .variance = nn_constant(g, 0.5f, nn_shape_of(3)),
                          .eps = 1e-2f,
                          .momentum = 0.1f};
    return nn_batch_norm(x[0], &norm, mode);
}

BUILD(build_norm_train, nn_exp(batch_norm(x, NN_TRAIN)))
BUILD(build_norm_evaluate, nn_exp(batch_norm(x, NN_EVALUATE)))

/* The standard deviation over the images of a batch, as StyleGAN's discriminator takes it. */
static nn_node *build_deviation(nn_node **x)
{
    nn_node *mean = nn_scale(nn_sum_to(x[0], nn_shape_of(1, 3, 2, 2)), 0.25f, 0), *centred = nn_sub(x[0], mean);
    nn_node *variance = nn_scale(nn_sum_to(nn_mul(centred, centred), nn_shape_of(1, 3, 2, 2)), 0.25f, 1e-3f);
    return nn_mul(nn_mean(nn_sqrt(variance)), x[0]);
}

#define CASE(NAME, LOW, HIGH, COUNT, ...)                                                                                                  \
    {                                                                                                                                      \
#NAME, {__VA_ARGS__ }, COUNT, LOW, HIGH, build_##NAME                                                                              \
    }
#define S(...) nn_shape_of(__VA_ARGS__)

static void derivatives_of_both_orders_are_those_of_differences(void **state)
{
    (void)state;
    const gradient_case cases[] = {
        CASE(add, -1, 1, 2, S(2, 3, 4), S(3, 1)),
        CASE(sub, -1, 1, 2, S(3, 1), S(2, 3, 4)),
        CASE(mul, -1, 1, 2, S(2, 3, 4), S(1, 3, 1)),
        CASE(div, 0.5f, 2, 2, S(2, 3), S(2, 3)),
        CASE(scale, -1, 1, 1, S(7)),
        CASE(exp, -1, 1, 1, S(2, 5)),
        CASE(log, 0.5f, 2, 1, S(9)),
        CASE(sqrt, 0.5f, 2, 1, S(9)),
        CASE(sigmoid, -2, 2, 1, S(9)),
        CASE(tanh, -1, 1, 1, S(9)),
        CASE(softplus, -2, 2, 1, S(9)),
        CASE(leaky, -4, 4, 1, S(20)),
        CASE(relu6, -9, 9, 1, S(20)),
        CASE(sum, -1, 1, 1, S(3, 4, 5)),
        CASE(spread, -1, 1, 1, S(3, 1)),
        CASE(mean, -1, 1, 1, S(2, 3, 2, 2)),
        CASE(slice, -1, 1, 1, S(2, 4, 3)),
        CASE(join, -1, 1, 2, S(2, 1, 3), S(2, 2, 3)),
        CASE(gather, -1, 1, 1, S(2, 5)),
        CASE(scatter, -1, 1, 1, S(2, 3)),
        CASE(softmax, -1, 1, 1, S(3, 5)),
        CASE(log_softmax, -1, 1, 1, S(3, 5)),
        CASE(matmul, -1, 1, 2, S(3, 4), S(4, 2)),
        CASE(matmul_a, -1, 1, 2, S(2, 4, 3), S(2, 4, 2)),
        CASE(matmul_b, -1, 1, 2, S(3, 4), S(2, 4)),
        CASE(matmul_ab, -1, 1, 2, S(4, 3), S(2, 4)),
        CASE(linear, -1, 1, 3, S(3, 4), S(2, 4), S(2)),
        CASE(conv, -1, 1, 3, S(2, 3, 5, 4), S(4, 3, 3, 3), S(4)),
        CASE(conv_stride, -1, 1, 2, S(1, 2, 7, 8), S(3, 2, 2, 3)),
        CASE(conv_groups, -1, 1, 2, S(2, 4, 4, 5), S(6, 2, 3, 2)),
        CASE(conv_depthwise, -1, 1, 2, S(2, 8, 5, 5), S(8, 1, 3, 3)),
        CASE(max_pool, -40, 40, 1, S(2, 2, 5, 4)),
        CASE(average_pool, -1, 1, 1, S(1, 2, 4, 5)),
        CASE(average_padded, -1, 1, 1, S(1, 2, 4, 5)),
        CASE(enlarge, -1, 1, 1, S(1, 2, 4, 5)),
        CASE(shrink, -1, 1, 1, S(1, 2, 5, 7)),
        CASE(norm_train, -1, 1, 3, S(4, 3, 2, 2), S(3), S(3)),
        CASE(norm_evaluate, -1, 1, 3, S(4, 3, 2), S(3), S(3)),
        CASE(deviation, -1, 1, 1, S(4, 3, 2, 2)),
    };
    int wrong = 0;
    for (size_t i = 0; i < DF_ARRAY_LEN(cases); i++) {
        double first, second;
        try_case(&cases[i], 1 + i, &first, &second);
        if (!(first < TOLERANCE && second < TOLERANCE)) {
            print_error("%s: first order off by %.2g, second by %.2g\n", cases[i].name, first, second);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

BUILD(build_wrong, nn_instead(nn_exp(x[0]), nn_scale(x[0], 2, 0)))

static void a_wrong_derivative_is_found(void **state)
{
    (void)state;
    const gradient_case wrong = {"wrong", {nn_shape_of(9)}, 1, -1, 1, build_wrong};
    double first, second;
    try_case(&wrong, 7, &first, &second);
    assert_true(first > 10 * TOLERANCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives_of_both_orders_are_those_of_differences),
        cmocka_unit_test(a_wrong_derivative_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
