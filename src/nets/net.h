/* net.h: the published networks, one file and one row each. A row's function adds the network to a graph with the names of the
   published state dictionary, so that official files fit as they are. docs/networks.md shows how to add one. */
#ifndef DF_NETS_NET_H
#define DF_NETS_NET_H

#include "nn/graph.h"
#include "nn/ops.h"

enum { NET_MAX_PORTS = 4 };

typedef struct net_options {
    nn_mode mode;
    int64_t classes;    /* of networks with a classifier */
    int layers, hidden; /* nice */
    int width;          /* of the resnets' first layers, doubled by each later stage; 0: 64, as published */
} net_options;

/* A named input with its shape, or output. */
typedef struct net_port {
    const char *name;
    nn_node *node;
} net_port;

typedef struct net_ports { /* filled by the row's function */
    net_port outputs[NET_MAX_PORTS];
    int output_count; /* the first is the main one: gradients start there */
    net_port inputs[NET_MAX_PORTS];
    int input_count;
} net_ports;

typedef struct net_row {
    const char *name, *summary;
    const char *inputs[NET_MAX_PORTS];    /* their names */
    const char *gradients[NET_MAX_PORTS]; /* what the derivative with respect to each is called; NULL: it has none */
    bool is_loss;                         /* the main output is one number: no cotangent is needed */
    nn_shape usual;                       /* of input 0, for info and bench */
    /* `shapes`: of the inputs, in the order of `inputs`. */
    void (*build)(nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out);
} net_row;

DF_API const net_row *net_row_at(int index); /* NULL past the end */
DF_API const net_row *net_find(const char *name);

/* Adds the inputs, then the network. False, with the sentence, where shapes or options do not fit. */
DF_API bool net_build(const net_row *row, nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out,
                      df_error *err) DF_CHECKED;

/* ---- for the rows ---- */

extern const net_row resnet18_row, resnet34_row, resnet50_row, deep3d_row, mobilenet_v2_row, mobilenet_v2_face_row, inception_v3_row,
    inception_fid_row, inception_keras_row, arcface_row, nice_row;

nn_node *net_input(nn_graph *graph, const net_row *row, int index, const nn_shape *shapes, net_ports *ports);
void net_output(net_ports *ports, const char *name, nn_node *node);

/* Layers with the names of PyTorch's modules: NAME.weight, NAME.bias, NAME.running_mean ... A form's stride and pad in both directions. */
typedef struct net_conv_form {
    int64_t out;
    int kernel[2], stride, pad[2], groups;
    bool has_bias;
} net_conv_form;
nn_node *net_conv(nn_node *x, const char *name, net_conv_form form);
nn_node *net_batch_norm(nn_node *x, const char *name, float eps, nn_mode mode);
nn_node *net_linear(nn_node *x, const char *name, int64_t out, bool has_bias);

#endif
