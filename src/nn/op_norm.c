/* op_norm.c: batch normalisation (Ioffe and Szegedy, 2015).

       moments       x -> [2][c]: mean and variance (divided by the count) over all but c
       norm          x, moments, weight, bias -> (x - mean) / sqrt(variance + eps) * weight + bias
       norm_input    x, moments, weight, dy -> dx, with the moments as functions of x
       norm_weight   x, moments, dy -> [c]: sum of dy times the normalised x

   The moments are an input so that running values can be made of them; no derivative goes through that input: norm_input has it all.
   norm_input's and norm_weight's own derivatives go through the same function made of simpler operations.
   Numbers of the form: real[0] eps. */
#include <math.h>
#include <string.h>

#include "nn/gradient.h"
#include "nn/op.h"
#include "nn/ops.h"

typedef struct extent {
    int64_t n, c, pixels;
} extent;

static extent extent_of(const nn_shape *x)
{
    extent e = {.n = x->size[0], .c = x->size[1], .pixels = 1};
    for (int d = 2; d < x->rank; d++)
        e.pixels *= x->size[d];
    return e;
}

static bool check_x(const nn_shape *x, df_error *err)
{
    return (x->rank >= 2 && nn_elements(x) > 0) || df_fail(err, "expected [n][c]... that is not empty");
}

static bool is_list(const nn_shape *shape, int64_t count)
{
    return shape->rank == 1 && shape->size[0] == count;
}

static bool moments_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    if (!check_x(&node->inputs[0]->shape, err))
        return false;
    *out = nn_shape_of(2, node->inputs[0]->shape.size[1]);
    return true;
}

static const nn_op norm_op;

static bool norm_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    const nn_shape *x = &node->inputs[0]->shape;
    const nn_shape expected = nn_shape_of(2, x->rank > 1 ? x->size[1] : 0);
    if (!check_x(x, err))
        return false;
    if (!nn_shape_equal(&node->inputs[1]->shape, &expected) || !is_list(&node->inputs[2]->shape, expected.size[1]))
        return df_fail(err, "moments or weights are not those of %lld channels", (long long)expected.size[1]);
    if (node->op == &norm_op ? !is_list(&node->inputs[3]->shape, expected.size[1]) : !nn_shape_equal(&node->inputs[3]->shape, x))
        return df_fail(err, "input 3 has another shape than expected");
    *out = *x;
    return true;
}

static bool norm_weight_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    if (!check_x(&node->inputs[0]->shape, err) || !nn_shape_equal(&node->inputs[0]->shape, &node->inputs[2]->shape))
        return df_fail(err, "x and dy of two shapes");
    *out = nn_shape_of(node->inputs[0]->shape.size[1]);
    return true;
}

/* ---- kernels: a channel is one thread's ---- */

static void moments_run(const nn_step *step)
{
    const extent e = extent_of(&step->node->inputs[0]->shape);
    const double count = (double)(e.n * e.pixels);
#pragma omp parallel for schedule(static)
    for (int64_t c = 0; c < e.c; c++) {
        double sum = 0, squares = 0;
        for (int64_t n = 0; n < e.n; n++) {
            const float *x = step->in[0] + (n * e.c + c) * e.pixels;
#pragma omp simd reduction(+ : sum)
            for (int64_t i = 0; i < e.pixels; i++)
                sum += (double)x[i];
        }
        const double mean = sum / count;
        for (int64_t n = 0; n < e.n; n++) {
            const float *x = step->in[0] + (n * e.c + c) * e.pixels;
#pragma omp simd reduction(+ : squares)
            for (int64_t i = 0; i < e.pixels; i++)
                squares += ((double)x[i] - mean) * ((double)x[i] - mean);
        }
        step->out[c] = (float)mean;
        step->out[e.c + c] = (float)(squares / count);
    }
}

static float spread_of(const nn_step *step, int64_t channels, int64_t c)
{
    return 1 / sqrtf(step->in[1][channels + c] + step->node->form.real[0]);
}

static void norm_run(const nn_step *step)
{
    const extent e = extent_of(&step->node->shape);
#pragma omp parallel for schedule(static)
    for (int64_t plane = 0; plane < e.n * e.c; plane++) {
        const int64_t c = plane % e.c;
        const float *x = step->in[0] + plane * e.pixels, mean = step->in[1][c];
        const float factor = spread_of(step, e.c, c) * step->in[2][c], offset = step->in[3][c];
        float *y = step->out + plane * e.pixels;
        for (int64_t i = 0; i < e.pixels; i++)
            y[i] = (x[i] - mean) * factor + offset;
    }
}

