/* list_fixture.h: a list with a tensor of every type and several shapes, for the tests of the file formats. */
#ifndef DF_TESTS_LIST_FIXTURE_H
#define DF_TESTS_LIST_FIXTURE_H

#include "base/random.h"
#include "check.h"
#include "tensor/tensor.h"

enum { LIST_FIXTURE_BYTES = 512 };

typedef struct list_fixture {
    unsigned char bytes[LIST_FIXTURE_BYTES]; /* noise, which all tensors share */
    tensor tensors[TENSOR_TYPE_COUNT];
    const char *metadata[2][2];
    tensor_list list;
} list_fixture;

/* The first `count` types, smallest last and first in turn so that places have to be found. */
static inline void list_fixture_init(list_fixture *f)
{
    static const int64_t shapes[][3] = {{2, 3, 1}, {5, 0, 0}, {0, 3, 2}, {1, 1, 7}};
    static const int ranks[] = {3, 1, 2, 3};
    df_random random = df_random_at(1, 0, 0, DF_FOR_TEST);
    for (size_t i = 0; i < LIST_FIXTURE_BYTES; i++)
        f->bytes[i] = (unsigned char)df_random_u32(&random);
    for (int i = 0; i < TENSOR_TYPE_COUNT; i++) {
        const int type = i % 2 ? i : TENSOR_TYPE_COUNT - 1 - i;
        f->tensors[i] = (tensor){.name = tensor_type_name((tensor_type)type), .type = (tensor_type)type, .data = f->bytes};
        f->tensors[i].rank = i == 0 ? 0 : ranks[i % 4];
        memcpy(f->tensors[i].shape, shapes[i % 4], sizeof shapes[0]);
    }
    f->metadata[0][0] = "model";
    f->metadata[0][1] = "a \"quoted\"\nvalue \xC3\xA9";
    f->metadata[1][0] = "empty";
    f->metadata[1][1] = "";
    f->list = (tensor_list){.tensors = f->tensors, .count = TENSOR_TYPE_COUNT, .metadata = f->metadata, .metadata_count = 2};
}

static inline void assert_same_tensor(const tensor *a, const tensor *b)
{
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->rank, b->rank);
    for (int i = 0; i < a->rank; i++)
        assert_int_equal(a->shape[i], b->shape[i]);
    assert_int_equal((uintptr_t)b->data % tensor_type_bytes(b->type), 0);
    assert_memory_equal(a->data, b->data, (size_t)tensor_elements(a) * tensor_type_bytes(a->type));
}

#endif
