/* net.c: the table of networks. */
#include "nets/net.h"

#include <string.h>

static const net_row *const rows[] = {
    &resnet18_row,        &resnet34_row, &resnet50_row, &mobilenet_v2_row, &mobilenet_v2_face_row, &inception_v3_row, &inception_fid_row,
    &inception_keras_row, &deep3d_row,   &arcface_row,  &nice_row};

const net_row *net_row_at(int index)
{
    return index >= 0 && (size_t)index < DF_ARRAY_LEN(rows) ? rows[index] : NULL;
}

const net_row *net_find(const char *name)
{
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        if (strcmp(rows[i]->name, name) == 0)
            return rows[i];
    return NULL;
}

bool net_build(const net_row *row, nn_graph *graph, const nn_shape *shapes, const net_options *options, net_ports *out, df_error *err)
{
    *out = (net_ports){.output_count = 0};
    row->build(graph, shapes, options, out);
    return nn_graph_ok(graph, err) || df_fail_in(err, "%s", row->name);
}

nn_node *net_input(nn_graph *graph, const net_row *row, int index, const nn_shape *shapes, net_ports *ports)
{
    nn_node *node = nn_input(graph, row->inputs[index], shapes[index]);
    ports->inputs[ports->input_count++] = (net_port){.name = row->inputs[index], .node = node};
    return node;
}

void net_output(net_ports *ports, const char *name, nn_node *node)
{
    ports->outputs[ports->output_count++] = (net_port){.name = name, .node = node};
}
