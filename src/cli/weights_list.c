/* weights_list.c: `diffuse weights list`: the tensors of any weight file. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "tensor/weights.h"

typedef struct weights_list_options {
    const char *file;
} weights_list_options;

static const option rows[] = {
    {.name = "FILE",
     .kind = OPTION_STRING,
     .argument = "FILE",
     .positional = true,
     .required = true,
     .at = offsetof(weights_list_options, file),
     .help = "safetensors, npz, npy, PyTorch, TensorFlow.js, MATLAB 5 or HDF5"},
};

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const tensor *const *)a)->name, (*(const tensor *const *)b)->name);
}

static const tensor **sorted(const tensor_list *list, df_arena *arena, df_error *err)
{
    const tensor **order = df_alloc(arena, list->count, sizeof *order, err);
    for (size_t i = 0; order && i < list->count; i++)
        order[i] = &list->tensors[i];
    if (order && list->count > 1)
        qsort(order, list->count, sizeof *order, by_name);
    return order;
}

static json_t *tensor_json(const tensor *t)
{
    json_t *shape = json_array();
    for (int d = 0; d < t->rank; d++)
        json_array_append_new(shape, json_integer(t->shape[d]));
    return json_pack("{s:s, s:o, s:s}", "name", t->name, "shape", shape, "dtype", tensor_type_word(t->type));
}

static bool print_json(const tensor *const *order, size_t count, df_error *err)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(list, tensor_json(order[i])) != 0) {
            json_decref(list);
            return df_fail(err, "tensor '%.200s': its name is no UTF-8, which JSON needs", order[i]->name);
        }
    return cli_print_json(json_pack("{s:o}", "tensors", list), err);
}

static void print_table(const char *format, const tensor *const *order, size_t count)
{
    int64_t elements = 0;
    for (size_t i = 0; i < count; i++) {
        printf("%-9s [", tensor_type_word(order[i]->type));
        for (int d = 0; d < order[i]->rank; d++)
            printf(d ? ", %" PRId64 : "%" PRId64, order[i]->shape[d]);
        printf("] %s\n", order[i]->name);
        elements += tensor_elements(order[i]);
    }
    printf("%s: %zu tensors, %" PRId64 " elements\n", format, count, elements);
}

static bool run(cli_context *cli, const void *options, df_error *err)
{
    const weights_list_options *given = options;
    weights_file *file = weights_open(given->file, err);
    if (!file)
        return false;
    const tensor_list *list = weights_tensors(file);
    const tensor **order = sorted(list, cli->arena, err);
    bool is_good = order != NULL;
    if (is_good && cli->shared.json)
        is_good = print_json(order, list->count, err) || df_fail_in(err, "%s", given->file);
    else if (is_good)
        print_table(weights_format(file), order, list->count);
    weights_close(file);
    return is_good;
}

const cli_command weights_list_command = {
    .name = "weights",
    .verb = "list",
    .summary = "shows what a weight file holds",
    .details = "Names of nested values are joined by dots, positions in lists are numbers. Nothing in the file is executed: a\n"
               "pickle that names more than tensors need is refused.",
    .options = rows,
    .option_count = DF_ARRAY_LEN(rows),
    .options_size = sizeof(weights_list_options),
    .shared = CLI_JSON,
    .run = run,
};
