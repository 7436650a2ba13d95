/* op_norm.c: batch normalisation (Ioffe and Szegedy, 2015).

       moments       x -> [2][c]: mean and variance (divided by the count) over all but c
       norm          x, moments, weight, bias -> (x - mean) / sqrt(variance + eps) * weight + bias
       norm_sums     x, moments, dy -> [2][c]: sums of dy, and of dy times the normalised x: the derivatives of bias and weight
       norm_input    x, moments, weight, dy, those sums -> dx, with the moments as functions of x

   The moments are an input so that running values can be made of them; no derivative goes through that input, nor through that of the
   sums: norm_input has it all. The two's own derivatives go through the same function made of simpler operations.
   Chains (fuse.h): norm_chain is norm, plus another array as input 4, and ReLU; the bent ones take dy from behind that ReLU, and as
   further inputs what its place is told by: weight and bias, or bias.
   Numbers of the form: real[0] eps. */
#include <math.h>
#include <string.h>

#include "nn/gradient.h"
#include "nn/norm_kernel.h"
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

static bool check_lists(const nn_node *node, int first, int count, int64_t channels, df_error *err)
{
    for (int k = first; k < first + count; k++)
        if (!is_list(&node->inputs[k]->shape, channels))
            return df_fail(err, "input %d is no list of %lld channels", k, (long long)channels);
    return true;
}

/* x, moments, and an array `same` of x' shape (0: none); the rest are lists. */
static bool norm_like_shape(const nn_node *node, int same, df_error *err)
{
    const nn_shape *x = &node->inputs[0]->shape;
    const int64_t c = x->rank > 1 ? x->size[1] : 0;
    const nn_shape pair = nn_shape_of(2, c);
    if (!check_x(x, err))
        return false;
    if (!nn_shape_equal(&node->inputs[1]->shape, &pair))
        return df_fail(err, "moments are not those of %lld channels", (long long)c);
    return same == 0 || nn_shape_equal(&node->inputs[same]->shape, x) || df_fail(err, "input %d has another shape than x", same);
}

static bool norm_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    *out = node->inputs[0]->shape;
    return norm_like_shape(node, node->input_count > 4 ? 4 : 0, err) && check_lists(node, 2, 2, out->size[1], err);
}

static bool norm_input_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    *out = node->inputs[0]->shape;
    const nn_shape pair = nn_shape_of(2, out->rank > 1 ? out->size[1] : 0);
    if (!norm_like_shape(node, 3, err) || !check_lists(node, 2, 1, pair.size[1], err))
        return false;
    return nn_shape_equal(&node->inputs[4]->shape, &pair) || df_fail(err, "sums are not those of %lld channels", (long long)pair.size[1]);
}

static bool norm_sums_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    if (!norm_like_shape(node, 2, err))
        return false;
    *out = node->inputs[1]->shape;
    return true;
}

/* Images are blocked where x is, whatever comes out. */
static nn_layout norm_layouts(const nn_node *node, const nn_layout *have, nn_layout *want)
{
    for (int k = 0; k < node->input_count; k++)
        want[k] = nn_shape_equal(&node->inputs[k]->shape, &node->inputs[0]->shape) ? have[0] : NN_PLAIN;
    return nn_shape_equal(&node->shape, &node->inputs[0]->shape) ? have[0] : NN_PLAIN;
}

/* ---- runs ---- */

/* Scratch memory: four lists [c], then the kernel's. */
enum { LISTS = 4 };

static norm_view view_of(const nn_step *step)
{
    return norm_view_of(&step->node->inputs[0]->shape, step->node->inputs[0]->layout);
}

static size_t list_bytes(const nn_step *step)
{
    return ((size_t)step->node->inputs[0]->shape.size[1] * LISTS * sizeof(float) + 63) / 64 * 64;
}

static bool norm_prepare(nn_step *step, df_arena *arena, df_error *err)
{
    const norm_view view = view_of(step);
    (void)arena;
    (void)err;
    step->scratch_size = list_bytes(step) + norm_scratch(&view);
    return true;
}

static void *kernel_scratch(const nn_step *step)
{
    return (char *)step->scratch + list_bytes(step);
}

/* The line of moments, weight and bias (NULL: of the normalised x). */
static norm_line line_of(const nn_step *step, const float *weight, const float *bias)
{
    const int64_t c = step->node->inputs[0]->shape.size[1];
    const float *moments = step->in[1], *const bend = step->node->form.real + NN_BEND_AT;
    float *factor = step->scratch, *offset = factor + c;
    for (int64_t i = 0; i < c; i++) {
        factor[i] = 1 / sqrtf(moments[c + i] + step->node->form.real[0]) * (weight ? weight[i] : 1);
        offset[i] = bias ? bias[i] : 0;
    }
    return (norm_line){.mean = moments,
                       .factor = factor,
                       .offset = offset,
                       .bend =
                           step->node->form.whole[NN_BENDS] ? (nn_bend_form){bend[0], bend[1], bend[2]} : (nn_bend_form){1, 1, INFINITY}};
}

