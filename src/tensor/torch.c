/* torch.c: the zip form of torch.save: a pickle, and a member for each storage; and bare pickles, whose storages are inside. */
#include "tensor/torch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tensor/torch_tree.h"
#include "tensor/zip.h"

enum { LONGEST_MEMBER = 512 };

typedef struct archive {
    zip_member *members; /* [count] by name */
    df_bytes *unpacked;  /* [count] of those that were needed; data NULL: not yet */
    size_t count;
    df_bytes root; /* the folder that all members lie in, with its slash */
    df_arena *arena;
} archive;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const zip_member *)a)->name, ((const zip_member *)b)->name);
}

/* The member ROOT + name; NULL where there is none. */
static const zip_member *find_member(const archive *a, const char *name)
{
    char full[LONGEST_MEMBER];
    const int size = snprintf(full, sizeof full, "%.*s%s", (int)a->root.size, (const char *)a->root.data, name);
    if (size < 0 || (size_t)size >= sizeof full)
        return NULL;
    const zip_member wanted = {.name = full};
    return bsearch(&wanted, a->members, a->count, sizeof wanted, by_name);
}

static bool open_archive(df_bytes bytes, df_arena *arena, archive *out, df_error *err)
{
    static const char pickle_name[] = "data.pkl";
    const char *slash;
    *out = (archive){.arena = arena};
    if (!zip_list(bytes, arena, &out->members, &out->count, err))
        return false;
    out->unpacked = df_alloc(arena, out->count, sizeof *out->unpacked, err);
    if (!out->unpacked)
        return false;
    if (out->count > 1)
        qsort(out->members, out->count, sizeof *out->members, by_name);
    for (size_t i = 1; i < out->count; i++)
        if (strcmp(out->members[i - 1].name, out->members[i].name) == 0)
            return df_fail(err, "zip: two members are called '%.200s'", out->members[i].name);
    if (out->count == 0 || !(slash = strchr(out->members[0].name, '/')))
        return df_fail(err, "a zip archive without torch's folder");
    out->root = (df_bytes){.data = (const unsigned char *)out->members[0].name, .size = (size_t)(slash + 1 - out->members[0].name)};
    if (find_member(out, "constants.pkl"))
        return df_fail(err, "TorchScript, which holds a program: expected a state dictionary");
    return find_member(out, pickle_name) != NULL || df_fail(err, "a zip archive without '%s' in its folder", pickle_name);
}

/* Once for each member, however many views there are of it. */
static bool unpack(const archive *a, const zip_member *member, df_bytes *out, df_error *err)
{
    df_bytes *kept = &a->unpacked[member - a->members];
    if (!kept->data && !zip_unpack(member, a->arena, kept, err))
        return false;
    *out = *kept;
    return true;
}

static bool find_storage(void *file, const torch_storage_id *id, const unsigned char **out, df_error *err)
{
    const archive *a = file;
    char name[LONGEST_MEMBER];
    df_bytes bytes;
    const int size = snprintf(name, sizeof name, "data/%.*s", torch_shown(id->key), (const char *)id->key.data);
    const zip_member *member = size > 0 && (size_t)size < sizeof name ? find_member(a, name) : NULL;
    if (!member)
        return df_fail(err, "the archive has no member of that name");
    if (!unpack(a, member, &bytes, err))
        return false;
    if (bytes.size != id->bytes)
        return df_fail(err, "%zu bytes, expected %zu", bytes.size, id->bytes);
    *out = bytes.data;
    return true;
}

static bool read_byte_order(const archive *a, bool *is_big_endian, df_error *err)
{
    const zip_member *member = find_member(a, "byteorder");
    df_bytes text;
    *is_big_endian = false;
    if (!member)
        return true;
    if (!unpack(a, member, &text, err))
        return df_fail_in(err, "byteorder");
    *is_big_endian = text.size == 3 && memcmp(text.data, "big", 3) == 0;
    return *is_big_endian || (text.size == 6 && memcmp(text.data, "little", 6) == 0) ||
           df_fail(err, "byteorder: expected 'little' or 'big'");
}

bool torch_parse_zip(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err)
{
    archive a;
    df_bytes text;
    pickle object;
    torch_storages storages = {.find = find_storage, .file = &a};
    if (!open_archive(bytes, arena, &a, err) || !read_byte_order(&a, &storages.is_big_endian, err) ||
        !unpack(&a, find_member(&a, "data.pkl"), &text, err) || !pickle_parse(text, arena, &object, err))
        return false;
    if (object.size != text.size)
        return df_fail(err, "data.pkl: %zu bytes after the pickle", text.size - object.size);
    return torch_tree_read(object.value, &storages, bytes.size, arena, out, err);
}

bool torch_parse_pickle(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err)
{
    const torch_storages none = {0};
    pickle object;
    if (!pickle_parse(bytes, arena, &object, err))
        return false;
    if (object.size != bytes.size)
        return df_fail(err, "%zu bytes after the pickle", bytes.size - object.size);
    return torch_tree_read(object.value, &none, bytes.size, arena, out, err);
}
