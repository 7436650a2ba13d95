/* writer.c: files written beside and renamed. A reader of the final name sees the old file or the whole new one, never a part.
   A link is kept and its target replaced; a device or pipe, which cannot be replaced, is written to directly. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/random.h"

enum {
    BUFFER = 1 << 16,
    LONGEST_NAME = 200, /* bytes of a name that fit between ".", the process id and ".tmp" within 255 */
};

struct df_writer {
    char *path;      /* the final name */
    char *temporary; /* NULL where it is written directly */
    int descriptor;
    size_t used; /* bytes of buffer not yet written */
    unsigned char buffer[BUFFER];
};

static void free_writer(df_writer *writer)
{
    if (writer->descriptor >= 0)
        close(writer->descriptor);
    free(writer->path);
    free(writer->temporary);
    free(writer);
}

/* `.NAME.PID.tmp` beside `path`; a name too long for that is replaced by its hash. NULL when memory ends. */
static char *temporary_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const int folder = (int)(name - path), process = (int)getpid();
    char *out = NULL;
    const int size = strlen(name) <= LONGEST_NAME
                         ? asprintf(&out, "%.*s.%s.%d.tmp", folder, path, name, process)
                         : asprintf(&out, "%.*s.%016jx.%d.tmp", folder, path, (uintmax_t)df_identity_key(name), process);
    return size < 0 ? NULL : out;
}

/* Decides by what stands at `path` now where to write: *path_out and, unless directly, *temporary. */
static bool choose_names(const char *path, df_writer *writer, df_error *err)
{
    struct stat status;
    const bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        return df_fail(err, "%s: is a folder, expected a file's name", path);
    const bool direct = exists && !S_ISREG(status.st_mode);
    const bool link = exists && !direct && lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
    writer->path = link ? realpath(path, NULL) : strdup(path);
    if (!writer->path)
        return df_fail(err, "%s: cannot write: %s", path, strerror(errno));
    if (direct)
        return true;
    writer->temporary = temporary_name(writer->path);
    return writer->temporary || df_fail(err, "%s: out of memory", path);
}

static int open_for_writing(const char *path, int flags)
{
    int descriptor;
    do
        descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags, 0666);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

df_writer *df_writer_open(const char *path, df_error *err)
{
    df_writer *writer = malloc(sizeof *writer);
    if (!writer) {
        df_fail(err, "%s: out of memory", path);
        return NULL;
    }
    writer->path = writer->temporary = NULL;
    writer->descriptor = -1;
    writer->used = 0;
    if (!choose_names(path, writer, err)) {
        free_writer(writer);
        return NULL;
    }
    const char *name = writer->temporary ? writer->temporary : writer->path;
    const int flags = writer->temporary ? O_CREAT | O_EXCL : 0;
    writer->descriptor = open_for_writing(name, flags);
    if (writer->descriptor < 0 && errno == EEXIST && unlink(name) == 0) /* left by a killed process of the same number */
        writer->descriptor = open_for_writing(name, flags);
    if (writer->descriptor < 0) {
        df_fail(err, "%s: cannot create: %s", path, strerror(errno));
        free_writer(writer);
        return NULL;
    }
    return writer;
}

static bool flush(df_writer *writer, df_error *err)
{
    const size_t size = writer->used;
    writer->used = 0;
    return df_descriptor_write(writer->descriptor, writer->path, writer->buffer, size, err);
}

bool df_writer_put(df_writer *writer, const void *data, size_t size, df_error *err)
{
    if (size > BUFFER - writer->used && !flush(writer, err))
        return false;
    if (size > BUFFER - writer->used)
        return df_descriptor_write(writer->descriptor, writer->path, data, size, err);
    if (size)
        memcpy(writer->buffer + writer->used, data, size);
    writer->used += size;
    return true;
}

bool df_writer_commit(df_writer *writer, df_error *err)
{
    bool ok = flush(writer, err);
    const int closed = close(writer->descriptor);
    writer->descriptor = -1;
    if (ok && closed != 0 && errno != EINTR)
        ok = df_fail(err, "%s: cannot write: %s", writer->path, strerror(errno));
    if (ok && writer->temporary && rename(writer->temporary, writer->path) != 0)
        ok = df_fail(err, "%s: cannot rename the finished file: %s", writer->path, strerror(errno));
    if (!ok && writer->temporary)
        unlink(writer->temporary);
    free_writer(writer);
    return ok;
}

void df_writer_abandon(df_writer *writer)
{
    if (!writer)
        return;
    if (writer->temporary)
        unlink(writer->temporary);
    free_writer(writer);
}

bool df_file_write(const char *path, const void *data, size_t size, df_error *err)
{
    df_writer *writer = df_writer_open(path, err);
    if (!writer)
        return false;
    if (!df_writer_put(writer, data, size, err)) {
        df_writer_abandon(writer);
        return false;
    }
    return df_writer_commit(writer, err);
}
