/* fuzz_identities.c: any bytes as lines of identities. What is accepted must survive being written and read again. */
#include "face_fixture.h"

#include <assert.h>
#include <stdlib.h>

#include "face/person.h"

static void write_and_read_again(const face_model *model, const person *who)
{
    df_text once = {0}, twice = {0};
    df_error err;
    person again;
    person_write(who, model, &once);
    assert(person_parse(once.data, once.size, model, &again, &err));
    person_write(&again, model, &twice);
    assert(once.size == twice.size && memcmp(once.data, twice.data, once.size) == 0);
    df_text_free(&once);
    df_text_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static df_arena *arena;
    static face_model model;
    df_error err;
    if (!arena) {
        arena = df_arena_new((size_t)64 << 20, &err);
        model = face_fixture(arena);
    }
    for (size_t start = 0; start < size;) {
        const uint8_t *end = memchr(data + start, '\n', size - start);
        const size_t length = end ? (size_t)(end - data) - start : size - start;
        person who;
        if (person_parse((const char *)data + start, length, &model, &who, &err))
            write_and_read_again(&model, &who);
        start += length + 1;
    }
    return 0;
}
