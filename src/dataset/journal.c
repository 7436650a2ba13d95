/* journal.c: an append-only file of lines under a lock. */
#include "dataset/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dataset/shard_path.h"

static const char LINE_START[] = "{\"image\":\"";

/* What a scan of the lines has seen so far. */
typedef struct scan {
    int64_t lines, good, at; /* `good`: bytes of whole lines; `at`: bytes read */
    int64_t column;          /* in the current line */
    char last;
    bool is_damaged;
} scan;

/* A line starts as every line does, ends with a brace and holds no zero byte (which a power loss leaves). */
static void scan_byte(scan *s, char c)
{
    s->at++;
    if (c == '\n') {
        s->is_damaged |= s->last != '}';
        if (s->is_damaged)
            return;
        s->lines++;
        s->good = s->at;
        s->column = 0;
        s->last = 0;
        return;
    }
    if (c == '\0' || (s->column < (int64_t)sizeof LINE_START - 1 && c != LINE_START[s->column]) || s->column >= JOURNAL_LINE)
        s->is_damaged = true;
    s->column++;
    s->last = c;
}

static bool scan_lines(int file, const char *path, scan *out, df_error *err)
{
    char chunk[4096];
    scan s = {0};
    while (!s.is_damaged) {
        const ssize_t got = read(file, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return df_fail(err, "%s: %s", path, strerror(errno));
        if (got == 0)
            break;
        for (ssize_t i = 0; i < got && !s.is_damaged; i++)
            scan_byte(&s, chunk[i]);
    }
    *out = s;
    return true;
}

static bool lock(int file, const char *folder, int shard, int shards, df_error *err)
{
    if (flock(file, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno == EWOULDBLOCK)
        return df_fail(err, "%s: another process writes shard %d/%d", folder, shard, shards);
    return df_fail(err, "%s: cannot be locked: %s", folder, strerror(errno));
}

static bool begin(journal *j, df_error *err)
{
    scan s;
    if (!scan_lines(j->file, j->path, &s, err))
        return false;
    if (ftruncate(j->file, s.good) != 0)
        return df_fail(err, "%s: %s", j->path, strerror(errno));
    j->lines = s.lines;
    j->size = s.good;
    return true;
}

bool journal_open(const char *folder, int shard, int shards, journal_start start, journal *out, df_error *err)
{
    if (!shard_path(out->path, folder, shard, shards, "jsonl", err))
        return false;
    const int exclusive = start == JOURNAL_CREATE ? O_EXCL : 0;
    out->file = open(out->path, O_RDWR | O_CREAT | O_CLOEXEC | exclusive, 0666);
    if (out->file < 0 && errno == EEXIST)
        return df_fail(err, "%s: shard %d/%d was begun: --resume goes on with it", folder, shard, shards);
    if (out->file < 0)
        return df_fail(err, "%s: %s", out->path, strerror(errno));
    if (lock(out->file, folder, shard, shards, err) && begin(out, err))
        return true;
    journal_close(out);
    return false;
}

bool journal_open_file(const char *path, journal *out, df_error *err)
{
    const int length = snprintf(out->path, sizeof out->path, "%s", path);
    if (length < 0 || length >= (int)sizeof out->path)
        return df_fail(err, "%.40s...: path longer than %zu bytes", path, sizeof out->path - 1);
    out->file = open(out->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (out->file < 0)
        return df_fail(err, "%s: %s", out->path, strerror(errno));
    if (begin(out, err))
        return true;
    journal_close(out);
    return false;
}

bool journal_append(journal *j, const char *text, size_t size, int64_t lines, df_error *err)
{
    for (size_t done = 0; done < size;) {
        const ssize_t put = pwrite(j->file, text + done, size - done, j->size + (int64_t)done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            df_fail(err, "%s: %s", j->path, strerror(put < 0 ? errno : ENOSPC));
            if (ftruncate(j->file, j->size) != 0)
                return df_fail_in(err, "(its torn last line stays until --resume cuts it) ");
            return false;
        }
        done += (size_t)put;
    }
    j->size += (int64_t)size;
    j->lines += lines;
    return true;
}

bool journal_sync(const journal *j, df_error *err)
{
    return fsync(j->file) == 0 || df_fail(err, "%s: %s", j->path, strerror(errno));
}

void journal_close(journal *j)
{
    if (j->file >= 0)
        close(j->file);
    j->file = -1;
}

bool journal_finish(const char *folder, int shard, int shards, df_error *err)
{
    char path[DATASET_PATH];
    if (!shard_path(path, folder, shard, shards, "done", err))
        return false;
    const int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
        return df_fail(err, "%s: %s", path, strerror(errno));
    close(file);
    return true;
}

void journal_remove_all(const char *folder)
{
    char state[DATASET_PATH];
    if (!shard_state_folder(state, folder, NULL))
        return;
    DIR *listing = opendir(state);
    if (!listing)
        return;
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (strncmp(entry->d_name, "shard-", 6) == 0)
            unlinkat(dirfd(listing), entry->d_name, 0);
    closedir(listing);
}
