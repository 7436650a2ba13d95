/* resnet.h: the residual networks' body, for those that put heads on it. */
#ifndef DF_NETS_RESNET_H
#define DF_NETS_RESNET_H

#include "nets/net.h"

typedef struct resnet_body {
    int blocks[4];
    bool has_bottlenecks;
    int width; /* of the first layers; 0: 64 */
} resnet_body;
extern const resnet_body resnet18_body, resnet34_body, resnet50_body;

/* x [n][3][h][w] to [n][8 width] or, with bottlenecks, [n][32 width]. */
nn_node *resnet_features(nn_node *x, const resnet_body *body, nn_mode mode);

#endif
