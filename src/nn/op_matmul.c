/* op_matmul.c: matrix products by BLAS. Numbers of the form: whole[0] turn of a, whole[1] turn of b. */
#include <dnnl.h>

#include "nn/op.h"
#include "nn/ops.h"

typedef struct product {
    int64_t batch, m, n, k;
    bool is_good;
} product;

static product sides(const nn_node *node)
{
    const nn_shape *a = &node->inputs[0]->shape, *b = &node->inputs[1]->shape;
    if (a->rank != b->rank || (a->rank != 2 && a->rank != 3) || (a->rank == 3 && a->size[0] != b->size[0]))
        return (product){0};
    const int r = a->rank - 2, turn_a = node->form.whole[0] != 0, turn_b = node->form.whole[1] != 0;
    return (product){.batch = r ? a->size[0] : 1,
                     .m = a->size[r + turn_a],
                     .k = a->size[r + !turn_a],
                     .n = b->size[r + !turn_b],
                     .is_good = a->size[r + !turn_a] == b->size[r + turn_b]};
}

static bool matmul_shape(const nn_node *node, nn_shape *out, df_error *err)
{
    const product p = sides(node);
    char a[NN_SHAPE_TEXT], b[NN_SHAPE_TEXT];
    if (!p.is_good)
        return df_fail(err, "%s%s by %s%s", nn_shape_text(&node->inputs[0]->shape, a), node->form.whole[0] ? " turned" : "",
                       nn_shape_text(&node->inputs[1]->shape, b), node->form.whole[1] ? " turned" : "");
    *out = node->inputs[0]->shape.rank == 2 ? nn_shape_of(p.m, p.n) : nn_shape_of(p.batch, p.m, p.n);
    return true;
}

static void matmul_run(const nn_step *step)
{
    const product p = sides(step->node);
    const bool turn_a = step->node->form.whole[0] != 0, turn_b = step->node->form.whole[1] != 0;
    if (p.m == 0 || p.n == 0)
        return;
    /* oneDNN's threads, since a second pool of threads would wait for the first one's processors. Its arrays are row-major. */
    for (int64_t i = 0; i < p.batch; i++)
        dnnl_sgemm(turn_a ? 'T' : 'N', turn_b ? 'T' : 'N', p.m, p.n, p.k, 1, step->in[0] + i * p.m * p.k, turn_a ? p.m : p.k,
                   step->in[1] + i * p.k * p.n, turn_b ? p.k : p.n, 0, step->out + i * p.m * p.n, p.n);
}

/* With A' and B' as they enter the product: dA' = dY B'T, dB' = A'T dY, each turned back where it was turned. */
static void matmul_gradient(nn_node *node, nn_node *dy, const bool *wanted, nn_node **dx)
{
    nn_node *a = node->inputs[0], *b = node->inputs[1];
    const nn_turn turn_a = (nn_turn)node->form.whole[0], turn_b = (nn_turn)node->form.whole[1];
    const nn_turn other_a = turn_a ? NN_AS_IT_IS : NN_TURNED, other_b = turn_b ? NN_AS_IT_IS : NN_TURNED;
    if (wanted[0])
        dx[0] = turn_a ? nn_matmul(b, turn_b, dy, NN_TURNED) : nn_matmul(dy, NN_AS_IT_IS, b, other_b);
    if (wanted[1])
        dx[1] = turn_b ? nn_matmul(dy, NN_TURNED, a, turn_a) : nn_matmul(a, other_a, dy, NN_AS_IT_IS);
}

static int64_t matmul_products(const nn_node *node)
{
    const product p = sides(node);
    return p.batch * p.m * p.k * p.n;
}

static const nn_op matmul_op = {
    .name = "matmul", .inputs = 2, .shape = matmul_shape, .gradient = matmul_gradient, .run = matmul_run, .products = matmul_products};

nn_node *nn_matmul(nn_node *a, nn_turn turn_a, nn_node *b, nn_turn turn_b)
{
    const nn_form form = {.whole = {turn_a, turn_b}};
    nn_node *const inputs[] = {a, b};
    return a ? nn_add_node(a->graph, &matmul_op, &form, 2, inputs) : NULL;
}

nn_node *nn_linear(nn_node *x, nn_node *weight, nn_node *bias)
{
    nn_node *y = nn_matmul(x, NN_AS_IT_IS, weight, NN_TURNED);
    return bias ? nn_bias(y, bias) : y;
}
