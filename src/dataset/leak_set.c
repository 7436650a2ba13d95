/* leak_set.c: a manifest's lines, or a walk through folders with a stack of sorted listings. */
#include "dataset/leak_set.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/random.h"
#include "dataset/manifest_read.h"

static const size_t MEMORY = (size_t)1 << 30; /* of the listings of one branch of folders */

typedef struct listing { /* of a folder */
    char path[DATASET_PATH];
    char **names; /* [count] */
    size_t count, next;
} listing;

struct leak_set {
    df_arena *arena;
    const char *folder;
    manifest_reader *manifest; /* NULL: plain folders */
    listing stack[LEAK_SET_DEPTH];
    df_arena *listings[LEAK_SET_DEPTH]; /* their memory */
    int depth;
};

static bool push(leak_set *set, const char *path, df_error *err)
{
    if (set->depth == LEAK_SET_DEPTH)
        return df_fail(err, "%s: more than %d folders deep", path, LEAK_SET_DEPTH);
    listing *top = &set->stack[set->depth];
    df_arena **arena = &set->listings[set->depth];
    if (!*arena && !(*arena = df_arena_new(MEMORY, err)))
        return false;
    df_arena_reset(*arena);
    *top = (listing){0};
    memcpy(top->path, path, strlen(path) + 1);
    if (!df_folder_list(path, *arena, &top->names, &top->count, err))
        return false;
    set->depth++;
    return true;
}

static bool open_any(leak_set *set, df_error *err)
{
    char path[DATASET_PATH];
    if (strlen(set->folder) >= DATASET_PATH)
        return df_fail(err, "a path of %zu bytes, expected at most %d", strlen(set->folder), DATASET_PATH - 1);
    if (!df_path_is_folder(set->folder))
        return df_fail(err, "%s: is no folder, expected a data set or a folder of images", set->folder);
    if (!df_path_join(path, sizeof path, set->folder, "manifest.jsonl", err))
        return false;
    if (df_path_exists(path))
        return (set->manifest = manifest_open(path, err)) != NULL;
    if (!df_path_join(path, sizeof path, set->folder, ".diffuse", err))
        return false;
    if (df_path_exists(path))
        return df_fail(err, "%s: no manifest.jsonl: a data set that is not finished (diffuse render ... --resume)", set->folder);
    return push(set, set->folder, err);
}

leak_set *leak_set_open(const char *folder, df_error *err)
{
    df_arena *arena = df_arena_new((size_t)1 << 20, err);
    leak_set *set = arena ? df_alloc(arena, 1, sizeof *set, err) : NULL;
    if (!set) {
        df_arena_free(arena);
        return NULL;
    }
    set->arena = arena;
    set->folder = df_copy_string(arena, folder, err);
    if (set->folder && open_any(set, err))
        return set;
    leak_set_close(set);
    return NULL;
}

static bool next_line(leak_set *set, leak_image *out, bool *found, df_error *err)
{
    manifest_entry entry;
    if (!manifest_next(set->manifest, &entry, found, err))
        return false;
    if (!*found)
        return true;
    *out = (leak_image){.identity = df_identity_key(entry.identity), .has_box = entry.has_box};
    memcpy(out->name, entry.image, sizeof entry.image);
    memcpy(out->box, entry.box, sizeof out->box);
    return true;
}

static bool is_image_name(const char *name)
{
    static const char *const endings[] = {".png", ".jpg", ".jpeg"};
    const size_t length = strlen(name);
    for (size_t i = 0; i < DF_ARRAY_LEN(endings); i++) {
        const size_t end = strlen(endings[i]);
        if (length > end && strcasecmp(name + length - end, endings[i]) == 0)
            return true;
    }
    return false;
}

/* Enters folders; *is_image where the entry is one. */
static bool look_at(leak_set *set, const char *path, bool *is_image, df_error *err)
{
    struct stat status;
    *is_image = false;
    if (lstat(path, &status) != 0)
        return true; /* gone since it was listed */
    if (S_ISDIR(status.st_mode))
        return push(set, path, err);
    *is_image = is_image_name(path) && stat(path, &status) == 0 && S_ISREG(status.st_mode);
    return true;
}

static bool next_file(leak_set *set, leak_image *out, bool *found, df_error *err)
{
    while (set->depth > 0) {
        listing *top = &set->stack[set->depth - 1];
        char path[DATASET_PATH];
        if (top->next == top->count) {
            set->depth--;
            continue;
        }
        if (!df_path_join(path, sizeof path, top->path, top->names[top->next++], err) || !look_at(set, path, found, err))
            return false;
        if (!*found)
            continue;
        const char *name = path + strlen(set->folder);
        *out = (leak_image){.identity = df_identity_key(top->path)};
        name += strspn(name, "/");
        memcpy(out->name, name, strlen(name) + 1);
        return true;
    }
    *found = false;
    return true;
}

bool leak_set_next(leak_set *set, leak_image *out, bool *found, df_error *err)
{
    return set->manifest ? next_line(set, out, found, err) : next_file(set, out, found, err);
}

void leak_set_close(leak_set *set)
{
    if (!set)
        return;
    manifest_close(set->manifest);
    for (int i = 0; i < LEAK_SET_DEPTH; i++)
        df_arena_free(set->listings[i]);
    df_arena_free(set->arena);
}
