/* op_gather.c: columns of [n][k] by a list of their numbers, and columns put to such places among zeros; each is the other's
   derivative. Numbers of the form: scatter: whole[0] columns of the result. A number that is no column gives zeros, or is dropped. */
#include <string.h>

#include "nn/op.h"
#include "nn/ops.h"
#include "nn/walk.h"

static bool check_rows(const nn_node *node, df_error *err)
{
    return (node->inputs[0]->shape.rank == 2 && node->inputs[1]->shape.rank == 1) || df_fail(err, "expected [n][k] and a list of columns");
}

static bool gather_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    if (!check_rows(node, err))
        return false;
    *out = nn_shape_of(node->inputs[0]->shape.size[0], node->inputs[1]->shape.size[0]);
    return true;
}

static bool scatter_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    if (!check_rows(node, err))
        return false;
    *out = nn_shape_of(node->inputs[0]->shape.size[0], node->form.whole[0]);
    return node->inputs[0]->shape.size[1] == node->inputs[1]->shape.size[0] || df_fail(err, "as many columns as places expected");
}

/* -1: no column. */
static int64_t column(float number, int64_t columns)
{
    return number >= 0 && number < (float)columns ? (int64_t)number : -1;
}

static void gather_run(const nn_step *step)
{
    const int64_t n = step->node->shape.size[0], m = step->node->shape.size[1], k = step->node->inputs[0]->shape.size[1];
    for (int64_t r = 0; r < n; r++)
        for (int64_t i = 0; i < m; i++) {
            const int64_t c = column(step->in[1][i], k);
            step->out[r * m + i] = c < 0 ? 0 : step->in[0][r * k + c];
        }
}

static void scatter_run(const nn_step *step)
{
    const int64_t n = step->node->shape.size[0], k = step->node->shape.size[1], m = step->node->inputs[0]->shape.size[1];
    memset(step->out, 0, (size_t)(n * k) * sizeof(float));
    for (int64_t r = 0; r < n; r++)
        for (int64_t i = 0; i < m; i++) {
            const int64_t c = column(step->in[1][i], k);
            if (c >= 0)
                step->out[r * k + c] += step->in[0][r * m + i];
        }
}

static void gather_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    if (wanted[0])
        dx[0] = nn_scatter(dy, node->inputs[1], node->inputs[0]->shape.size[1]);
}

static void scatter_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    if (wanted[0])
        dx[0] = nn_gather(dy, node->inputs[1]);
}

static const nn_op gather_op = {.name = "gather", .inputs = 2, .shape = gather_shape, .gradient = gather_gradient, .run = gather_run};
static const nn_op scatter_op = {.name = "scatter", .inputs = 2, .shape = scatter_shape, .gradient = scatter_gradient, .run = scatter_run};

nn_node *nn_gather(nn_node *x, nn_node *columns)
{
    nn_node *const inputs[] = {x, columns};
    return x ? nn_add_node(x->graph, &gather_op, NULL, 2, inputs) : NULL;
}

nn_node *nn_scatter(nn_node *x, nn_node *columns, int64_t side)
{
    const nn_form form = {.whole = {side}};
    nn_node *const inputs[] = {x, columns};
    return x ? nn_add_node(x->graph, &scatter_op, &form, 2, inputs) : NULL;
}
