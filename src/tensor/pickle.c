/* pickle.c: some forty instructions, one row of a table each. */
#include "tensor/pickle.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "tensor/layout.h"
#include "tensor/pickle_machine.h"

enum { OLDEST_PROTOCOL = 2, NEWEST_PROTOCOL = 4, SMALL_INTEGER = 8, STORAGE_ID_ITEMS = 5, OPCODES = 256 };

/* ---- one function for each kind of instruction ---- */

static bool op_protocol(pickle_machine *m, int argument)
{
    (void)argument;
    uint64_t version;
    if (!pickle_take_number(m, 1, &version))
        return false;
    return (version >= OLDEST_PROTOCOL && version <= NEWEST_PROTOCOL) ||
           df_fail(m->err, "protocol %" PRIu64 ", expected %d to %d", version, OLDEST_PROTOCOL, NEWEST_PROTOCOL);
}

static bool op_frame(pickle_machine *m, int argument)
{
    (void)argument;
    uint64_t size;
    if (!pickle_take_number(m, 8, &size))
        return false;
    return size <= m->bytes.size - m->at || df_fail(m->err, "a frame of %" PRIu64 " bytes, %zu are left", size, m->bytes.size - m->at);
}

static bool op_stop(pickle_machine *m, int argument)
{
    (void)argument;
    m->is_ended = true;
    return true;
}

static bool op_mark(pickle_machine *m, int argument)
{
    (void)argument;
    return pickle_push(m, NULL);
}

/* None, False and what is empty. */
static bool op_new(pickle_machine *m, int kind)
{
    return pickle_push_new(m, (pickle_kind)kind);
}

static bool op_true(pickle_machine *m, int argument)
{
    (void)argument;
    if (!pickle_push_new(m, PICKLE_TRUTH))
        return false;
    m->stack[m->depth - 1]->truth = true;
    return true;
}

static bool op_integer(pickle_machine *m, int bytes)
{
    uint64_t value;
    if (!pickle_take_number(m, (size_t)bytes, &value) || !pickle_push_new(m, PICKLE_INTEGER))
        return false;
    m->stack[m->depth - 1]->integer = bytes == 4 ? (int32_t)(uint32_t)value : (int64_t)value; /* only that one has a sign */
    return true;
}

/* Two's complement, little endian, of any length. */
static bool op_long(pickle_machine *m, int length_bytes)
{
    if (!pickle_push_bytes(m, PICKLE_BIG, (size_t)length_bytes))
        return false;
    pickle_value *value = m->stack[m->depth - 1];
    const df_bytes digits = value->bytes;
    if (digits.size > SMALL_INTEGER)
        return true;
    uint64_t bits = layout_get(digits.data, digits.size);
    if (digits.size > 0 && digits.size < SMALL_INTEGER && digits.data[digits.size - 1] & 0x80)
        bits |= UINT64_MAX << 8 * digits.size;
    value->kind = PICKLE_INTEGER;
    value->integer = (int64_t)bits;
    return true;
}

static bool op_float(pickle_machine *m, int argument)
{
    (void)argument;
    uint64_t bits;
    if (!pickle_take_number(m, sizeof bits, &bits) || !pickle_push_new(m, PICKLE_NUMBER))
        return false;
    bits = __builtin_bswap64(bits); /* the one big-endian number of the format */
    memcpy(&m->stack[m->depth - 1]->number, &bits, sizeof bits);
    return true;
}

static bool op_text(pickle_machine *m, int length_bytes)
{
    if (!pickle_push_bytes(m, PICKLE_TEXT, (size_t)length_bytes))
        return false;
    const df_bytes text = m->stack[m->depth - 1]->bytes;
    return df_utf8_is_valid((const char *)text.data, text.size) || df_fail(m->err, "a text that is no UTF-8");
}

static bool op_bytes(pickle_machine *m, int length_bytes)
{
    return pickle_push_bytes(m, PICKLE_BYTES, (size_t)length_bytes);
}

