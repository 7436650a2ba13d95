/* op_conv.c: convolution and its two derivatives. All three are linear in each input, and each one's derivatives are the other two:

       y  = conv(x, w)        dx = conv_input(dy, w)     dw = conv_weight(x, dy)

   so any order follows. Numbers of the form: stride, pad, groups, and the two sides that the inputs do not tell (of x for conv_input, of
   the kernel for conv_weight). The work is oneDNN's (conv_kernel.h). */
#include <inttypes.h>

#include "nn/conv_kernel.h"
#include "nn/op.h"
#include "nn/ops.h"

static const nn_op conv_input_op, conv_weight_op;

static int64_t out_side(const nn_form *form, int side, int64_t in, int64_t kernel)
{
    const int64_t room = in + 2 * form->whole[NN_CONV_PAD + side] - kernel;
    return room < 0 ? 0 : room / form->whole[NN_CONV_STRIDE + side] + 1;
}

static bool check_form(const nn_form *form, df_error *err)
{
    for (int i = NN_CONV_STRIDE; i <= NN_CONV_GROUPS; i++)
        if (form->whole[i] < (i >= NN_CONV_PAD && i < NN_CONV_GROUPS ? 0 : 1))
            return df_fail(err, "strides and groups from 1, pads from 0");
    return true;
}

static bool is_picture(const nn_shape *a, const nn_shape *b, df_error *err)
{
    return (a->rank == 4 && b->rank == 4) || df_fail(err, "arrays of rank %d and %d, expected 4", a->rank, b->rank);
}

/* Whether an output of that shape comes of such an input and kernel. */
static bool fits(const nn_form *form, const nn_shape *x, const nn_shape *w, const nn_shape *y, df_error *err)
{
    char xs[NN_SHAPE_TEXT], ws[NN_SHAPE_TEXT], ys[NN_SHAPE_TEXT];
    const int64_t groups = form->whole[NN_CONV_GROUPS];
    bool ok = x->size[0] == y->size[0] && x->size[1] == w->size[1] * groups && y->size[1] == w->size[0] && w->size[0] % groups == 0;
    for (int side = 0; side < 2; side++) {
        const int64_t out = out_side(form, side, x->size[2 + side], w->size[2 + side]);
        ok = ok && out >= 1 && y->size[2 + side] == out;
    }
    return ok || df_fail(err, "input %s, weight %s, result %s, %" PRId64 " groups: they do not fit", nn_shape_text(x, xs),
                         nn_shape_text(w, ws), nn_shape_text(y, ys), groups);
}

static bool conv_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    const nn_shape *x = &node->inputs[0]->shape, *w = &node->inputs[1]->shape;
    if (!is_picture(x, w, err) || !check_form(&node->form, err))
        return false;
    const nn_shape y = nn_shape_of(x->size[0], w->size[0], out_side(&node->form, 0, x->size[2], w->size[2]),
                                   out_side(&node->form, 1, x->size[3], w->size[3]));
    *out = y;
    return fits(&node->form, x, w, &y, err);
}

static bool conv_input_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    const nn_shape *y = &node->inputs[0]->shape, *w = &node->inputs[1]->shape;
    if (!is_picture(y, w, err) || !check_form(&node->form, err))
        return false;
    const nn_shape x = nn_shape_of(y->size[0], w->size[1] * node->form.whole[NN_CONV_GROUPS], node->form.whole[NN_CONV_SIDES],
                                   node->form.whole[NN_CONV_SIDES + 1]);
    *out = x;
    return fits(&node->form, &x, w, y, err);
}

static bool conv_weight_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    const nn_shape *x = &node->inputs[0]->shape, *y = &node->inputs[1]->shape;
    if (!is_picture(x, y, err) || !check_form(&node->form, err))
        return false;
    const nn_shape w = nn_shape_of(y->size[1], x->size[1] / node->form.whole[NN_CONV_GROUPS], node->form.whole[NN_CONV_SIDES],
                                   node->form.whole[NN_CONV_SIDES + 1]);
    *out = w;
    return fits(&node->form, x, &w, y, err);
}

