/* embedding_fixture.h: sets of embeddings for tests of src/metrics: made through an npz file in memory, as everybody makes them. */
#ifndef DF_TESTS_METRICS_EMBEDDING_FIXTURE_H
#define DF_TESTS_METRICS_EMBEDDING_FIXTURE_H

#include "base/random.h"
#include "metrics/embedding_set.h"
#include "scratch.h"

typedef struct embedding_fixture {
    df_arena *arena;
    float *values;  /* [count][length] */
    int64_t *label; /* [count] */
    size_t count, length;
} embedding_fixture;

/* People of 1 to 5 images around points of their own; noise 0: all images of a person are equal. */
static inline embedding_fixture embedding_fixture_new(size_t count, size_t length, float noise)
{
    df_error err;
    embedding_fixture f = {.arena = df_arena_new((size_t)1 << 30, &err), .count = count, .length = length};
    f.values = df_alloc(f.arena, count * length, sizeof *f.values, &err);
    f.label = df_alloc(f.arena, count, sizeof *f.label, &err);
    assert_non_null(f.label);
    int64_t person = 0;
    for (size_t i = 0, left = 0; i < count; i++, left--) {
        if (left == 0) {
            person++;
            left = 1 + (size_t)person % 5;
        }
        df_random own = df_random_at(1, (uint64_t)person, 0, DF_FOR_TEST), each = df_random_at(2, i, 0, DF_FOR_TEST);
        f.label[i] = person * 1000 - 7000;
        for (size_t k = 0; k < length; k++)
            f.values[i * length + k] = df_random_normal(&own) + noise * df_random_normal(&each);
    }
    return f;
}

/* The set that an npz of these values is read as; names may be without items. */
static inline bool embedding_fixture_read(const embedding_fixture *f, embedding_set *out, df_error *err)
{
    scratch s = scratch_new();
    tensor tensors[] = {
        {.name = "embedding", .type = TENSOR_F32, .rank = 2, .shape = {(int64_t)f->count, (int64_t)f->length}, .data = f->values},
        {.name = "label", .type = TENSOR_I64, .rank = 1, .shape = {(int64_t)f->count}, .data = f->label}};
    const tensor_list list = {.tensors = tensors, .count = 2};
    df_bytes bytes = {0};
    must(npz_write(scratch_path(&s, "e.npz"), &list, err) && df_file_read(s.path, (size_t)1 << 30, f->arena, &bytes, err), err);
    scratch_free(&s);
    return embedding_set_read(bytes, EMBEDDING_LABELS, f->arena, out, err);
}

static inline embedding_set embedding_fixture_set(const embedding_fixture *f)
{
    embedding_set set;
    df_error err;
    must(embedding_fixture_read(f, &set, &err), &err);
    return set;
}

#endif
