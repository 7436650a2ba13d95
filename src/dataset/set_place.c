/* set_place.c: mkdir, and one rename at the end. */
#include "dataset/set_place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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

bool set_place_open(const char *out, set_place *place, df_error *err)
{
    char above[DATASET_PATH];
    if (!trim(out, place->out, err))
        return false;
    if (df_path_exists(place->out))
        return df_fail(err, "%s: is there already, expected a new folder", out);
    const char *slash = strrchr(place->out, '/'), *name = slash ? slash + 1 : place->out;
    const int before = (int)(name - place->out);
    char path[DATASET_PATH];
    if (snprintf(path, sizeof path, "%.*s.%s.%ld.tmp", before, place->out, name, (long)getpid()) >= DATASET_PATH)
        return df_fail(err, "%s: too long a path", out);
    snprintf(above, sizeof above, "%.*s", before, place->out);
    if ((before > 0 && !df_make_folders(above, err)) || !df_remove_tree(path, err))
        return false;
    if (mkdir(path, 0777) != 0)
        return df_fail(err, "%s: %s", path, strerror(errno));
    memcpy(place->path, path, sizeof path);
    return true;
}

bool set_place_keep(set_place *place, df_error *err)
{
    if (df_path_exists(place->out)) /* rename would replace an empty folder */
        return df_fail(err, "%s: is there by now, expected a new folder", place->out);
    if (rename(place->path, place->out) != 0)
        return df_fail(err, "%s: %s", place->out, strerror(errno));
    place->path[0] = '\0';
    return true;
}

void set_place_drop(set_place *place)
{
    if (place->path[0])
        (void)!df_remove_tree(place->path, NULL);
    place->path[0] = '\0';
}
