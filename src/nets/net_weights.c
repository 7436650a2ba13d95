/* net_weights.c: a name, a shape, and where its numbers are. */
#include "nets/net_weights.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "nn/op.h"
#include "tensor/weights.h"

enum { FULL_NAME = 512 };
static const char rule_word[] = "rule:";

/* "*" in the pattern stands for any text. */
static bool fits(const char *pattern, const char *name)
{
    for (; *pattern && *pattern != '*'; pattern++, name++)
        if (*pattern != *name)
            return false;
    if (*pattern == '\0')
        return *name == '\0';
    for (;; name++) {
        if (fits(pattern + 1, name))
            return true;
        if (*name == '\0')
            return false;
    }
}

static double scale_of(const net_source *source, const char *name)
{
    double scale = 1;
    for (size_t i = 0; i < source->scale_count; i++)
        if (fits(source->scales[i].pattern, name))
            scale = source->scales[i].factor;
    return scale;
}

typedef struct entry {
    const nn_node *leaf;
    const float *data;
} entry;

struct net_weights {
    df_arena *arena;
    weights_file *file; /* NULL: by rule */
    entry *entries;
    size_t count;
};

static const float *by_rule(const net_source *source, const nn_node *leaf, df_arena *arena, df_error *err)
{
    char name[FULL_NAME];
    float *data = df_alloc(arena, (size_t)nn_elements(&leaf->shape), sizeof *data, err);
    if (!data)
        return NULL;
    snprintf(name, sizeof name, "%s%s", source->from + strlen(rule_word), leaf->name);
    net_rule_fill(name, &leaf->shape, scale_of(source, name), data);
    return data;
}

/* What stands before the names of a network in a file: of the tensors that end in the first name, the shortest name's beginning. */
static df_bytes find_prefix(const tensor_list *list, const char *name)
{
    const size_t size = strlen(name);
    df_bytes best = {0};
    for (size_t i = 0; i < list->count; i++) {
        const char *full = list->tensors[i].name;
        const size_t full_size = strlen(full);
        if (full_size < size || strcmp(full + full_size - size, name) != 0 || (full_size > size && full[full_size - size - 1] != '.'))
            continue;
        if (!best.data || full_size - size < best.size)
            best = (df_bytes){.data = (const unsigned char *)full, .size = full_size - size};
    }
    return best;
}

/* Keras has kernels as [h][w][in][out] and [in][out], and calls them so. */
static bool is_keras_kernel(const char *name)
{
    static const char ending[] = "/kernel";
    const size_t size = strlen(name);
    return size >= sizeof ending && strcmp(name + size - (sizeof ending - 1), ending) == 0;
}

/* Which of its sides is side `d` of ours: [out][in][h][w], [out][in]. */
static int keras_side(int rank, int d)
{
    return rank == 4 ? (int[]){3, 2, 0, 1}[d] : rank - 1 - d;
}

static const float *turn_kernel(const float *data, const nn_shape *shape, df_arena *arena, df_error *err)
{
    const int64_t out = shape->size[0], in = shape->size[1], pixels = nn_elements(shape) / (out * in > 0 ? out * in : 1);
    float *turned = df_alloc(arena, (size_t)nn_elements(shape), sizeof *turned, err);
    for (int64_t o = 0; turned && o < out; o++)
        for (int64_t i = 0; i < in; i++)
            for (int64_t p = 0; p < pixels; p++)
                turned[(o * in + i) * pixels + p] = data[(p * in + i) * out + o];
    return turned;
}

static const float *by_file(const tensor_list *list, df_bytes prefix, const nn_node *leaf, df_arena *arena, df_error *err)
{
    char name[FULL_NAME], expected[NN_SHAPE_TEXT];
    snprintf(name, sizeof name, "%.*s%s", (int)prefix.size, prefix.data ? (const char *)prefix.data : "", leaf->name);
    const tensor *t = tensor_find(list, name);
    if (!t) {
        df_fail(err, "no tensor '%s'", name);
        return NULL;
    }
    nn_shape shape = {.rank = t->rank <= NN_MAX_RANK ? t->rank : 0};
    const bool is_keras = is_keras_kernel(name);
    for (int d = 0; d < shape.rank; d++)
        shape.size[d] = t->shape[is_keras ? keras_side(shape.rank, d) : d];
    if (!nn_shape_equal(&shape, &leaf->shape) || t->rank > NN_MAX_RANK) {
        df_fail(err, "tensor '%s': another shape, expected %s", name, nn_shape_text(&leaf->shape, expected));
        return NULL;
    }
    const float *data = tensor_floats(t, arena, err);
    return data && is_keras ? turn_kernel(data, &leaf->shape, arena, err) : data;
}

static size_t count_leaves(const nn_graph *graph, nn_leaf kind)
{
    size_t count = 0;
    while (nn_leaf_at(graph, kind, count))
        count++;
    return count;
}

static bool load_kind(net_weights *weights, const nn_graph *graph, nn_leaf kind, const net_source *source, df_error *err)
{
    const nn_node *leaf;
    df_bytes prefix = {0};
    for (size_t i = 0; (leaf = nn_leaf_at(graph, kind, i)) != NULL; i++) {
        const tensor_list *list = weights->file ? weights_tensors(weights->file) : NULL;
        if (list && i == 0)
            prefix = find_prefix(list, leaf->name);
        const float *data = list ? by_file(list, prefix, leaf, weights->arena, err) : by_rule(source, leaf, weights->arena, err);
        if (!data)
            return df_fail_in(err, "%s", source->from);
        weights->entries[weights->count++] = (entry){.leaf = leaf, .data = data};
    }
    return true;
}

static bool load(net_weights *weights, const nn_graph *graph, const net_source *source, df_error *err)
{
    const size_t count = count_leaves(graph, NN_PARAMETER) + count_leaves(graph, NN_BUFFER);
    weights->entries = df_alloc(weights->arena, count, sizeof *weights->entries, err);
    if (!weights->entries)
        return false;
    if (strncmp(source->from, rule_word, strlen(rule_word)) != 0) {
        weights->file = weights_open(source->from, err);
        if (!weights->file)
            return false;
    }
    return load_kind(weights, graph, NN_PARAMETER, source, err) && load_kind(weights, graph, NN_BUFFER, source, err);
}

net_weights *net_weights_load(const nn_graph *graph, const net_source *source, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    net_weights *weights = arena ? df_alloc(arena, 1, sizeof *weights, err) : NULL;
    if (!weights) {
        df_arena_free(arena);
        return NULL;
    }
    weights->arena = arena;
    if (load(weights, graph, source, err))
        return weights;
    net_weights_close(weights);
    return NULL;
}

void net_weights_close(net_weights *weights)
{
    if (!weights)
        return;
    weights_close(weights->file);
    df_arena_free(weights->arena); /* the handle itself lives there */
}

void net_weights_bind(const net_weights *weights, nn_plan *plan)
{
    for (size_t i = 0; i < weights->count; i++)
        nn_plan_bind(plan, weights->entries[i].leaf, weights->entries[i].data);
}

const float *net_weights_data(const net_weights *weights, size_t index)
{
    return weights->entries[index].data;
}
