/* state_json.c: one way to read what a set says about itself. */
#include "dataset/state_json.h"

#include "base/file.h"
#include "dataset/shard_path.h"

bool state_json_read(const char *folder, const state_form *form, json_t **out, bool *found, df_error *err)
{
    char path[DATASET_PATH];
    if (!shard_state_file(path, folder, form->name, err))
        return false;
    const bool is_there = df_path_exists(path);
    *found = is_there;
    if (!is_there)
        return true;
    df_bytes bytes;
    df_arena *arena = df_arena_new(2 * form->limit, err);
    json_t *root = NULL;
    const bool is_good = arena && df_file_read(path, form->limit, arena, &bytes, err) &&
                         (((root = df_json_parse((const char *)bytes.data, bytes.size, err)) != NULL && form->check(root, err)) ||
                          df_fail_in(err, "%s", path));
    df_arena_free(arena);
    if (is_good)
        *out = root;
    else
        json_decref(root);
    return is_good;
}
