/* resnet.h: the residual networks' body, for those that put heads on it. */
#ifndef DF_NETS_RESNET_H
#define DF_NETS_RESNET_H

#include "nets/net.h"

typedef struct resnet_body {
    int blocks[4];
    bool has_bottlenecks;
} resnet_body;
extern const resnet_body resnet18_body, resnet34_body, resnet50_body;

/* x [n][3][h][w] to [n][512] or [n][2048]. */
nn_node *resnet_features(nn_node *x, const resnet_body *body, nn_mode mode);

#endif
