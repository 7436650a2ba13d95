/* set_place.c: a lock, and one rename at the end. */
#include "dataset/set_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"

enum { BELOW = 512 }; /* bytes that paths inside may add */

/* "DIR/NAME" of "DIR/NAME/" too. */
static bool trim(const char *path, char out[DATASET_PATH], df_error *err)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0 || length >= DATASET_PATH - BELOW)
        return df_fail(err, "%.100s: expected a path of 1 to %d bytes", path, DATASET_PATH - BELOW - 1);
    memcpy(out, path, length);
    out[length] = '\0';
    return true;
}

/* Makes the hidden folder where it is missing, and holds it; -1 with a sentence. */
static int hold(const set_place *place, df_error *err)
{
    if (!df_make_folders(place->part, err))
        return -1;
    const int lock = open(place->part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
        return lock;
    df_fail(err, "%s: %s", place->out, lock >= 0 && errno == EWOULDBLOCK ? "another process is writing it" : strerror(errno));
    if (lock >= 0)
        close(lock);
    return -1;
}

static bool name_all(const char *out, set_place *place, df_error *err)
{
    if (!trim(out, place->out, err))
        return false;
    const char *slash = strrchr(place->out, '/'), *name = slash ? slash + 1 : place->out;
    if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return df_fail(err, "%s: names nothing that could be made", out);
    const int above = (int)(name - place->out);
    const int length = snprintf(place->part, sizeof place->part, "%.*s.%s.part", above, place->out, name);
    return (length > 0 && length < DATASET_PATH && df_path_join(place->path, sizeof place->path, place->part, name, NULL)) ||
           df_fail(err, "%s: too long a path", out);
}

bool set_place_open(const char *out, set_place *place, df_error *err)
{
    set_place made = {.lock = -1};
    if (!name_all(out, &made, err))
        return false;
    if (df_path_exists(made.out))
        return df_fail(err, "%s: is there already, expected a new folder", out);
    if ((made.lock = hold(&made, err)) < 0)
        return false;
    *place = made;
    if (df_remove_tree(place->path, err) && df_make_folders(place->path, err))
        return true;
    set_place_drop(place);
    return false;
}

bool set_place_keep(set_place *place, df_error *err)
{
    int result = renameat2(AT_FDCWD, place->path, AT_FDCWD, place->out, RENAME_NOREPLACE);
    if (result != 0 && (errno == EINVAL || errno == ENOSYS)) /* a file system without that flag */
        result = df_path_exists(place->out) ? (errno = EEXIST, -1) : rename(place->path, place->out);
    return result == 0 || df_fail(err, "%s: %s", place->out, strerror(errno));
}

void set_place_drop(set_place *place)
{
    if (place->path[0] == '\0')
        return;
    (void)!df_remove_tree(place->part, NULL); /* what cannot be removed stays for the next run */
    close(place->lock);
    place->path[0] = '\0';
}
