/* torch_legacy.c: torch.save before 1.6: five pickles (a magic number, the protocol, facts of the machine, the object, the keys of
   its storages), then for each key the number of elements and the elements. Types of storages stand in the object alone, so that
   it is searched for them first. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tensor/layout.h"
#include "tensor/torch.h"
#include "tensor/torch_storage.h"
#include "tensor/torch_tree.h"

enum { PROTOCOL = 1001, COUNT_BYTES = 8 };
static const unsigned char start[] = {0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.'};

typedef struct legacy_storage {
    df_bytes key;
    size_t elements;
    df_bytes data;
    bool is_typed; /* the object has a storage of this key, which told its size */
} legacy_storage;

struct torch_legacy {
    pickle object;
    legacy_storage *storages; /* [count] in the order of the file */
    legacy_storage **by_key;  /* [count] */
    size_t count;
    bool is_big_endian;
};

bool torch_is_legacy(df_bytes bytes)
{
    return bytes.size >= sizeof start && memcmp(bytes.data, start, sizeof start) == 0;
}

/* The next of the pickles; takes it off `left`. */
static bool next_pickle(df_bytes *left, const char *what, df_arena *arena, pickle *out, df_error *err)
{
    if (!pickle_parse(*left, arena, out, err))
        return df_fail_in(err, "%s", what);
    *left = (df_bytes){.data = left->data + out->size, .size = left->size - out->size};
    return true;
}

static bool read_head(df_bytes *left, df_arena *arena, torch_legacy *out, df_error *err)
{
    pickle protocol, facts;
    if (!torch_is_legacy(*left))
        return df_fail(err, "not torch's legacy form: it does not begin with its magic number");
    *left = (df_bytes){.data = left->data + sizeof start, .size = left->size - sizeof start};
    if (!next_pickle(left, "protocol", arena, &protocol, err) || !next_pickle(left, "facts of the machine", arena, &facts, err))
        return false;
    if (protocol.value->kind != PICKLE_INTEGER || protocol.value->integer != PROTOCOL)
        return df_fail(err, "torch's legacy form, but not its protocol %d", PROTOCOL);
    const pickle_value *order = pickle_member(facts.value, "little_endian");
    if (!order || order->kind != PICKLE_TRUTH)
        return df_fail(err, "facts of the machine: no byte order");
    out->is_big_endian = !order->truth;
    return true;
}