static nn_node *conv_node(const nn_op *op, nn_node *a, nn_node *b, const nn_form *form, const nn_shape *sides_of)
{
    nn_node *const inputs[] = {a, b};
    nn_form with_sides = *form;
    for (int side = 0; side < 2; side++)
        with_sides.whole[NN_CONV_SIDES + side] = sides_of ? sides_of->size[2 + side] : 0;
    return a ? nn_add_node(a->graph, op, &with_sides, 2, inputs) : NULL;
}

static void conv_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    nn_node *x = node->inputs[0], *w = node->inputs[1];
    if (wanted[0])
        dx[0] = conv_node(&conv_input_op, dy, w, &node->form, &x->shape);
    if (wanted[1])
        dx[1] = conv_node(&conv_weight_op, x, dy, &node->form, &w->shape);
}

static void conv_input_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    nn_node *y = node->inputs[0], *w = node->inputs[1];
    if (wanted[0])
        dx[0] = conv_node(&nn_conv_op, dy, w, &node->form, NULL);
    if (wanted[1])
        dx[1] = conv_node(&conv_weight_op, dy, y, &node->form, &w->shape);
}

static void conv_weight_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    nn_node *x = node->inputs[0], *y = node->inputs[1];
    if (wanted[0])
        dx[0] = conv_node(&conv_input_op, y, dy, &node->form, &x->shape);
    if (wanted[1])
        dx[1] = conv_node(&nn_conv_op, x, dy, &node->form, NULL);
}

/* ---- layouts: oneDNN's fast kernels read and write blocks of channels; images of few channels they read as they are ---- */

enum { FEW_CHANNELS = 8 };

static nn_layout layout_of(const nn_shape *image, int64_t groups, int64_t width)
{
    const bool fits = groups == 1 ? image->size[1] >= FEW_CHANNELS : groups == image->size[1] || image->size[1] / groups % width == 0;
    return fits && nn_can_block(image) ? NN_BLOCKED : NN_PLAIN;
}

/* Of both images, or none, where there are groups. */
static nn_layout conv_layouts(const nn_shape *x, const nn_shape *y, int64_t groups, nn_layout *of_x)
{
    nn_layout of_y = layout_of(y, groups, nn_block());
    *of_x = layout_of(x, groups, nn_block());
    if (groups > 1 && *of_x != of_y)
        *of_x = of_y = NN_PLAIN;
    return of_y;
}

/* x is input 0, or 1 behind what is added. */
static nn_layout forward_layouts(const nn_node *node, const nn_layout *have, nn_layout *want)
{
    const int first = node->op == &nn_conv_sum_op;
    (void)have;
    const nn_layout result = conv_layouts(&node->inputs[first]->shape, &node->shape, node->form.whole[NN_CONV_GROUPS], &want[first]);
    if (first == 1)
        want[0] = result;
    return result;
}

static nn_layout input_layouts(const nn_node *node, const nn_layout *have, nn_layout *want)
{
    nn_layout result;
    (void)have;
    want[0] = conv_layouts(&node->shape, &node->inputs[0]->shape, node->form.whole[NN_CONV_GROUPS], &result);
    return result;
}

static nn_layout weight_layouts(const nn_node *node, const nn_layout *have, nn_layout *want)
{
    (void)have;
    want[1] = conv_layouts(&node->inputs[0]->shape, &node->inputs[1]->shape, node->form.whole[NN_CONV_GROUPS], &want[0]);
    return NN_PLAIN;
}

/* ---- chains ---- */

static bool chain_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    const int first = node->op == &nn_conv_sum_op;
    nn_node plain = *node;
    plain.inputs[0] = node->inputs[first];
    plain.inputs[1] = node->inputs[first + 1];
    return conv_shape(&plain, out, err);
}

