/* embedding_set.c: rows sorted by label, each divided by its length. */
#include "metrics/embedding_set.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"

enum { MOST_ROWS = 1 << 28, MOST_LENGTH = 1 << 20 };

typedef struct labelled {
    int64_t label;
    uint32_t place;
} labelled;

static int by_label(const void *a, const void *b)
{
    const labelled *x = a, *y = b;
    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static bool is_real(const tensor *t)
{
    return t->type < TENSOR_I64;
}

static int64_t label_at(const tensor *label, size_t row)
{
    uint64_t wide; /* as bits: labels are told apart, not ordered */
    if (label->type != TENSOR_I64 && label->type != TENSOR_U64)
        return (int64_t)tensor_number(label, row);
    memcpy(&wide, (const unsigned char *)label->data + row * sizeof wide, sizeof wide);
    return (int64_t)wide;
}

static bool check_label(const tensor *label, size_t count, df_error *err)
{
    if (!label)
        return df_fail(err, "no array 'label'");
    if (is_real(label) || label->type == TENSOR_BOOL)
        return df_fail(err, "array 'label': %s, expected integers", tensor_type_word(label->type));
    if (label->rank != 1 || (size_t)label->shape[0] != count)
        return df_fail(err, "array 'label': %" PRId64 " elements in %d dimensions, expected one for each of %zu embeddings",
                       tensor_elements(label), label->rank, count);
    return true;
}

static bool check_embedding(const tensor *e, df_error *err)
{
    if (!e)
        return df_fail(err, "no array 'embedding'");
    if (!is_real(e))
        return df_fail(err, "array 'embedding': %s, expected real numbers", tensor_type_word(e->type));
    if (e->rank != 2 || e->shape[0] < 1 || e->shape[1] < 1 || e->shape[0] > MOST_ROWS || e->shape[1] > MOST_LENGTH)
        return df_fail(err, "array 'embedding': expected (images, length), at least one and at most %d and %d", MOST_ROWS, MOST_LENGTH);
    return true;
}

/* Row `place` of the file divided by its length; by its largest element first, so that no square leaves the range. */
static bool put_unit(const tensor *e, size_t place, float *out, df_error *err)
{
    const size_t length = (size_t)e->shape[1];
    double most = 0, sum = 0;
    for (size_t i = 0; i < length; i++) {
        const double value = tensor_number(e, place * length + i);
        if (!isfinite(value))
            return df_fail(err, "array 'embedding': row %zu has an element that is not finite", place);
        most = fmax(most, fabs(value));
    }
    if (most == 0)
        return df_fail(err, "array 'embedding': row %zu is zero and has no direction", place);
    for (size_t i = 0; i < length; i++) {
        const double value = tensor_number(e, place * length + i) / most;
        sum += value * value;
    }
    const double norm = sqrt(sum);
    for (size_t i = 0; i < length; i++)
        out[i] = (float)(tensor_number(e, place * length + i) / most / norm);
    return true;
}

static bool get_room(embedding_set *set, df_arena *arena, df_error *err)
{
    size_t elements;
    set->padded = (set->count + EMBEDDING_TILE - 1) / EMBEDDING_TILE * EMBEDDING_TILE;
    if (!df_size_mul(set->padded, set->length, &elements))
        return df_fail(err, "%zu embeddings of %zu do not fit into memory", set->count, set->length);
    set->rows = df_alloc(arena, elements, sizeof *set->rows, err);
    set->identity = df_alloc(arena, set->count, sizeof *set->identity, err);
    set->first = df_alloc(arena, set->count + 1, sizeof *set->first, err);
    set->place = df_alloc(arena, set->count, sizeof *set->place, err);
    set->label = df_alloc(arena, set->count, sizeof *set->label, err);
    return set->rows && set->identity && set->first && set->place && set->label;
}

/* The next row has that label: the last row's identity, or a new one. */
static void put_identity(embedding_set *set, size_t row, int64_t label)
{
    if (set->identity_count == 0 || label != set->label[set->identity_count - 1]) {
        set->label[set->identity_count] = label;
        set->first[set->identity_count++] = (uint32_t)row;
    }
    set->identity[row] = (uint32_t)(set->identity_count - 1);
    set->first[set->identity_count] = (uint32_t)row + 1;
}

static bool read_rows(const tensor *e, const tensor *label, df_arena *arena, embedding_set *set, df_error *err)
{
    labelled *order = df_alloc(arena, set->count, sizeof *order, err);
    if (!order)
        return false;
    for (size_t i = 0; i < set->count; i++)
        order[i] = (labelled){.label = label ? label_at(label, i) : (int64_t)i, .place = (uint32_t)i};
    qsort(order, set->count, sizeof *order, by_label);
    for (size_t row = 0; row < set->count; row++) {
        if (!put_unit(e, order[row].place, set->rows + row * set->length, err))
            return false;
        set->place[row] = order[row].place;
        put_identity(set, row, order[row].label);
    }
    return true;
}

bool embedding_set_read(df_bytes bytes, embedding_labels labels, df_arena *arena, embedding_set *out, df_error *err)
{
    static const char *const wanted[] = {"embedding", "label", NULL};
    tensor_list list;
    npy_texts names;
    if (!npz_parse_some(bytes, wanted, arena, &list, err) || !npz_parse_texts(bytes, "name", arena, &names, err))
        return false;
    const tensor *e = tensor_find(&list, "embedding"), *label = labels == EMBEDDING_LABELS ? tensor_find(&list, "label") : NULL;
    if (!check_embedding(e, err))
        return false;
    embedding_set set = {.count = (size_t)e->shape[0], .length = (size_t)e->shape[1], .names = names.items};
    if (labels == EMBEDDING_LABELS && !check_label(label, set.count, err))
        return false;
    if (names.items && names.count != set.count)
        return df_fail(err, "array 'name': %zu texts, expected one for each of %zu embeddings", names.count, set.count);
    if (!get_room(&set, arena, err) || !read_rows(e, label, arena, &set, err))
        return false;
    *out = set;
    return true;
}

bool embedding_set_take(const embedding_set *from, const bool *wanted, df_arena *arena, embedding_set *out, df_error *err)
{
    embedding_set set = {.length = from->length, .names = from->names};
    for (size_t i = 0; i < from->count; i++)
        set.count += wanted[i];
    if (!get_room(&set, arena, err))
        return false;
    size_t row = 0;
    for (size_t i = 0; i < from->count; i++) {
        if (!wanted[i])
            continue;
        memcpy(set.rows + row * set.length, from->rows + i * set.length, set.length * sizeof *set.rows);
        set.place[row] = from->place[i];
        put_identity(&set, row, from->label[from->identity[i]]);
        row++;
    }
    *out = set;
    return true;
}

double embedding_set_score(const embedding_set *set, size_t a, size_t b)
{
    const float *x = set->rows + a * set->length, *y = set->rows + b * set->length;
    double sum = 0;
    for (size_t i = 0; i < set->length; i++)
        sum += (double)x[i] * (double)y[i];
    return sum;
}

int64_t embedding_set_genuine(const embedding_set *set)
{
    int64_t pairs = 0;
    for (size_t k = 0; k < set->identity_count; k++) {
        const int64_t images = set->first[k + 1] - set->first[k];
        pairs += images * (images - 1) / 2;
    }
    return pairs;
}
