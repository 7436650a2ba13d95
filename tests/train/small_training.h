/* small_training.h: a training of milliseconds for tests: two layers of 4 and 6 numbers on batches made from their numbers, weights by the
   rule. Without normalisation unless asked. */
#ifndef DF_TESTS_TRAIN_SMALL_TRAINING_H
#define DF_TESTS_TRAIN_SMALL_TRAINING_H

#include "check.h"

#include <math.h>

#include "base/random.h"
#include "train/losses.h"
#include "train/trainer.h"

enum { SMALL_IN = 6, SMALL_HIDDEN = 8, SMALL_CLASSES = 3, SMALL_MOST = 16 };

typedef struct small {
    int batch;        /* of a micro batch */
    int rank, ranks;  /* 0: one */
    bool has_norm;    /* batch normalisation in the middle */
    int64_t bad_step; /* micro batch that has a NaN, or with bad_label a label out of range; -1: none */
    bool bad_label;
    nn_graph *graph;
    net_weights *weights;
    trainer_input inputs[2];
    batches data;
    float x[SMALL_MOST * SMALL_IN], y[SMALL_MOST];
} small;

/* Sample p of the endless set: its class is where the largest of its first three numbers is. */
static inline void small_sample(int64_t p, float *x, float *y)
{
    df_random random = df_random_at(7, (uint64_t)p, 0, DF_FOR_TEST);
    *y = 0;
    for (int k = 0; k < SMALL_IN; k++)
        x[k] = df_random_range(&random, -1, 1);
    for (int k = 1; k < SMALL_CLASSES; k++)
        *y = x[k] > x[(int)*y] ? (float)k : *y;
}

static inline bool small_get(void *self, int64_t step, const float **arrays, df_error *err)
{
    small *s = self;
    const int64_t ranks = s->ranks > 0 ? s->ranks : 1;
    (void)err;
    for (int i = 0; i < s->batch; i++)
        small_sample((step * ranks + s->rank) * s->batch + i, s->x + i * SMALL_IN, s->y + i);
    if (step == s->bad_step && s->bad_label)
        s->y[1] = SMALL_CLASSES;
    else if (step == s->bad_step)
        s->x[SMALL_IN + 2] = NAN;
    arrays[0] = s->x;
    arrays[1] = s->y;
    return true;
}

static inline nn_node *small_logits(nn_graph *g, nn_node *x, bool has_norm, nn_mode mode)
{
    nn_node *w1 = nn_parameter(g, "one.weight", nn_shape_of(SMALL_HIDDEN, SMALL_IN));
    nn_node *h = nn_linear(x, w1, nn_parameter(g, "one.bias", nn_shape_of(SMALL_HIDDEN)));
    if (has_norm) {
        const nn_shape c = nn_shape_of(SMALL_HIDDEN);
        const nn_norm norm = {.weight = nn_parameter(g, "norm.weight", c),
                              .bias = nn_parameter(g, "norm.bias", c),
                              .mean = nn_buffer(g, "norm.running_mean", c),
                              .variance = nn_buffer(g, "norm.running_var", c),
                              .eps = 1e-5f,
                              .momentum = 0.1f};
        h = nn_batch_norm(h, &norm, mode);
    }
    return nn_linear(nn_tanh(h), nn_parameter(g, "two.weight", nn_shape_of(SMALL_CLASSES, SMALL_HIDDEN)),
                     nn_parameter(g, "two.bias", nn_shape_of(SMALL_CLASSES)));
}

/* Fills the rest of `s` and gives the usual form. */
static inline trainer_form small_open(small *s)
{
    df_error err = {0};
    nn_graph *g = s->graph = nn_graph_new(&err);
    must(g != NULL, &err);
    nn_node *x = nn_input(g, "x", nn_shape_of(s->batch, SMALL_IN)), *y = nn_input(g, "labels", nn_shape_of(s->batch));
    nn_node *loss = loss_cross_entropy(small_logits(g, x, s->has_norm, NN_TRAIN), y);
    must(nn_graph_ok(g, &err), &err);
    s->weights = net_weights_load(g, &(net_source){.from = "rule:"}, &err);
    must(s->weights != NULL, &err);
    s->inputs[0] = (trainer_input){.node = x};
    s->inputs[1] = (trainer_input){.node = y, .classes = SMALL_CLASSES};
    s->data = (batches){.self = s, .get = small_get};
    return (trainer_form){.graph = g,
                          .loss = loss,
                          .inputs = s->inputs,
                          .input_count = 2,
                          .data = &s->data,
                          .weights = s->weights,
                          .optimizer = {.kind = OPTIMIZER_SGD, .rate = 0.05f, .momentum = 0.9f, .decay = 1e-4f},
                          .steps = 40};
}

static inline void small_close(small *s)
{
    net_weights_close(s->weights);
    nn_graph_free(s->graph);
}

/* All weights of a trainer one after another into `out`; how many. */
static inline size_t small_weights(const trainer *t, trainer_weights which, float *out, size_t room)
{
    df_error err = {0};
    df_arena *arena = df_arena_new(1 << 20, &err);
    tensor_list list;
    size_t count = 0;
    must(trainer_tensors(t, which, arena, &list, &err), &err);
    for (size_t i = 0; i < list.count; i++) {
        const size_t size = (size_t)tensor_elements(&list.tensors[i]);
        assert_true(count + size <= room);
        memcpy(out + count, list.tensors[i].data, size * sizeof(float));
        count += size;
    }
    df_arena_free(arena);
    return count;
}

#endif
