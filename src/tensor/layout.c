/* layout.c: checks of sizes and places, shared by the readers. */
#include "tensor/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "arrays are used as the files hold them");

enum { FREE_EXPANSION = 64 << 20, MOST_EXPANSION = 100, ARENA_OWN = 4096 };

bool layout_bytes(tensor_type type, int rank, const int64_t *shape, size_t *out, df_error *err)
{
    size_t bytes = tensor_type_bytes(type);
    bool empty = false;
    for (int i = 0; i < rank; i++) {
        empty = empty || shape[i] == 0;
        if (shape[i] != 0 && (!df_size_mul(bytes, (size_t)shape[i], &bytes) || bytes > INT64_MAX))
            return df_fail(err, "more elements than memory can hold");
    }
    *out = empty ? 0 : bytes;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const layout_span *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

bool layout_sort_spans(layout_span *spans, size_t count, df_error *err)
{
    if (count > 1)
        qsort(spans, count, sizeof *spans, by_place);
    for (size_t i = 1; i < count; i++)
        if (spans[i].begin < spans[i - 1].end)
            return df_fail(err, "'%s' and '%s' overlap in the file", spans[i - 1].name, spans[i].name);
    return true;
}

const void *layout_align(const unsigned char *data, size_t bytes, tensor_type type, df_arena *arena, df_error *err)
{
    if (data && (uintptr_t)data % tensor_type_bytes(type) == 0)
        return data;
    return df_copy(arena, data, bytes, err);
}

const void *layout_swap(const unsigned char *data, size_t bytes, tensor_type type, df_arena *arena, df_error *err)
{
    const size_t width = tensor_type_bytes(type);
    unsigned char *out = df_alloc(arena, bytes, 1, err);
    for (size_t i = 0; out && i < bytes; i++)
        out[i] = data[i / width * width + width - 1 - i % width];
    return out;
}

enum { TILE = 32 }; /* elements a side, so that what a tile reads and writes stays in the first cache */

static void transpose_matrix(unsigned char *out, const unsigned char *in, size_t rows, size_t columns, size_t bytes)
{
    for (size_t row = 0; row < rows; row += TILE)
        for (size_t column = 0; column < columns; column += TILE)
            for (size_t r = row; r < rows && r < row + TILE; r++)
                for (size_t c = column; c < columns && c < column + TILE; c++)
                    memcpy(out + (r * columns + c) * bytes, in + (c * rows + r) * bytes, bytes);
}

const void *layout_transpose(const tensor *t, const unsigned char *column_major, df_arena *arena, df_error *err)
{
    const size_t bytes = tensor_type_bytes(t->type), count = (size_t)tensor_elements(t);
    unsigned char *out = df_alloc(arena, count, bytes, err);
    if (!out)
        return NULL;
    if (t->rank == 2) {
        transpose_matrix(out, column_major, (size_t)t->shape[0], (size_t)t->shape[1], bytes);
        return out;
    }
    size_t stride[TENSOR_MAX_RANK], place = 0;
    int64_t at[TENSOR_MAX_RANK] = {0};
    for (int d = 0; d < t->rank; d++)
        stride[d] = d == 0 ? 1 : stride[d - 1] * (size_t)t->shape[d - 1];
    for (size_t i = 0; i < count; i++) {
        memcpy(out + i * bytes, column_major + place * bytes, bytes);
        for (int d = t->rank - 1; d >= 0; d--) {
            place += stride[d];
            if (++at[d] < t->shape[d])
                break;
            place -= stride[d] * (size_t)t->shape[d];
            at[d] = 0;
        }
    }
    return out;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool layout_check_names(const tensor_list *list, df_error *err)
{
    df_arena *arena = df_arena_new(list->count * sizeof(const char *) + ARENA_OWN, err);
    const char **names = arena ? df_alloc(arena, list->count, sizeof *names, err) : NULL;
    bool is_good = names != NULL;
    for (size_t i = 0; is_good && i < list->count; i++)
        names[i] = list->tensors[i].name;
    if (is_good && list->count > 1)
        qsort(names, list->count, sizeof *names, by_name);
    for (size_t i = 1; is_good && i < list->count; i++)
        is_good = strcmp(names[i - 1], names[i]) != 0 || df_fail(err, "two arrays are called '%s'", names[i]);
    df_arena_free(arena);
    return is_good;
}

size_t layout_most_bytes(size_t file_size)
{
    size_t most = 0;
    if (!df_size_mul(file_size, MOST_EXPANSION, &most))
        most = SIZE_MAX;
    return most > FREE_EXPANSION ? most : FREE_EXPANSION;
}

uint64_t layout_get(const unsigned char *data, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)data[i] << 8 * i;
    return value;
}