static int compare_keys(df_bytes a, df_bytes b)
{
    const int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static int by_key(const void *a, const void *b)
{
    return compare_keys((*(legacy_storage *const *)a)->key, (*(legacy_storage *const *)b)->key);
}

static legacy_storage *find_key(const torch_legacy *legacy, df_bytes key)
{
    legacy_storage wanted = {.key = key}, *pointer = &wanted;
    legacy_storage **found = legacy->count > 0 ? bsearch(&pointer, legacy->by_key, legacy->count, sizeof *legacy->by_key, by_key) : NULL;
    return found ? *found : NULL;
}

static bool read_keys(const pickle_value *keys, df_arena *arena, torch_legacy *out, df_error *err)
{
    if (keys->kind != PICKLE_LIST)
        return df_fail(err, "keys of storages: expected a list");
    out->count = keys->list.count;
    out->storages = df_alloc(arena, out->count, sizeof *out->storages, err);
    out->by_key = out->storages ? df_alloc(arena, out->count, sizeof *out->by_key, err) : NULL;
    if (!out->by_key)
        return false;
    for (size_t i = 0; i < out->count; i++) {
        if (keys->list.items[i]->kind != PICKLE_TEXT)
            return df_fail(err, "keys of storages: number %zu is no text", i);
        out->storages[i].key = keys->list.items[i]->bytes;
        out->by_key[i] = &out->storages[i];
    }
    if (out->count > 1)
        qsort(out->by_key, out->count, sizeof *out->by_key, by_key);
    for (size_t i = 1; i < out->count; i++)
        if (compare_keys(out->by_key[i - 1]->key, out->by_key[i]->key) == 0)
            return df_fail(err, "storage '%.*s' is stored twice", torch_shown(out->by_key[i]->key), (const char *)out->by_key[i]->key.data);
    return true;
}

/* What the object says of a storage: its size. */
static bool note_storage(const torch_legacy *legacy, const pickle_value *value, df_error *err)
{
    torch_storage_id id;
    if (!torch_storage_id_read(value, &id, err))
        return false;
    legacy_storage *found = find_key(legacy, id.key);
    if (!found)
        return df_fail(err, "storage '%.*s' is named and not stored", torch_shown(id.key), (const char *)id.key.data);
    if (found->is_typed && (found->data.size != id.bytes || found->elements != id.elements))
        return df_fail(err, "storage '%.*s' has two sizes", torch_shown(id.key), (const char *)id.key.data);
    found->is_typed = true;
    found->elements = id.elements;
    found->data.size = id.bytes;
    return true;
}

static bool note_storages(const torch_legacy *legacy, df_error *err)
{
    for (const pickle_value *storage = legacy->object.storages; storage; storage = storage->storage.next)
        if (!note_storage(legacy, storage, err))
            return false;
    return true;
}

static bool read_data(df_bytes left, torch_legacy *out, df_error *err)
{
    for (size_t i = 0; i < out->count; i++) {
        legacy_storage *storage = &out->storages[i];
        if (!storage->is_typed)
            return df_fail(err, "storage %zu is stored and of no tensor", i);
        if (left.size < COUNT_BYTES || storage->data.size > left.size - COUNT_BYTES)
            return df_fail(err, "storage %zu: %zu bytes, the file has %zu left", i, storage->data.size, left.size);
        const uint64_t elements = layout_get(left.data, COUNT_BYTES);
        if (elements != storage->elements)
            return df_fail(err, "storage %zu: %" PRIu64 " elements are stored, %zu are wanted", i, elements, storage->elements);
        storage->data.data = left.data + COUNT_BYTES;
        const size_t used = COUNT_BYTES + storage->data.size;
        left = (df_bytes){.data = left.data + used, .size = left.size - used};
    }
    return left.size == 0 || df_fail(err, "%zu bytes after the last storage", left.size);
}

bool torch_legacy_open(df_bytes bytes, df_arena *arena, torch_legacy **out, df_error *err)
{
    df_bytes left = bytes;
    pickle keys;
    torch_legacy *legacy = df_alloc(arena, 1, sizeof *legacy, err);
    if (!legacy || !read_head(&left, arena, legacy, err) || !next_pickle(&left, "object", arena, &legacy->object, err) ||
        !next_pickle(&left, "keys of storages", arena, &keys, err) || !read_keys(keys.value, arena, legacy, err) ||
        !note_storages(legacy, err) || !read_data(left, legacy, err))
        return false;
    *out = legacy;
    return true;
}

const pickle_value *torch_legacy_object(const torch_legacy *legacy)
{
    return legacy->object.value;
}

static bool find_storage(void *file, const torch_storage_id *id, const unsigned char **out, df_error *err)
{
    const torch_legacy *legacy = file;
    const legacy_storage *found = find_key(legacy, id->key); /* its size was noted from this id, or one that agrees */
    if (!found)
        return df_fail(err, "not stored");
    *out = found->data.data;
    return true;
}

torch_storages torch_legacy_storages(torch_legacy *legacy)
{
    return (torch_storages){.find = find_storage, .file = legacy, .is_big_endian = legacy->is_big_endian};
}

bool torch_parse_legacy(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err)
{
    torch_legacy *legacy;
    if (!torch_legacy_open(bytes, arena, &legacy, err))
        return false;
    const torch_storages storages = torch_legacy_storages(legacy);
    return torch_tree_read(legacy->object.value, &storages, bytes.size, arena, out, err);
}