/* The stack's values from `first` on go to the end of a list; the stack is left at `left`. */
static bool append_from(pickle_machine *m, pickle_value *list, size_t first, size_t left)
{
    const size_t count = m->depth - first;
    if (!pickle_grow(m, &list->list.items, list->list.count, &list->list.room, list->list.count + count))
        return false;
    if (count > 0)
        memcpy(list->list.items + list->list.count, m->stack + first, count * sizeof(pickle_value *));
    list->list.count += count;
    m->depth = left;
    return true;
}

/* A tuple of the topmost `count` values. */
static bool make_tuple(pickle_machine *m, size_t first, size_t left)
{
    pickle_value *tuple = pickle_new(m, PICKLE_TUPLE);
    return tuple && append_from(m, tuple, first, left) && pickle_push(m, tuple);
}

static bool op_tuple(pickle_machine *m, int argument)
{
    size_t mark;
    (void)argument;
    return pickle_find_mark(m, &mark) && make_tuple(m, mark + 1, mark);
}

/* Whether the topmost `count` places are values. */
static bool has_values(const pickle_machine *m, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (m->depth < count || !m->stack[m->depth - 1 - i])
            return df_fail(m->err, "it takes a value from an empty stack");
    return true;
}

static bool op_tuple_of(pickle_machine *m, int count)
{
    return has_values(m, (size_t)count) && make_tuple(m, m->depth - (size_t)count, m->depth - (size_t)count);
}

/* What stands on the stack from `first` on is added to the value at `owner`, below it. */
static bool add_to(pickle_machine *m, pickle_kind kind, size_t owner, size_t first)
{
    pickle_value *list = m->stack[owner];
    if (!list || list->kind != kind)
        return df_fail(m->err, "it adds items to what cannot hold them");
    if (kind == PICKLE_DICT && (m->depth - first) % 2 != 0)
        return df_fail(m->err, "a key without a value");
    return append_from(m, list, first, owner + 1);
}

static bool op_add_one(pickle_machine *m, int kind)
{
    const size_t values = kind == PICKLE_DICT ? 2 : 1;
    return has_values(m, values + 1) && add_to(m, (pickle_kind)kind, m->depth - 1 - values, m->depth - values);
}

static bool op_add_marked(pickle_machine *m, int kind)
{
    size_t mark;
    if (!pickle_find_mark(m, &mark))
        return false;
    return mark > 0 ? add_to(m, (pickle_kind)kind, mark - 1, mark + 1) : df_fail(m->err, "it adds items to an empty stack");
}

/* ---- the memo ---- */

static bool op_put(pickle_machine *m, int index_bytes)
{
    uint64_t index;
    return pickle_take_number(m, (size_t)index_bytes, &index) && pickle_memo_put(m, index);
}

static bool op_memoize(pickle_machine *m, int argument)
{
    (void)argument;
    return pickle_memo_put(m, m->memo_next);
}

static bool op_get(pickle_machine *m, int index_bytes)
{
    uint64_t index;
    if (!pickle_take_number(m, (size_t)index_bytes, &index))
        return false;
    return pickle_memo_get(m, index);
}

/* ---- names and calls ---- */

static bool push_global(pickle_machine *m, df_bytes module, df_bytes name)
{
    const pickle_global *found = pickle_global_find((const char *)module.data, module.size, (const char *)name.data, name.size);
    if (!found)
        return df_fail(m->err, "it names %.*s.%.*s, which files of weights do not need: refused",
                       (int)(module.size < 80 ? module.size : 80), (const char *)module.data, (int)(name.size < 80 ? name.size : 80),
                       (const char *)name.data);
    if (!pickle_push_new(m, PICKLE_GLOBAL))
        return false;
    m->stack[m->depth - 1]->call.name = found;
    return true;
}

static bool take_line(pickle_machine *m, df_bytes *out)
{
    const unsigned char *start = m->bytes.data + m->at, *end = memchr(start, '\n', m->bytes.size - m->at);
    if (!end)
        return df_fail(m->err, "a name without an end");
    *out = (df_bytes){.data = start, .size = (size_t)(end - start)};
    m->at += out->size + 1;
    return df_utf8_is_valid((const char *)start, out->size) || df_fail(m->err, "a name that is no UTF-8");
}