/* Sums of dy and of dy times the centred x, over one channel. */
static void channel_sums(const float *x, const float *dy, extent e, int64_t c, float mean, double *sum, double *product)
{
    double s = 0, p = 0;
    for (int64_t n = 0; n < e.n; n++) {
        const float *xs = x + (n * e.c + c) * e.pixels, *dys = dy + (n * e.c + c) * e.pixels;
#pragma omp simd reduction(+ : s, p)
        for (int64_t i = 0; i < e.pixels; i++) {
            s += (double)dys[i];
            p += (double)dys[i] * (double)(xs[i] - mean);
        }
    }
    *sum = s;
    *product = p;
}

static void norm_input_run(const nn_step *step)
{
    const extent e = extent_of(&step->node->shape);
    const double count = (double)(e.n * e.pixels);
#pragma omp parallel for schedule(static)
    for (int64_t c = 0; c < e.c; c++) {
        const float mean = step->in[1][c], spread = spread_of(step, e.c, c), factor = spread * step->in[2][c];
        double sum, product;
        channel_sums(step->in[0], step->in[3], e, c, mean, &sum, &product);
        const float share = (float)(sum / count), lean = (float)(product / count) * spread * spread;
        for (int64_t n = 0; n < e.n; n++) {
            const int64_t at = (n * e.c + c) * e.pixels;
            for (int64_t i = at; i < at + e.pixels; i++)
                step->out[i] = factor * (step->in[3][i] - share - (step->in[0][i] - mean) * lean);
        }
    }
}

static void norm_weight_run(const nn_step *step)
{
    const extent e = extent_of(&step->node->inputs[0]->shape);
#pragma omp parallel for schedule(static)
    for (int64_t c = 0; c < e.c; c++) {
        double sum, product;
        channel_sums(step->in[0], step->in[2], e, c, step->in[1][c], &sum, &product);
        step->out[c] = (float)(product * (double)spread_of(step, e.c, c));
    }
}

/* ---- the same of simpler operations, for second derivatives ---- */

/* [c][1][1].. of a list. */
static nn_shape channel_shape(const nn_shape *x)
{
    nn_shape shape = {.rank = x->rank, .size = {1, 1, 1, 1, 1}};
    shape.size[1] = x->size[1];
    return shape;
}

static nn_node *channel_mean(nn_node *x)
{
    const extent e = extent_of(&x->shape);
    return nn_scale(nn_sum_to(x, channel_shape(&x->shape)), 1 / (float)(e.n * e.pixels), 0);
}

/* The normalised x and 1 / sqrt(variance + eps). */
static nn_node *normalised(nn_node *x, float eps, nn_node **spread)
{
    nn_node *centred = nn_sub(x, channel_mean(x)), *variance = centred ? channel_mean(nn_mul(centred, centred)) : NULL;
    nn_node *root = nn_sqrt(nn_scale(variance, 1, eps));
    *spread = root ? nn_div(nn_constant(x->graph, 1, (nn_shape){0}), root) : NULL;
    return nn_mul(centred, *spread);
}

static nn_node *plain_norm_input(nn_node *x, nn_node *weight, nn_node *dy, float eps)
{
    nn_node *spread, *unit = normalised(x, eps, &spread);
    nn_node *lean = unit ? nn_mul(unit, channel_mean(nn_mul(dy, unit))) : NULL;
    nn_node *rest = lean ? nn_sub(nn_sub(dy, channel_mean(dy)), lean) : NULL;
    return nn_mul(nn_mul(rest, spread), nn_reshape(weight, channel_shape(&x->shape)));
}

static nn_node *plain_norm_weight(nn_node *x, nn_node *dy, float eps)
{
    nn_node *spread, *unit = normalised(x, eps, &spread);
    return unit ? nn_reshape(nn_sum_to(nn_mul(dy, unit), channel_shape(&x->shape)), nn_shape_of(x->shape.size[1])) : NULL;
}

