/* checkpoint_list.c: names with nine digits and more, so that they sort as their steps do. */
#include "train/checkpoint_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char BEFORE[] = "checkpoint-", AFTER[] = ".safetensors", UNFINISHED[] = ".tmp";
enum { DIGITS = 9, MOST_DIGITS = 18, LONGEST = 64 };

/* -1: another file. */
static int64_t step_of(const char *name)
{
    const size_t before = sizeof BEFORE - 1;
    if (strncmp(name, BEFORE, before) != 0)
        return -1;
    const size_t digits = strspn(name + before, "0123456789");
    if (digits < DIGITS || digits > MOST_DIGITS || strcmp(name + before + digits, AFTER) != 0)
        return -1;
    return strtoll(name + before, NULL, 10);
}

static int by_step(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

bool checkpoint_list(const char *folder, df_arena *arena, int64_t **steps, size_t *count, df_error *err)
{
    char **names;
    size_t found = 0, size = 0;
    if (df_path_exists(folder) && !df_folder_list(folder, arena, &names, &size, err))
        return false;
    int64_t *out = df_alloc(arena, size, sizeof *out, err);
    if (!out)
        return false;
    for (size_t i = 0; i < size; i++)
        if (step_of(names[i]) >= 0)
            out[found++] = step_of(names[i]);
    if (found > 0)
        qsort(out, found, sizeof *out, by_step);
    *steps = out;
    *count = found;
    return true;
}

bool checkpoint_path(const char *folder, int64_t step, char path[CHECKPOINT_PATH], df_error *err)
{
    char name[LONGEST];
    snprintf(name, sizeof name, "%s%0*lld%s", BEFORE, DIGITS, (long long)step, AFTER);
    return df_path_join(path, CHECKPOINT_PATH, folder, name, err);
}

static bool prune(const char *folder, const int64_t *steps, size_t count, int64_t step, int keep, df_error *err)
{
    size_t due = 0; /* how many are of `step` or before */
    while (due < count && steps[due] <= step)
        due++;
    for (size_t i = 0; i < count; i++) {
        char path[CHECKPOINT_PATH];
        if (i < due && i + (size_t)keep >= due)
            continue;
        if (!checkpoint_path(folder, steps[i], path, err))
            return false;
        if (unlink(path) != 0 && errno != ENOENT)
            return df_fail(err, "%s: cannot remove: %s", path, strerror(errno));
    }
    return true;
}

bool checkpoint_prune(const char *folder, int64_t step, int keep, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    int64_t *steps;
    size_t count;
    const bool ok = arena && checkpoint_list(folder, arena, &steps, &count, err) && prune(folder, steps, count, step, keep, err);
    df_arena_free(arena);
    return ok;
}

bool checkpoint_any(const char *folder, bool *any, df_error *err)
{
    df_arena *arena = df_arena_new(SIZE_MAX, err);
    int64_t *steps;
    size_t count = 0;
    const bool ok = arena && checkpoint_list(folder, arena, &steps, &count, err);
    *any = count > 0;
    df_arena_free(arena);
    return ok;
}

void checkpoint_clean(const char *folder)
{
    DIR *directory = opendir(folder);
    for (const struct dirent *entry; directory && (entry = readdir(directory)) != NULL;) {
        const char *name = entry->d_name;
        const size_t size = strlen(name), end = sizeof UNFINISHED - 1;
        char path[CHECKPOINT_PATH];
        if (name[0] == '.' && strncmp(name + 1, BEFORE, sizeof BEFORE - 1) == 0 && strcmp(name + size - end, UNFINISHED) == 0 &&
            df_path_join(path, sizeof path, folder, name, NULL))
            unlink(path);
    }
    if (directory)
        closedir(directory);
}