static bool op_global(pickle_machine *m, int argument)
{
    (void)argument;
    df_bytes module, name;
    return take_line(m, &module) && take_line(m, &name) && push_global(m, module, name);
}

static bool op_stack_global(pickle_machine *m, int argument)
{
    (void)argument;
    const pickle_value *name = pickle_pop(m), *module = name ? pickle_pop(m) : NULL;
    if (!module)
        return false;
    if (name->kind != PICKLE_TEXT || module->kind != PICKLE_TEXT)
        return df_fail(m->err, "a name that is no text");
    return push_global(m, module->bytes, name->bytes);
}

static bool op_reduce(pickle_machine *m, int argument)
{
    (void)argument;
    pickle_value *arguments = pickle_pop(m), *callee = arguments ? pickle_pop(m) : NULL;
    if (!callee)
        return false;
    if (callee->kind != PICKLE_GLOBAL || !callee->call.name->is_called || arguments->kind != PICKLE_TUPLE)
        return df_fail(m->err, "it calls what is no function of weights: refused");
    if (callee->call.name->role == PICKLE_ORDERED_DICT) {
        if (arguments->list.count > 0)
            return df_fail(m->err, "collections.OrderedDict with arguments, expected none");
        if (!pickle_push_new(m, PICKLE_DICT))
            return false;
        m->stack[m->depth - 1]->list.is_ordered = true;
        return true;
    }
    if (!pickle_push_new(m, PICKLE_CALL))
        return false;
    m->stack[m->depth - 1]->call.name = callee->call.name;
    m->stack[m->depth - 1]->call.arguments = arguments;
    return true;
}

/* The attributes of an ordered dictionary (torch's _metadata) are dropped; the state of a call is kept. */
static bool op_build(pickle_machine *m, int argument)
{
    (void)argument;
    pickle_value *state = pickle_pop(m), *owner = state ? pickle_top(m) : NULL;
    if (!owner)
        return false;
    if (owner->kind == PICKLE_DICT && owner->list.is_ordered)
        return true;
    if (owner->kind != PICKLE_CALL || !owner->call.name->is_built || owner->call.state)
        return df_fail(m->err, "it gives a state to what takes none: refused");
    owner->call.state = state;
    return true;
}

static bool op_persistent_id(pickle_machine *m, int argument)
{
    (void)argument;
    pickle_value *id = pickle_pop(m);
    if (!id)
        return false;
    if (id->kind != PICKLE_TUPLE || id->list.count < STORAGE_ID_ITEMS || !pickle_is_text(id->list.items[0], "storage"))
        return df_fail(m->err, "a persistent id that is no storage: refused");
    if (!pickle_push_new(m, PICKLE_STORAGE))
        return false;
    pickle_value *storage = m->stack[m->depth - 1];
    storage->storage.id = id;
    storage->storage.next = m->storages;
    m->storages = storage;
    return true;
}

/* ---- the table ---- */

typedef struct opcode_row {
    const char *name;
    bool (*run)(pickle_machine *m, int argument); /* NULL: known, and refused */
    int argument;
} opcode_row;

