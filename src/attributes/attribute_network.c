/* attribute_network.c: batch after batch in the list's order; the last one is filled up with nothing. */
#include "attributes/attribute_network.h"

#include <string.h>

#include "feed/loader.h"

bool attribute_network_init(attribute_network *network, const classifier_form *form, int batch, df_error *err)
{
    *network = (attribute_network){.form = form, .batch = batch, .graph = nn_graph_new(err)};
    if (!network->graph || !classifier_build(form, network->graph, batch, NN_EVALUATE, &network->x, &network->logits, err))
        return false;
    network->plan = nn_plan_new_as(network->graph, 1, &network->logits, &(nn_plan_form){.is_frozen = true}, err);
    return network->plan != NULL;
}

bool attribute_network_load(attribute_network *network, const char *path, df_error *err)
{
    network->weights = net_weights_load(network->graph, &(net_source){.from = path}, err);
    if (!network->weights)
        return false;
    net_weights_bind(network->weights, network->plan);
    return true;
}

void attribute_network_free(attribute_network *network)
{
    nn_plan_free(network->plan);
    net_weights_close(network->weights);
    nn_graph_free(network->graph);
    *network = (attribute_network){0};
}

typedef struct run {
    const attribute_network *network;
    float *values;
    bool *is_read;
    int64_t unreadable;
} run;

static bool run_batch(run *r, loader *from, int64_t step, df_error *err)
{
    const float *arrays[2]; /* images, used */
    const batches data = loader_batches(from);
    const attribute_network *n = r->network;
    if (!data.get(data.self, step, arrays, err))
        return false;
    nn_plan_bind(n->plan, n->x, arrays[0]);
    if (!nn_plan_run(n->plan, err))
        return false;
    const float *logits = nn_plan_value(n->plan, n->logits);
    const uint32_t *samples = loader_samples(from);
    const size_t columns = (size_t)n->form->count;
    for (size_t i = 0; i < (size_t)n->batch; i++)
        if (arrays[1][i] > 0) {
            memcpy(r->values + samples[i] * columns, logits + i * columns, columns * sizeof *logits);
            r->is_read[samples[i]] = true;
        }
    return true;
}

static bool run_all(run *r, const sample_list *list, loader *from, const attribute_reading *how, df_error *err)
{
    const int64_t steps = ((int64_t)list->count + r->network->batch - 1) / r->network->batch;
    bool ok = true;
    df_progress_start(how->progress, how->title, (int64_t)list->count);
    for (int64_t s = 0; ok && s < steps; s++) {
        ok = run_batch(r, from, s, err);
        df_progress_step(how->progress, s + 1 < steps ? (s + 1) * r->network->batch : (int64_t)list->count);
    }
    df_progress_finish(how->progress);
    for (size_t i = 0; i < list->count; i++)
        r->unreadable += !r->is_read[i];
    return ok && (r->unreadable < (int64_t)list->count || df_fail(err, "none of %zu images can be read", list->count));
}

bool attribute_network_run(const attribute_network *network, const sample_list *list, const attribute_reading *how, df_arena *arena,
                           attribute_logits *out, df_error *err)
{
    static const loader_output outputs[] = {LOADER_IMAGES, LOADER_USED};
    const sampling_rule rule = {.kind = SAMPLING_IN_ORDER, .count = list->count, .batch = network->batch};
    const loader_setting setting = {.width = network->form->side,
                                    .height = network->form->side,
                                    .channels = network->form->channels,
                                    .threads = how->threads,
                                    .outputs = outputs,
                                    .output_count = DF_ARRAY_LEN(outputs),
                                    .progress = how->progress};
    run r = {.network = network};
    r.values = df_alloc(arena, list->count * (size_t)network->form->count, sizeof *r.values, err);
    r.is_read = r.values ? df_alloc(arena, list->count, sizeof *r.is_read, err) : NULL;
    sampling *order = r.is_read ? sampling_new(&rule, arena, err) : NULL;
    loader *from = order ? loader_new(list, order, &setting, err) : NULL;
    const bool ok = from && run_all(&r, list, from, how, err);
    loader_free(from);
    if (ok)
        *out = (attribute_logits){r.values, r.is_read, r.unreadable};
    return ok;
}
