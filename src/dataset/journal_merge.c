/* journal_merge.c: n journals to one manifest: the lines of identity 0 from the first, of 1 from the second, and around again.
   Journals are opened one after another, so that any number of shards needs one file descriptor. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "dataset/journal.h"
#include "dataset/shard_path.h"

static bool manifest_path(char path[DATASET_PATH], const char *folder, df_error *err)
{
    return df_path_join(path, DATASET_PATH, folder, "manifest.jsonl", err);
}

static bool is_finished(const journal_plan *plan, int shard)
{
    char path[DATASET_PATH];
    const bool has_identities = shard < plan->identities;
    return !has_identities || (shard_path(path, plan->folder, shard, plan->shards, "done", NULL) && df_path_exists(path));
}

/* Copies `lines` lines from *offset on, and moves it behind them. */
static bool copy_lines(const char *path, int64_t *offset, int64_t lines, df_writer *writer, df_error *err)
{
    char chunk[4096];
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return df_fail(err, "%s: %s", path, strerror(errno));
    bool is_good = true;
    while (is_good && lines > 0) {
        const ssize_t got = pread(file, chunk, sizeof chunk, *offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            is_good = df_fail(err, "%s: %s", path, got < 0 ? strerror(errno) : "ends before its last image");
            break;
        }
        ssize_t used = 0;
        while (used < got && lines > 0)
            lines -= chunk[used++] == '\n';
        *offset += used;
        is_good = df_writer_put(writer, chunk, (size_t)used, err);
    }
    close(file);
    return is_good;
}

static bool copy_journals(const journal_plan *plan, int64_t *offsets, df_writer *writer, df_error *err)
{
    char path[DATASET_PATH];
    for (int64_t identity = 0; identity < plan->identities; identity++) {
        const int shard = (int)(identity % plan->shards);
        if (!shard_path(path, plan->folder, shard, plan->shards, "jsonl", err) ||
            !copy_lines(path, &offsets[shard], plan->per_identity, writer, err))
            return false;
    }
    return true;
}

static bool join(const journal_plan *plan, const char *manifest, df_error *err)
{
    df_arena *arena = df_arena_new((size_t)1 << 20, err);
    int64_t *offsets = arena ? df_alloc(arena, (size_t)plan->shards, sizeof *offsets, err) : NULL;
    df_writer *writer = offsets ? df_writer_open(manifest, err) : NULL;
    bool is_good = writer != NULL && copy_journals(plan, offsets, writer, err);
    if (is_good)
        is_good = df_writer_commit(writer, err);
    else
        df_writer_abandon(writer);
    df_arena_free(arena);
    return is_good;
}

static bool to_disk(const char *path, df_error *err)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const bool is_good = file >= 0 && fsync(file) == 0;
    if (!is_good)
        df_fail(err, "%s: %s", path, strerror(errno));
    if (file >= 0)
        close(file);
    return is_good;
}

bool journal_merge(const journal_plan *plan, bool *merged, df_error *err)
{
    char manifest[DATASET_PATH], only[DATASET_PATH];
    if (!manifest_path(manifest, plan->folder, err) || !shard_path(only, plan->folder, 0, 1, "jsonl", err))
        return false;
    bool is_there = df_path_exists(manifest), is_finished_all = true;
    for (int shard = 0; !is_there && shard < plan->shards && is_finished_all; shard++)
        is_finished_all = is_finished(plan, shard);
    *merged = is_there || is_finished_all;
    if (!*merged)
        return true;
    if (!is_there && plan->shards == 1 && rename(only, manifest) != 0)
        return df_fail(err, "%s: %s", manifest, strerror(errno));
    if (!is_there && plan->shards > 1 && !join(plan, manifest, err))
        return false;
    if (plan->sync && (!to_disk(manifest, err) || !to_disk(plan->folder, err)))
        return false;
    journal_remove_all(plan->folder);
    return true;
}
