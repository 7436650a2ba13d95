/* pickle_machine.c: what one instruction makes is bounded by the bytes that it has, so memory is bounded by the file's size. */
#include "tensor/pickle_machine.h"

#include <inttypes.h>
#include <string.h>

#include "tensor/layout.h"

enum { FIRST_ROOM = 4, MOST_VALUES = 1 << 22 /* the largest published files have some ten thousand */ };

const unsigned char *pickle_take(pickle_machine *m, size_t size)
{
    if (size > m->bytes.size - m->at) {
        df_fail(m->err, "%zu bytes wanted, %zu are left", size, m->bytes.size - m->at);
        return NULL;
    }
    const unsigned char *data = m->bytes.data + m->at;
    m->at += size;
    return data;
}

bool pickle_take_number(pickle_machine *m, size_t bytes, uint64_t *out)
{
    const unsigned char *data = pickle_take(m, bytes);
    if (data)
        *out = layout_get(data, bytes);
    return data != NULL;
}

bool pickle_grow(pickle_machine *m, pickle_value ***items, size_t used, size_t *room, size_t count)
{
    if (count <= *room)
        return true;
    size_t wanted = *room ? *room : FIRST_ROOM;
    while (wanted < count)
        wanted *= 2;
    pickle_value **larger = df_alloc(m->arena, wanted, sizeof *larger, m->err);
    if (!larger)
        return false;
    if (used > 0)
        memcpy(larger, *items, used * sizeof(pickle_value *));
    *items = larger;
    *room = wanted;
    return true;
}

bool pickle_push(pickle_machine *m, pickle_value *value)
{
    if (!pickle_grow(m, &m->stack, m->depth, &m->stack_room, m->depth + 1))
        return false;
    m->stack[m->depth++] = value;
    return true;
}

pickle_value *pickle_pop(pickle_machine *m)
{
    if (m->depth == 0 || !m->stack[m->depth - 1]) {
        df_fail(m->err, "it takes a value from an empty stack");
        return NULL;
    }
    return m->stack[--m->depth];
}

pickle_value *pickle_top(const pickle_machine *m)
{
    if (m->depth == 0 || !m->stack[m->depth - 1]) {
        df_fail(m->err, "it changes a value on an empty stack");
        return NULL;
    }
    return m->stack[m->depth - 1];
}

bool pickle_find_mark(const pickle_machine *m, size_t *out)
{
    for (size_t i = m->depth; i > 0; i--)
        if (!m->stack[i - 1]) {
            *out = i - 1;
            return true;
        }
    return df_fail(m->err, "it looks for a mark where there is none");
}

pickle_value *pickle_new(pickle_machine *m, pickle_kind kind)
{
    if (m->values++ == MOST_VALUES) {
        df_fail(m->err, "more than %d values", MOST_VALUES);
        return NULL;
    }
    pickle_value *value = df_alloc(m->arena, 1, sizeof *value, m->err);
    if (value)
        value->kind = kind;
    return value;
}

bool pickle_push_new(pickle_machine *m, pickle_kind kind)
{
    pickle_value *value = pickle_new(m, kind);
    return value && pickle_push(m, value);
}

bool pickle_push_bytes(pickle_machine *m, pickle_kind kind, size_t length_bytes)
{
    uint64_t size;
    if (!pickle_take_number(m, length_bytes, &size))
        return false;
    const unsigned char *data = size <= SIZE_MAX ? pickle_take(m, (size_t)size) : NULL;
    if (!data || !pickle_push_new(m, kind))
        return false;
    m->stack[m->depth - 1]->bytes = (df_bytes){.data = data, .size = (size_t)size};
    return true;
}

bool pickle_memo_put(pickle_machine *m, uint64_t index)
{
    pickle_value *value = pickle_top(m);
    if (!value)
        return false;
    if (index >= m->bytes.size) /* each entry takes an instruction to make */
        return df_fail(m->err, "memo entry %" PRIu64 " in a pickle of %zu bytes", index, m->bytes.size);
    if (!pickle_grow(m, &m->memo, m->memo_count, &m->memo_room, (size_t)index + 1))
        return false;
    if (index >= m->memo_count)
        m->memo_count = (size_t)index + 1;
    m->memo[index] = value;
    m->memo_next++;
    return true;
}

bool pickle_memo_get(pickle_machine *m, uint64_t index)
{
    if (index >= m->memo_count || !m->memo[index])
        return df_fail(m->err, "memo entry %" PRIu64 ", which was not stored", index);
    return pickle_push(m, m->memo[index]);
}