static const opcode_row opcodes[OPCODES] = {
    [0x80] = {"PROTO", op_protocol, 0},
    [0x95] = {"FRAME", op_frame, 0},
    ['.'] = {"STOP", op_stop, 0},
    ['('] = {"MARK", op_mark, 0},
    ['N'] = {"NONE", op_new, PICKLE_NONE},
    [0x88] = {"NEWTRUE", op_true, 0},
    [0x89] = {"NEWFALSE", op_new, PICKLE_TRUTH},
    ['K'] = {"BININT1", op_integer, 1},
    ['M'] = {"BININT2", op_integer, 2},
    ['J'] = {"BININT", op_integer, 4},
    [0x8a] = {"LONG1", op_long, 1},
    ['G'] = {"BINFLOAT", op_float, 0},
    [0x8c] = {"SHORT_BINUNICODE", op_text, 1},
    ['X'] = {"BINUNICODE", op_text, 4},
    [0x8d] = {"BINUNICODE8", op_text, 8},
    ['C'] = {"SHORT_BINBYTES", op_bytes, 1},
    ['B'] = {"BINBYTES", op_bytes, 4},
    [']'] = {"EMPTY_LIST", op_new, PICKLE_LIST},
    [')'] = {"EMPTY_TUPLE", op_new, PICKLE_TUPLE},
    ['}'] = {"EMPTY_DICT", op_new, PICKLE_DICT},
    [0x8f] = {"EMPTY_SET", op_new, PICKLE_SET},
    ['t'] = {"TUPLE", op_tuple, 0},
    [0x85] = {"TUPLE1", op_tuple_of, 1},
    [0x86] = {"TUPLE2", op_tuple_of, 2},
    [0x87] = {"TUPLE3", op_tuple_of, 3},
    ['a'] = {"APPEND", op_add_one, PICKLE_LIST},
    ['e'] = {"APPENDS", op_add_marked, PICKLE_LIST},
    ['s'] = {"SETITEM", op_add_one, PICKLE_DICT},
    ['u'] = {"SETITEMS", op_add_marked, PICKLE_DICT},
    [0x90] = {"ADDITEMS", op_add_marked, PICKLE_SET},
    ['q'] = {"BINPUT", op_put, 1},
    ['r'] = {"LONG_BINPUT", op_put, 4},
    [0x94] = {"MEMOIZE", op_memoize, 0},
    ['h'] = {"BINGET", op_get, 1},
    ['j'] = {"LONG_BINGET", op_get, 4},
    ['c'] = {"GLOBAL", op_global, 0},
    [0x93] = {"STACK_GLOBAL", op_stack_global, 0},
    ['R'] = {"REDUCE", op_reduce, 0},
    ['b'] = {"BUILD", op_build, 0},
    ['Q'] = {"BINPERSID", op_persistent_id, 0},
    /* What a file might try. */
    ['i'] = {"INST", NULL, 0},
    ['o'] = {"OBJ", NULL, 0},
    [0x81] = {"NEWOBJ", NULL, 0},
    [0x92] = {"NEWOBJ_EX", NULL, 0},
    [0x82] = {"EXT1", NULL, 0},
    [0x83] = {"EXT2", NULL, 0},
    [0x84] = {"EXT4", NULL, 0},
    ['P'] = {"PERSID", NULL, 0},
    [0x8b] = {"LONG4", NULL, 0},
    [0x97] = {"NEXT_BUFFER", NULL, 0},
    [0x98] = {"READONLY_BUFFER", NULL, 0},
};

static bool step(pickle_machine *m)
{
    const size_t place = m->at;
    const unsigned char *code = pickle_take(m, 1);
    if (!code)
        return df_fail(m->err, "byte %zu: the pickle has no end", place);
    const opcode_row *row = &opcodes[*code];
    if (!row->run)
        return df_fail(m->err, "byte %zu: opcode 0x%02x%s%s is not one that files of weights need: refused", place, *code,
                       row->name ? " " : "", row->name ? row->name : "");
    return row->run(m, row->argument) || df_fail_in(m->err, "byte %zu, %s", place, row->name);
}

bool pickle_parse(df_bytes bytes, df_arena *arena, pickle *out, df_error *err)
{
    pickle_machine m = {.bytes = bytes, .arena = arena, .err = err};
    while (!m.is_ended)
        if (!step(&m))
            return df_fail_in(err, "pickle");
    if (m.depth != 1 || !m.stack[0])
        return df_fail(err, "pickle: %zu values at the end, expected one", m.depth);
    *out = (pickle){.value = m.stack[0], .storages = m.storages, .size = m.at};
    return true;
}

const pickle_value *pickle_member(const pickle_value *dict, const char *key)
{
    if (!dict || dict->kind != PICKLE_DICT)
        return NULL;
    for (size_t i = 0; i + 1 < dict->list.count; i += 2)
        if (pickle_is_text(dict->list.items[i], key))
            return dict->list.items[i + 1];
    return NULL;
}

bool pickle_is_text(const pickle_value *value, const char *text)
{
    return value->kind == PICKLE_TEXT && value->bytes.size == strlen(text) && memcmp(value->bytes.data, text, value->bytes.size) == 0;
}
