/* npz.c: a zip archive of .npy members as a list of tensors. */
#include "tensor/npz.h"

#include <string.h>

#include "tensor/layout.h"
#include "tensor/npy.h"
#include "tensor/zip.h"

#define SUFFIX ".npy"
enum { SUFFIX_BYTES = 4 };

/* A copy of the member's name without its suffix. */
static char *array_name(const zip_member *member, df_arena *arena, df_error *err)
{
    const size_t size = strlen(member->name);
    char *name = df_copy_string(arena, member->name, err);
    if (!name)
        return NULL;
    if (size <= SUFFIX_BYTES || strcmp(name + size - SUFFIX_BYTES, SUFFIX) != 0) {
        df_fail(err, "expected a name that ends in " SUFFIX);
        return NULL;
    }
    name[size - SUFFIX_BYTES] = '\0';
    return name;
}

static bool parse_member(const zip_member *member, df_arena *arena, tensor *out, df_error *err)
{
    df_bytes bytes;
    const char *name = array_name(member, arena, err);
    return name && zip_unpack(member, arena, &bytes, err) && npy_parse(bytes, name, arena, out, err);
}

/* Whether the member holds an array of that name. */
static bool is_array(const zip_member *member, const char *name)
{
    const size_t size = strlen(name);
    return strncmp(member->name, name, size) == 0 && strcmp(member->name + size, SUFFIX) == 0;
}

static bool is_wanted(const zip_member *member, const char *const *wanted)
{
    for (; wanted && *wanted; wanted++)
        if (is_array(member, *wanted))
            return true;
    return !wanted;
}

/* wanted NULL: all. */
static bool parse_members(df_bytes bytes, const char *const *wanted, df_arena *arena, tensor_list *out, df_error *err)
{
    zip_member *members;
    size_t count;
    if (!zip_list(bytes, arena, &members, &count, err))
        return false;
    tensor_list list = {.tensors = df_alloc(arena, count, sizeof *list.tensors, err)};
    if (!list.tensors)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!is_wanted(&members[i], wanted))
            continue;
        if (!parse_member(&members[i], arena, &list.tensors[list.count], err))
            return df_fail_in(err, "member '%s'", members[i].name);
        list.count++;
    }
    if (!layout_check_names(&list, err))
        return false;
    *out = list;
    return true;
}

bool npz_parse(df_bytes bytes, df_arena *arena, tensor_list *out, df_error *err)
{
    return parse_members(bytes, NULL, arena, out, err);
}

bool npz_parse_some(df_bytes bytes, const char *const *wanted, df_arena *arena, tensor_list *out, df_error *err)
{
    return parse_members(bytes, wanted, arena, out, err);
}

bool npz_parse_texts(df_bytes bytes, const char *name, df_arena *arena, npy_texts *out, df_error *err)
{
    zip_member *members;
    size_t count, i = 0;
    df_bytes array;
    if (!zip_list(bytes, arena, &members, &count, err))
        return false;
    while (i < count && !is_array(&members[i], name))
        i++;
    if (i == count) {
        *out = (npy_texts){0};
        return true;
    }
    return (zip_unpack(&members[i], arena, &array, err) && npy_parse_texts(array, name, arena, out, err)) ||
           df_fail_in(err, "member '%s'", members[i].name);
}

static bool put_array(zip_writer *zip, const tensor *t, df_error *err)
{
    df_text head = {0}, name = {0};
    df_text_add(&name, t->name);
    df_text_add(&name, SUFFIX);
    bool ok = npy_add_header(&head, t, err) && df_text_ok(&name, err);
    if (ok) {
        const df_bytes first = {.data = (const unsigned char *)head.data, .size = head.size};
        const df_bytes rest = {.data = t->data, .size = (size_t)tensor_elements(t) * tensor_type_bytes(t->type)};
        ok = zip_put(zip, name.data, first, rest, err);
    }
    df_text_free(&head);
    df_text_free(&name);
    return ok;
}

static bool put_arrays(zip_writer *zip, const tensor_list *list, df_error *err)
{
    for (size_t i = 0; i < list->count; i++)
        if (!put_array(zip, &list->tensors[i], err))
            return false;
    return zip_put_directory(zip, err);
}

bool npz_write(const char *path, const tensor_list *list, df_error *err)
{
    if (!layout_check_names(list, err))
        return df_fail_in(err, "%s", path);
    df_text directory = {0};
    zip_writer zip = {.file = df_writer_open(path, err), .directory = &directory};
    if (!zip.file)
        return false;
    bool ok = put_arrays(&zip, list, err);
    if (ok)
        ok = df_writer_commit(zip.file, err);
    else
        df_writer_abandon(zip.file);
    df_text_free(&directory);
    return ok;
}
