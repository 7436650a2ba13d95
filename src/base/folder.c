/* folder.c: folders and paths. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { OPEN_FOLDERS = 16, FIRST_NAMES = 64 };

bool df_path_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

bool df_path_is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool df_path_join(char *out, size_t size, const char *folder, const char *name, df_error *err)
{
    const size_t first = strlen(folder), second = strlen(name);
    const bool slash = first > 0 && folder[first - 1] != '/';
    if (first + slash + second >= size)
        return df_fail(err, "%s/%s: the path is longer than %zu bytes", folder, name, size ? size - 1 : 0);
    memmove(out, folder, first);
    if (slash)
        out[first] = '/';
    memcpy(out + first + slash, name, second + 1);
    return true;
}

static bool make_folder(const char *path, df_error *err)
{
    if (mkdir(path, 0777) == 0 || df_path_is_folder(path))
        return true;
    const int reason = df_path_exists(path) ? ENOTDIR : errno;
    return df_fail(err, "%s: cannot create the folder: %s", path, strerror(reason));
}

bool df_make_folders(const char *path, df_error *err)
{
    char part[PATH_MAX];
    const size_t size = strlen(path);
    if (size == 0 || size >= sizeof part)
        return df_fail(err, "'%s': not a folder's name of 1 to %zu bytes", path, sizeof part - 1);
    memcpy(part, path, size + 1);
    for (size_t i = 1; i < size; i++) {
        if (part[i] != '/' || part[i - 1] == '/')
            continue;
        part[i] = '\0';
        if (!make_folder(part, err))
            return false;
        part[i] = '/';
    }
    return make_folder(part, err);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path) == 0 ? 0 : errno;
}

bool df_remove_tree(const char *path, df_error *err)
{
    struct stat status;
    char resolved[PATH_MAX];
    if (*path == '\0' || (realpath(path, resolved) && strcmp(resolved, "/") == 0))
        return df_fail(err, "'%s': will not be removed", path);
    if (lstat(path, &status) != 0)
        return errno == ENOENT || df_fail(err, "%s: cannot remove: %s", path, strerror(errno));
    int reason = nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
    if (reason < 0)
        reason = errno;
    return reason == 0 || df_fail(err, "%s: cannot remove: %s", path, strerror(reason));
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

typedef struct name_list {
    char **names;
    size_t count, room;
} name_list;

static bool add_name(name_list *list, const char *name, df_arena *arena, df_error *err)
{
    if (list->count == list->room) {
        const size_t room = list->room ? list->room * 2 : FIRST_NAMES;
        char **names = df_alloc(arena, room, sizeof *names, err);
        if (!names)
            return false;
        if (list->count)
            memcpy(names, list->names, list->count * sizeof *names);
        list->names = names;
        list->room = room;
    }
    list->names[list->count] = df_copy_string(arena, name, err);
    return list->names[list->count++] != NULL;
}

static bool read_names(DIR *folder, df_arena *arena, name_list *list, df_error *err)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry)
            return errno == 0 || df_fail(err, "cannot read the folder: %s", strerror(errno));
        if (entry->d_name[0] != '.' && !add_name(list, entry->d_name, arena, err))
            return false;
    }
}

bool df_folder_list(const char *path, df_arena *arena, char ***names, size_t *count, df_error *err)
{
    DIR *folder = opendir(path);
    if (!folder)
        return df_fail(err, "%s: cannot read the folder: %s", path, strerror(errno));
    name_list list = {0};
    const bool ok = read_names(folder, arena, &list, err);
    closedir(folder);
    if (!ok)
        return df_fail_in(err, "%s", path);
    if (list.count)
        qsort(list.names, list.count, sizeof *list.names, by_bytes);
    *names = list.names;
    *count = list.count;
    return true;
}
