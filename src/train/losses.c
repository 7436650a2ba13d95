/* losses.c: compositions of the graph's operations. */
#include "train/losses.h"

nn_node *loss_cross_entropy(nn_node *logits, nn_node *labels)
{
    if (!logits || !labels)
        return NULL;
    const nn_shape *shape = nn_shape_at(logits);
    nn_node *likelihood = nn_sum(nn_mul(nn_one_hot(labels, shape->size[1]), nn_log_softmax(logits)));
    return nn_scale(likelihood, -1 / (float)shape->size[0], 0);
}

static nn_node *weighted_mean(nn_node *x, nn_node *weights)
{
    return nn_mean(weights ? nn_mul(x, weights) : x);
}

nn_node *loss_binary(nn_node *logits, nn_node *targets, nn_node *weights)
{
    return weighted_mean(nn_sub(nn_softplus(logits), nn_mul(logits, targets)), weights);
}

nn_node *loss_square(nn_node *a, nn_node *b, nn_node *weights)
{
    nn_node *difference = nn_sub(a, b);
    return weighted_mean(nn_mul(difference, difference), weights);
}
