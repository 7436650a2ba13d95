/* set_remove.c: by name and kind, never by trust in a list that a stranger may have written. */
#include "dataset/set_remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dataset/job.h"

static bool is_leftover(const char *name)
{
    const size_t length = strlen(name);
    return name[0] == '.' && length > 4 && strcmp(name + length - 4, ".tmp") == 0;
}

static bool is_image(const char *name)
{
    const size_t digits = strspn(name, "0123456789");
    return digits >= 4 && strcmp(name + digits, ".png") == 0;
}

/* A folder below `parent`, links not followed; NULL where it is none. */
static DIR *open_folder(int parent, const char *name)
{
    const int file = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *listing = file >= 0 ? fdopendir(file) : NULL;
    if (file >= 0 && !listing)
        close(file);
    return listing;
}

/* Removes the images of one identity's folder, then the folder if nothing else is in it. */
static bool remove_images(int parent, const char *name, df_error *err)
{
    DIR *listing = open_folder(parent, name);
    bool is_good = true;
    if (!listing)
        return true;
    for (const struct dirent *entry; is_good && (entry = readdir(listing)) != NULL;)
        if ((is_image(entry->d_name) || is_leftover(entry->d_name)) && unlinkat(dirfd(listing), entry->d_name, 0) != 0)
            is_good = df_fail(err, "%s/%s: cannot be removed: %s", name, entry->d_name, strerror(errno));
    closedir(listing);
    if (is_good)
        unlinkat(parent, name, AT_REMOVEDIR); /* fails where something else is in it, which stays */
    return is_good;
}

static bool is_special(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".diffuse") == 0;
}

/* Every folder in `listing` as one of an identity, but "labels". */
static bool remove_identities(DIR *listing, df_error *err)
{
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (!is_special(entry->d_name) && strcmp(entry->d_name, "labels") != 0 && !remove_images(dirfd(listing), entry->d_name, err))
            return false;
    return true;
}

static bool remove_labels(int top, df_error *err)
{
    DIR *labels = open_folder(top, "labels");
    bool is_good = true;
    if (!labels)
        return true;
    for (int kind = 0; is_good && kind < LABEL_KIND_COUNT; kind++) {
        DIR *listing = open_folder(dirfd(labels), label_kind_names[kind]);
        if (!listing)
            continue;
        is_good = remove_identities(listing, err);
        closedir(listing);
        unlinkat(dirfd(labels), label_kind_names[kind], AT_REMOVEDIR);
    }
    closedir(labels);
    unlinkat(top, "labels", AT_REMOVEDIR);
    return is_good;
}

bool set_remove(const char *path, df_error *err)
{
    DIR *listing = opendir(path);
    if (!listing)
        return df_fail(err, "%s: %s", path, strerror(errno));
    bool is_good = unlinkat(dirfd(listing), "manifest.jsonl", 0) == 0 || errno == ENOENT ||
                   df_fail(err, "manifest.jsonl: cannot be removed: %s", strerror(errno));
    is_good = is_good && remove_labels(dirfd(listing), err) && remove_identities(listing, err);
    closedir(listing);
    set_remove_leftovers(path);
    return is_good || df_fail_in(err, "%s", path);
}

void set_remove_leftovers(const char *path)
{
    DIR *listing = opendir(path);
    if (!listing)
        return;
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (is_leftover(entry->d_name))
            unlinkat(dirfd(listing), entry->d_name, 0);
    closedir(listing);
}
