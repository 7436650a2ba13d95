/* torch_tree.c: a walk over dictionaries, lists, tuples and StyleGAN3's modules that names what it finds. Values can be shared, even
   by themselves: depth, visits and what comes out are bounded. */
#include "tensor/torch_tree.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tensor/layout.h"

enum { MOST_DEPTH = 1999, MOST_VISITS = 1 << 24, LONGEST_NAME = 1 << 16, FIRST_TENSORS = 64, MOST_TENSORS = 1 << 18 };

typedef struct walk {
    const torch_storages *storages;
    df_arena *arena;
    df_text path;
    tensor *tensors;
    size_t count, room, visits, copied, most;
    df_error *err;
} walk;

static bool visit(walk *w, const pickle_value *value, int depth);

static bool make_room(walk *w)
{
    if (w->count < w->room)
        return true;
    if (w->count == MOST_TENSORS)
        return df_fail(w->err, "more than %d tensors", MOST_TENSORS);
    const size_t room = w->room ? 2 * w->room : FIRST_TENSORS;
    tensor *larger = df_alloc(w->arena, room, sizeof *larger, w->err);
    if (!larger)
        return false;
    if (w->count > 0)
        memcpy(larger, w->tensors, w->count * sizeof *larger);
    w->tensors = larger;
    w->room = room;
    return true;
}

static bool add_tensor(walk *w, const pickle_value *call)
{
    const char *path = w->path.size > 0 ? w->path.data : "arr_0";
    tensor t;
    if (!make_room(w))
        return false;
    if (!torch_tensor_build(call, w->storages, w->most, &w->copied, w->arena, &t, w->err))
        return df_fail_in(w->err, "tensor '%.200s'", path);
    t.name = df_copy_string(w->arena, path, w->err);
    w->tensors[w->count++] = t;
    return t.name != NULL;
}

/* Goes to `value` under a further part of the name; "" adds none. */
static bool visit_below(walk *w, df_bytes part, const pickle_value *value, int depth)
{
    const size_t before = w->path.size;
    if (memchr(part.data, 0, part.size) || before + part.size > LONGEST_NAME)
        return df_fail(w->err, "a name with a zero byte, or of more than %d bytes", LONGEST_NAME);
    if (before > 0)
        df_text_add(&w->path, ".");
    df_text_add_bytes(&w->path, (const char *)part.data, part.size);
    if (!df_text_ok(&w->path, w->err) || !visit(w, value, depth + 1))
        return false;
    w->path.size = before;
    if (w->path.data)
        w->path.data[before] = '\0';
    return true;
}

static bool visit_number(walk *w, int64_t number, const pickle_value *value, int depth)
{
    char text[24];
    const int size = snprintf(text, sizeof text, "%lld", (long long)number);
    return visit_below(w, (df_bytes){.data = (const unsigned char *)text, .size = (size_t)size}, value, depth);
}

static bool visit_list(walk *w, const pickle_value *list, int depth)
{
    for (size_t i = 0; i < list->list.count; i++)
        if (!visit_number(w, (int64_t)i, list->list.items[i], depth))
            return false;
    return true;
}

static bool visit_dict(walk *w, const pickle_value *dict, int depth)
{
    for (size_t i = 0; i + 1 < dict->list.count; i += 2) {
        const pickle_value *key = dict->list.items[i], *value = dict->list.items[i + 1];
        const bool is_good = key->kind == PICKLE_TEXT      ? visit_below(w, key->bytes, value, depth)
                             : key->kind == PICKLE_INTEGER ? visit_number(w, key->integer, value, depth)
                                                           : true; /* keys of other kinds lead to no weights */
        if (!is_good)
            return false;
    }
    return true;
}

/* A module of StyleGAN3: what its state dictionary would have. */
static bool visit_object(walk *w, const pickle_value *call, int depth)
{
    static const char *const parts[] = {"_parameters", "_buffers", "_modules"};
    const pickle_value *arguments = call->call.arguments;
    const pickle_value *state = arguments->list.count == 1 ? pickle_member(arguments->list.items[0], "state") : NULL;
    if (!state || state->kind != PICKLE_DICT)
        return df_fail(w->err, "'%.200s': a persistent object without a state", w->path.data ? w->path.data : "");
    for (size_t i = 0; i < DF_ARRAY_LEN(parts); i++) {
        const pickle_value *part = pickle_member(state, parts[i]);
        if (part && part->kind == PICKLE_DICT && !visit_dict(w, part, depth + 1))
            return false;
    }
    return true;
}

static bool visit_call(walk *w, const pickle_value *call, int depth)
{
    const pickle_value *arguments = call->call.arguments;
    switch (call->call.name->role) {
    case PICKLE_REBUILD_TENSOR:
        return add_tensor(w, call);
    case PICKLE_REBUILD_WRAPPED:
        if (arguments->list.count == 0 || arguments->list.items[0]->kind != PICKLE_CALL)
            return df_fail(w->err, "'%.200s': a parameter without a tensor", w->path.data ? w->path.data : "");
        return visit(w, arguments->list.items[0], depth + 1);
    case PICKLE_PERSISTENT_OBJECT:
        return visit_object(w, call, depth);
    case PICKLE_LOAD_FROM_BYTES: /* a storage that no tensor uses */
    case PICKLE_IGNORED:
    case PICKLE_IGNORED_CLASS:
    case PICKLE_STORAGE_CLASS:
    case PICKLE_ORDERED_DICT:
        return true;
    }
    return true;
}

static bool visit(walk *w, const pickle_value *value, int depth)
{
    if (depth > MOST_DEPTH)
        return df_fail(w->err, "nested more than %d deep, or reaches itself", MOST_DEPTH);
    if (++w->visits > MOST_VISITS)
        return df_fail(w->err, "more than %d names", MOST_VISITS);
    switch (value->kind) {
    case PICKLE_DICT:
        return visit_dict(w, value, depth);
    case PICKLE_LIST:
    case PICKLE_TUPLE:
        return visit_list(w, value, depth);
    case PICKLE_CALL:
        return visit_call(w, value, depth);
    case PICKLE_NONE:
    case PICKLE_TRUTH:
    case PICKLE_INTEGER:
    case PICKLE_BIG:
    case PICKLE_NUMBER:
    case PICKLE_TEXT:
    case PICKLE_BYTES:
    case PICKLE_SET:
    case PICKLE_GLOBAL:
    case PICKLE_STORAGE:
        return true;
    }
    return true;
}

bool torch_tree_read(const pickle_value *root, const torch_storages *storages, size_t file_size, df_arena *arena, tensor_list *out,
                     df_error *err)
{
    walk w = {.storages = storages, .arena = arena, .most = layout_most_bytes(file_size), .err = err};
    bool is_good = visit(&w, root, 0);
    df_text_free(&w.path);
    const tensor_list list = {.tensors = w.tensors, .count = w.count};
    is_good = is_good && layout_check_names(&list, err);
    if (is_good)
        *out = list;
    return is_good;
}
