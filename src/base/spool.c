/* spool.c: an unnamed file (O_TMPFILE where the file system has it, else one whose name is removed at once) behind a buffer. Writes go
   to the end, reads to where they are asked for. */
#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"

enum { BUFFER = 1 << 16 };

struct df_spool {
    char *folder; /* for sentences */
    int descriptor;
    size_t written, used; /* bytes: in the file; of the buffer */
    unsigned char buffer[BUFFER];
};

/* The folder that `beside` is or lies in; NULL when memory ends. */
static char *folder_of(const char *beside)
{
    if (df_path_is_folder(beside))
        return strdup(beside);
    const char *slash = strrchr(beside, '/');
    if (!slash)
        return strdup(".");
    return strndup(beside, slash == beside ? 1 : (size_t)(slash - beside));
}

static int open_unnamed(const char *folder)
{
    int descriptor;
    do
        descriptor = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    while (descriptor < 0 && errno == EINTR);
    if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) /* as kernels and file systems without it say */
        return descriptor;
    char *name = NULL;
    if (asprintf(&name, "%s/.spool.XXXXXX", folder) < 0) {
        errno = ENOMEM;
        return -1;
    }
    descriptor = mkostemp(name, O_CLOEXEC);
    if (descriptor >= 0)
        unlink(name);
    free(name);
    return descriptor;
}

df_spool *df_spool_open(const char *beside, df_error *err)
{
    df_spool *spool = malloc(sizeof *spool);
    if (!spool) {
        df_fail(err, "out of memory");
        return NULL;
    }
    spool->written = spool->used = 0;
    spool->descriptor = -1;
    spool->folder = folder_of(beside);
    if (!spool->folder)
        df_fail(err, "out of memory");
    else if ((spool->descriptor = open_unnamed(spool->folder)) >= 0)
        return spool;
    else
        df_fail(err, "%s: cannot create a temporary file: %s", spool->folder, strerror(errno));
    df_spool_close(spool);
    return NULL;
}

static bool seek(const df_spool *spool, size_t place, df_error *err)
{
    return lseek(spool->descriptor, (off_t)place, SEEK_SET) >= 0 ||
           df_fail(err, "%s: cannot use a temporary file: %s", spool->folder, strerror(errno));
}

static bool append(df_spool *spool, const void *data, size_t size, df_error *err)
{
    if (!seek(spool, spool->written, err) || !df_descriptor_write(spool->descriptor, spool->folder, data, size, err))
        return false;
    spool->written += size;
    return true;
}

static bool flush(df_spool *spool, df_error *err)
{
    const size_t size = spool->used;
    spool->used = 0;
    return size == 0 || append(spool, spool->buffer, size, err);
}

bool df_spool_put(df_spool *spool, const void *data, size_t size, df_error *err)
{
    if (size > BUFFER - spool->used && !flush(spool, err))
        return false;
    if (size > BUFFER)
        return append(spool, data, size, err);
    if (size)
        memcpy(spool->buffer + spool->used, data, size);
    spool->used += size;
    return true;
}

size_t df_spool_size(const df_spool *spool)
{
    return spool->written + spool->used;
}

bool df_spool_read(df_spool *spool, size_t place, void *data, size_t size, df_error *err)
{
    size_t got = 0;
    if (!flush(spool, err) || !seek(spool, place, err) || !df_descriptor_read(spool->descriptor, spool->folder, data, size, &got, err))
        return false;
    return got == size || df_fail(err, "%s: a temporary file ends at byte %zu, expected %zu more", spool->folder, place + got, size - got);
}

bool df_spool_copy(df_spool *spool, df_writer *to, df_error *err)
{
    if (!flush(spool, err))
        return false;
    for (size_t place = 0, size; place < spool->written; place += size) {
        size = spool->written - place < BUFFER ? spool->written - place : BUFFER;
        if (!df_spool_read(spool, place, spool->buffer, size, err) || !df_writer_put(to, spool->buffer, size, err))
            return false;
    }
    return true;
}

void df_spool_close(df_spool *spool)
{
    if (!spool)
        return;
    if (spool->descriptor >= 0)
        close(spool->descriptor);
    free(spool->folder);
    free(spool);
}
