/* inception_features.c: one graph, one plan, one batch. */
#include "metrics/inception_features.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nets/net.h"
#include "nets/net_weights.h"

static const char rule_word[] = "rule:", official_hash[] = "6726825d";   /* how it begins, as the file's name says */
static const float KERAS_SCALE = 1.0f / 255, PYTORCH_SCALE = 1.0f / 255; /* 0 .. 255 to what the networks take */
static const float CLEAN_SCALE = 1.0f / 256;                             /* (x - 128) / 128, as the network takes 2x - 1 */

struct inception {
    df_arena *arena;
    nn_graph *graph;
    nn_plan *plan;
    net_weights *weights;
    const nn_node *x, *y;
    float *batch;
    float scale;
    char hash[DF_SHA256_TEXT], words[256];
};

static bool build(inception *net, const net_row *row, const char *weights, df_error *err)
{
    const nn_shape shape = nn_shape_of(INCEPTION_BATCH, 3, INCEPTION_SIDE, INCEPTION_SIDE);
    const net_options options = {.mode = NN_EVALUATE};
    net_ports ports = {0};
    if (!(net->graph = nn_graph_new(err)) || !net_build(row, net->graph, &shape, &options, &ports, err))
        return false;
    nn_node *y = ports.outputs[0].node;
    net->x = ports.inputs[0].node;
    net->y = y;
    net->weights = net_weights_load(net->graph, &(net_source){.from = weights}, err);
    net->plan = net->weights ? nn_plan_new_as(net->graph, 1, &y, &(nn_plan_form){.is_frozen = true}, err) : NULL;
    if (!net->plan)
        return false;
    net_weights_bind(net->weights, net->plan);
    nn_plan_bind(net->plan, net->x, net->batch);
    return true;
}

static bool describe(inception *net, const inception_choice *choice, df_error *err)
{
    if (strncmp(choice->weights, rule_word, strlen(rule_word)) == 0) {
        snprintf(net->words, sizeof net->words, "pytorch-fid's Inception-v3 with untrained weights (%s)", choice->weights);
        return true;
    }
    if (!df_sha256_of_file(choice->weights, net->hash, err))
        return false;
    snprintf(net->words, sizeof net->words, "%s",
             choice->network == INCEPTION_KERAS_NSFWJS ? "Keras' Inception-v3 trained by nsfwjs 4.4.0, a stand-in for pytorch-fid's"
             : inception_is_official(net)              ? "pytorch-fid's Inception-v3 with its published weights"
                                                       : "pytorch-fid's Inception-v3 with weights that are not its published ones");
    return true;
}

inception *inception_open(const inception_choice *choice, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    inception *net = arena ? df_alloc(arena, 1, sizeof *net, err) : NULL;
    if (!net) {
        df_arena_free(arena);
        return NULL;
    }
    const bool is_keras = choice->network == INCEPTION_KERAS_NSFWJS;
    net->arena = arena;
    net->scale = is_keras ? KERAS_SCALE : choice->filter == INCEPTION_BICUBIC ? CLEAN_SCALE : PYTORCH_SCALE;
    net->batch = df_alloc(arena, INCEPTION_BATCH, INCEPTION_VALUES * sizeof *net->batch, err);
    if (net->batch && describe(net, choice, err) &&
        build(net, net_find(is_keras ? "inception_keras" : "inception_fid"), choice->weights, err))
        return net;
    inception_close(net);
    return NULL;
}

void inception_close(inception *net)
{
    if (!net)
        return;
    nn_plan_free(net->plan);
    net_weights_close(net->weights);
    nn_graph_free(net->graph);
    df_arena_free(net->arena); /* the handle itself lives there */
}

float *inception_place(inception *net, int index)
{
    return net->batch + (size_t)index * INCEPTION_VALUES;
}

const float *inception_run(inception *net, int count, df_error *err)
{
    const size_t used = (size_t)count * INCEPTION_VALUES;
    for (size_t i = 0; i < used; i++)
        net->batch[i] *= net->scale;
    memset(net->batch + used, 0, (INCEPTION_BATCH * (size_t)INCEPTION_VALUES - used) * sizeof *net->batch);
    return nn_plan_run(net->plan, err) ? nn_plan_value(net->plan, net->y) : NULL;
}

const char *inception_words(const inception *net)
{
    return net->words;
}

const char *inception_hash(const inception *net)
{
    return net->hash;
}

bool inception_is_official(const inception *net)
{
    return strncmp(net->hash, official_hash, strlen(official_hash)) == 0;
}
