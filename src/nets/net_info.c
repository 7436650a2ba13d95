/* net_info.c: counts over a plan that is made and not run. */
#include "nets/net_info.h"

#include <string.h>

#include "nn/op.h"

/* Of a convolution or its derivative, by op_conv.c's names: the kernel is the last picture that goes in, or what comes out. */
static const nn_shape *kernel_of(const nn_node *node)
{
    const nn_shape *kernel = NULL;
    if (strncmp(node->op->name, "conv", 4) != 0)
        return NULL;
    if (strcmp(node->op->name, "conv_weight") == 0)
        return &node->shape;
    for (int i = 0; i < node->input_count; i++)
        if (node->inputs[i]->shape.rank == 4)
            kernel = &node->inputs[i]->shape;
    return kernel;
}

static bool step_of(const nn_plan *plan, size_t number, df_arena *arena, net_info_step *out, df_error *err)
{
    const nn_node *node = nn_plan_step_node(plan, number);
    const nn_shape *kernel = kernel_of(node);
    *out = (net_info_step){
        .name = df_copy_string(arena, node->name, err), .shape = node->shape, .multiply_adds = nn_plan_step_products(plan, number)};
    for (int side = 0; kernel && side < 2; side++)
        out->kernel[side] = kernel->size[2 + side];
    return out->name != NULL;
}

bool net_info_of_plan(const nn_graph *graph, const nn_plan *plan, df_arena *arena, net_info *out, df_error *err)
{
    net_info info = {.plan_bytes = nn_plan_bytes(plan), .step_count = nn_plan_steps(plan)};
    net_info_step *steps = df_alloc(arena, info.step_count, sizeof *steps, err);
    if (!steps)
        return false;
    for (const nn_node *leaf; (leaf = nn_leaf_at(graph, NN_PARAMETER, info.tensor_count)) != NULL; info.tensor_count++)
        info.parameters += nn_elements(&leaf->shape);
    for (size_t i = 0; i < info.step_count; i++) {
        if (!step_of(plan, i, arena, &steps[i], err))
            return false;
        info.multiply_adds += steps[i].multiply_adds;
    }
    info.steps = steps;
    *out = info;
    return true;
}

bool net_info_read(const net_row *row, const nn_shape *shape, const net_options *options, df_arena *arena, net_info *out, df_error *err)
{
    net_ports ports;
    nn_graph *graph = nn_graph_new(err);
    nn_plan *plan = graph && net_build(row, graph, shape, options, &ports, err) ? nn_plan_new(graph, 1, &ports.outputs[0].node, err) : NULL;
    const bool ok = plan && net_info_of_plan(graph, plan, arena, out, err);
    nn_plan_free(plan);
    nn_graph_free(graph);
    return ok;
}
