/* set_folder.c: decides by what is there, takes the locks, and writes job.json once. */
#include "dataset/set_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "dataset/set_remove.h"
#include "dataset/shard_path.h"

/* ---- what is there ---- */

typedef struct presence {
    bool is_there, has_job, has_manifest, is_empty; /* empty: nothing but .diffuse */
} presence;

static bool is_empty_folder(const char *path, bool *out, df_error *err)
{
    DIR *listing = opendir(path);
    if (!listing)
        return df_fail(err, "%s: %s", path, strerror(errno));
    bool is_empty = true;
    for (const struct dirent *entry; is_empty && (entry = readdir(listing)) != NULL;)
        is_empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || strcmp(entry->d_name, ".diffuse") == 0;
    closedir(listing);
    *out = is_empty;
    return true;
}

static bool look(const char *path, presence *out, df_error *err)
{
    char file[DATASET_PATH];
    presence p = {.is_there = df_path_exists(path)};
    if (p.is_there && !df_path_is_folder(path))
        return df_fail(err, "%s: is there and no folder", path);
    if (p.is_there) {
        if (!shard_state_file(file, path, "job.json", err))
            return false;
        p.has_job = df_path_exists(file);
        if (!df_path_join(file, sizeof file, path, "manifest.jsonl", err) || !is_empty_folder(path, &p.is_empty, err))
            return false;
        p.has_manifest = df_path_exists(file);
    }
    *out = p;
    return true;
}

/* The folder's job is this one, in as many shards; a complete set has no shards any more. */
static bool check_same_job(const char *path, const render_job *job, const set_state *state, bool is_complete, df_error *err)
{
    set_state there;
    json_t *other = NULL;
    bool found;
    char difference[128];
    if (!set_state_read(path, &there, &other, &found, err))
        return false;
    if (!found)
        return df_fail(err, "%s: its .diffuse/job.json vanished", path);
    job_difference(other, job, difference, sizeof difference);
    json_decref(other);
    if (difference[0] != '\0')
        return df_fail(err, "%s holds another job (%s)", path, difference);
    if (!is_complete && there.shards != state->shards)
        return df_fail(err, "%s holds another job (%d shards, here %d)", path, there.shards, state->shards);
    return true;
}

static bool may_open(const char *path, set_start start, const presence *p, int shards, df_error *err)
{
    const bool is_set = p->has_job || p->has_manifest;
    switch (start) {
    case SET_CREATE:
        if (!p->is_there || (shards > 1 && !p->has_manifest && (p->has_job || p->is_empty)))
            return true;
        return df_fail(err, "%s exists: --resume goes on with a data set, --force replaces it", path);
    case SET_RESUME:
        return !p->is_there || p->has_job || p->is_empty || df_fail(err, "%s: holds no data set of a run that could be resumed", path);
    case SET_REPLACE:
        return !p->is_there || is_set || p->is_empty || df_fail(err, "%s: holds no data set, and --force removes nothing else", path);
    }
    return df_fail(err, "%s: no such way to start", path);
}

/* ---- locks ---- */

static int lock_file(const char *path, const char *name, int operation, const char *busy, df_error *err)
{
    char file[DATASET_PATH];
    if (!shard_state_file(file, path, name, err))
        return -1;
    const int descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        df_fail(err, "%s: %s", file, strerror(errno));
        return -1;
    }
    int result;
    do
        result = flock(descriptor, operation);
    while (result != 0 && errno == EINTR);
    if (result == 0)
        return descriptor;
    df_fail(err, "%s: %s", path, errno == EWOULDBLOCK ? busy : strerror(errno));
    close(descriptor);
    return -1;
}

int set_folder_lock_alone(const char *path, df_error *err)
{
    return lock_file(path, "run.lock", LOCK_EX | LOCK_NB, "another process uses this data set", err);
}

int set_folder_lock_state(const char *path, df_error *err)
{
    return lock_file(path, "state.lock", LOCK_EX, "", err);
}

/* Readers share nothing with those that render, so a lock that cannot be had tells that somebody does. A folder that may not be read
   or that has no lock (an imported set) has nobody in it. */
static bool is_busy(const char *path)
{
    char file[DATASET_PATH];
    const int descriptor = shard_state_file(file, path, "run.lock", NULL) ? open(file, O_RDONLY | O_CLOEXEC) : -1;
    if (descriptor < 0)
        return false;
    const struct timespec moment = {.tv_nsec = 2000000};
    bool is_held = true;
    for (int i = 0; is_held && i < 50; i++) { /* another reader that looks has it for a moment only */
        is_held = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
        if (is_held)
            nanosleep(&moment, NULL);
    }
    close(descriptor);
    return is_held;
}