static bool forward_prepare(nn_step *step, df_arena *arena, df_error *err)
{
    const nn_node *n = step->node;
    const int x = n->op == &nn_conv_sum_op;
    const nn_conv_arrays arrays = {.kind = NN_CONV_FORWARD,
                                   .x = {&n->inputs[x]->shape, n->inputs[x]->layout, x},
                                   .w = {&n->inputs[x + 1]->shape, NN_PLAIN, x + 1},
                                   .y = {&n->shape, n->layout, -1},
                                   .offset = n->form.whole[NN_CONV_OFFSETS] ? x + 2 : -1,
                                   .other = x - 1};
    return nn_conv_prepare(step, &arrays, arena, err);
}

static bool input_prepare(nn_step *step, df_arena *arena, df_error *err)
{
    const nn_node *n = step->node;
    const nn_conv_arrays arrays = {.kind = NN_CONV_INPUT,
                                   .x = {&n->shape, n->layout, -1},
                                   .w = {&n->inputs[1]->shape, NN_PLAIN, 1},
                                   .y = {&n->inputs[0]->shape, n->inputs[0]->layout, 0},
                                   .offset = -1,
                                   .other = -1};
    return nn_conv_prepare(step, &arrays, arena, err);
}

static bool weight_prepare(nn_step *step, df_arena *arena, df_error *err)
{
    const nn_node *n = step->node;
    const nn_conv_arrays arrays = {.kind = NN_CONV_WEIGHT,
                                   .x = {&n->inputs[0]->shape, n->inputs[0]->layout, 0},
                                   .w = {&n->shape, NN_PLAIN, -1},
                                   .y = {&n->inputs[1]->shape, n->inputs[1]->layout, 1},
                                   .offset = -1,
                                   .other = -1};
    return nn_conv_prepare(step, &arrays, arena, err);
}

/* Each result takes the weights of its channel once; the derivatives take the same products. */
static int64_t forward_products(const nn_node *node)
{
    const nn_shape *w = &node->inputs[node->op == &nn_conv_sum_op ? 2 : 1]->shape;
    return nn_elements(&node->shape) * (nn_elements(w) / w->size[0]);
}

static int64_t input_products(const nn_node *node)
{
    const nn_shape *w = &node->inputs[1]->shape;
    return nn_elements(&node->inputs[0]->shape) * (nn_elements(w) / w->size[0]);
}

static int64_t weight_products(const nn_node *node)
{
    return nn_elements(&node->inputs[1]->shape) * (nn_elements(&node->shape) / node->shape.size[0]);
}

#define ROW(NAME, INPUTS, SHAPE, LAYOUTS, PREPARE, PRODUCTS)                                                                               \
    .name = NAME, .inputs = INPUTS, .shape = SHAPE, .layouts = LAYOUTS, .prepare = PREPARE, .run = nn_conv_run,                            \
    .release = nn_conv_release, .products = PRODUCTS
const nn_op nn_conv_op = {ROW("conv", 2, conv_shape, forward_layouts, forward_prepare, forward_products), .gradient = conv_gradient};
const nn_op nn_conv_chain_op = {ROW("conv", -1, chain_shape, forward_layouts, forward_prepare, forward_products)};
const nn_op nn_conv_sum_op = {ROW("conv", -1, chain_shape, forward_layouts, forward_prepare, forward_products), .in_place = true};
static const nn_op conv_input_op = {ROW("conv_input", 2, conv_input_shape, input_layouts, input_prepare, input_products),
                                    .gradient = conv_input_gradient};
static const nn_op conv_weight_op = {ROW("conv_weight", 2, conv_weight_shape, weight_layouts, weight_prepare, weight_products),
                                     .gradient = conv_weight_gradient};

nn_node *nn_conv(nn_node *x, nn_node *weight, nn_conv_form form)
{
    const nn_form numbers = {.whole = {form.stride[0], form.stride[1], form.pad[0], form.pad[1], form.groups}};
    return conv_node(&nn_conv_op, x, weight, &numbers, NULL);
}
