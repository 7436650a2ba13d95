/* op_shape.c: the same numbers in other places: reshape, slices and their inverse, joins. Numbers of the form: reshape: rank and sides;
   slice and place: axis, first, and for place the whole side. */
#include <inttypes.h>
#include <string.h>

#include "nn/op.h"
#include "nn/ops.h"
#include "nn/walk.h"

enum { AT_AXIS = 0, AT_FIRST = 1, AT_SIDE = 2 };

/* ---- reshape ---- */

static bool reshape_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    nn_shape shape = {.rank = (int)node->form.whole[0]};
    char from[NN_SHAPE_TEXT], to[NN_SHAPE_TEXT];
    memcpy(shape.size, node->form.whole + 1, sizeof shape.size);
    if (nn_elements(&shape) != nn_elements(&node->inputs[0]->shape))
        return df_fail(err, "%s has not as many elements as %s", nn_shape_text(&node->inputs[0]->shape, from), nn_shape_text(&shape, to));
    *out = shape;
    return true;
}

static void reshape_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    (void)wanted;
    dx[0] = nn_reshape(dy, node->inputs[0]->shape);
}

static void reshape_run(const nn_step *step)
{
    if (step->out != step->in[0])
        memcpy(step->out, step->in[0], (size_t)nn_elements(&step->node->shape) * sizeof(float));
}

const nn_op nn_reshape_op = {
    .name = "reshape", .inputs = 1, .shape = reshape_shape, .gradient = reshape_gradient, .run = reshape_run, .in_place = true};

nn_node *nn_reshape(nn_node *x, nn_shape shape)
{
    nn_form form = {.whole = {shape.rank}};
    if (!x || nn_shape_equal(&x->shape, &shape))
        return x;
    memcpy(form.whole + 1, shape.size, sizeof shape.size);
    return nn_add_node(x->graph, &nn_reshape_op, &form, 1, &x);
}

/* ---- slices ---- */

/* Elements before the axis and behind it. */
static void around(const nn_shape *shape, int64_t axis, int64_t *before, int64_t *behind)
{
    *before = *behind = 1;
    for (int d = 0; d < shape->rank; d++)
        *(d < axis ? before : behind) *= d == axis ? 1 : shape->size[d];
}

static bool slice_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    nn_shape shape = node->inputs[0]->shape;
    const int64_t axis = node->form.whole[AT_AXIS], first = node->form.whole[AT_FIRST], count = node->form.whole[AT_SIDE];
    if (axis < 0 || axis >= shape.rank || first < 0 || count < 0 || first + count > shape.size[axis])
        return df_fail(err, "elements %" PRId64 " to %" PRId64 " of axis %" PRId64 ", which it has not", first, first + count, axis);
    shape.size[axis] = count;
    *out = shape;
    return true;
}

static bool place_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    nn_shape shape = node->inputs[0]->shape;
    const int64_t axis = node->form.whole[AT_AXIS], first = node->form.whole[AT_FIRST], side = node->form.whole[AT_SIDE];
    if (axis < 0 || axis >= shape.rank || first < 0 || first + shape.size[axis] > side)
        return df_fail(err, "a side of %" PRId64 " has no room at %" PRId64, side, first);
    shape.size[axis] = side;
    *out = shape;
    return true;
}

static void slice_run(const nn_step *step)
{
    const nn_node *node = step->node;
    const int64_t axis = node->form.whole[AT_AXIS], first = node->form.whole[AT_FIRST];
    const int64_t from = node->inputs[0]->shape.size[axis], to = node->shape.size[axis];
    int64_t before, behind;
    around(&node->shape, axis, &before, &behind);
    for (int64_t i = 0; i < before; i++)
        memcpy(step->out + i * to * behind, step->in[0] + (i * from + first) * behind, (size_t)(to * behind) * sizeof(float));
}

static void place_run(const nn_step *step)
{
    const nn_node *node = step->node;
    const int64_t axis = node->form.whole[AT_AXIS], first = node->form.whole[AT_FIRST];
    const int64_t from = node->inputs[0]->shape.size[axis], to = node->shape.size[axis];
    int64_t before, behind;
    around(&node->shape, axis, &before, &behind);
    memset(step->out, 0, (size_t)nn_elements(&node->shape) * sizeof(float));
    for (int64_t i = 0; i < before; i++)
        memcpy(step->out + (i * to + first) * behind, step->in[0] + i * from * behind, (size_t)(from * behind) * sizeof(float));
}

static nn_node *place(nn_node *x, int64_t axis, int64_t first, int64_t side);

