/* h5.c: the two ends of the sandbox. The child sends each array as a head of fixed size, its name and its data; the parent checks
   the head as it would a file's, since nobody knows who wrote it. */
#include "tensor/h5.h"

#include <string.h>

#include "base/sandbox.h"
#include "tensor/h5_visit.h"
#include "tensor/layout.h"

enum { LONGEST_NAME = 8192, MOST_ITEMS = 20000, BASE_SECONDS = 4, BYTES_A_SECOND = 20 << 20 };

#define BASE_MEMORY ((size_t)256 << 20)
#define MOST_MEMORY ((size_t)4 << 30)

typedef enum item_kind { ITEM_END, ITEM_ARRAY, ITEM_TEXT } item_kind;

typedef struct item_head {
    uint32_t kind, type;
    int32_t rank;
    int64_t shape[TENSOR_MAX_RANK];
    uint64_t name_bytes, data_bytes;
} item_head;

/* What the child works on. */
typedef struct h5_task {
    df_bytes bytes;
    const char *const *wanted;
} h5_task;

static bool send_item(void *to, const tensor *t, bool is_text, df_error *err)
{
    item_head head;
    memset(&head, 0, sizeof head); /* its padding too: no byte of this process leaves by chance */
    head.kind = is_text ? ITEM_TEXT : ITEM_ARRAY;
    head.type = (uint32_t)t->type;
    head.rank = t->rank;
    memcpy(head.shape, t->shape, sizeof head.shape);
    head.name_bytes = strlen(t->name);
    head.data_bytes = (size_t)tensor_elements(t) * tensor_type_bytes(t->type);
    return sandbox_put(to, &head, sizeof head, err) && sandbox_put(to, t->name, head.name_bytes, err) &&
           sandbox_put(to, t->data, head.data_bytes, err);
}

static bool send_all(void *task_, sandbox_pipe *pipe, df_error *err)
{
    const h5_task *task = task_;
    item_head end;
    memset(&end, 0, sizeof end);
    return h5_visit(task->bytes, task->wanted, &(h5_sink){.take = send_item, .to = pipe}, err) && sandbox_put(pipe, &end, sizeof end, err);
}

/* What has been received. */
typedef struct h5_result {
    tensor *tensors;            /* [MOST_ITEMS] */
    const char *(*metadata)[2]; /* [MOST_ITEMS] */
    size_t count, text_count;
    size_t bytes, most_bytes;
} h5_result;

static bool check_head(const h5_result *result, const item_head *head, df_error *err)
{
    size_t bytes = 0;
    if ((head->kind != ITEM_ARRAY && head->kind != ITEM_TEXT) || head->type >= TENSOR_TYPE_COUNT || head->rank < 0 ||
        head->rank > TENSOR_MAX_RANK)
        return df_fail(err, "the reader of HDF5 files gave something that is no array");
    for (int i = 0; i < head->rank; i++)
        if (head->shape[i] < 0)
            return df_fail(err, "the reader of HDF5 files gave a negative size");
    if (!layout_bytes((tensor_type)head->type, head->rank, head->shape, &bytes, err))
        return false;
    if (bytes != head->data_bytes || bytes > result->most_bytes - result->bytes || head->name_bytes > LONGEST_NAME ||
        result->count + result->text_count == MOST_ITEMS)
        return df_fail(err, "the reader of HDF5 files gave more than it may");
    return true;
}

/* `size` bytes and a zero behind them. */
static char *receive(sandbox *box, size_t size, df_arena *arena, df_error *err)
{
    char *data = df_alloc(arena, size + 1, 1, err);
    return data && sandbox_get(box, data, size, err) ? data : NULL;
}

static bool receive_item(sandbox *box, const item_head *head, h5_result *result, df_arena *arena, df_error *err)
{
    if (!check_head(result, head, err))
        return false;
    const char *name = receive(box, (size_t)head->name_bytes, arena, err);
    const char *data = name ? receive(box, (size_t)head->data_bytes, arena, err) : NULL;
    if (!data)
        return false;
    result->bytes += (size_t)head->data_bytes;
    if (head->kind == ITEM_TEXT) {
        result->metadata[result->text_count][0] = name;
        result->metadata[result->text_count++][1] = data;
        return true;
    }
    tensor *t = &result->tensors[result->count++];
    *t = (tensor){.name = name, .type = (tensor_type)head->type, .rank = head->rank, .data = data};
    memcpy(t->shape, head->shape, sizeof t->shape);
    return true;
}

static bool receive_all(sandbox *box, h5_result *result, df_arena *arena, df_error *err)
{
    item_head head;
    for (;;) {
        if (!sandbox_get(box, &head, sizeof head, err))
            return false;
        if (head.kind == ITEM_END)
            return true;
        if (!receive_item(box, &head, result, arena, err))
            return false;
    }
}

static sandbox_limits limits_for(size_t file_size)
{
    const size_t most = layout_most_bytes(file_size);
    return (sandbox_limits){.memory = BASE_MEMORY + (most < MOST_MEMORY ? most : MOST_MEMORY),
                            .seconds = BASE_SECONDS + (unsigned)(file_size / BYTES_A_SECOND)};
}

bool h5_parse(df_bytes bytes, const char *const *wanted, df_arena *arena, tensor_list *out, df_error *err)
{
    h5_task task = {.bytes = bytes, .wanted = wanted};
    h5_result result = {.most_bytes = layout_most_bytes(bytes.size)};
    result.tensors = df_alloc(arena, MOST_ITEMS, sizeof *result.tensors, err);
    result.metadata = df_alloc(arena, MOST_ITEMS, sizeof *result.metadata, err);
    if (!result.tensors || !result.metadata)
        return false;
    sandbox *box = sandbox_start("the reader of HDF5 files", send_all, &task, limits_for(bytes.size), err);
    if (!box)
        return false;
    if (!receive_all(box, &result, arena, err)) {
        sandbox_abandon(box);
        return false;
    }
    const tensor_list list = {
        .tensors = result.tensors, .count = result.count, .metadata = result.metadata, .metadata_count = result.text_count};
    if (!sandbox_finish(box, err) || !layout_check_names(&list, err))
        return false;
    *out = list;
    return true;
}
