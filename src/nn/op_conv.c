/* op_conv.c: convolution and its two derivatives. All three are linear in each input, and each one's derivatives are the other two:

       y  = conv(x, w)        dx = conv_input(dy, w)     dw = conv_weight(x, dy)

   so any order follows. Numbers of the form: stride, pad, groups, and the two sides that the inputs do not tell (of x for conv_input, of
   the kernel for conv_weight). The work is oneDNN's (conv_kernel.h). */
#include <inttypes.h>

#include "nn/conv_kernel.h"
#include "nn/op.h"
#include "nn/ops.h"

static const nn_op conv_op, conv_input_op, conv_weight_op;

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
        dx[0] = conv_node(&conv_op, dy, w, &node->form, NULL);
    if (wanted[1])
        dx[1] = conv_node(&conv_weight_op, dy, y, &node->form, &w->shape);
}

static void conv_weight_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    nn_node *x = node->inputs[0], *y = node->inputs[1];
    if (wanted[0])
        dx[0] = conv_node(&conv_input_op, y, dy, &node->form, &x->shape);
    if (wanted[1])
        dx[1] = conv_node(&conv_op, x, dy, &node->form, NULL);
}

static bool conv_prepare(nn_step *step, df_arena *arena, df_error *err)
{
    const nn_node *n = step->node;
    return nn_conv_prepare(step, NN_CONV_FORWARD, &n->inputs[0]->shape, &n->inputs[1]->shape, &n->shape, arena, err);
}

static bool conv_input_prepare(nn_step *step, df_arena *arena, df_error *err)
{
    const nn_node *n = step->node;
    return nn_conv_prepare(step, NN_CONV_INPUT, &n->shape, &n->inputs[1]->shape, &n->inputs[0]->shape, arena, err);
}

static bool conv_weight_prepare(nn_step *step, df_arena *arena, df_error *err)
{
    const nn_node *n = step->node;
    return nn_conv_prepare(step, NN_CONV_WEIGHT, &n->inputs[0]->shape, &n->shape, &n->inputs[1]->shape, arena, err);
}

static const nn_op conv_op = {.name = "conv",
                              .inputs = 2,
                              .shape = conv_shape,
                              .gradient = conv_gradient,
                              .prepare = conv_prepare,
                              .run = nn_conv_run,
                              .release = nn_conv_release};
static const nn_op conv_input_op = {.name = "conv_input",
                                    .inputs = 2,
                                    .shape = conv_input_shape,
                                    .gradient = conv_input_gradient,
                                    .prepare = conv_input_prepare,
                                    .run = nn_conv_run,
                                    .release = nn_conv_release};
static const nn_op conv_weight_op = {.name = "conv_weight",
                                     .inputs = 2,
                                     .shape = conv_weight_shape,
                                     .gradient = conv_weight_gradient,
                                     .prepare = conv_weight_prepare,
                                     .run = nn_conv_run,
                                     .release = nn_conv_release};

nn_node *nn_conv(nn_node *x, nn_node *weight, nn_conv_form form)
{
    const nn_form numbers = {.whole = {form.stride[0], form.stride[1], form.pad[0], form.pad[1], form.groups}};
    return conv_node(&conv_op, x, weight, &numbers, NULL);
}