static void moments_run(const nn_step *step)
{
    const norm_view view = view_of(step);
    norm_moments(&view, step->in[0], kernel_scratch(step), step->out);
}

static void norm_run(const nn_step *step)
{
    const norm_view view = view_of(step);
    const norm_line line = line_of(step, step->in[2], step->in[3]);
    norm_apply(&view, &line, step->in[0], step->node->input_count > 4 ? step->in[4] : NULL, kernel_scratch(step), step->out);
}

static void norm_sums_run(const nn_step *step)
{
    const norm_view view = view_of(step);
    const bool is_bent = step->node->input_count > 3;
    const norm_line line = line_of(step, is_bent ? step->in[3] : NULL, is_bent ? step->in[4] : NULL);
    norm_sums(&view, &line, step->in[0], step->in[2], kernel_scratch(step), step->out);
    for (int64_t i = 0; i < view.c; i++)
        step->out[view.c + i] /= sqrtf(step->in[1][view.c + i] + step->node->form.real[0]);
}

static void norm_input_run(const nn_step *step)
{
    const norm_view view = view_of(step);
    const norm_line line = line_of(step, step->in[2], step->node->input_count > 5 ? step->in[5] : NULL);
    const float count = (float)(view.n * view.pixels), *sums = step->in[4];
    float *share = (float *)step->scratch + 2 * view.c, *lean = share + view.c;
    for (int64_t i = 0; i < view.c; i++) {
        share[i] = sums[i] / count;
        lean[i] = sums[view.c + i] / count / sqrtf(step->in[1][view.c + i] + step->node->form.real[0]);
    }
    norm_back(&view, &line, share, lean, step->in[0], step->in[3], kernel_scratch(step), step->out);
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

static nn_node *plain_norm_sums(nn_node *x, nn_node *dy, float eps)
{
    nn_node *spread, *unit = normalised(x, eps, &spread);
    if (!unit)
        return NULL;
    const nn_shape row = nn_shape_of(1, x->shape.size[1]);
    nn_node *const rows[] = {nn_reshape(nn_sum_to(dy, channel_shape(&x->shape)), row),
                             nn_reshape(nn_sum_to(nn_mul(dy, unit), channel_shape(&x->shape)), row)};
    return rows[0] && rows[1] ? nn_join(x->graph, 0, 2, rows) : NULL;
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

static void norm_sums_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    static const int places[] = {0, 2};
    (void)wanted;
    through_plain(node, plain_norm_sums(node->inputs[0], node->inputs[2], node->form.real[0]), dy, places, 2, dx);
}

static nn_node *list_of(nn_node *pair, int64_t row)
{
    return pair ? nn_reshape(nn_slice(pair, 0, row, 1), nn_shape_of(pair->shape.size[1])) : NULL;
}

static void norm_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    nn_node *x = node->inputs[0], *moments = node->inputs[1];
    nn_node *const for_sums[] = {x, moments, dy};
    nn_node *sums = nn_add_node(node->graph, &nn_norm_sums_op, &node->form, 3, for_sums);
    nn_node *const for_input[] = {x, moments, node->inputs[2], dy, sums};
    if (wanted[0])
        dx[0] = nn_add_node(node->graph, &nn_norm_input_op, &node->form, 5, for_input);
    if (wanted[2])
        dx[2] = list_of(sums, 1);
    if (wanted[3])
        dx[3] = list_of(sums, 0);
}

#define ROW(NAME, INPUTS, SHAPE, RUN)                                                                                                      \
    .name = NAME, .inputs = INPUTS, .shape = SHAPE, .layouts = norm_layouts, .prepare = norm_prepare, .run = RUN
static const nn_op moments_op = {ROW("moments", 1, moments_shape, moments_run), .gradient = nn_no_gradient};
const nn_op nn_norm_op = {ROW("norm", 4, norm_shape, norm_run), .gradient = norm_gradient, .in_place = true};
const nn_op nn_norm_sums_op = {ROW("norm_sums", 3, norm_sums_shape, norm_sums_run), .gradient = norm_sums_gradient};
const nn_op nn_norm_input_op = {ROW("norm_input", 5, norm_input_shape, norm_input_run), .gradient = norm_input_gradient, .in_place = true};
const nn_op nn_norm_chain_op = {ROW("norm", -1, norm_shape, norm_run), .in_place = true};
const nn_op nn_bent_norm_sums_op = {ROW("norm_sums", 5, norm_sums_shape, norm_sums_run)};
const nn_op nn_bent_norm_input_op = {ROW("norm_input", 6, norm_input_shape, norm_input_run), .in_place = true};

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
    return nn_add_node(x->graph, &nn_norm_op, &form, 4, inputs);
}
