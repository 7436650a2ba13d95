/* pickle_machine.h: the stack machine of pickle.c: what is left of the file, the stack, the memo. A mark is an empty place on the stack. */
#ifndef DF_TENSOR_PICKLE_MACHINE_H
#define DF_TENSOR_PICKLE_MACHINE_H

#include "tensor/pickle.h"

typedef struct pickle_machine {
    df_bytes bytes;
    size_t at;
    df_arena *arena;
    df_error *err;
    pickle_value **stack, **memo; /* NULL on the stack is a mark; NULL in the memo: nothing stored */
    size_t depth, stack_room, memo_count, memo_room, memo_next, values;
    const pickle_value *storages;
    bool is_ended;
} pickle_machine;

/* All fail with a sentence in m->err. */

/* The next bytes, stepped over; NULL where there are fewer. And a little-endian number of 1 to 8 of them. */
const unsigned char *pickle_take(pickle_machine *m, size_t size);
bool pickle_take_number(pickle_machine *m, size_t bytes, uint64_t *out) DF_CHECKED;

/* Makes room for `count` items in a list of pointers that has `used`; what was there before stays in the arena. */
bool pickle_grow(pickle_machine *m, pickle_value ***items, size_t used, size_t *room, size_t count) DF_CHECKED;

/* NULL as a value is a mark. */
bool pickle_push(pickle_machine *m, pickle_value *value) DF_CHECKED;
/* The value on top, taken away; NULL where there is none. */
pickle_value *pickle_pop(pickle_machine *m);
/* The same, left there. */
pickle_value *pickle_top(const pickle_machine *m);
/* The place of the topmost mark. */
bool pickle_find_mark(const pickle_machine *m, size_t *out) DF_CHECKED;

pickle_value *pickle_new(pickle_machine *m, pickle_kind kind);
bool pickle_push_new(pickle_machine *m, pickle_kind kind) DF_CHECKED;
/* A value of bytes behind their length, a number of so many bytes. */
bool pickle_push_bytes(pickle_machine *m, pickle_kind kind, size_t length_bytes) DF_CHECKED;

/* The value on top goes into the memo, or one from there onto the stack. */
bool pickle_memo_put(pickle_machine *m, uint64_t index) DF_CHECKED;
bool pickle_memo_get(pickle_machine *m, uint64_t index) DF_CHECKED;

#endif
