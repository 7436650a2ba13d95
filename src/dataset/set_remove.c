/* set_remove.c: by name and kind, never by trust in a list that a stranger may have written. */
#include "dataset/set_remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dataset/card.h"
#include "dataset/job.h"

static bool is_leftover(const char *name)
{
    const size_t length = strlen(name);
    return name[0] == '.' && length > 4 && strcmp(name + length - 4, ".tmp") == 0;
}

/* "0007.png", or another ending. */
static bool is_numbered(const char *name, const char *ending)
{
    const size_t digits = strspn(name, "0123456789");
    return digits >= 4 && name[digits] == '.' && strcmp(name + digits + 1, ending) == 0;
}

/* A folder below `parent`, links not followed; *out is NULL where it is none. Fails where one is there that cannot be read. */
static bool open_folder(int parent, const char *name, DIR **out, df_error *err)
{
    int file;
    do
        file = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    while (file < 0 && errno == EINTR);
    *out = file >= 0 ? fdopendir(file) : NULL;
    const int reason = errno;
    if (file >= 0 && !*out)
        close(file);
    const bool is_none = file < 0 && (reason == ENOENT || reason == ENOTDIR || reason == ELOOP);
    return *out || is_none || df_fail(err, "%s: cannot be removed: %s", name, strerror(reason));
}

/* Removes the images of one identity's folder, or its labels, then the folder if nothing else is in it. */
static bool remove_images(int parent, const char *name, const char *ending, df_error *err)
{
    DIR *listing;
    bool is_good = open_folder(parent, name, &listing, err);
    if (!listing)
        return is_good;
    for (const struct dirent *entry; is_good && (entry = readdir(listing)) != NULL;)
        if ((is_numbered(entry->d_name, ending) || is_leftover(entry->d_name)) && unlinkat(dirfd(listing), entry->d_name, 0) != 0)
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
static bool remove_identities(DIR *listing, const char *ending, df_error *err)
{
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (!is_special(entry->d_name) && strcmp(entry->d_name, "labels") != 0 &&
            !remove_images(dirfd(listing), entry->d_name, ending, err))
            return false;
    return true;
}

static bool remove_labels(int top, df_error *err)
{
    DIR *labels;
    bool is_good = open_folder(top, "labels", &labels, err);
    if (!labels)
        return is_good;
    for (int kind = 0; is_good && kind < LABEL_KIND_COUNT; kind++) {
        DIR *listing;
        is_good = open_folder(dirfd(labels), label_kind_names[kind], &listing, err);
        if (!listing)
            continue;
        is_good = remove_identities(listing, label_kind_endings[kind], err);
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
    is_good = is_good && remove_labels(dirfd(listing), err) && remove_identities(listing, "png", err);
    closedir(listing);
    card_remove(path);
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
