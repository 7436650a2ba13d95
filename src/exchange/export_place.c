/* export_place.c: paths, the lock, the rename. */
#include "exchange/export_place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Without slashes at the end, and with a name there. */
static bool copy_out(const char *path, char out[DATASET_PATH], df_error *err)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0 || length >= DATASET_PATH)
        return df_fail(err, "--out: expected a path of 1 to %d bytes", DATASET_PATH - 1);
    memcpy(out, path, length);
    out[length] = '\0';
    const char *slash = strrchr(out, '/'), *name = slash ? slash + 1 : out;
    if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return df_fail(err, "--out: '%s' names nothing that could be made", path);
    return true;
}

/* The folder that `out` is in. */
static void folder_above(const char *out, char above[DATASET_PATH])
{
    const char *slash = strrchr(out, '/');
    if (!slash)
        snprintf(above, DATASET_PATH, ".");
    else
        snprintf(above, DATASET_PATH, "%.*s", slash == out ? 1 : (int)(slash - out), out);
}

static bool is_below(const char *path, const char *folder)
{
    const size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/' || strcmp(folder, "/") == 0);
}

/* By the nearest folder above that is there. */
static bool check_outside(const char *set, const char *out, df_error *err)
{
    char set_path[PATH_MAX], at[DATASET_PATH], at_path[PATH_MAX];
    if (!realpath(set, set_path))
        return df_fail(err, "%s: %s", set, strerror(errno));
    snprintf(at, sizeof at, "%s", out);
    while (!realpath(at, at_path)) {
        char above[DATASET_PATH];
        if (errno != ENOENT)
            return df_fail(err, "%s: %s", out, strerror(errno));
        folder_above(at, above);
        memcpy(at, above, sizeof at);
    }
    return !is_below(at_path, set_path) || df_fail(err, "%s: lies in the data set %s, expected a place outside", out, set);
}

static bool make_above(const char *out, df_error *err)
{
    char above[DATASET_PATH];
    folder_above(out, above);
    return df_make_folders(above, err);
}

/* In the folder that is held. A file, since NFS locks only what is open for writing. */
static const char lock_name[] = ".diffuse-export.lock";

/* Makes the folder where it is missing, and holds it. */
static int hold(const char *folder, const char *out, df_error *err)
{
    char path[DATASET_PATH];
    if (!df_make_folders(folder, err) || !df_path_join(path, sizeof path, folder, lock_name, err))
        return -1;
    const int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    int result = -1;
    do
        result = lock < 0 ? -1 : flock(lock, LOCK_EX | LOCK_NB);
    while (lock >= 0 && result != 0 && errno == EINTR);
    if (result == 0)
        return lock;
    if (errno == EWOULDBLOCK)
        df_fail(err, "%s: another process is writing it", out);
    else
        df_fail(err, "%s: %s", path, strerror(errno));
    if (lock >= 0)
        close(lock);
    return -1;
}

static bool name_part(export_place *place, df_error *err)
{
    const char *slash = strrchr(place->out, '/'), *name = slash ? slash + 1 : place->out;
    const int above = (int)(name - place->out);
    int length = snprintf(place->part, sizeof place->part, "%.*s.%s.part", above, place->out, name);
    if (length < 0 || length >= DATASET_PATH || !df_path_join(place->place, sizeof place->place, place->part, name, NULL))
        return df_fail(err, "%.200s...: the path is too long", place->out);
    return true;
}

static bool open_beside(export_place *place, df_error *err)
{
    if (df_path_exists(place->out))
        return df_fail(err, "%s: exists, expected a name that is free", place->out);
    if (!name_part(place, err) || (place->lock = hold(place->part, place->out, err)) < 0)
        return false;
    if (df_remove_tree(place->place, err)) /* left by a killed run */
        return true;
    close(place->lock);
    return false;
}

static bool open_inside(export_place *place, df_error *err)
{
    if (df_path_exists(place->out) && !df_path_is_folder(place->out))
        return df_fail(err, "%s: is a file, expected a free name or the folder of an export that was stopped", place->out);
    memcpy(place->place, place->out, sizeof place->place);
    place->lock = hold(place->out, place->out, err);
    return place->lock >= 0;
}

bool export_place_open(const export_row *row, const char *set, const char *out, export_place *place, df_error *err)
{
    place->part[0] = '\0';
    return copy_out(out, place->out, err) && check_outside(set, place->out, err) && make_above(place->out, err) &&
           (row->resumes ? open_inside(place, err) : open_beside(place, err));
}

bool export_place_commit(export_place *place, df_error *err)
{
    if (place->part[0] == '\0')
        return true;
    int result = renameat2(AT_FDCWD, place->place, AT_FDCWD, place->out, RENAME_NOREPLACE);
    if (result != 0 && (errno == EINVAL || errno == ENOSYS)) /* a file system without that flag */
        result = df_path_exists(place->out) ? (errno = EEXIST, -1) : rename(place->place, place->out);
    return result == 0 || df_fail(err, "%s: cannot rename the finished export: %s", place->out, strerror(errno));
}

void export_place_abandon(export_place *place)
{
    char path[DATASET_PATH];
    if (place->part[0] == '\0') {
        if (df_path_join(path, sizeof path, place->out, lock_name, NULL))
            unlink(path);
    } else if (!df_remove_tree(place->part, NULL)) {
        place->part[0] = '\0'; /* what cannot be removed stays for the next run */
    }
    close(place->lock);
    place->lock = -1;
}
