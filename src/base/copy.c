/* copy.c: a file under a second name: the same bytes again, or a hard link where the file system has them. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"

enum { BLOCK = 1 << 12 };

static bool copy_bytes(int in, const char *from, int out, const char *to, df_error *err)
{
    unsigned char block[BLOCK];
    size_t got = sizeof block;
    while (got == sizeof block)
        if (!df_descriptor_read(in, from, block, sizeof block, &got, err) || !df_descriptor_write(out, to, block, got, err))
            return false;
    return true;
}

static int create(const char *path, df_error *err)
{
    int descriptor;
    do
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0)
        df_fail(err, "%s: cannot create: %s", path, strerror(errno));
    return descriptor;
}

bool df_file_copy(const char *from, const char *to, df_error *err)
{
    struct stat status;
    const int in = df_descriptor_open(from, &status, err);
    int out = -1;
    if (in >= 0 && !S_ISREG(status.st_mode))
        df_fail(err, "%s: a pipe or device, expected a file", from);
    else if (in >= 0)
        out = create(to, err);
    bool is_good = out >= 0 && copy_bytes(in, from, out, to, err);
    if (in >= 0)
        close(in);
    if (out >= 0 && close(out) != 0 && errno != EINTR && is_good)
        is_good = df_fail(err, "%s: cannot write: %s", to, strerror(errno));
    if (out >= 0 && !is_good)
        unlink(to);
    return is_good;
}

bool df_file_link(const char *from, const char *to, df_error *err)
{
    if (linkat(AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW) == 0)
        return true;
    if (errno == EXDEV || errno == EPERM || errno == EMLINK || errno == EOPNOTSUPP || errno == ENOSYS)
        return df_file_copy(from, to, err);
    return df_fail(err, "%s: cannot create: %s", to, strerror(errno));
}