static void slice_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    const int64_t axis = node->form.whole[AT_AXIS];
    (void)wanted;
    dx[0] = place(dy, axis, node->form.whole[AT_FIRST], node->inputs[0]->shape.size[axis]);
}

static void place_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    const int64_t axis = node->form.whole[AT_AXIS];
    (void)wanted;
    dx[0] = nn_slice(dy, (int)axis, node->form.whole[AT_FIRST], node->inputs[0]->shape.size[axis]);
}

static const nn_op slice_op = {.name = "slice", .inputs = 1, .shape = slice_shape, .gradient = slice_gradient, .run = slice_run};
static const nn_op place_op = {.name = "place", .inputs = 1, .shape = place_shape, .gradient = place_gradient, .run = place_run};

nn_node *nn_slice(nn_node *x, int axis, int64_t first, int64_t count)
{
    const nn_form form = {.whole = {axis, first, count}};
    return x ? nn_add_node(x->graph, &slice_op, &form, 1, &x) : NULL;
}

static nn_node *place(nn_node *x, int64_t axis, int64_t first, int64_t side)
{
    const nn_form form = {.whole = {axis, first, side}};
    return x ? nn_add_node(x->graph, &place_op, &form, 1, &x) : NULL;
}

/* ---- joins ---- */

static bool join_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    nn_shape shape = node->inputs[0]->shape;
    const int64_t axis = node->form.whole[AT_AXIS];
    if (axis < 0 || axis >= shape.rank)
        return df_fail(err, "axis %" PRId64 " of %d", axis, shape.rank);
    for (int i = 1; i < node->input_count; i++) {
        nn_shape other = node->inputs[i]->shape;
        if (other.rank != shape.rank)
            return df_fail(err, "input %d has another rank", i);
        const int64_t side = other.size[axis];
        other.size[axis] = shape.size[axis];
        if (!nn_shape_equal(&other, &shape))
            return df_fail(err, "input %d has other sides", i);
        shape.size[axis] += side;
    }
    *out = shape;
    return true;
}

static void join_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    const int64_t axis = node->form.whole[AT_AXIS];
    int64_t first = 0;
    for (int i = 0; i < node->input_count; i++) {
        const int64_t count = node->inputs[i]->shape.size[axis];
        if (wanted[i])
            dx[i] = nn_slice(dy, (int)axis, first, count);
        first += count;
    }
}

/* Along channels blocks can be joined where each is full. */
static nn_layout join_layouts(const nn_node *node, const nn_layout *have, nn_layout *want)
{
    bool is_full = node->form.whole[AT_AXIS] == 1, any = false;
    for (int i = 0; i < node->input_count; i++) {
        is_full = is_full && nn_can_block(&node->inputs[i]->shape) && node->inputs[i]->shape.size[1] % nn_block() == 0;
        any = any || have[i] == NN_BLOCKED;
    }
    const nn_layout result = is_full && any ? NN_BLOCKED : NN_PLAIN;
    for (int i = 0; i < node->input_count; i++)
        want[i] = result;
    return result;
}

/* Full blocks are as long as their channels in a row are: the copies are the same in both layouts. */
static void join_run(const nn_step *step)
{
    const nn_node *node = step->node;
    const int64_t axis = node->form.whole[AT_AXIS], to = node->shape.size[axis];
    int64_t before, behind, first = 0;
    around(&node->shape, axis, &before, &behind);
    for (int i = 0; i < node->input_count; i++) {
        const int64_t from = node->inputs[i]->shape.size[axis];
#pragma omp parallel for schedule(static) if (before * from * behind > NN_ALONE)
        for (int64_t b = 0; b < before; b++)
            memcpy(step->out + (b * to + first) * behind, step->in[i] + b * from * behind, (size_t)(from * behind) * sizeof(float));
        first += from;
    }
}

static const nn_op join_op = {
    .name = "join", .inputs = -1, .shape = join_shape, .gradient = join_gradient, .layouts = join_layouts, .run = join_run};

nn_node *nn_join(nn_graph *graph, int axis, int count, nn_node *const *parts)
{
    const nn_form form = {.whole = {axis}};
    nn_node *joined = NULL;
    for (int done = 0; done < count;) { /* as many at a time as a node takes */
        nn_node *inputs[NN_MAX_INPUTS];
        int used = 0;
        if (joined)
            inputs[used++] = joined;
        while (used < NN_MAX_INPUTS && done < count)
            inputs[used++] = parts[done++];
        joined = nn_add_node(graph, &join_op, &form, used, inputs);
        if (!joined)
            return NULL;
    }
    return joined;
}