bool set_folder_check_whole(const char *path, df_error *err)
{
    char file[DATASET_PATH];
    if (!df_path_is_folder(path))
        return df_fail(err, "%s: %s, expected the folder of a data set", path, df_path_exists(path) ? "is a file" : "not there");
    if (is_busy(path))
        return df_fail(err, "%s: another process is writing this data set", path);
    if (!df_path_join(file, sizeof file, path, "manifest.jsonl", err))
        return false;
    return df_path_exists(file) ||
           df_fail(err, "%s: no manifest.jsonl: no data set, or one that is not finished (diffuse render ... --resume)", path);
}

/* ---- opening ---- */

/* The folder itself is made by mkdir, so that of two processes that start at once one learns that it came second. */
static bool make_folder(const char *path, int shards, df_error *err)
{
    char parent[DATASET_PATH];
    memcpy(parent, path, strlen(path) + 1);
    char *slash = strrchr(parent, '/');
    if (slash && slash != parent) {
        *slash = '\0';
        if (!df_make_folders(parent, err))
            return false;
    }
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && shards > 1 && df_path_is_folder(path)))
        return true;
    return df_fail(err, "%s: %s", path, strerror(errno));
}

static bool make_state_folder(const char *path, df_error *err)
{
    char state[DATASET_PATH];
    return shard_state_folder(state, path, err) && df_make_folders(state, err);
}

/* Under the exclusive run lock: nobody renders. The new job.json replaces the old one at the very end, so that a kill leaves a set
   that can be resumed or replaced. */
static bool replace(const char *path, const render_job *job, const set_state *state, df_error *err)
{
    const int lock = lock_file(path, "run.lock", LOCK_EX | LOCK_NB, "a process renders into it, --force waits for nobody", err);
    if (lock < 0)
        return false;
    char adding[DATASET_PATH]; /* labels_add.h: what of a stopped run is there */
    const bool is_good = set_remove(path, err) && shard_state_file(adding, path, "adding", err) && df_remove_tree(adding, err);
    if (is_good)
        journal_remove_all(path);
    const bool is_written = is_good && set_state_write(path, job, state, err);
    close(lock);
    return is_written;
}

static bool enter(set_folder *folder, const render_job *job, const set_state *state, df_error *err)
{
    folder->run_lock = lock_file(folder->path, "run.lock", LOCK_SH | LOCK_NB, "another process replaces it", err);
    const int lock = folder->run_lock >= 0 ? set_folder_lock_state(folder->path, err) : -1;
    if (lock < 0)
        return false;
    presence p;
    bool is_good = look(folder->path, &p, err);
    if (is_good && !p.has_manifest) /* whoever writes at the top now holds the lock that is held here */
        set_remove_leftovers(folder->path);
    if (is_good)
        is_good =
            p.has_job ? check_same_job(folder->path, job, state, p.has_manifest, err) : set_state_write(folder->path, job, state, err);
    if (is_good)
        folder->is_complete = p.has_manifest;
    close(lock);
    return is_good;
}

static bool copy_path(const char *path, char out[DATASET_PATH], df_error *err)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0 || length + 64 + PERSON_ID >= DATASET_PATH)
        return df_fail(err, "--out: expected a path of 1 to %d bytes", DATASET_PATH - 64 - PERSON_ID - 1);
    memcpy(out, path, length);
    out[length] = '\0';
    return true;
}

bool set_folder_open(const char *path, set_start start, const render_job *job, const set_state *state, set_folder *out, df_error *err)
{
    presence p;
    out->run_lock = -1;
    out->is_complete = false;
    if (!copy_path(path, out->path, err) || !look(out->path, &p, err) || !may_open(out->path, start, &p, state->shards, err))
        return false;
    if (p.has_job && start != SET_REPLACE && !check_same_job(out->path, job, state, p.has_manifest, err))
        return false;
    if ((!p.is_there && !make_folder(out->path, state->shards, err)) || !make_state_folder(out->path, err))
        return false;
    if (start == SET_REPLACE && !replace(out->path, job, state, err))
        return false;
    if (enter(out, job, state, err))
        return true;
    set_folder_close(out);
    return false;
}

void set_folder_close(set_folder *folder)
{
    if (folder->run_lock >= 0)
        close(folder->run_lock);
    folder->run_lock = -1;
}