/* Derivatives of `plain`, which equals the node, with respect to the node's inputs at `places`. */
static void through_plain(nn_node *node, nn_node *plain, nn_node *dy, const int *places, int count, nn_node **dx)
{
    nn_node *inputs[NN_MAX_INPUTS], *derivatives[NN_MAX_INPUTS] = {NULL};
    for (int i = 0; i < count; i++)
        inputs[i] = node->inputs[places[i]];
    nn_partial_gradients(plain, dy, count, inputs, derivatives);
    for (int i = 0; i < count; i++)
        dx[places[i]] = derivatives[i];
}

static void norm_input_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    static const int places[] = {0, 2, 3};
    (void)wanted;
    through_plain(node, plain_norm_input(node->inputs[0], node->inputs[2], node->inputs[3], node->form.real[0]), dy, places, 3, dx);
}

static void norm_weight_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    static const int places[] = {0, 2};
    (void)wanted;
    through_plain(node, plain_norm_weight(node->inputs[0], node->inputs[2], node->form.real[0]), dy, places, 2, dx);
}

static const nn_op norm_input_op = {
    .name = "norm_input", .inputs = 4, .shape = norm_shape, .gradient = norm_input_gradient, .run = norm_input_run};
static const nn_op norm_weight_op = {
    .name = "norm_weight", .inputs = 3, .shape = norm_weight_shape, .gradient = norm_weight_gradient, .run = norm_weight_run};

static void norm_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    nn_node *x = node->inputs[0], *moments = node->inputs[1];
    nn_node *const for_input[] = {x, moments, node->inputs[2], dy}, *const for_weight[] = {x, moments, dy};
    if (wanted[0])
        dx[0] = nn_add_node(node->graph, &norm_input_op, &node->form, 4, for_input);
    if (wanted[2])
        dx[2] = nn_add_node(node->graph, &norm_weight_op, &node->form, 3, for_weight);
    if (wanted[3])
        dx[3] = nn_reshape(nn_sum_to(dy, channel_shape(&x->shape)), node->inputs[3]->shape);
}

static const nn_op moments_op = {.name = "moments", .inputs = 1, .shape = moments_shape, .gradient = nn_no_gradient, .run = moments_run};
static const nn_op norm_op = {.name = "norm", .inputs = 4, .shape = norm_shape, .gradient = norm_gradient, .run = norm_run};

/* ---- the layer ---- */

static nn_node *by_running_values(nn_node *x, const nn_norm *norm)
{
    nn_node *root = nn_sqrt(nn_scale(norm->variance, 1, norm->eps));
    nn_node *factor = nn_div(norm->weight, root);
    nn_node *offset = factor ? nn_sub(norm->bias, nn_mul(norm->mean, factor)) : NULL;
    if (!offset)
        return NULL;
    const nn_shape shape = channel_shape(&x->shape);
    return nn_add(nn_mul(x, nn_reshape(factor, shape)), nn_reshape(offset, shape));
}

/* running = (1 - momentum) running + momentum batch; the variance is divided by count - 1 for this. */
static void update_running(nn_node *x, const nn_norm *norm, nn_node *moments)
{
    const extent e = extent_of(&x->shape);
    const float count = (float)(e.n * e.pixels), correction = count > 1 ? count / (count - 1) : 1, m = norm->momentum;
    nn_node *mean = nn_reshape(nn_slice(moments, 0, 0, 1), nn_shape_of(e.c)),
            *variance = nn_reshape(nn_slice(moments, 0, 1, 1), nn_shape_of(e.c));
    nn_update(x->graph, norm->mean, nn_add(nn_scale(norm->mean, 1 - m, 0), nn_scale(mean, m, 0)));
    nn_update(x->graph, norm->variance, nn_add(nn_scale(norm->variance, 1 - m, 0), nn_scale(variance, m * correction, 0)));
}

nn_node *nn_batch_norm(nn_node *x, const nn_norm *norm, nn_mode mode)
{
    const nn_form form = {.real = {norm->eps}};
    if (!x || !norm->weight || !norm->bias || !norm->mean || !norm->variance)
        return NULL;
    if (mode == NN_EVALUATE)
        return by_running_values(x, norm);
    nn_node *moments = nn_add_node(x->graph, &moments_op, NULL, 1, &x);
    if (!moments)
        return NULL;
    update_running(x, norm, moments);
    nn_node *const inputs[] = {x, moments, norm->weight, norm->bias};
    return nn_add_node(x->graph, &norm_op, &form, 4, inputs);
}
