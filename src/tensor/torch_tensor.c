/* torch_tensor.c: storage, offset, size and strides to a contiguous array. Everything is checked before an element is touched. */
#include <string.h>

#include "base/size.h"
#include "tensor/layout.h"
#include "tensor/torch_tree.h"

enum { REBUILD_LEAST = 6, REBUILD_MOST = 7, AT_STORAGE = 0, AT_OFFSET = 1, AT_SIZE = 2, AT_STRIDE = 3 };

typedef struct view {
    size_t offset, stride[TENSOR_MAX_RANK]; /* elements */
} view;

static bool get_count(const pickle_value *value, const char *what, int64_t *out, df_error *err)
{
    if (value->kind != PICKLE_INTEGER || value->integer < 0)
        return df_fail(err, "%s: expected a whole number from 0", what);
    *out = value->integer;
    return true;
}

static bool get_form(const pickle_value *arguments, tensor *t, view *from, df_error *err)
{
    const pickle_value *size = arguments->list.items[AT_SIZE], *stride = arguments->list.items[AT_STRIDE];
    int64_t number;
    if (size->kind != PICKLE_TUPLE || stride->kind != PICKLE_TUPLE || size->list.count != stride->list.count)
        return df_fail(err, "size and stride: expected two tuples of one length");
    if (size->list.count > TENSOR_MAX_RANK)
        return df_fail(err, "%zu dimensions, expected at most %d", size->list.count, TENSOR_MAX_RANK);
    t->rank = (int)size->list.count;
    for (int d = 0; d < t->rank; d++) {
        if (!get_count(size->list.items[d], "size", &t->shape[d], err) || !get_count(stride->list.items[d], "stride", &number, err))
            return false;
        from->stride[d] = (size_t)number;
    }
    if (!get_count(arguments->list.items[AT_OFFSET], "offset", &number, err))
        return false;
    from->offset = (size_t)number;
    return true;
}

static bool check_range(const tensor *t, const view *from, const torch_storage *storage, df_error *err)
{
    size_t last = from->offset, along;
    bool is_empty = false, is_inside = true;
    for (int d = 0; d < t->rank; d++)
        is_empty = is_empty || t->shape[d] == 0;
    for (int d = 0; d < t->rank && !is_empty && is_inside; d++)
        is_inside = df_size_mul((size_t)t->shape[d] - 1, from->stride[d], &along) && df_size_add(last, along, &last);
    if (!is_inside || (is_empty ? from->offset > storage->elements : last >= storage->elements))
        return df_fail(err, "it reaches beyond its storage of %zu elements", storage->elements);
    return true;
}

static bool is_contiguous(const tensor *t, const view *from)
{
    size_t expected = 1;
    for (int d = t->rank - 1; d >= 0; d--) {
        if (t->shape[d] != 1 && from->stride[d] != expected)
            return false;
        expected *= (size_t)t->shape[d];
    }
    return true;
}

static void copy_element(unsigned char *out, const unsigned char *in, size_t bytes, bool is_swapped)
{
    if (!is_swapped) {
        memcpy(out, in, bytes);
        return;
    }
    for (size_t i = 0; i < bytes; i++)
        out[i] = in[bytes - 1 - i];
}

static void gather(unsigned char *out, const tensor *t, const view *from, const torch_storage *storage)
{
    const size_t bytes = tensor_type_bytes(t->type), count = (size_t)tensor_elements(t);
    size_t place = from->offset;
    int64_t at[TENSOR_MAX_RANK] = {0};
    for (size_t i = 0; i < count; i++) {
        copy_element(out + i * bytes, storage->data + place * bytes, bytes, storage->is_big_endian);
        for (int d = t->rank - 1; d >= 0; d--) {
            place += from->stride[d];
            if (++at[d] < t->shape[d])
                break;
            place -= from->stride[d] * (size_t)t->shape[d];
            at[d] = 0;
        }
    }
}

bool torch_tensor_build(const pickle_value *call, const torch_storages *storages, size_t most, size_t *copied, df_arena *arena, tensor *out,
                        df_error *err)
{
    const pickle_value *arguments = call->call.arguments;
    if (arguments->list.count < REBUILD_LEAST || arguments->list.count > REBUILD_MOST)
        return df_fail(err, "torch._utils._rebuild_tensor_v2 with %zu arguments, expected %d or %d", arguments->list.count, REBUILD_LEAST,
                       REBUILD_MOST);
    torch_storage storage;
    tensor t = {0};
    view from;
    size_t bytes;
    if (!get_form(arguments, &t, &from, err) || !torch_storage_get(storages, arguments->list.items[AT_STORAGE], arena, &storage, err) ||
        !check_range(&t, &from, &storage, err))
        return false;
    t.type = storage.type;
    if (!layout_bytes(t.type, t.rank, t.shape, &bytes, err))
        return false;
    if (bytes == 0 || (is_contiguous(&t, &from) && !storage.is_big_endian)) {
        t.data = layout_align(storage.data + from.offset * tensor_type_bytes(t.type), bytes, t.type, arena, err);
        *out = t;
        return t.data != NULL;
    }
    if (!df_size_add(*copied, bytes, copied) || *copied > most)
        return df_fail(err, "its views have together more than %zu bytes, more than an honest file of this size", most);
    unsigned char *data = df_alloc(arena, bytes, 1, err);
    if (!data)
        return false;
    gather(data, &t, &from, &storage);
    t.data = data;
    *out = t;
    return true;
}
