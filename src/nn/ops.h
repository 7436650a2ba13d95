/* ops.h: the operations, each a function that adds a node (graph.h says how failures are told). Arrays spread over each other as
   NumPy's do where "spread" is said. All are differentiable any number of times unless said. */
#ifndef DF_NN_OPS_H
#define DF_NN_OPS_H

#include "nn/graph.h"

/* ---- element by element ---- */

DF_API nn_node *nn_add(nn_node *a, nn_node *b);                   /* spread */
DF_API nn_node *nn_sub(nn_node *a, nn_node *b);                   /* spread */
DF_API nn_node *nn_mul(nn_node *a, nn_node *b);                   /* spread */
DF_API nn_node *nn_div(nn_node *a, nn_node *b);                   /* spread */
DF_API nn_node *nn_scale(nn_node *x, float factor, float offset); /* factor * x + offset */
DF_API nn_node *nn_exp(nn_node *x);
DF_API nn_node *nn_log(nn_node *x);
DF_API nn_node *nn_sqrt(nn_node *x);
DF_API nn_node *nn_sigmoid(nn_node *x);
DF_API nn_node *nn_tanh(nn_node *x);
DF_API nn_node *nn_softplus(nn_node *x); /* log(1 + exp(x)) */

/* gain * x above 0, gain * slope * x up to 0, cut to -top .. top: ReLU {0, 1, INFINITY}, ReLU6 {0, 1, 6}, leaky ReLU {0.2f, 1, INFINITY}. The
   derivative is that of the side below at 0, and 0 from +-top on. */
typedef struct nn_bend {
    float slope, gain, top;
} nn_bend;
DF_API nn_node *nn_bent(nn_node *x, nn_bend form);
DF_API nn_node *nn_relu(nn_node *x);
DF_API nn_node *nn_relu6(nn_node *x);

/* The value of `value`, with the derivative of `like` (the same shape). */
DF_API nn_node *nn_instead(nn_node *value, nn_node *like);

/* ---- sums and shapes ---- */

DF_API nn_node *nn_sum_to(nn_node *x, nn_shape shape);    /* over what `shape` has as sides of 1, or has not */
DF_API nn_node *nn_spread_to(nn_node *x, nn_shape shape); /* its inverse: repeats */
DF_API nn_node *nn_sum(nn_node *x);                       /* all: one number */
DF_API nn_node *nn_mean(nn_node *x);
DF_API nn_node *nn_reshape(nn_node *x, nn_shape shape);
DF_API nn_node *nn_slice(nn_node *x, int axis, int64_t first, int64_t count);
DF_API nn_node *nn_join(nn_graph *graph, int axis, int count, nn_node *const *parts); /* any number of parts */
DF_API nn_node *nn_gather(nn_node *x, nn_node *columns);                              /* [n][k], numbers of columns [m]: [n][m] */
DF_API nn_node *nn_scatter(nn_node *x, nn_node *columns, int64_t side); /* [n][m] to those columns of [n][side], zeros elsewhere */
DF_API nn_node *nn_softmax(nn_node *x);                                 /* along the last side */
DF_API nn_node *nn_log_softmax(nn_node *x);                             /* its logarithm, without overflow */
DF_API nn_node *nn_one_hot(nn_node *labels,
                           int64_t classes); /* [n] whole numbers to [n][classes] of 0 and 1; others to zeros; no derivative */

/* ---- products ---- */

typedef enum nn_turn { NN_AS_IT_IS, NN_TURNED } nn_turn;
DF_API nn_node *nn_matmul(nn_node *a, nn_turn turn_a, nn_node *b, nn_turn turn_b); /* [m][k] [k][n], or [b][m][k] [b][k][n] */
DF_API nn_node *nn_linear(nn_node *x, nn_node *weight, nn_node *bias);             /* x [n][in], weight [out][in], bias [out] or NULL */

/* x [n][c][h][w], weight [out][c / groups][kh][kw]; cross-correlation, zeros around. Sides: {down, along}. */
typedef struct nn_conv_form {
    int stride[2], pad[2], groups;
} nn_conv_form;
DF_API nn_node *nn_conv(nn_node *x, nn_node *weight, nn_conv_form form);
DF_API nn_node *nn_bias(nn_node *x, nn_node *bias); /* [c] over [n][c]... */

/* ---- pools and sizes ---- */

typedef struct nn_pool_form {
    int kernel[2], stride[2], pad[2];
    bool counts_padding; /* of averages: zeros around belong to them */
} nn_pool_form;
DF_API nn_node *nn_max_pool(nn_node *x,
                            nn_pool_form form); /* padding never wins; the first largest in row-major order gets the derivative */
DF_API nn_node *nn_average_pool(nn_node *x, nn_pool_form form);
DF_API nn_node *nn_global_mean(nn_node *x); /* [n][c][h][w] to [n][c] */
/* Bilinear without smoothing: source = (i + 0.5) * in / out - 0.5, cut at the edges (as F.interpolate with align_corners off). */
DF_API nn_node *nn_resize(nn_node *x, int64_t height, int64_t width);

/* ---- normalisation, over n, h, w of [n][c]... ---- */

typedef struct nn_norm {
    nn_node *weight, *bias, *mean, *variance; /* [c]; the last two are running values */
    float eps, momentum;
} nn_norm;
typedef enum nn_mode { NN_EVALUATE, NN_TRAIN } nn_mode;
/* NN_TRAIN: by the batch's own mean and variance, and the running values get updates (nn_update). */
DF_API nn_node *nn_batch_norm(nn_node *x, const nn_norm *norm, nn_mode mode);

#endif
