/* adding_folder.c: makes, moves and takes back folders of labels. */
#include "dataset/adding_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "dataset/set_remove.h"
#include "dataset/shard_path.h"

static bool kind_paths(const adding_folder *folder, int kind, char ours[DATASET_PATH], char set[DATASET_PATH], df_error *err)
{
    char name[64];
    snprintf(name, sizeof name, "adding/%s", label_kind_names[kind]);
    if (!shard_state_file(ours, folder->set, name, err))
        return false;
    snprintf(name, sizeof name, "labels/%s", label_kind_names[kind]);
    return df_path_join(set, DATASET_PATH, folder->set, name, err);
}

static bool move(const char *from, const char *to, df_error *err)
{
    return rename(from, to) == 0 || df_fail(err, "%s: cannot become %s: %s", from, to, strerror(errno));
}

static bool open_kind(const adding_folder *folder, int kind, bool is_resumed, df_error *err)
{
    char ours[DATASET_PATH], set[DATASET_PATH];
    if (!kind_paths(folder, kind, ours, set, err))
        return false;
    if (df_path_exists(set)) {
        if (!is_resumed || df_path_exists(ours))
            return df_fail(err, "%s: is there, but the manifest names nothing in it", set);
        return move(set, ours, err);
    }
    return df_make_folders(ours, err);
}

/* Hidden files that a killed run left in the folders of identities. */
static void clear_leftovers(const char *kind)
{
    char path[DATASET_PATH];
    DIR *listing = opendir(kind);
    if (!listing)
        return;
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (entry->d_name[0] != '.' && df_path_join(path, sizeof path, kind, entry->d_name, NULL))
            set_remove_leftovers(path);
    closedir(listing);
}

static bool clear_all(const adding_folder *folder, df_error *err)
{
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        char ours[DATASET_PATH], set[DATASET_PATH];
        if (!kind_paths(folder, kind, ours, set, err))
            return false;
        clear_leftovers(ours);
        clear_leftovers(set);
    }
    return true;
}

static bool state_path(const adding_folder *folder, const char *name, char path[DATASET_PATH], df_error *err)
{
    char below[64];
    snprintf(below, sizeof below, "adding/%s", name);
    return shard_state_file(path, folder->set, below, err);
}

/* Whether a stopped run made the same. */
static bool is_same_job(const char *path, const df_text *job)
{
    df_bytes there;
    if (!df_file_map(path, &there, NULL))
        return false;
    const bool is_same = there.size == job->size && memcmp(there.data, job->data, job->size) == 0;
    df_file_unmap(&there);
    return is_same;
}

static bool open_lines(adding_folder *folder, const render_job *made, adding_start start, df_error *err)
{
    char job_path[DATASET_PATH], lines_path[DATASET_PATH];
    df_text job = {0};
    job_write(made, &job);
    bool is_good =
        df_text_ok(&job, err) && state_path(folder, "job.json", job_path, err) && state_path(folder, "manifest.jsonl", lines_path, err);
    if (is_good && (start == ADDING_ANEW || !is_same_job(job_path, &job))) {
        unlink(lines_path);
        is_good = df_file_write(job_path, job.data, job.size, err);
    }
    df_text_free(&job);
    return is_good && journal_open_file(lines_path, &folder->lines, err);
}

void adding_folder_close(adding_folder *folder)
{
    journal_close(&folder->lines);
}

bool adding_folder_open(adding_folder *folder, const char *set, const bool kinds[LABEL_KIND_COUNT], const render_job *made,
                        adding_start start, df_error *err)
{
    char top[DATASET_PATH], labels[DATASET_PATH];
    const int length = snprintf(folder->set, sizeof folder->set, "%s", set);
    memcpy(folder->kinds, kinds, sizeof folder->kinds);
    if (length < 0 || length >= DATASET_PATH)
        return df_fail(err, "%.40s...: path longer than %d bytes", set, DATASET_PATH - 1);
    if (!shard_state_file(top, set, "adding", err) || !df_path_join(labels, sizeof labels, set, "labels", err))
        return false;
    const bool is_resumed = df_path_is_folder(top);
    if (!df_make_folders(top, err) || !df_make_folders(labels, err))
        return false;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        if (kinds[kind] && !open_kind(folder, kind, is_resumed, err))
            return false;
    return (!is_resumed || clear_all(folder, err)) && open_lines(folder, made, start, err);
}

/* The folder of an identity in that of a kind. */
static bool make_parent(char path[DATASET_PATH], df_error *err)
{
    char *slash = strrchr(path, '/');
    *slash = '\0';
    const bool is_there = df_path_is_folder(path) || df_make_folders(path, err);
    *slash = '/';
    return is_there;
}

bool adding_folder_file(const adding_folder *folder, bool is_there, const char *name, char path[DATASET_PATH], df_error *err)
{
    const char *below = strchr(name, '/'); /* of "labels/KIND/..." */
    char ours[256];
    if (is_there)
        return df_path_join(path, DATASET_PATH, folder->set, name, err) && make_parent(path, err);
    snprintf(ours, sizeof ours, "adding%s", below);
    return shard_state_file(path, folder->set, ours, err) && make_parent(path, err);
}

bool adding_folder_move(const adding_folder *folder, df_error *err)
{
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++) {
        char ours[DATASET_PATH], set[DATASET_PATH];
        if (folder->kinds[kind] && (!kind_paths(folder, kind, ours, set, err) || !move(ours, set, err)))
            return false;
    }
    char lines[DATASET_PATH], manifest[DATASET_PATH];
    return state_path(folder, "manifest.jsonl", lines, err) &&
           df_path_join(manifest, sizeof manifest, folder->set, "manifest.jsonl", err) && move(lines, manifest, err);
}

void adding_folder_remove(const adding_folder *folder)
{
    char top[DATASET_PATH];
    if (shard_state_file(top, folder->set, "adding", NULL))
        (void)!df_remove_tree(top, NULL);
}
