/* net_train.c: batches out of two arrays, for the training loop. */
#include "train/net_train.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "train/labels.h"
#include "train/losses.h"

enum { INPUTS = 2 };

typedef struct arrays { /* all batches, and the training's graph */
    const tensor_list *given;
    df_arena *arena;
    nn_graph *graph;
    nn_node *loss;
    trainer_input inputs[INPUTS]; /* x, y */
    const float *all[INPUTS];     /* [batches] of each input's shape */
    int64_t batches;
    int rank, ranks;
    float *losses;
} arrays;

/* The shape of one batch of an array. */
static bool batch_shape(const tensor_list *given, const char *name, int64_t *count, nn_shape *out, df_error *err)
{
    const tensor *t = tensor_find(given, name);
    nn_shape all;
    if (!t)
        return df_fail(err, "no array '%s'", name);
    if (!net_shape_of(t, &all, err))
        return false;
    if (all.rank < 2 || nn_elements(&all) == 0)
        return df_fail(err, "array '%s': expected [batches][n]... that is not empty", name);
    *count = all.size[0];
    *out = (nn_shape){.rank = all.rank - 1};
    memcpy(out->size, all.size + 1, (size_t)out->rank * sizeof *out->size);
    return true;
}

static bool read_arrays(arrays *a, df_error *err)
{
    static const char *const names[INPUTS] = {"x", "y"};
    for (int i = 0; i < INPUTS; i++) {
        a->all[i] = tensor_floats(tensor_find(a->given, names[i]), a->arena, err);
        if (!a->all[i])
            return false;
    }
    const trainer_input *y = &a->inputs[1];
    const size_t count = (size_t)(a->batches * nn_elements(nn_shape_at(y->node)));
    return y->classes == 0 || labels_check(a->all[1], count, y->classes, err) || df_fail_in(err, "array 'y'");
}

static bool build(arrays *a, const net_task *task, df_error *err)
{
    net_options options = task->options;
    net_ports ports;
    nn_shape x, y;
    int64_t y_batches;
    if (!batch_shape(a->given, "x", &a->batches, &x, err) || !batch_shape(a->given, "y", &y_batches, &y, err))
        return false;
    if (y_batches != a->batches || y.size[0] != x.size[0])
        return df_fail(err, "arrays 'x' and 'y' have not as many batches, or images in them");
    options.mode = NN_TRAIN;
    if (!net_build(task->row, a->graph, &x, &options, &ports, err))
        return false;
    nn_node *logits = ports.outputs[0].node;
    const nn_shape *wanted = nn_shape_at(logits);
    if (y.rank == 2 && !nn_shape_equal(&y, wanted))
        return df_fail(err, "array 'y': as many numbers expected as the network gives");
    a->inputs[0] = (trainer_input){.node = ports.inputs[0].node};
    a->inputs[1] = (trainer_input){.node = nn_input(a->graph, "y", y), .classes = y.rank == 1 ? wanted->size[1] : 0};
    a->loss = y.rank == 1 ? loss_cross_entropy(logits, a->inputs[1].node) : loss_binary(logits, a->inputs[1].node, NULL);
    return nn_graph_ok(a->graph, err) && read_arrays(a, err);
}

static bool get(void *self, int64_t step, const float **out, df_error *err)
{
    const arrays *a = self;
    const int64_t batch = (step * a->ranks + a->rank) % a->batches;
    (void)err;
    for (int i = 0; i < INPUTS; i++)
        out[i] = a->all[i] + batch * nn_elements(nn_shape_at(a->inputs[i].node));
    return true;
}

static bool stepped(void *user, trainer *t, const trainer_step *step, df_error *err)
{
    const arrays *a = user;
    (void)t, (void)err;
    a->losses[step->step - 1] = (float)step->loss;
    return true;
}

/* What must be the same when it goes on. */
static bool put_settings(const arrays *a, const net_task *task, df_text *out, df_error *err)
{
    uint32_t crc = 0;
    for (int i = 0; i < INPUTS; i++)
        crc = libdeflate_crc32(crc, a->all[i], (size_t)(a->batches * nn_elements(nn_shape_at(a->inputs[i].node))) * sizeof(float));
    df_text_add(out, "{\"net\":");
    df_text_json_string(out, task->row->name);
    df_text_add(out, ",\"weights\":");
    df_text_json_string(out, task->weights.from);
    df_text_addf(out, ",\"batches\":%lld,\"arrays\":\"crc32 %08" PRIx32 "\"}", (long long)a->batches, crc);
    return df_text_ok(out, err);
}

static bool train(const net_training *training, arrays *a, const net_weights *weights, df_error *err)
{
    const batches data = {.self = a, .get = get};
    trainer_form form = training->form;
    trainer_report report;
    form.graph = a->graph;
    form.loss = a->loss;
    form.inputs = a->inputs;
    form.input_count = INPUTS;
    form.data = &data;
    form.weights = weights;
    form.hooks = (trainer_hooks){.user = a, .stepped = stepped};
    df_text settings = {0};
    trainer *t = NULL;
    if (put_settings(a, training->task, &settings, err)) {
        form.settings = settings.data;
        t = trainer_new(&form, err);
    }
    const bool ok = t && trainer_run(t, &report, err) &&
                    (!training->out || a->rank > 0 || trainer_save(t, TRAINER_EVALUATED, training->out, NULL, err));
    trainer_free(t);
    df_text_free(&settings);
    return ok;
}

bool net_train(const net_training *training, const tensor_list *given, float *losses, df_error *err)
{
    const reducer *ranks = training->form.ranks;
    arrays a = {.given = given, .losses = losses, .rank = ranks ? ranks->rank : 0, .ranks = ranks ? ranks->size : 1};
    a.arena = df_arena_new(SIZE_MAX, err);
    a.graph = a.arena ? nn_graph_new(err) : NULL;
    for (int64_t s = 0; s < training->form.steps; s++)
        losses[s] = NAN;
    net_weights *weights = a.graph && build(&a, training->task, err) ? net_weights_load(a.graph, &training->task->weights, err) : NULL;
    const bool ok = weights && train(training, &a, weights, err);
    net_weights_close(weights);
    nn_graph_free(a.graph);
    df_arena_free(a.arena);
    return ok;
}
